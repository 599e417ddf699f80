package shell

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jmespath/go-jmespath"
)

// globals are the options that every aws command takes.
type globals struct {
	profile, region, endpoint, output, query string
	unsigned, noPaginate, debug              bool

	search *jmespath.JMESPath
	wire   *output // where --debug prints what is sent and answered; nil for nowhere
}

// globalFlag is one option of every command.
type globalFlag struct {
	takes   bool // a value follows
	choices []string
}

var globalFlags = map[string]globalFlag{
	"--profile": {takes: true}, "--region": {takes: true}, "--endpoint-url": {takes: true}, "--query": {takes: true},
	"--output": {takes: true, choices: []string{"json", "text", "table"}}, "--color": {takes: true, choices: []string{"on", "off", "auto"}},
	"--ca-bundle": {takes: true}, "--cli-read-timeout": {takes: true}, "--cli-connect-timeout": {takes: true},
	"--no-sign-request": {}, "--no-verify-ssl": {}, "--no-paginate": {}, "--debug": {}, "--version": {}, "--v2-debug": {},
}

// readGlobals takes the global options out of a command line, wherever they stand.
func readGlobals(args []string) (globals, []string, error) {
	var g globals
	var rest []string
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		flag, known := globalFlags[name]
		if !known || joined && !flag.takes {
			rest = append(rest, args[i])
			continue
		}
		if !flag.takes {
			if name == "--version" {
				return g, []string{name}, nil
			}
			g.unsigned = g.unsigned || name == "--no-sign-request"
			g.noPaginate = g.noPaginate || name == "--no-paginate"
			g.debug = g.debug || name == "--debug" || name == "--v2-debug"
			continue
		}
		if !joined {
			if i+1 >= len(args) || isOption(args[i+1]) {
				return g, nil, usagef("argument %s: expected one argument", name)
			}
			i++
			value = args[i]
		}
		if flag.choices != nil && !slices.Contains(flag.choices, value) {
			return g, nil, wrongChoice(name, value, flag.choices)
		}
		if err := g.set(name, value); err != nil {
			return g, nil, err
		}
	}
	return g, rest, nil
}

func (g *globals) set(name, value string) error {
	switch name {
	case "--profile":
		g.profile = value
	case "--region":
		g.region = value
	case "--endpoint-url":
		if !strings.Contains(value, "://") {
			return fmt.Errorf(`Bad value for --endpoint-url "%s": scheme is missing.  Must be of the form http://<hostname>/ or https://<hostname>/`, value) //nolint:staticcheck // the CLI's words
		}
		g.endpoint = value
	case "--output":
		g.output = value
	case "--query":
		g.query = value
	case "--cli-read-timeout", "--cli-connect-timeout":
		if _, err := strconv.Atoi(value); err != nil {
			return fmt.Errorf("invalid literal for int() with base 10: '%s'", value)
		}
	}
	return nil
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
		return nil, fmt.Errorf("Bad value for --query %s: %s", query, queryError(query, err)) //nolint:staticcheck // the CLI's words
	}
	return search, nil
}

// tokenNames are what the CLI calls the tokens of a query.
var tokenNames = map[byte]string{
	']': "RBRACKET", '[': "LBRACKET", '{': "LBRACE", '}': "RBRACE", '(': "LPAREN", ')': "RPAREN", ',': "COMMA", ':': "COLON",
	'.': "DOT", '*': "STAR", '@': "CURRENT", '|': "PIPE", '&': "EXPREF", '!': "NOT", '\'': "LITERAL", '`': "LITERAL", '"': "QUOTED_IDENTIFIER",
}

// queryError says what is wrong with a query as the CLI's reader of JMESPath does.
func queryError(query string, err error) string {
	var syntax jmespath.SyntaxError
	if !errors.As(err, &syntax) {
		return "Invalid jmespath expression: " + err.Error()
	}
	at := max(0, min(syntax.Offset, len(query)))
	message := strings.TrimPrefix(syntax.Error(), "SyntaxError: ")
	pointed := func(at int) string { return fmt.Sprintf("\n\"%s\"\n%s^", query, strings.Repeat(" ", at+1)) }
	switch {
	case strings.HasPrefix(message, "Unknown char"):
		at = max(0, at-1)
		return fmt.Sprintf("Bad jmespath expression: Unknown token %s:\n%s\n%s^", query[at:at+1], query, strings.Repeat(" ", at))
	case strings.HasPrefix(message, "Unclosed delimiter"):
		quote := message[len(message)-1:]
		at = max(0, strings.Index(query, quote))
		return fmt.Sprintf("Bad jmespath expression: Unclosed %s delimiter:\n%s\n%s^", quote, query, strings.Repeat(" ", at))
	case strings.HasSuffix(query, ".") && at >= len(query)-1:
		return fmt.Sprintf("Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: Parse error at column %d, token \"\" (EOF), for expression:%s",
			len(query), pointed(len(query)))
	case at >= len(query) || strings.HasPrefix(message, "Incomplete"):
		return "Invalid jmespath expression: Incomplete expression:" + pointed(len(query))
	}
	token, name := query[at:at+1], tokenNames[query[at]]
	if name == "" {
		end := at
		for end < len(query) && (query[end] == '_' || query[end] >= '0' && query[end] <= '9' || query[end]|0x20 >= 'a' && query[end]|0x20 <= 'z') {
			end++
		}
		token, name = query[at:max(end, at+1)], "UNQUOTED_IDENTIFIER"
		if query[at] >= '0' && query[at] <= '9' {
			name = "NUMBER"
		}
	}
	return fmt.Sprintf("Unexpected token: %s: Parse error at column %d, token \"%s\" (%s), for expression:%s", token, at, token, name, pointed(at))
}
