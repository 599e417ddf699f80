package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// callerEdits ask as somebody else.
func (s *situation) callerEdits(o Alternatives) []edit {
	var out []edit
	for _, who := range o.Principals {
		out = append(out, edit{Edit: Edit{Kind: EditPrincipal, Say: "Do it " + who.Say, Weakens: who.Weakens}, apply: who.Apply})
	}
	p := s.all[0].Request.Principal
	if p.Account == "" || p.Kind == policy.RootUser {
		return out
	}
	return append(out, edit{
		Edit:  Edit{Kind: EditPrincipal, Say: "Do it as the root user of " + p.Account, Weakens: true, Note: "Root is for what nobody else can do."},
		tempt: temptCaller,
		apply: func(r *policy.Request, l *policy.Layers) { becomeRoot(r, l, p.Account) },
	})
}

// becomeRoot makes the root user of the caller's own account ask. The service control policies stay: they bind it too.
func becomeRoot(r *policy.Request, l *policy.Layers, account string) {
	arn := "arn:aws:iam::" + account + ":root"
	r.Principal = policy.Principal{Kind: policy.RootUser, ARN: arn, Account: account, ID: account, CanonicalID: r.Principal.CanonicalID}
	for _, v := range r.Context.Keys() {
		if low := strings.ToLower(v.Name); low == "aws:username" || strings.HasPrefix(low, "aws:principaltag/") {
			r.Context.Drop(v.Name)
		}
	}
	r.Context.Set("aws:PrincipalArn", arn)
	r.Context.Set("aws:PrincipalType", "Account")
	r.Context.Set("aws:userid", account)
	l.Identity, l.Boundary, l.Session = nil, nil, nil
}

// allowEdits add one Allow to one place.
func (s *situation) allowEdits() []edit {
	d := s.denied[0]
	p := d.Request.Principal
	actions, what := s.missing()
	if actions == nil {
		return nil
	}
	var out []edit
	add := func(say string, weakens bool, note string, apply func(*policy.Layers, *policy.Statement, string)) {
		out = append(out, edit{
			Edit: Edit{Kind: EditPermission, Say: say, Weakens: weakens, Note: note}, tempt: temptAllow,
			apply: func(r *policy.Request, l *policy.Layers) {
				if st, text := allowing(actions, r, l); st != nil {
					apply(l, st, text)
				}
			},
		})
	}
	if p.Kind == policy.User || p.Kind == policy.RoleSession || p.Kind == policy.FederatedUser {
		add("Add "+what+" to the policies of "+p.Name, false, "", func(l *policy.Layers, st *policy.Statement, text string) {
			l.Identity = append(slices.Clone(l.Identity), policy.Attached{Name: "added", Source: "user " + p.Name, Document: with(nil, unnamed(st), text)})
		})
	}
	whom, note := called(&p), ""
	if p.Kind == policy.Anonymous {
		note = "That makes it public."
	}
	add("Add "+what+" for "+whom+" to the "+resourcePolicy(d), p.Kind == policy.Anonymous, note, func(l *policy.Layers, st *policy.Statement, text string) {
		l.Resource = grown(l.Resource, st, text)
	})
	if d.Layers.Endpoint != nil {
		add("Allow "+what+" in the endpoint policy", true, "", func(l *policy.Layers, st *policy.Statement, text string) { l.Endpoint = grown(l.Endpoint, st, text) })
	}
	if d.Layers.Boundary != nil {
		add("Allow "+what+" in the permissions boundary", true, "", func(l *policy.Layers, st *policy.Statement, text string) {
			l.Boundary = grown(l.Boundary, unnamed(st), text)
		})
	}
	if d.Layers.Session != nil {
		add("Pass a session policy that allows "+what, false, "", func(l *policy.Layers, st *policy.Statement, text string) {
			l.Session = grown(l.Session, unnamed(st), text)
		})
	}
	if len(d.Layers.SCPs) > 0 {
		add("Allow "+what+" in the service control policies", true, "", func(l *policy.Layers, st *policy.Statement, text string) {
			l.SCPs = slices.Clone(l.SCPs)
			for i := range l.SCPs {
				l.SCPs[i] = append(slices.Clone(l.SCPs[i]), policy.Attached{Name: "added", Document: with(nil, unnamed(st), text)})
			}
		})
	}
	return out
}

// missing are the actions that are refused, as a list and in words.
func (s *situation) missing() (actions []string, what string) {
	for _, d := range s.denied {
		if !slices.Contains(actions, d.Request.Action) {
			actions = append(actions, d.Request.Action)
		}
	}
	const told = 2
	if len(actions) > told {
		return actions, fmt.Sprintf("%s and %d more", actions[0], len(actions)-1)
	}
	return actions, strings.Join(actions, " and ")
}

// allowing is a statement that allows actions on the request's resource to its caller; nil when no document can say it.
func allowing(actions []string, r *policy.Request, _ *policy.Layers) (*policy.Statement, string) {
	if !slices.Contains(actions, r.Action) {
		return nil, ""
	}
	text, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Principal": principalElement(&r.Principal), "Action": r.Action, "Resource": r.Resource,
		}},
	})
	if err != nil {
		return nil, ""
	}
	doc, err := policy.Decode(text)
	if err != nil {
		return nil, ""
	}
	return &doc.Statements[0], string(text)
}

