package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"keyhole/content"
)

// loadLibrary is the built-in material with the overlay folder on top. A load error stops a server and names every
// problem; lint and proof findings never do.
func loadLibrary(overlay string, w io.Writer) (*content.Library, error) {
	library, err := content.Embedded()
	if err != nil {
		return nil, fmt.Errorf("the built-in content: %w", err)
	}
	if overlay == "" {
		return library, nil
	}
	fsys, err := contentDir(overlay)
	if err != nil {
		return nil, err
	}
	library, problems := content.Overlay(library, fsys)
	return library, report(w, problems, "the content of "+overlay+" cannot be loaded")
}

func contentDir(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("the content folder %s cannot be read: %w", dir, rootCause(err))
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("the content folder %s is a file", dir)
	}
	return os.DirFS(dir), nil
}

// report prints every problem and fails when one of them is an error.
func report(w io.Writer, problems []content.Problem, failure string) error {
	for _, p := range problems {
		fmt.Fprintln(w, p.Detail())
	}
	errors, warnings := content.Count(problems)
	if errors == 0 {
		return nil
	}
	fmt.Fprintf(w, "keyhole: %s: %d errors, %d warnings\n", failure, errors, warnings)
	return errSilent
}

// runContent is `keyhole content lint` and `keyhole content prove`: for authors and CI.
func runContent(ctx context.Context, m *machine, args []string) error {
	verbs := map[string]func(context.Context, *machine, *content.Library, time.Time) error{"lint": lint, "prove": prove}
	if len(args) == 0 || verbs[args[0]] == nil {
		return usageError{"keyhole content: say `keyhole content lint` or `keyhole content prove`; --dir names a folder other than ./content"}
	}
	f := m.flags("content "+args[0], "checks the material in a folder")
	dir := f.String("dir", "content", "folder with questions, notes, facts and labs")
	today := f.String("today", "", "day that ages are counted from, as 2026-11-23 (default: today)")
	if err := f.parse(args[1:]); err != nil {
		return err
	}
	day := m.now()
	if *today != "" {
		parsed, err := time.Parse(time.DateOnly, *today)
		if err != nil {
			return usageError{fmt.Sprintf("keyhole content: --today %q is not a day like 2026-11-23", *today)}
		}
		day = parsed
	}
	fsys, err := contentDir(*dir)
	if err != nil {
		return err
	}
	library, problems := content.Load(fsys)
	if err := report(m.stderr, problems, "the content of "+*dir+" cannot be loaded"); err != nil {
		return err
	}
	return verbs[args[0]](ctx, m, library, day)
}

func lint(_ context.Context, m *machine, l *content.Library, today time.Time) error {
	problems := content.Lint(l, today)
	if err := report(m.stderr, problems, "lint"); err != nil {
		return err
	}
	_, warnings := content.Count(problems)
	fmt.Fprintf(m.stdout, "%d questions, %d notes, %d facts, %d labs: no error, %d warnings\n", len(l.Questions), len(l.Notes), len(l.Facts), len(l.Labs), warnings)
	return nil
}

func prove(ctx context.Context, m *machine, l *content.Library, _ time.Time) error {
	problems, count, err := content.Prove(ctx, l, content.Runner{Now: m.now})
	if err != nil {
		return err
	}
	if err := report(m.stderr, problems, "prove"); err != nil {
		return err
	}
	fmt.Fprintf(m.stdout, "%d proofs with %d steps hold, each with its control; %d questions say why they have none\n", count.Held, count.Steps, count.Waived)
	return nil
}
