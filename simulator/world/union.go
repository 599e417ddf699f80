package world

import (
	"encoding/json"
	"fmt"
	"strings"

	"keyhole/simulator/policy"
	"keyhole/simulator/strictjson"
)

// sessionPolicy is what was passed for a session; several policies are one document that says what any of them does,
// as a request must pass their union and not each of them. A managed policy that is gone says nothing.
func (w *World) sessionPolicy(id Identity) *policy.Attached {
	if len(id.SessionPolicy)+len(id.ManagedSessionPolicies) == 0 {
		return nil
	}
	var names []string
	var texts []json.RawMessage
	if len(id.SessionPolicy) > 0 {
		names, texts = append(names, "session policy"), append(texts, id.SessionPolicy)
	}
	for _, arn := range id.ManagedSessionPolicies {
		if p, ok := w.ManagedPolicy(arn); ok {
			names, texts = append(names, p.Name), append(texts, p.Document())
		}
	}
	a := &policy.Attached{Name: strings.Join(names, " and "), Source: "session " + id.Session}
	d, err := w.union(texts)
	if err != nil {
		d = &policy.Document{} // without statements it allows nothing
	}
	a.Document = d
	return a
}

// union is one document with the statements of several, compiled once.
func (w *World) union(texts []json.RawMessage) (*policy.Document, error) {
	switch len(texts) {
	case 0:
		return &policy.Document{}, nil
	case 1:
		return w.Compile(texts[0])
	}
	key := make([]byte, 0, 4<<10)
	for _, text := range texts {
		key = append(append(key, text...), 0) // no document holds a zero byte
	}
	return w.compiled.get(string(key), func() (*policy.Document, error) {
		var statements []string
		for _, text := range texts {
			more, err := statementsOf(text)
			if err != nil {
				return nil, err
			}
			statements = append(statements, more...)
		}
		return policy.Decode([]byte("{\"Version\": \"2012-10-17\", \"Statement\": [\n" + strings.Join(statements, ",\n") + "\n]}"))
	})
}

// statementsOf are the statements of a document as they would be written under Version 2012-10-17: in an older one ${
// is no variable, and ${$}{ stands for it.
func statementsOf(text json.RawMessage) ([]string, error) {
	root, _, err := strictjson.Parse(text, FileDepth)
	if err != nil {
		return nil, fmt.Errorf("world: a session policy: %w", err)
	}
	list := root.Get("Statement")
	if list == nil {
		return nil, nil
	}
	nodes := []*strictjson.Node{list}
	if list.Kind == strictjson.IsArray {
		nodes = list.Items
	}
	version := root.Get("Version")
	var out []string
	for _, n := range nodes {
		s := string(text[n.At:n.End])
		if version == nil || version.Text != "2012-10-17" {
			s = strings.ReplaceAll(s, "${", "${$}{")
		}
		out = append(out, s)
	}
	return out, nil
}
