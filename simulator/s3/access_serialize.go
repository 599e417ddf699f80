package s3

import (
	"bytes"
	"encoding/json"
	"slices"

	"keyhole/simulator/strictjson"
)

// policyDepth is how deep the JSON of a stored policy can be. It was decoded before, so none is near it.
const policyDepth = 100

// The order in which S3 prints the elements of a bucket policy, whatever order they came in. (s3-wire 5.1)
var (
	documentOrder  = []string{"Version", "Id", "Statement"}
	statementOrder = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)

// serialized prints a policy as S3 gives it back: no spaces, elements in their order, statements in a list, values as
// they were sent.
func serialized(text []byte) ([]byte, error) {
	root, _, err := strictjson.Parse(text, policyDepth)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	elements(&b, root, documentOrder, func(name string, value *strictjson.Node) {
		if name != "Statement" {
			plain(&b, value)
			return
		}
		statements := []*strictjson.Node{value}
		if value.Kind == strictjson.IsArray {
			statements = value.Items
		}
		listed(&b, statements, func(s *strictjson.Node) {
			elements(&b, s, statementOrder, func(_ string, value *strictjson.Node) { plain(&b, value) })
		})
	})
	return b.Bytes(), nil
}

// elements prints the members named in order first, then the others as they came.
func elements(b *bytes.Buffer, n *strictjson.Node, order []string, value func(string, *strictjson.Node)) {
	members := slices.Clone(n.Members)
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(members, func(one, other strictjson.Member) int { return rank(one.Name) - rank(other.Name) })
	b.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		quote(b, m.Name)
		b.WriteByte(':')
		value(m.Name, m.Value)
	}
	b.WriteByte('}')
}

func listed(b *bytes.Buffer, items []*strictjson.Node, item func(*strictjson.Node)) {
	b.WriteByte('[')
	for i, n := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		item(n)
	}
	b.WriteByte(']')
}

// plain prints any value as it came.
func plain(b *bytes.Buffer, n *strictjson.Node) {
	switch n.Kind {
	case strictjson.IsObject:
		elements(b, n, nil, func(_ string, v *strictjson.Node) { plain(b, v) })
	case strictjson.IsArray:
		listed(b, n.Items, func(v *strictjson.Node) { plain(b, v) })
	case strictjson.IsText:
		quote(b, n.Text)
	case strictjson.IsNumber:
		b.WriteString(n.Text)
	case strictjson.IsBool:
		if n.Yes {
			b.WriteString("true")
		} else {
			b.WriteString("false")
		}
	default:
		b.WriteString("null")
	}
}

// quote prints text without the escapes that are only for HTML.
func quote(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // text always encodes
	b.Truncate(b.Len() - 1)
}
