package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"

	"keyhole/simulator/policy"
	"keyhole/simulator/strictjson"
)

// use is what a document is for, which says what its statements must and must not have.
type use struct {
	principal principalRule
	resource  bool // statements name resources; a trust policy's are about its role
	denyOnly  bool
}

type principalRule string

const (
	noPrincipal   principalRule = "a statement of a policy that is attached to somebody has no Principal: the Principal is who it is attached to"
	withPrincipal principalRule = "a statement of a policy of a resource needs a Principal"
)

var (
	ofIdentity = use{principal: noPrincipal, resource: true}
	ofResource = use{principal: withPrincipal, resource: true}
	ofTrust    = use{principal: withPrincipal}
	ofSCP      = use{principal: noPrincipal, resource: true}
	ofRCP      = use{principal: withPrincipal, resource: true, denyOnly: true}
)

// policy decodes a policy document and returns its text as it stands in the file, less the indentation it has there;
// nil when there is none or it was refused.
func (r *reader) policy(n *node, what string, u use) json.RawMessage {
	if n == nil || !r.is(n, strictjson.IsObject, what) {
		return nil
	}
	raw := r.data[n.At:n.End]
	d, err := policy.Decode(raw)
	if m, ok := errors.AsType[*policy.Malformed](err); ok {
		at := n.At + offset(raw, m.Position)
		if !slices.ContainsFunc(r.faults, func(f strictjson.Fault) bool { return f.At == at }) { // repeated fields are told already
			r.add(at, "%s: %s AWS would say %q", what, m.Say, m.Message)
		}
		return nil
	}
	for i := range d.Statements {
		r.statement(n.At, raw, &d.Statements[i], what, u)
	}
	return dedent(raw)
}

func (r *reader) statement(from int, raw []byte, s *policy.Statement, what string, u use) {
	at := from + offset(raw, s.From)
	switch {
	case u.principal == noPrincipal && s.Principal != nil:
		r.add(from+offset(raw, s.Principal.At), "%s: %s", what, u.principal)
	case u.principal == withPrincipal && s.Principal == nil:
		r.add(at, "%s: %s", what, u.principal)
	}
	switch {
	case u.resource && s.Resource == nil:
		r.add(at, "%s: a statement needs a Resource or a NotResource", what)
	case !u.resource && s.Resource != nil:
		r.add(from+offset(raw, s.Resource.At), "%s: a statement of a trust policy has no Resource: the Resource is its role", what)
	}
	if u.denyOnly && s.Allow {
		r.add(at, "%s: a resource control policy can only deny", what)
	}
}

// offset is the byte at a line and column of a text.
func offset(text []byte, p policy.Position) int {
	at := 0
	for range p.Line - 1 {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	for range p.Column - 1 {
		_, size := utf8.DecodeRune(text[at:])
		at += size
	}
	return min(at, len(text))
}

// dedent takes away the indentation that all lines but the first have in common. No text of JSON goes over a line end.
func dedent(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	common := len(text)
	for _, l := range lines[1:] {
		if rest := bytes.TrimLeft(l, " \t"); len(rest) > 0 {
			common = min(common, len(l)-len(rest))
		}
	}
	for i, l := range lines {
		if i > 0 {
			lines[i] = l[min(common, len(l)):]
		}
	}
	return bytes.Join(lines, []byte("\n"))
}
