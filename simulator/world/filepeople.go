package world

import (
	"encoding/json"
	"fmt"
	"strings"
)

// taken finds what is given twice: value to nothing.
type taken map[string]bool

// twice notes a repeated value. Names compare without case, as IAM does.
func (r *reader) twice(t taken, n *node, field, value, text string) {
	if value == "" {
		return
	}
	if t[strings.ToLower(value)] {
		r.add(n.get(field).at, "%s", text)
	}
	t[strings.ToLower(value)] = true
}

func (r *reader) accounts(root *node) []fileAccount {
	var out []fileAccount
	ids, canonicals, keys := taken{}, taken{}, taken{}
	for _, n := range r.list(root, "accounts") {
		if !r.object(n, "an account", "id name email canonical_id root users roles") {
			continue
		}
		a := fileAccount{
			id:        r.text(n, "id", "12 digits", accountDigits.MatchString),
			name:      r.text(n, "name", "text", anyText),
			email:     r.text(n, "email", "text", anyText),
			canonical: r.text(n, "canonical_id", "64 hex digits in lower case", canonicalHex.MatchString),
		}
		r.twice(ids, n, "id", a.id, "account "+a.id+" is in the file twice")
		r.twice(canonicals, n, "canonical_id", a.canonical, "this canonical id is in the file twice")
		if root := n.get("root"); root != nil && r.object(root, "root", "access_key secret_key") {
			a.rootKey, a.rootSecret = r.keyPair(root, keys)
		}
		a.users = r.users(n, a.id, keys)
		a.roles = r.roles(n, a.id)
		out = append(out, a)
	}
	return out
}

func (r *reader) users(account *node, id string, keys taken) []fileUser {
	var out []fileUser
	names := taken{}
	for _, n := range r.list(account, "users") {
		if !r.object(n, "a user", "name access_key secret_key policies") {
			continue
		}
		u := fileUser{name: r.name(n, "a user", names)}
		u.key, u.secret = r.keyPair(n, keys)
		u.policies = r.policies(n.get("policies"), fmt.Sprintf("of user %.64q in account %s", u.name, id))
		out = append(out, u)
	}
	return out
}

func (r *reader) roles(account *node, id string) []fileRole {
	var out []fileRole
	names := taken{}
	for _, n := range r.list(account, "roles") {
		if !r.object(n, "a role", "name trust policies") {
			continue
		}
		role := fileRole{name: r.name(n, "a role", names)}
		of := fmt.Sprintf("of role %.64q in account %s", role.name, id)
		role.trust = r.policy(n.get("trust"), "the trust policy "+of)
		role.policies = r.policies(n.get("policies"), of)
		out = append(out, role)
	}
	return out
}

func (r *reader) name(n *node, what string, names taken) string {
	r.need(n, what, "name")
	name := r.text(n, "name", "1 to 64 letters, digits and any of _+=,.@-", iamName.MatchString)
	r.twice(names, n, "name", name, fmt.Sprintf("%s named %q is in this account twice", what, name))
	return name
}

// keyPair reads access_key and secret_key, both or neither.
func (r *reader) keyPair(n *node, keys taken) (id, secret string) {
	id = r.text(n, "access_key", "16 to 128 letters, digits and underscores, not beginning with ASIA, which is for sessions", func(s string) bool {
		return accessKeyForm.MatchString(s) && !strings.HasPrefix(s, "ASIA")
	})
	secret = r.text(n, "secret_key", "1 to 128 printable characters without spaces", secretKeyForm.MatchString)
	if (n.get("access_key") == nil) != (n.get("secret_key") == nil) {
		r.add(n.at, "access_key and secret_key go together: give both or neither")
	}
	if id != "" && keys[id] {
		r.add(n.get("access_key").at, "access key %s is in the file twice", id)
	}
	keys[id] = true // exact: access key ids are case-sensitive
	return id, secret
}

func (r *reader) policies(n *node, of string) map[string]json.RawMessage {
	if n == nil || !r.is(n, isObject, "policies") {
		return nil
	}
	out := map[string]json.RawMessage{}
	for _, m := range n.members {
		if len(m.name) > 128 || !policyName.MatchString(m.name) {
			r.add(m.at, "a policy name must be 1 to 128 letters, digits and any of _+=,.@-")
		}
		out[m.name] = r.policy(m.value, fmt.Sprintf("the policy %.128q %s", m.name, of))
	}
	return out
}
