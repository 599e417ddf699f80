package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

// flags is a flag set whose flags fall back to the environment: --data to KEYHOLE_DATA.
type flags struct {
	*flag.FlagSet
	m *machine
}

func (m *machine) flags(name, says string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), m: m}
	f.SetOutput(m.stderr)
	f.Usage = func() {
		fmt.Fprintf(m.stderr, "keyhole %s: %s\n\n", name, says)
		f.PrintDefaults()
		fmt.Fprintf(m.stderr, "\nEach flag falls back to the environment: --data to KEYHOLE_DATA, and so on.\n")
	}
	return f
}

// parse reads the environment first and the command line over it.
func (f *flags) parse(args []string) error {
	var wrong error
	f.VisitAll(func(one *flag.Flag) {
		name := "KEYHOLE_" + strings.ToUpper(strings.ReplaceAll(one.Name, "-", "_"))
		value := f.m.env(name)
		if value == "" || wrong != nil {
			return
		}
		if err := one.Value.Set(value); err != nil {
			wrong = usageError{fmt.Sprintf("keyhole %s: %s=%q: %v", f.Name(), name, value, err)}
		}
	})
	if wrong != nil {
		return wrong
	}
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usageError{fmt.Sprintf("keyhole %s: %v", f.Name(), err)}
	}
	if f.NArg() > 0 {
		return usageError{fmt.Sprintf("keyhole %s: %q is not understood here; see keyhole %s --help", f.Name(), f.Arg(0), f.Name())}
	}
	return nil
}
