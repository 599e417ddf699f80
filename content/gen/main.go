// Command gen compiles the study material of this folder into compiled.cbor and writes docs/fidelity.md. It is run by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"keyhole/content"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run reads the current folder, which go generate makes the package's own.
func run() error {
	lib, problems := content.Load(os.DirFS("."))
	errors, _ := content.Count(problems)
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, p.Detail())
	}
	if errors > 0 {
		return fmt.Errorf("%d problems; nothing was compiled", errors)
	}
	data, err := lib.Compile()
	if err != nil {
		return err
	}
	if err := os.WriteFile("compiled.cbor", data, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join("..", "docs", "fidelity.md"), []byte(lib.Fidelity().Markdown()), 0o644)
}
