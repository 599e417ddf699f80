// Command keyhole is the whole product in one binary: the study app, the AWS endpoints and the tools around them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// command is one row of `keyhole help`.
type command struct {
	name, says string
	run        func(ctx context.Context, m *machine, args []string) error
}

// machine is what a command may touch of the outside, so that a test can hand it something else.
type machine struct {
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	openBrowser    func(url string) error
}

// commands is a function because the table's rows refer to functions that print the table.
func commands() []command {
	return []command{
		{"serve", "the study app and the AWS endpoints on this machine", runServe},
		{"simulate", "the simulator alone, from a world file, for scripts and tests", runSimulate},
		{"explain", "decide policy questions as AWS does: --cases FILE, or one question in words", runExplain},
		{"credentials", "session credentials of a lab role, for credential_process", runCredentials},
		{"content", "lint or prove the questions, notes and facts: content lint, content prove", runContent},
		{"version", "what this binary is made of", runVersion},
		{"help", "this list", runHelp},
	}
}

// usageError is a wrong command line: exit 2 and the way out.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// errSilent is an error whose words are already on the screen.
var errSilent = errors.New("already reported")

func main() {
	// Go turns the closing of a Windows console window into SIGTERM.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := &machine{stdout: os.Stdout, stderr: os.Stderr, env: os.Getenv, now: time.Now, openBrowser: openBrowser}
	code := m.dispatch(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// dispatch runs one command line and returns the exit status: 0, 1 for a failure, 2 for a wrong command line.
func (m *machine) dispatch(ctx context.Context, args []string) int {
	if len(args) == 0 {
		args = []string{"serve", "--open"}
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "--help":
		name = "help"
	case "-v", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return m.report(c.run(ctx, m, rest))
		}
	}
	return m.report(usageError{fmt.Sprintf("keyhole: there is no command %q; `keyhole help` lists them", name)})
}

func (m *machine) report(err error) int {
	var usage usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errSilent):
		return 1
	case errors.As(err, &usage):
		fmt.Fprintln(m.stderr, usage.text)
		return 2
	}
	fmt.Fprintln(m.stderr, "keyhole:", err)
	return 1
}

func runHelp(_ context.Context, m *machine, _ []string) error {
	fmt.Fprintln(m.stdout, "Keyhole: study AWS S3 security, and practise it against a private simulation.")
	fmt.Fprintln(m.stdout, "\nWithout a command it is `keyhole serve --open`.")
	fmt.Fprintln(m.stdout)
	for _, c := range commands() {
		fmt.Fprintf(m.stdout, "  keyhole %-12s %s\n", c.name, c.says)
	}
	fmt.Fprintln(m.stdout, "\nEach takes --help.")
	return nil
}
