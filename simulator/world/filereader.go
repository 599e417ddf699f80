package world

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/strictjson"
)

// node is one value of a world file with its place.
type node = strictjson.Node

// reader turns nodes into a world and notes what is wrong on the way.
type reader struct {
	data   []byte
	faults []strictjson.Fault
	w      *World
}

func (r *reader) add(at int, format string, args ...any) {
	r.faults = append(r.faults, strictjson.Fault{At: at, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	list := problems(r.data, r.faults)
	if more := len(list) - MaxProblems; more > 0 {
		last := list[MaxProblems]
		list = append(list[:MaxProblems], Problem{last.Line, last.Column, fmt.Sprintf("and %d more problems from here on", more)})
	}
	return &FileError{list}
}

// object checks that n is one with no other fields than those named, separated by spaces.
func (r *reader) object(n *node, what, fields string) bool {
	if !r.is(n, strictjson.IsObject, what) {
		return false
	}
	known := strings.Fields(fields)
	for _, m := range n.Members {
		if slices.Contains(known, m.Name) {
			continue
		}
		hint := ""
		if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, m.Name) }); i >= 0 {
			hint = fmt.Sprintf("; did you mean %q? Names are case-sensitive", known[i])
		}
		r.add(m.At, "%s has no field %.60q%s", what, m.Name, hint)
	}
	return true
}

func (r *reader) is(n *node, k strictjson.Kind, what string) bool {
	if n.Kind != k {
		r.add(n.At, "%s must be %s, not %s", what, k, n.Kind)
	}
	return n.Kind == k
}

// list returns the elements of a field that is a list; none when it is left out.
func (r *reader) list(n *node, field string) []*node {
	v := n.Get(field)
	if v == nil || !r.is(v, strictjson.IsArray, field) {
		return nil
	}
	return v.Items
}

// text returns a field that is text and fits ok; "" when it is left out or wrong. want names what fits.
func (r *reader) text(n *node, field, want string, ok func(string) bool) string {
	v := n.Get(field)
	if v == nil || !r.is(v, strictjson.IsText, field) {
		return ""
	}
	if !ok(v.Text) {
		// The value is not quoted: it may be a secret put in the wrong place.
		r.add(v.At, "%s must be %s", field, want)
		return ""
	}
	return v.Text
}

// need notes that a field is missing.
func (r *reader) need(n *node, what, field string) {
	if n.Get(field) == nil {
		r.add(n.At, "%s needs the field %q", what, field)
	}
}

// flag returns a field that is true or false; false when it is left out or wrong.
func (r *reader) flag(n *node, field string) bool {
	v := n.Get(field)
	return v != nil && r.is(v, strictjson.IsBool, field) && v.Yes
}

// refused tells an error of check, which begins with words that mean nothing to who wrote the file.
func (r *reader) refused(at int, err error) {
	r.add(at, "%s", strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": "))
}

func anyText(string) bool { return true }

func profileName(s string) bool { return Profile(s).Known() }

// problems sorts faults by place.
func problems(data []byte, faults []strictjson.Fault) []Problem {
	slices.SortStableFunc(faults, func(a, b strictjson.Fault) int { return a.At - b.At })
	out := make([]Problem, 0, len(faults))
	for _, f := range faults {
		line, column := strictjson.Place(data, f.At)
		out = append(out, Problem{Line: line, Column: column, Text: f.Text})
	}
	return out
}
