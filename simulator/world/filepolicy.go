package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// NotEvaluated is why a Deny or a Condition is refused: a world that took them and then allowed the request would lie.
const NotEvaluated = "policies are not evaluated yet"

const (
	policyFields    = "Version Id Statement"
	statementFields = "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition"
)

// policy checks a policy document as far as this version keeps it, and returns its text without white space.
func (r *reader) policy(n *node, what string) json.RawMessage {
	if n == nil || !r.object(n, what, policyFields) {
		return nil
	}
	var text bytes.Buffer
	if err := json.Compact(&text, r.data[n.at:n.end]); err != nil {
		r.add(n.at, "%s is not JSON", what)
		return nil
	}
	if text.Len() > PolicyBytes {
		r.add(n.at, "%s has %d bytes, more than %d", what, text.Len(), PolicyBytes)
	}
	for _, field := range []string{"Version", "Id"} {
		if v := n.get(field); v != nil {
			r.is(v, isText, field)
		}
	}
	statements := n.get("Statement")
	switch {
	case statements == nil:
		r.need(n, what, "Statement")
	case statements.kind == isArray:
		for i, s := range statements.items {
			r.statement(s, fmt.Sprintf("%s, statement %d", what, i+1))
		}
	default:
		r.statement(statements, what+", its statement")
	}
	return text.Bytes()
}

func (r *reader) statement(n *node, what string) {
	if !r.object(n, what, statementFields) {
		return
	}
	r.need(n, what, "Effect")
	for _, m := range n.members {
		// Whatever the case: the wrong one is told by object, and is no way round this.
		switch {
		case strings.EqualFold(m.name, "Condition"):
			r.add(m.at, "%s has a Condition, and %s", what, NotEvaluated)
		case !strings.EqualFold(m.name, "Effect") || !r.is(m.value, isText, "Effect"):
		case strings.EqualFold(m.value.text, "Deny"):
			r.add(m.value.at, "%s is a Deny, and %s", what, NotEvaluated)
		case m.value.text != "Allow":
			r.add(m.value.at, `Effect must be "Allow" or "Deny"`)
		}
	}
}
