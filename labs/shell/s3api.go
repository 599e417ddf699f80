package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keyhole/labs/call"
)

// oldOperations are commands of the CLI that the SDK no longer has.
var oldOperations = map[string]string{
	"get-bucket-lifecycle": "get-bucket-lifecycle-configuration", "put-bucket-lifecycle": "put-bucket-lifecycle-configuration",
	"get-bucket-notification": "get-bucket-notification-configuration", "put-bucket-notification": "put-bucket-notification-configuration",
}

// s3api is one operation by its command.
func (m *machine) s3api(g globals, args []string, std stdio) error {
	if len(args) == 0 {
		return usagef("the following arguments are required: operation")
	}
	if args[0] == "help" {
		std.out.text("aws s3api OPERATION [options]; the operations are:\n\n" + choices(operationNames()) + "\n")
		return nil
	}
	op, ok := call.Operation(args[0])
	if !ok {
		if now, old := oldOperations[args[0]]; old {
			return fmt.Errorf("%s is an old command that is not imitated; its successor is %s", args[0], now)
		}
		names := operationNames()
		return usagef("argument operation: Invalid choice, valid choices are:\n\n%s%s", choices(names), maybe(args[0], names))
	}
	p, err := m.readParams(op, args[1:])
	if err != nil {
		return err
	}
	if p.help {
		operationHelp(op, std)
		return nil
	}
	if p.skeleton {
		return skeleton(op, std)
	}
	c, err := m.client(g)
	if err != nil {
		return err
	}
	if pages, ok := paginators[op.Name]; ok && !g.noPaginate {
		return m.paginate(c, op, pages, p, g, std)
	}
	out, err := m.do(c, op.Name, p.values)
	if err != nil {
		return err
	}
	if op.Streams {
		if err := m.writeFile(p.outfile, out.Body); err != nil {
			return pathError(err, p.outfile)
		}
	}
	return m.display(g, op.Name, out.Fields, out.Keys, std)
}

// pathError is what Python says about a file.
func pathError(err error, name string) error {
	switch {
	case errors.Is(err, ErrNoFile):
		return fmt.Errorf("[Errno 2] No such file or directory: '%s'", name) //nolint:staticcheck // the CLI's words
	case errors.Is(err, ErrIsFolder):
		return fmt.Errorf("[Errno 21] Is a directory: '%s'", name)
	case errors.Is(err, ErrOutside):
		return fmt.Errorf("[Errno 13] Permission denied: '%s'", name)
	}
	return err
}

func operationNames() []string {
	var names []string
	for _, op := range call.Operations() {
		names = append(names, op.CLI)
	}
	return names
}

// params is a command line of s3api, read.
type params struct {
	values         map[string]any
	outfile        string
	help, skeleton bool

	maxItems, pageSize int
	startingToken      string
}

// extraFlags are options that are not members of the operation.
var extraFlags = []string{"--cli-input-json", "--generate-cli-skeleton"}

// pageFlags are added to operations that list in pages.
var pageFlags = []string{"--starting-token", "--page-size", "--max-items"}

