package shell

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jmespath/go-jmespath"

	"keyhole/labs/call"
)

// Exit codes of AWS CLI 1.45: anything that went wrong in a call, and a command line it could not read.
const (
	codeFailed = 255
	codeUsage  = 2
)

// globals are the options that every aws command takes.
type globals struct {
	profile, region, endpoint, output, query string
	unsigned, noPaginate                     bool

	search *jmespath.JMESPath
}

// globalFlags says which global options take a value.
var globalFlags = map[string]bool{
	"--profile": true, "--region": true, "--endpoint-url": true, "--output": true, "--query": true, "--color": true,
	"--ca-bundle": true, "--cli-read-timeout": true, "--cli-connect-timeout": true,
	"--no-sign-request": false, "--no-verify-ssl": false, "--no-paginate": false, "--debug": false, "--version": false,
	"--v2-debug": false,
}

// errUsage is a command line that the CLI answers with its usage and code 2.
type errUsage struct{ text string }

func (e *errUsage) Error() string { return e.text }

func usagef(format string, a ...any) error { return &errUsage{fmt.Sprintf(format, a...)} }

// errSilent ends a command that has printed its reason itself.
type errSilent struct{ code int }

func (e *errSilent) Error() string { return "" }

const usageText = `usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

// awsVersion is the CLI whose grammar, words and exit codes are imitated.
const awsVersion = "aws-cli/1.45.11 (imitated by keyhole)\n"

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
		if len(rest) == 0 {
			return usagef("the following arguments are required: command")
		}
		if g.search, err = compile(g.query); err != nil {
			return err
		}
		switch rest[0] {
		case "s3api":
			return m.s3api(g, rest[1:], std)
		case "s3":
			return m.s3(g, rest[1:], std)
		case "configure":
			return m.configure(g, rest[1:], std)
		case "help":
			awsHelp(std)
			return nil
		case "kms", "iam", "sts", "s3control", "cloudtrail":
			return fmt.Errorf("this console has aws s3 and aws s3api. For aws %s, use your own aws with the profile that Own tools shows: the sandbox answers it", rest[0])
		}
		return usagef("argument command: Invalid choice, valid choices are:\n\n%s%s",
			choices([]string{"configure", "help", "s3", "s3api"}), maybe(rest[0], []string{"configure", "help", "s3", "s3api"}))
	}())
}

// report prints an error as the CLI does and returns the exit code.
func report(std stdio, err error) int {
	var usage *errUsage
	var silent *errSilent
	switch {
	case err == nil:
		return 0
	case errors.As(err, &silent):
		return silent.code
	case errors.As(err, &usage):
		std.err.text(usageText + "aws: error: " + usage.text + "\n")
		return codeUsage
	}
	std.err.text("\n" + err.Error() + "\n")
	return codeFailed
}

// readGlobals takes the global options out of a command line, wherever they stand.
func readGlobals(args []string) (globals, []string, error) {
	var g globals
	var rest []string
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		takes, known := globalFlags[name]
		if !known || joined && !takes {
			rest = append(rest, args[i])
			continue
		}
		if !takes {
			switch name {
			case "--no-sign-request":
				g.unsigned = true
			case "--no-paginate":
				g.noPaginate = true
			case "--version":
				return g, []string{"--version"}, nil
			case "--debug", "--v2-debug":
				return g, nil, fmt.Errorf("%s is not imitated: the X-ray of the request shows the wire", name)
			}
			continue
		}
		if !joined {
			if i+1 >= len(args) || isOption(args[i+1]) {
				return g, nil, usagef("argument %s: expected one argument", name)
			}
			i++
			value = args[i]
		}
		switch name {
		case "--profile":
			g.profile = value
		case "--region":
			g.region = value
		case "--endpoint-url":
			g.endpoint = value
		case "--output":
			g.output = value
		case "--query":
			g.query = value
		}
	}
	if g.output != "" && g.output != "json" && g.output != "text" && g.output != "table" {
		return g, nil, usagef("argument --output: Invalid choice, valid choices are:\n\n%s", choices([]string{"json", "text", "table"}))
	}
	return g, rest, nil
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
	near := nearest(word, words)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("\n\n\nInvalid choice: '%s', maybe you meant:\n\n  * %s", word, near)
}

// MaxQuery is the length of a --query expression in bytes.
const MaxQuery = 2 << 10

func compile(query string) (*jmespath.JMESPath, error) {
	if query == "" {
		return nil, nil
	}
	if len(query) > MaxQuery {
		return nil, &LimitError{"a --query expression in bytes", MaxQuery}
	}
	search, err := jmespath.Compile(query)
	if err != nil {
		return nil, fmt.Errorf("Bad value for --query %s: Invalid jmespath expression: %w", query, err) //nolint:staticcheck // the CLI's words
	}
	return search, nil
}

// client opens a client as the options and variables say.
func (m *machine) client(g globals) (*call.Client, error) {
	profile := firstOf(g.profile, m.env["AWS_PROFILE"], m.env["AWS_DEFAULT_PROFILE"], m.Profile)
	endpoint := firstOf(g.endpoint, m.env["AWS_ENDPOINT_URL_S3"], m.env["AWS_ENDPOINT_URL"])
	if endpoint != "" && !strings.HasPrefix(endpoint, "http://") && !strings.HasPrefix(endpoint, "https://") {
		return nil, fmt.Errorf("Invalid endpoint: %s", endpoint) //nolint:staticcheck // the CLI's words
	}
	if m.Open == nil {
		return nil, errors.New("this console is not connected to a sandbox")
	}
	c, err := m.Open(profile, Connect{
		Plain: strings.HasPrefix(endpoint, "http://"), Endpoint: endpoint,
		Region: firstOf(g.region, m.env["AWS_REGION"], m.env["AWS_DEFAULT_REGION"]), Unsigned: g.unsigned,
	})
	if err != nil {
		return nil, err
	}
	if g.unsigned {
		c.Credentials = call.Credentials{}
	}
	return c, nil
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
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
		return out, &refusal{operation, out.Fault}
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

func (m *machine) configure(g globals, args []string, std stdio) error {
	if len(args) == 0 || args[0] != "list" {
		return errors.New("aws configure: only list is here: profiles are those of the sandbox, chosen with --profile or AWS_PROFILE")
	}
	c, err := m.client(g)
	if err != nil {
		return err
	}
	profile, where := firstOf(g.profile, m.env["AWS_PROFILE"], m.Profile), "manual"
	if g.profile == "" && m.env["AWS_PROFILE"] != "" {
		where = "env"
	}
	rows := [][4]string{{"Name", "Value", "Type", "Location"}, {"----", "-----", "----", "--------"}}
	if profile == "" {
		rows = append(rows, [4]string{"profile", "<not set>", "None", "None"})
	} else {
		rows = append(rows, [4]string{"profile", profile, where, ""})
	}
	rows = append(rows, hidden("access_key", c.Credentials.AccessKey), hidden("secret_key", strings.Repeat("*", min(4, len(c.Credentials.Secret)))))
	rows = append(rows, [4]string{"region", firstOf(c.Region, "us-east-1"), "config-file", "~/.aws/config"})
	for _, r := range rows {
		std.out.print("%10s %24s %16s    %s\n", r[0], r[1], r[2], r[3])
	}
	return nil
}

// hidden shows only the end of a credential. The caller gives stars for a secret, of which not even that is shown.
func hidden(name, value string) [4]string {
	if value == "" {
		return [4]string{name, "<not set>", "None", "None"}
	}
	return [4]string{name, "****************" + value[max(0, len(value)-4):], "sandbox", ""}
}

func awsHelp(std stdio) {
	std.out.text(usageText + `
Here: aws s3api (every S3 operation), aws s3 ls|cp|mv|rm|mb|rb|presign, aws configure list.
Options everywhere: --profile --region --endpoint-url --output json|text|table --query --no-sign-request
An http:// endpoint is a connection without TLS. aws s3 presign signs with version 4; the real CLI 1.45 signs with
version 2 in us-east-1 unless it is configured otherwise.
`)
}
