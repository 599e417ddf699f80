package shell

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"keyhole/labs/call"
)

// Exit codes of AWS CLI 1.45: anything that went wrong in a call, and a command line it could not read.
const (
	codeFailed = 255
	codeUsage  = 2
)

// errUsage is a command line that the CLI answers with its usage and code 2.
type errUsage struct{ text string }

func (e *errUsage) Error() string { return e.text }

func usagef(format string, a ...any) error { return &errUsage{fmt.Sprintf(format, a...)} }

// errSilent ends a command that has printed its reason itself.
type errSilent struct{ code int }

func (e *errSilent) Error() string { return "" }

const usageText = `usage: 
Note: AWS CLI version 2, the latest major version of the AWS CLI, is now stable and recommended for general use. For more information, see the AWS CLI version 2 installation instructions at: https://docs.aws.amazon.com/cli/latest/userguide/install-cliv2.html

usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

// awsVersion is the CLI whose grammar, words and exit codes are imitated.
const awsVersion = "aws-cli/1.45.11 (imitated by keyhole)\n"

// topics are the commands of aws, in the order in which a wrong one is told about them.
func topics() []string {
	names := slices.DeleteFunc(call.Services(), func(s string) bool { return s == "s3api" })
	slices.Sort(names)
	return append(names, "s3api", "s3", "configure", "help")
}

// runAWS is the aws command.
func runAWS(m *machine, args []string, std stdio) int {
	return report(std, func() error {
		g, rest, err := readGlobals(args)
		if err != nil {
			return err
		}
		if len(rest) > 0 && rest[0] == "--version" {
			std.out.text(awsVersion)
			return nil
		}
		if rest = commandFirst(rest); len(rest) == 0 {
			return usagef("the following arguments are required: command")
		}
		if g.search, err = compile(g.query); err != nil {
			return err
		}
		if g.debug {
			g.wire = std.err
		}
		switch rest[0] {
		case "s3":
			return m.s3(g, rest[1:], std)
		case "configure":
			return m.configure(g, rest[1:], std)
		case "help":
			return awsHelp(rest[1:], std)
		}
		if slices.Contains(call.Services(), rest[0]) {
			return m.service(g, rest[0], rest[1:], std)
		}
		return wrongChoice("command", rest[0], topics())
	}())
}

// commandFirst puts the command before options that stand before it, which its own reader refuses; nothing is left when
// there are only options.
func commandFirst(args []string) []string {
	at := slices.IndexFunc(args, func(word string) bool { return !isOption(word) })
	if at < 0 {
		return nil
	}
	return slices.Concat(args[at:at+1], args[:at], args[at+1:])
}

// report prints an error as the CLI does and returns the exit code.
func report(std stdio, err error) int {
	var usage *errUsage
	var silent *errSilent
	var unknown *unknownOptions
	switch {
	case err == nil:
		return 0
	case errors.As(err, &silent):
		return silent.code
	case errors.As(err, &usage):
		std.err.text(usageText + "aws: error: " + usage.text + "\n")
		return codeUsage
	case errors.As(err, &unknown):
		std.err.text(unknown.Error() + "\n")
		return codeFailed
	}
	std.err.text("\n" + err.Error() + "\n")
	return codeFailed
}

// unknownOptions is the one usage error that ends with 255.
type unknownOptions struct{ words []string }

func (e *unknownOptions) Error() string {
	return usageText + "\nUnknown options: " + strings.Join(e.words, ", ")
}

// wrongChoice is a word that is none of those which may stand there.
func wrongChoice(argument, word string, words []string) error {
	return usagef("argument %s: Invalid choice, valid choices are:\n\n%s%s", argument, choices(words), maybe(word, words))
}

// isOption says whether a word starts an option rather than being a value.
func isOption(word string) bool {
	if len(word) < 2 || word[0] != '-' || strings.Contains(word, " ") {
		return false
	}
	return strings.Trim(word[1:], "0123456789.") != ""
}

// choices prints words two to a line.
func choices(words []string) string {
	var b strings.Builder
	for i, w := range words {
		fmt.Fprintf(&b, "%-40s", w)
		if i%2 == 0 && i+1 < len(words) {
			b.WriteString(" | ")
		} else {
			b.WriteByte('\n')
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// maybe suggests what a mistyped word may have meant.
func maybe(word string, words []string) string {
	near := closeMatches(word, words)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf("\n\n\nInvalid choice: '%s', maybe you meant:\n\n  * %s", word, strings.Join(near, "\n  * "))
}

// do makes a call and turns a refusal into the CLI's sentence. It is charged like a command, as loops of pages cost.
func (m *machine) do(c *call.Client, operation string, params map[string]any) (call.Output, error) {
	if err := m.left.step(m.ctx); err != nil {
		return call.Output{}, err
	}
	out, err := c.Do(m.ctx, operation, params)
	if err != nil {
		return out, err
	}
	if out.Fault != nil {
		return out, &refusal{operation[strings.Index(operation, ":")+1:], out.Fault}
	}
	return out, nil
}

// refusal is the service's fault in the words of the CLI.
type refusal struct {
	operation string
	*call.Fault
}

func (r *refusal) Error() string {
	return fmt.Sprintf("An error occurred (%s) when calling the %s operation: %s", r.Code, r.operation, r.Message)
}
