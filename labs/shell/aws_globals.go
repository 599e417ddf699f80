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

// globalOrder is the order in which the CLI names its options when a shortened one may mean several.
var globalOrder = []string{
	"--debug", "--v2-debug", "--endpoint-url", "--no-verify-ssl", "--no-paginate", "--output", "--query", "--profile", "--region",
	"--version", "--color", "--no-sign-request", "--ca-bundle", "--cli-read-timeout", "--cli-connect-timeout",
}

// globalNamed is the option that a word means: itself, or the only one that begins with it. "" means that it is none.
func globalNamed(word string) (string, error) {
	if _, ok := globalFlags[word]; ok {
		return word, nil
	}
	var fits []string
	for _, name := range globalOrder {
		if len(word) > 2 && strings.HasPrefix(word, "--") && strings.HasPrefix(name, word) {
			fits = append(fits, name)
		}
	}
	switch len(fits) {
	case 0:
		return "", nil
	case 1:
		return fits[0], nil
	}
	return "", usagef("ambiguous option: %s could match %s", word, strings.Join(fits, ", "))
}

// readGlobals takes the global options out of a command line, wherever they stand before "--".
func readGlobals(args []string) (globals, []string, error) {
	var g globals
	var rest []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return g, append(rest, args[i:]...), nil
		}
		word, value, joined := strings.Cut(args[i], "=")
		name, err := globalNamed(word)
		if err != nil {
			return g, nil, err
		}
		flag := globalFlags[name]
		switch {
		case name == "":
			rest = append(rest, args[i])
			continue
		case joined && !flag.takes:
			return g, nil, usagef("argument %s: ignored explicit argument '%s'", name, value)
		case name == "--version":
			return g, []string{name}, nil
		case !flag.takes:
			g.unsigned = g.unsigned || name == "--no-sign-request"
			g.noPaginate = g.noPaginate || name == "--no-paginate"
			g.debug = g.debug || name == "--debug" || name == "--v2-debug"
			continue
		case !joined:
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
