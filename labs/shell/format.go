package shell

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"keyhole/labs/call"
)

// MaxQueryGrowth is by how much a --query may multiply what it is given: the product of the sizes of its lists and
// hashes. Without it ten characters repeated would double a result two hundred times.
const MaxQueryGrowth = 64

// display applies --query and prints a result as --output says. keys gives the order of a map's keys.
func (m *machine) display(g globals, title string, result any, keys keyOrder, std stdio) error {
	result, err := search(g, result)
	if err != nil {
		return err
	}
	p := &printer{out: std.out, keys: queryOrder(keys, g.query)}
	switch form := m.outputForm(g); form {
	case "text":
		p.text(result, "", nil)
	case "table":
		std.out.text(table(title, result))
	case "json":
		if fields, ok := result.(map[string]any); ok && len(fields) == 0 {
			return nil // an answer without a body prints nothing
		}
		p.json(result, "")
		std.out.text("\n")
	default:
		return fmt.Errorf("Unknown output type: %s", form) //nolint:staticcheck // the CLI's words
	}
	return nil
}

// keyOrder lists the keys of a map in the order in which they are printed.
type keyOrder func(map[string]any) []string

var sortedOrder keyOrder = sortedNames[any]

// queryOrder puts keys that a query made in the order in which the query names them.
func queryOrder(keys keyOrder, query string) keyOrder {
	if keys == nil {
		keys = sortedOrder
	}
	if query == "" {
		return keys
	}
	return func(m map[string]any) []string {
		names := keys(m)
		if !sort.StringsAreSorted(names) {
			return names
		}
		at := func(name string) int {
			for _, form := range []string{name + ":", name + " :", `"` + name + `":`} {
				if i := strings.Index(query, form); i >= 0 {
					return i
				}
			}
			return math.MaxInt
		}
		out := append([]string(nil), names...)
		sort.SliceStable(out, func(i, j int) bool { return at(out[i]) < at(out[j]) })
		return out
	}
}

func search(g globals, v any) (any, error) {
	if g.search == nil {
		return v, nil
	}
	if growth(g.query) > MaxQueryGrowth {
		return nil, &LimitError{"the product of the sizes of a query's lists", MaxQueryGrowth}
	}
	out, err := applied(g.search, v)
	if err != nil {
		return nil, queryFailed(g.query, err)
	}
	return out, nil
}

// growth multiplies the number of items of every [ ] and { } of a query; to_string and join count as two.
func growth(query string) int {
	product, open := 1, []int{}
	for i := 0; i < len(query); i++ {
		switch c := query[i]; c {
		case '\'', '"', '`':
			for i++; i < len(query) && query[i] != c; i++ {
				if query[i] == '\\' {
					i++
				}
			}
		case '[', '{', '(':
			open = append(open, 1)
			if c == '(' && (strings.HasSuffix(query[:i], "to_string") || strings.HasSuffix(query[:i], "join")) {
				product *= 2
			}
			if c == '(' {
				open[len(open)-1] = -1 << 20 // the arguments of a function do not multiply
			}
		case ',':
			if len(open) > 0 {
				open[len(open)-1]++
			}
		case ']', '}', ')':
			if len(open) > 0 {
				product *= max(1, open[len(open)-1])
				open = open[:len(open)-1]
			}
		}
		if product > MaxQueryGrowth {
			return product
		}
	}
	return product
}

// printer writes a result; it stops when the line's output is used up.
type printer struct {
	out  *output
	keys keyOrder
}

// json writes a value as Python's json.dump with an indent of 4 does.
func (p *printer) json(v any, indent string) {
	if p.out.over() {
		return
	}
	inner := indent + "    "
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			p.out.text("{}")
			return
		}
		p.out.text("{\n")
		for i, key := range p.keys(v) {
			if i > 0 {
				p.out.text(",\n")
			}
			p.out.text(inner + quoteJSON(key) + ": ")
			p.json(v[key], inner)
		}
		p.out.text("\n" + indent + "}")
	case []any:
		if len(v) == 0 {
			p.out.text("[]")
			return
		}
		p.out.text("[\n")
		for i, item := range v {
			if i > 0 {
				p.out.text(",\n")
			}
			p.out.text(inner)
			p.json(item, inner)
		}
		p.out.text("\n" + indent + "]")
	case string:
		p.out.text(quoteJSON(v))
	case bool:
		p.out.text(strconv.FormatBool(v))
	case float64:
		p.out.text(strconv.FormatFloat(v, 'f', -1, 64))
	case nil:
		p.out.text("null")
	default:
		p.out.text(quoteJSON(fmt.Sprint(v)))
	}
}

func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\b':
			b.WriteString(`\b`)
		case c == '\f':
			b.WriteString(`\f`)
		case c < 0x20:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func scalar(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// text writes tab-separated lines; name is the key under which the value stood, columns those of the whole list.
func (p *printer) text(v any, name string, columns []string) {
	if p.out.over() {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		p.textMap(v, name, columns)
	case []any:
		p.textList(v, name)
	default:
		p.out.text(call.Python(v) + "\n")
	}
}

func (p *printer) textMap(v map[string]any, name string, columns []string) {
	var cells, more []string
	if columns == nil {
		for _, key := range sortedNames(v) {
			if scalar(v[key]) {
				cells = append(cells, call.Python(v[key]))
			} else {
				more = append(more, key)
			}
		}
	} else {
		seen := map[string]bool{}
		for _, key := range columns {
			seen[key] = true
			cell := ""
			if item, ok := v[key]; ok {
				cell = call.Python(item)
			}
			cells = append(cells, cell)
		}
		for _, key := range sortedNames(v) {
			if !seen[key] {
				more = append(more, key)
			}
		}
	}
	if len(cells) > 0 {
		if name != "" {
			cells = append([]string{strings.ToUpper(name)}, cells...)
		}
		p.out.text(strings.Join(cells, "\t") + "\n")
	}
	for _, key := range more {
		p.text(v[key], key, nil)
	}
}

func (p *printer) textList(list []any, name string) {
	maps, lists, columns := false, false, map[string]bool{}
	for _, item := range list {
		switch item := item.(type) {
		case map[string]any:
			maps = true
			for key, v := range item {
				if scalar(v) {
					columns[key] = true
				}
			}
		case []any:
			lists = true
		}
	}
	if maps {
		names := sortedNames(columns)
		if names == nil {
			names = []string{}
		}
		for _, item := range list {
			p.text(item, name, names)
		}
		return
	}
	var scalars []string
	for _, item := range list {
		if scalar(item) {
			scalars = append(scalars, call.Python(item))
		}
	}
	if len(scalars) > 0 {
		if name == "" {
			p.out.text(strings.Join(scalars, "\t") + "\n")
		} else {
			for _, s := range scalars {
				p.out.text(strings.ToUpper(name) + "\t" + s + "\n")
			}
		}
	}
	if lists {
		for _, item := range list {
			if !scalar(item) {
				p.text(item, name, nil)
			}
		}
	}
}
