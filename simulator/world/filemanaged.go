package world

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/strictjson"
)

// managedPolicies reads the customer managed policies of an account.
func (r *reader) managedPolicies(account *node, id string) {
	v := account.Get("policies")
	if v == nil || !r.is(v, strictjson.IsObject, "policies") {
		return
	}
	names := taken{}
	for _, m := range v.Members {
		r.policyName(m)
		text := r.policy(m.Value, fmt.Sprintf("the managed policy %.128q of account %s", m.Name, id), ofIdentity)
		if text == nil || names[strings.ToLower(m.Name)] {
			continue // told already
		}
		names[strings.ToLower(m.Name)] = true
		r.manage(m.At, id, m.Name, text)
	}
}

// manage adds a managed policy with one version.
func (r *reader) manage(at int, account, name string, text json.RawMessage) (arn string) {
	p := ManagedPolicy{
		Account: account, Name: name, Path: "/", ID: r.w.principalID("ANPA", "policy", account, name),
		ARN: arnOf("policy", account, "/", name), Created: r.w.Now(), Default: "v1",
		Versions: []PolicyVersion{{ID: "v1", Document: text, Created: r.w.Now()}},
	}
	if err := r.w.checkManaged(p); err != nil {
		r.refused(at, err)
		return ""
	}
	r.w.managed = append(r.w.managed, p)
	return p.ARN
}

// attachments reads the names or ARNs of managed policies. One that does not exist is "".
func (r *reader) attachments(n *node, account string) []string {
	var out []string
	for _, v := range r.list(n, "managed") {
		if !r.is(v, strictjson.IsText, "a managed policy") {
			continue
		}
		arn := r.managed(v, account)
		if arn != "" && slices.Contains(out, arn) {
			r.add(v.At, "managed policy %.200q is attached twice", v.Text)
			continue
		}
		out = append(out, arn)
	}
	return out
}

// managed finds a managed policy by its ARN, or by its name in the account and then among AWS's.
func (r *reader) managed(v *node, account string) string {
	for _, p := range append(r.w.ManagedPolicies(account), r.w.ManagedPolicies(AWS)...) {
		if p.ARN == v.Text || p.Name == v.Text {
			return p.ARN
		}
	}
	r.add(v.At, "%.200q is no managed policy of account %s and none of the AWS managed policies that are built in", v.Text, account)
	return ""
}

// boundary reads a permissions boundary. A document becomes a managed policy of the account, as a boundary is one.
func (r *reader) boundary(n *node, p Principal, of string) string {
	if n == nil {
		return ""
	}
	if n.Kind == strictjson.IsText {
		return r.managed(n, p.Account)
	}
	text := r.policy(n, "the boundary "+of, ofIdentity)
	if text == nil || p.Name == "" {
		return ""
	}
	return r.manage(n.At, p.Account, p.Kind+"-"+p.Name+"-boundary", text)
}