func principalElement(p *policy.Principal) any {
	switch p.Kind {
	case policy.Anonymous:
		return "*"
	case policy.Service:
		return map[string]string{"Service": p.ARN}
	case policy.RoleSession:
		return map[string]string{"AWS": "arn:aws:iam::" + p.Account + ":role/" + p.Name}
	}
	return map[string]string{"AWS": p.ARN}
}

// unnamed is a statement of a document that means whoever it is attached to.
func unnamed(st *policy.Statement) *policy.Statement {
	out := *st
	out.Principal = nil
	return &out
}

// with is a copy of a document with one more statement; nil: a document of that statement only.
func with(doc *policy.Document, st *policy.Statement, text string) *policy.Document {
	if doc == nil {
		return &policy.Document{Version: "2012-10-17", Variables: true, Statements: []policy.Statement{*st}, Text: text}
	}
	out := *doc
	out.Statements = append(slices.Clone(doc.Statements), *st)
	return &out
}

func grown(a *policy.Attached, st *policy.Statement, text string) *policy.Attached {
	if a == nil {
		return &policy.Attached{Name: "added", Document: with(nil, st, text)}
	}
	out := *a
	out.Document = with(a.Document, st, text)
	return &out
}

// denyEdits take one Deny that matched away, or open one switch.
func (s *situation) denyEdits() []edit {
	var out []edit
	for _, d := range s.denied {
		for _, layer := range d.Trace {
			for i := range layer.Policies {
				p := &layer.Policies[i]
				for _, t := range p.Statements {
					if t.Matched && !t.Statement.Allow {
						out = append(out, without(layer.Layer, p.Attached, t.Statement, d, "The control is gone."))
					}
				}
			}
		}
		if d.Rule == policy.RestrictPublic {
			out = append(out, edit{Edit: Edit{Kind: EditStatement, Say: "Turn RestrictPublicBuckets off", Weakens: true, Note: "The bucket is public then."},
				tempt: temptOther, apply: func(_ *policy.Request, l *policy.Layers) { l.RestrictPublicBuckets = false }})
		}
		if d.Layers.ACL != nil && d.Layers.ACL.IgnorePublic {
			out = append(out, edit{Edit: Edit{Kind: EditStatement, Say: "Turn IgnorePublicAcls off", Weakens: true, Note: "Public grants of ACLs count then."},
				apply: func(_ *policy.Request, l *policy.Layers) {
					acl := *l.ACL
					acl.IgnorePublic = false
					l.ACL = &acl
				}})
		}
	}
	return out
}

// withoutDeciding takes away the statements that allow an allowed request.
func (s *situation) withoutDeciding() []edit {
	var out []edit
	for _, d := range s.all {
		if t := d.Deciding(); t != nil {
			out = append(out, without(d.Trace[d.Ref.Layer].Layer, d.DecidingPolicy().Attached, t.Statement, d, ""))
		}
	}
	return out
}

// without takes one statement off, wherever that document is attached in that layer.
func without(layer policy.Layer, at policy.Attached, st *policy.Statement, d *policy.Decision, note string) edit {
	off := func(a policy.Attached) policy.Attached {
		if a.Document.Text == at.Document.Text {
			doc := *a.Document
			doc.Statements = slices.DeleteFunc(slices.Clone(doc.Statements), func(one policy.Statement) bool { return one.Index == st.Index })
			a.Document = &doc
		}
		return a
	}
	one := func(a *policy.Attached) *policy.Attached {
		if a == nil {
			return nil
		}
		out := off(*a)
		return &out
	}
	list := func(all []policy.Attached) []policy.Attached {
		all = slices.Clone(all)
		for i := range all {
			all[i] = off(all[i])
		}
		return all
	}
	levels := func(all [][]policy.Attached) [][]policy.Attached {
		all = slices.Clone(all)
		for i := range all {
			all[i] = list(all[i])
		}
		return all
	}
	apply := map[policy.Layer]func(*policy.Layers){
		policy.SCP:      func(l *policy.Layers) { l.SCPs = levels(l.SCPs) },
		policy.RCP:      func(l *policy.Layers) { l.RCPs = levels(l.RCPs) },
		policy.Endpoint: func(l *policy.Layers) { l.Endpoint = one(l.Endpoint) },
		policy.Resource: func(l *policy.Layers) { l.Resource = one(l.Resource) },
		policy.Identity: func(l *policy.Layers) { l.Identity = list(l.Identity) },
		policy.Boundary: func(l *policy.Layers) { l.Boundary = one(l.Boundary) },
		policy.Session:  func(l *policy.Layers) { l.Session = one(l.Session) },
	}[layer]
	return edit{
		Edit:  Edit{Kind: EditStatement, Say: "Remove " + statementName(st) + " from " + PolicyWords(layer, at, d), Weakens: !st.Allow, Note: note},
		tempt: temptDeny,
		apply: func(_ *policy.Request, l *policy.Layers) { apply(l) },
	}
}

// statementName is the Sid, or the number of a statement.
func statementName(st *policy.Statement) string {
	if st.Sid != "" {
		return st.Sid
	}
	return fmt.Sprintf("statement %d", st.Index+1)
}

// Undenied decides the same question without the Deny statements that matched: whether something would allow it at all.
func Undenied(d *policy.Decision) policy.Decision {
	s := situation{denied: []*policy.Decision{d}}
	r, l := d.Request, d.Layers
	for _, e := range s.denyEdits() {
		if e.Kind == EditStatement && e.tempt == temptDeny {
			e.apply(&r, &l)
		}
	}
	return policy.Evaluate(r, l)
}
