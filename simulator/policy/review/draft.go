package review

import (
	"encoding/json"
	"slices"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/strictjson"
)

// draft is a document's text being edited. Edits say where in the old text they are, so that all else stays as it was written.
type draft struct {
	old   string
	root  *strictjson.Node
	edits []edit
	lost  bool // an edit found nothing to change
}

type edit struct {
	from, to int
	text     string
}

const draftDepth = 16 // as policy.Decode

func newDraft(text string) (*draft, error) {
	root, _, err := strictjson.Parse([]byte(text), draftDepth)
	return &draft{old: text, root: root}, err
}

// text is the edited document; ok is false when an edit found nothing to change, or two overlap.
func (d *draft) text() (text string, ok bool) {
	if d.lost || len(d.edits) == 0 {
		return "", false
	}
	slices.SortStableFunc(d.edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range d.edits {
		if e.from < at {
			return "", false
		}
		b.WriteString(d.old[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.WriteString(d.old[at:])
	return b.String(), true
}

func (d *draft) put(from, to int, text string) { d.edits = append(d.edits, edit{from, to, text}) }

// statement is the node of a statement, which may stand alone without a list.
func (d *draft) statement(i int) *strictjson.Node {
	n := d.root.Get("Statement")
	if n != nil && n.Kind == strictjson.IsArray && i < len(n.Items) {
		n = n.Items[i]
	}
	if n == nil || n.Kind != strictjson.IsObject {
		d.lost = true
		return &strictjson.Node{}
	}
	return n
}

// set gives an object's member a value, and adds the member when there is none.
func (d *draft) set(n *strictjson.Node, name string, value any) {
	text := encoded(value)
	if v := n.Get(name); v != nil {
		d.put(v.At, v.End, text)
		return
	}
	if len(n.Members) == 0 {
		d.put(n.At, n.End, "{"+encoded(name)+": "+text+"}")
		return
	}
	last := n.Members[len(n.Members)-1]
	lead := d.old[:last.At]
	lead = lead[len(strings.TrimRight(lead, " \t\r\n")):]
	d.put(last.Value.End, last.Value.End, ","+lead+encoded(name)+": "+text)
}

// rename gives a member another name.
func (d *draft) rename(n *strictjson.Node, from, to string) {
	for _, m := range n.Members {
		if m.Name == from {
			d.put(m.At, d.nameEnd(m.At), encoded(to))
			return
		}
	}
	d.lost = true
}

// nameEnd is where the quoted name at an offset ends.
func (d *draft) nameEnd(at int) int {
	for i := at + 1; i < len(d.old); i++ {
		switch d.old[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	d.lost = true
	return at
}

// text in the values of a member, which may be one text or a list, is replaced.
func (d *draft) swap(v *strictjson.Node, from, to string) {
	if v == nil {
		d.lost = true
		return
	}
	items := []*strictjson.Node{v}
	if v.Kind == strictjson.IsArray {
		items = v.Items
	}
	for _, item := range items {
		if item.Kind == strictjson.IsText && item.Text == from {
			d.put(item.At, item.End, encoded(to))
			return
		}
	}
	d.lost = true
}

// also adds a text to the values of a member.
func (d *draft) also(n *strictjson.Node, name, value string) {
	v := n.Get(name)
	switch {
	case v == nil:
		d.lost = true
	case v.Kind == strictjson.IsArray && len(v.Items) > 0:
		last := v.Items[len(v.Items)-1]
		lead := d.old[:last.At]
		lead = lead[len(strings.TrimRight(lead, " \t\r\n")):]
		if len(v.Items) > 1 || lead != "" {
			d.put(last.End, last.End, ","+lead+encoded(value))
			return
		}
		d.put(last.End, last.End, ", "+encoded(value))
	default:
		d.put(v.At, v.End, "["+d.old[v.At:v.End]+", "+encoded(value)+"]")
	}
}

// require adds a condition to a statement.
func (d *draft) require(statement *strictjson.Node, operator, key string, value any) {
	all := statement.Get("Condition")
	if all == nil {
		d.set(statement, "Condition", map[string]any{operator: map[string]any{key: value}})
		return
	}
	if one := all.Get(operator); one != nil {
		d.set(one, key, value)
		return
	}
	d.set(all, operator, map[string]any{key: value})
}

// operator changes the operator of the only key it has.
func (d *draft) operator(statement *strictjson.Node, from, to string) {
	all := statement.Get("Condition")
	if all == nil || all.Get(from) == nil || len(all.Get(from).Members) != 1 || all.Get(to) != nil {
		d.lost = true
		return
	}
	d.rename(all, from, to)
}

// add puts a new statement after the last one.
func (d *draft) add(statement string) {
	list := d.root.Get("Statement")
	if list == nil {
		d.lost = true
		return
	}
	if list.Kind != strictjson.IsArray {
		d.put(list.At, list.End, "["+d.old[list.At:list.End]+", "+statement+"]")
		return
	}
	last := list.Items[len(list.Items)-1]
	lead := d.old[:last.At]
	lead = lead[len(strings.TrimRight(lead, " \t\r\n")):]
	d.put(last.End, last.End, ","+lead+statement)
}

// encoded is JSON on one line, with the spaces a person writes.
func encoded(v any) string {
	switch v := v.(type) {
	case string:
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // a text always encodes
		return strings.TrimSpace(b.String())
	case []string:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = encoded(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for i, name := range names {
			names[i] = encoded(name) + ": " + encoded(v[name])
		}
		return "{" + strings.Join(names, ", ") + "}"
	}
	return "null"
}

// conditionValue is the node of a condition's values; nil when it is gone.
func (d *draft) conditionValue(statement int, c *policy.Condition) *strictjson.Node {
	if all := d.statement(statement).Get("Condition"); all != nil {
		if one := all.Get(c.Operator); one != nil {
			return one.Get(c.Key)
		}
	}
	return nil
}

// element is the value of an element or of its Not-form; nil when there is none.
func (d *draft) element(statement int, name string) *strictjson.Node {
	n := d.statement(statement)
	if v := n.Get(name); v != nil {
		return v
	}
	return n.Get("Not" + name)
}