// readParams reads the options of one operation. Errors: *errUsage, and sentences of the CLI.
func (m *machine) readParams(op call.Op, args []string) (params, error) {
	given, lists, positional, unknown := map[string]string{}, map[string][]string{}, []string{}, []string{}
	bools := map[string]bool{}
	extra := slices.Clone(extraFlags)
	if _, ok := paginators[op.Name]; ok {
		extra = append(extra, pageFlags...)
	}
	for i := 0; i < len(args); i++ {
		if !isOption(args[i]) {
			positional = append(positional, args[i])
			continue
		}
		word, value, joined := strings.Cut(args[i], "=")
		flag, err := fullFlag(op, extra, word)
		if err != nil {
			return params{}, err
		}
		member, isMember := op.Member(flag)
		off := false
		if !isMember && strings.HasPrefix(flag, "--no-") {
			member, isMember = op.Member("--" + strings.TrimPrefix(flag, "--no-"))
			off = isMember
		}
		switch {
		case !isMember && !slices.Contains(extra, flag):
			unknown = append(unknown, args[i])
		case isMember && member.Kind == call.Boolean:
			if joined {
				return params{}, usagef("argument %s: ignored explicit argument '%s'", flag, value)
			}
			bools[member.Name] = !off
		case isMember && member.Kind == call.List:
			if joined {
				lists[member.Name] = []string{value}
				continue
			}
			lists[member.Name] = []string{}
			for i+1 < len(args) && !isOption(args[i+1]) {
				i++
				lists[member.Name] = append(lists[member.Name], args[i])
			}
		case flag == "--generate-cli-skeleton" && !joined && (i+1 >= len(args) || isOption(args[i+1])):
			given[flag] = "input"
		default:
			if !joined {
				if i+1 >= len(args) || isOption(args[i+1]) {
					return params{}, usagef("argument %s: expected one argument", flag)
				}
				i++
				value = args[i]
			}
			if isMember {
				given[member.Name] = value
			} else {
				given[flag] = value
			}
		}
	}
	p := params{values: map[string]any{}}
	if slices.Contains(positional, "help") && !op.Streams || len(positional) == 1 && positional[0] == "help" {
		p.help = true
		return p, nil
	}
	if _, p.skeleton = given["--generate-cli-skeleton"]; p.skeleton {
		return p, nil
	}
	if op.Streams && len(positional) > 0 {
		p.outfile, positional = positional[0], positional[1:]
	}
	var missing []string
	_, fromJSON := given["--cli-input-json"]
	for _, mem := range op.Members {
		_, a := given[mem.Name]
		_, b := lists[mem.Name]
		_, c := bools[mem.Name]
		if mem.Required && !a && !b && !c && !fromJSON {
			missing = append(missing, mem.Flag)
		}
	}
	if op.Streams && p.outfile == "" {
		missing = append(missing, "outfile")
	}
	if len(missing) > 0 {
		return p, usagef("the following arguments are required: %s", strings.Join(missing, ", "))
	}
	if len(positional) > 1 { // the CLI takes the first for "help" and puts it back at the end
		positional = append(positional[1:], positional[0])
	}
	if unknown = append(unknown, positional...); len(unknown) > 0 {
		return p, &unknownOptions{unknown}
	}
	if err := m.fillParams(&p, op, given, lists, bools); err != nil {
		return p, err
	}
	return p, nil
}

// unknownOptions is the one usage error that ends with 255.
type unknownOptions struct{ words []string }

func (e *unknownOptions) Error() string {
	return strings.TrimSuffix(usageText, "\n") + "\n\nUnknown options: " + strings.Join(e.words, ", ")
}

func (m *machine) fillParams(p *params, op call.Op, given map[string]string, lists map[string][]string, bools map[string]bool) error {
	if text, ok := given["--cli-input-json"]; ok {
		value, err := m.paramFile("--cli-input-json", text)
		if err != nil {
			return err
		}
		var base map[string]any
		if err := json.Unmarshal([]byte(fmt.Sprint(asText(value))), &base); err != nil {
			return fmt.Errorf("Error parsing parameter 'cli-input-json': Invalid JSON: %s\nJSON received: %s", //nolint:staticcheck // the CLI's words
				pythonJSONError(asText(value), err), asText(value))
		}
		for name, v := range base {
			p.values[name] = v
		}
	}
	for _, mem := range op.Members {
		var err error
		if on, ok := bools[mem.Name]; ok {
			p.values[mem.Name] = on
		}
		if text, ok := given[mem.Name]; ok {
			p.values[mem.Name], err = m.value(mem, text)
		}
		if words, ok := lists[mem.Name]; ok {
			p.values[mem.Name], err = m.list(mem, words)
		}
		if err != nil {
			return err
		}
	}
	p.startingToken = given["--starting-token"]
	for flag, n := range map[string]*int{"--page-size": &p.pageSize, "--max-items": &p.maxItems} {
		text, ok := given[flag]
		if !ok {
			continue
		}
		var err error
		if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
			return fmt.Errorf("invalid literal for int() with base 10: '%s'", text)
		}
	}
	return nil
}

// fullFlag completes a shortened option when only one fits, as argparse does.
func fullFlag(op call.Op, extra []string, word string) (string, error) {
	var fits []string
	for _, m := range op.Members {
		candidates := []string{m.Flag}
		if m.Kind == call.Boolean {
			candidates = append(candidates, "--no-"+m.Flag[2:])
		}
		for _, c := range candidates {
			if c == word {
				return word, nil
			}
			if strings.HasPrefix(c, word) {
				fits = append(fits, c)
			}
		}
	}
	for _, c := range extra {
		if c == word {
			return word, nil
		}
		if strings.HasPrefix(c, word) {
			fits = append(fits, c)
		}
	}
	switch {
	case len(fits) == 1 && len(word) > 2:
		return fits[0], nil
	case len(fits) > 1 && len(word) > 2:
		return "", usagef("ambiguous option: %s could match %s", word, strings.Join(fits, ", "))
	}
	return word, nil
}
