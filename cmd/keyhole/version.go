package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// version is set by the linker for a release (`make dist`); a build from a checkout says so.
var version = "development"

func runVersion(_ context.Context, m *machine, args []string) error {
	f := m.flags("version", "what this binary is made of")
	modules := f.Bool("modules", false, "list every module, its version and its hash")
	if err := f.parse(args); err != nil {
		return err
	}
	fmt.Fprintln(m.stdout, "keyhole", version)
	info, ok := debug.ReadBuildInfo()
	if !ok || !*modules {
		return nil
	}
	for _, d := range info.Deps {
		fmt.Fprintln(m.stdout, d.Path, d.Version, d.Sum)
	}
	return nil
}
