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

// params is the command line of an operation, read.
type params struct {
	values             map[string]any
	outfile, bootstrap string
	help               bool
	skeleton           string // "input", "output" or ""

	maxItems, pageSize int
	capped, sized      bool // whether those two were given
	startingToken      string
	byHand             bool     // a token was given, so that one page is read
	warn               []string // flags to warn of
}

// Options that are not members of an operation.
const (
	flagInput     = "--cli-input-json"
	flagSkeleton  = "--generate-cli-skeleton"
	flagToken     = "--starting-token"
	flagPageSize  = "--page-size"
	flagMaxItems  = "--max-items"
	flagOutfile   = "--outfile"
	flagBootstrap = "--bootstrap-method"
)

// extraFlags are the options of an operation that are not its members.
func extraFlags(op call.Op) []string {
	switch {
	case op.Name == "CreateVirtualMFADevice":
		return []string{flagOutfile, flagBootstrap}
	case op.Streams || op.Name == "SelectObjectContent":
		return nil
	}
	extra := []string{flagInput}
	if pages, ok := op.Pages(); ok {
		extra = append(extra, flagToken)
		if pages.Limit != "" {
			extra = append(extra, flagPageSize)
		}
		extra = append(extra, flagMaxItems)
	}
	return append(extra, flagSkeleton)
}

// extraChoices are the words that an extra option takes.
var extraChoices = map[string][]string{flagSkeleton: {"input", "output"}, flagBootstrap: seeds}

// words is a command line sorted by option, before values are read.
type words struct {
	given      map[string]string // by member's name or extra flag
	lists      map[string][]string
	bools      map[string]bool
	positional []string
	unknown    []string
}

// readParams reads the options of one operation. Errors: *errUsage, and sentences of the CLI.
func (m *machine) readParams(op call.Op, args []string, g globals) (params, error) {
	w, err := sortWords(op, args)
	if err != nil {
		return params{}, err
	}
	p := params{values: map[string]any{}, skeleton: w.given[flagSkeleton]}
	streams := op.Streams || op.Name == "SelectObjectContent"
	if slices.Contains(w.positional, "help") && !streams || len(w.positional) == 1 && w.positional[0] == "help" {
		p.help = true
		return p, nil
	}
	if streams && len(w.positional) > 0 {
		p.outfile, w.positional = w.positional[0], w.positional[1:]
	}
	if missing := w.missing(op, streams && p.outfile == ""); len(missing) > 0 {
		return p, usagef("the following arguments are required: %s", strings.Join(missing, ", "))
	}
	if len(w.positional) > 1 { // the CLI takes the first for "help" and puts it back at the end
		w.positional = append(w.positional[1:], w.positional[0])
	}
	if w.unknown = append(w.unknown, w.positional...); len(w.unknown) > 0 {
		return p, &unknownOptions{w.unknown}
	}
	if op.Name == "CreateVirtualMFADevice" {
		p.outfile, p.bootstrap = w.given[flagOutfile], w.given[flagBootstrap]
	}
	if err := p.paging(op, w, g); err != nil {
		return p, err
	}
	if p.skeleton == "input" {
		return p, nil
	}
	return p, m.fillParams(&p, op, w)
}

// missing are the required options that were not given. Those that ask for a skeleton, or bring JSON, may leave them out.
func (w words) missing(op call.Op, outfile bool) []string {
	var missing []string
	_, fromJSON := w.given[flagInput]
	for _, mem := range op.Members {
		_, a := w.given[mem.Name]
		_, b := w.lists[mem.Name]
		_, c := w.bools[mem.Name]
		if mem.Required && !a && !b && !c && !fromJSON && w.given[flagSkeleton] != "input" {
			missing = append(missing, mem.Flag)
		}
	}
	if op.Name == "CreateVirtualMFADevice" {
		for _, flag := range []string{flagOutfile, flagBootstrap} {
			if _, ok := w.given[flag]; !ok {
				missing = append(missing, flag)
			}
		}
	}
	if outfile {
		missing = append(missing, "outfile")
	}
	return missing
}

// sortWords sorts a command line by option, as argparse does.
func sortWords(op call.Op, args []string) (words, error) {
	w := words{given: map[string]string{}, lists: map[string][]string{}, bools: map[string]bool{}}
	extra := extraFlags(op)
	for i := 0; i < len(args); i++ {
		if args[i] == "--" { // no options follow
			w.positional = append(w.positional, args[i+1:]...)
			break
		}
		if !isOption(args[i]) {
			w.positional = append(w.positional, args[i])
			continue
		}
		word, value, joined := strings.Cut(args[i], "=")
		flag, err := fullFlag(op, extra, word)
		if err != nil {
			return w, err
		}
		isExtra := slices.Contains(extra, flag)
		member, isMember := op.Member(flag)
		isMember = isMember && !isExtra // a page flag hides a member of its name
		off := false
		if !isMember && !isExtra && strings.HasPrefix(flag, "--no-") {
			member, isMember = op.Member("--" + strings.TrimPrefix(flag, "--no-"))
			isMember = isMember && member.Kind == call.Boolean
			off = isMember
		}
		next := i+1 < len(args) && !isOption(args[i+1])
		switch {
		case !isMember && !isExtra:
			w.unknown = append(w.unknown, args[i])
		case isMember && member.Kind == call.Boolean:
			if joined {
				return w, usagef("argument %s: ignored explicit argument '%s'", flag, value)
			}
			w.bools[member.Name] = !off
		case isMember && member.Kind == call.List:
			if joined {
				w.lists[member.Name] = []string{value}
				continue
			}
			w.lists[member.Name] = []string{}
			for i+1 < len(args) && !isOption(args[i+1]) {
				i++
				w.lists[member.Name] = append(w.lists[member.Name], args[i])
			}
		default:
			switch {
			case joined:
			case next:
				i++
				value = args[i]
			case flag == flagSkeleton:
				value = "input"
			default:
				return w, usagef("argument %s: expected one argument", flag)
			}
			if words, limited := extraChoices[flag]; limited && !slices.Contains(words, value) {
				return w, wrongChoice(flag, value, words)
			}
			if err := early(flag, member, isMember, value); err != nil {
				return w, err
			}
			if isMember {
				w.given[member.Name] = value
			} else {
				w.given[flag] = value
			}
		}
	}
	return w, nil
}

