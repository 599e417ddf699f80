package policy

import (
	"strings"

	"keyhole/simulator/strictjson"
)

func (d *decoder) statement(index int, n *strictjson.Node) Statement {
	s := Statement{Index: index, From: d.place.of(n.At)}
	if n.Kind != strictjson.IsObject {
		d.refuse(n.At, invalidSyntax, "A statement must be an object, not "+n.Kind.String()+".")
		return s
	}
	effect := false
	for _, m := range n.Members {
		switch m.Name {
		case "Sid":
			if s.Sid = m.Value.Text; m.Value.Kind != strictjson.IsText {
				d.refuse(m.Value.At, invalidSyntax, "Sid must be text, not "+m.Value.Kind.String()+".")
			}
		case "Effect":
			effect = true
			s.Allow = d.effect(m.Value)
		case "Principal", "NotPrincipal":
			d.once(s.Principal != nil, m, "Principal", "NotPrincipal")
			s.Principal = &PrincipalList{At: d.place.of(m.At), Not: m.Name == "NotPrincipal", Entries: d.principals(m.Value)}
		case "Action", "NotAction":
			d.once(s.Action != nil, m, "Action", "NotAction")
			s.Action = d.patterns(m, "NotAction", func(p *Pattern) {
				p.action = parseGlob(p.Text, syntax{wildcards: true, lower: true})
			})
		case "Resource", "NotResource":
			d.once(s.Resource != nil, m, "Resource", "NotResource")
			s.Resource = d.patterns(m, "NotResource", func(p *Pattern) {
				p.resource = parseARNGlob(p.Text, syntax{wildcards: true, variables: d.variables})
				p.everything = p.resource.six && p.resource.parts[5].any()
			})
		case "Condition":
			s.Conditions = d.conditions(m.Value)
		default:
			d.refuse(m.At, invalidSyntax, "A statement has no element of that name; capitals count.")
		}
	}
	if !effect {
		d.refuse(n.At, "Missing required field Effect", "A statement needs an Effect.")
	}
	if s.Action == nil {
		d.refuse(n.At, "Missing required field Action", "A statement needs an Action or a NotAction.")
	}
	s.To = d.place.of(n.End - 1)
	return s
}

func (d *decoder) once(again bool, m strictjson.Member, one, other string) {
	if again {
		d.refuse(m.At, invalidSyntax, "A statement has "+one+" or "+other+", not both.")
	}
}

func (d *decoder) effect(n *strictjson.Node) (allow bool) {
	if n.Kind != strictjson.IsText || n.Text != "Allow" && n.Text != "Deny" {
		d.refuse(n.At, "Invalid effect: "+n.Text, `Effect is "Allow" or "Deny", with a capital.`)
	}
	return n.Text == "Allow"
}

// each calls f with every text of a text or a list of texts.
func (d *decoder) each(n *strictjson.Node, message, what string, f func(n *strictjson.Node)) {
	items := []*strictjson.Node{n}
	if n.Kind == strictjson.IsArray {
		items = n.Items
		if len(items) == 0 {
			d.refuse(n.At, message, what+" must not be an empty list.")
		}
	}
	for _, item := range items {
		if item.Kind != strictjson.IsText {
			d.refuse(item.At, message, what+" must be text or a list of texts, not "+item.Kind.String()+".")
			return
		}
		f(item)
	}
}

func (d *decoder) patterns(m strictjson.Member, not string, compile func(*Pattern)) *PatternList {
	l := &PatternList{At: d.place.of(m.At), Not: m.Name == not}
	d.each(m.Value, invalidSyntax, m.Name, func(n *strictjson.Node) {
		p := Pattern{Text: n.Text, At: d.place.of(n.At)}
		compile(&p)
		l.Entries = append(l.Entries, p)
	})
	return l
}

var principalTypes = map[string]bool{"AWS": true, "Service": true, "Federated": true, "CanonicalUser": true}

func (d *decoder) principals(n *strictjson.Node) []PrincipalEntry {
	var out []PrincipalEntry
	switch {
	case n.Kind == strictjson.IsText && n.Text == "*":
		return []PrincipalEntry{{Type: "*", Value: "*", At: d.place.of(n.At)}}
	case n.Kind != strictjson.IsObject, len(n.Members) == 0:
		d.refuse(n.At, invalidPrincipal, `A principal is "*", or an object such as {"AWS": "arn:aws:iam::111122223333:user/ana"}.`)
		return nil
	}
	for _, m := range n.Members {
		if !principalTypes[m.Name] {
			d.refuse(m.At, invalidPrincipal, "A principal is of type AWS, Service, Federated or CanonicalUser.")
		}
		d.each(m.Value, invalidPrincipal, "A principal", func(n *strictjson.Node) {
			e := PrincipalEntry{Type: m.Name, Value: n.Text, At: d.place.of(n.At)}
			if e.Value == "" {
				d.refuse(n.At, invalidPrincipal, "A principal must not be empty.")
			}
			if e.Type == "AWS" {
				e.compile()
			}
			out = append(out, e)
		})
	}
	return out
}

// compile takes an AWS principal apart. What is no ARN of a known form equals only itself.
func (e *PrincipalEntry) compile() {
	if accountID(e.Value) {
		e.account = e.Value
		return
	}
	a, ok := splitARN(e.Value)
	if !ok || a[2] != "iam" {
		return
	}
	kind, rest, _ := strings.Cut(a[5], "/")
	name := rest[strings.LastIndexByte(rest, '/')+1:]
	switch {
	case a[5] == "root":
		e.account = a[4]
	case kind == "role":
		e.of, e.in, e.name = RoleSession, a[4], name
	case kind == "user":
		e.of, e.in, e.name = User, a[4], name
	}
}

func (d *decoder) conditions(n *strictjson.Node) []Condition {
	var out []Condition
	if n.Kind != strictjson.IsObject {
		d.refuse(n.At, invalidSyntax, "Condition must be an object of operators.")
		return nil
	}
	for _, operator := range n.Members {
		op, known := parseOperator(operator.Name)
		if !known {
			d.refuse(operator.At, "Invalid Condition type : "+operator.Name, "There is no condition operator of that name.")
		}
		if operator.Value.Kind != strictjson.IsObject {
			d.refuse(operator.Value.At, invalidSyntax, "A condition operator must hold an object of keys.")
			return nil
		}
		for _, key := range operator.Value.Members {
			out = append(out, d.condition(operator.Name, op, key))
		}
	}
	return out
}

func (d *decoder) condition(name string, op operator, m strictjson.Member) Condition {
	c := Condition{Operator: name, Key: m.Name, At: d.place.of(m.At), op: op, key: strings.ToLower(m.Name)}
	if m.Name == "" {
		d.refuse(m.At, "Policy has an invalid condition key", "A condition key must not be empty.")
	}
	items := []*strictjson.Node{m.Value}
	if m.Value.Kind == strictjson.IsArray {
		items = m.Value.Items
	}
	for _, n := range items {
		text := n.Text
		switch n.Kind {
		case strictjson.IsBool:
			text = "false"
			if n.Yes {
				text = "true"
			}
		case strictjson.IsText, strictjson.IsNumber:
		default:
			d.refuse(n.At, invalidSyntax, "A condition value must be text, a number, true or false, not "+n.Kind.String()+".")
		}
		c.Values = append(c.Values, ConditionValue{Text: text, At: d.place.of(n.At), want: parseOperand(op, text, d.variables)})
	}
	return c
}
