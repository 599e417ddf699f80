package shell

import (
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
		if value == "" {
			return fmt.Errorf("Bad value for --query : Invalid JMESPath expression: cannot be empty.") //nolint:staticcheck // the CLI's words
		}
		g.query = value
	case "--cli-read-timeout", "--cli-connect-timeout":
		if _, err := strconv.Atoi(value); err != nil {
			return fmt.Errorf("invalid literal for int() with base 10: '%s'", value)
		}
	}
	return nil
}