// early refuses the numbers that argparse reads itself; others are read later, and refused in other words.
func early(flag string, member call.Member, isMember bool, value string) error {
	switch {
	case flag == flagPageSize, flag == flagMaxItems, isMember && member.Kind == call.Integer && member.Wide():
		if _, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
			return usagef("argument %s: invalid int value: '%s'", flag, value)
		}
	case isMember && member.Kind == call.Double:
		if _, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
			return usagef("argument %s: invalid float value: '%s'", flag, value)
		}
	}
	return nil
}

// paging reads the options of lists. A token given by hand, or --no-paginate, turns reading to the end off: then a page
// option that hides a member of its name is that member, and any other is an error.
func (p *params) paging(op call.Op, w words, g globals) error {
	pages, ok := op.Pages()
	if !ok {
		return nil
	}
	for _, name := range append(slices.Clone(pages.In), pages.Limit) {
		mem, known := member(op, name)
		if _, given := w.given[name]; given && known && mem.Flag != flagMaxItems && mem.Flag != flagPageSize {
			p.byHand = true
		}
	}
	if g.noPaginate || p.byHand {
		var wrong []string
		for _, flag := range []string{flagToken, flagPageSize, flagMaxItems} {
			value, given := w.given[flag]
			if !given || value == "0" {
				continue
			}
			if mem, hides := op.Member(flag); hides {
				w.given[mem.Name] = value
				continue
			}
			wrong = append(wrong, flag)
		}
		if len(wrong) > 0 {
			return fmt.Errorf("Error during pagination: Cannot specify --no-paginate along with pagination arguments: %s", strings.Join(wrong, ", ")) //nolint:staticcheck // the CLI's words
		}
		return nil
	}
	p.startingToken = w.given[flagToken]
	for _, o := range []struct {
		flag  string
		n     *int
		given *bool
	}{{flagPageSize, &p.pageSize, &p.sized}, {flagMaxItems, &p.maxItems, &p.capped}} {
		text, given := w.given[o.flag]
		if !given {
			continue
		}
		*o.n, _ = strconv.Atoi(text) // sortWords has refused what is no number
		*o.given = true
		if o.flag == flagMaxItems && *o.n <= 0 {
			p.warn = append(p.warn, o.flag)
		}
	}
	return nil
}

func member(op call.Op, name string) (call.Member, bool) {
	for _, mem := range op.Members {
		if mem.Name == name {
			return mem, true
		}
	}
	return call.Member{}, false
}

func (m *machine) fillParams(p *params, op call.Op, w words) error {
	if text, ok := w.given[flagInput]; ok {
		if err := m.inputJSON(p, text); err != nil {
			return err
		}
	}
	for _, mem := range op.Members {
		var err error
		if on, ok := w.bools[mem.Name]; ok {
			p.values[mem.Name] = on
		}
		if text, ok := w.given[mem.Name]; ok {
			p.values[mem.Name], err = m.value(mem, text)
		}
		if list, ok := w.lists[mem.Name]; ok {
			p.values[mem.Name], err = m.list(mem, list)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inputJSON takes the parameters of --cli-input-json, over which those of the command line are laid.
func (m *machine) inputJSON(p *params, text string) error {
	value, err := m.paramFile(flagInput, text)
	if err != nil {
		return err
	}
	if depth(asText(value)) > MaxJSONDepth {
		return parseError(flagInput, "%v", &LimitError{"the nesting of a JSON value", MaxJSONDepth})
	}
	var all any
	if err := json.Unmarshal([]byte(asText(value)), &all); err != nil {
		return fmt.Errorf("Error parsing parameter 'cli-input-json': Invalid JSON: %s\nJSON received: %s", //nolint:staticcheck // the CLI's words
			pythonJSONError(asText(value), err), asText(value))
	}
	switch v := all.(type) {
	case map[string]any:
		for name, item := range v {
			p.values[name] = item
		}
		return nil
	case []any:
		return errors.New("'list' object has no attribute 'keys'")
	}
	return fmt.Errorf("'%s' object has no attribute 'keys'", call.PythonType(all))
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
