package world

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/strictjson"
)

// taken finds what is given twice: value to nothing.
type taken map[string]bool

// twice notes a repeated value. Names compare without case, as IAM does.
func (r *reader) twice(t taken, n *node, field, value, text string) {
	if value == "" {
		return
	}
	if t[strings.ToLower(value)] {
		r.add(n.Get(field).At, "%s", text)
	}
	t[strings.ToLower(value)] = true
}

func (r *reader) accounts(root *node) {
	ids, canonicals, keys := taken{}, taken{}, taken{}
	for i, n := range r.list(root, "accounts") {
		if !r.object(n, "an account", "id name email canonical_id public_access_block root policies groups users roles") {
			continue
		}
		a := Account{
			ID:          r.text(n, "id", "12 digits", accountDigits.MatchString),
			Name:        r.text(n, "name", "text", anyText),
			Email:       r.text(n, "email", "text", anyText),
			CanonicalID: r.text(n, "canonical_id", "64 hex digits in lower case", canonicalHex.MatchString),
		}
		r.twice(ids, n, "id", a.ID, "account "+a.ID+" is in the file twice")
		r.twice(canonicals, n, "canonical_id", a.CanonicalID, "this canonical id is in the file twice")
		if a.ID == "" {
			a.ID = r.w.accountID(i)
		}
		if a.CanonicalID == "" {
			a.CanonicalID = r.w.canonicalID(a.ID)
		}
		if v := n.Get("public_access_block"); v != nil {
			if block, set := r.publicBlock(v); set {
				a.Public = &block
			}
		}
		r.account(n, a, keys)
	}
}

// account adds one with everything in it: first what the rest refers to.
func (r *reader) account(n *node, a Account, keys taken) {
	r.w.settleAccount(a)
	var key, secret string
	if root := n.Get("root"); root != nil && r.object(root, "root", "access_key secret_key") {
		key, secret = r.keyPair(root, keys)
	}
	r.w.addKey(a.ID, "", key, secret)
	r.managedPolicies(n, a.ID)
	r.groups(n, a.ID)
	names := taken{}
	for _, u := range r.list(n, "users") {
		if r.object(u, "a user", "name path access_key secret_key groups policies managed boundary tags") {
			p := r.principal(u, "user", a.ID, names)
			p.Groups = r.memberships(u, a.ID)
			key, secret := r.keyPair(u, keys)
			r.settle(u, p)
			r.w.addKey(a.ID, p.Name, key, secret)
		}
	}
	names = taken{}
	for _, o := range r.list(n, "roles") {
		if r.object(o, "a role", "name path trust max_session policies managed boundary tags") {
			p := r.principal(o, "role", a.ID, names)
			p.Trust = r.policy(o.Get("trust"), fmt.Sprintf("the trust policy of role %.64q in account %s", p.Name, a.ID), ofTrust)
			p.MaxSession = r.seconds(o, "max_session", MinRoleSession, MaxSession)
			r.settle(o, p)
		}
	}
}

// principal reads what users and roles have alike.
func (r *reader) principal(n *node, kind, account string, names taken) Principal {
	name := r.name(n, "a "+kind, names)
	path := r.path(n)
	of := fmt.Sprintf("of %s %.64q in account %s", kind, name, account)
	p := r.w.newPrincipal(kind, account, path, name)
	p.Policies = r.policies(n.Get("policies"), of)
	p.Managed = r.attachments(n, account)
	p.Boundary = r.boundary(n.Get("boundary"), p, of)
	p.Tags = r.tags(n)
	return p
}

// settle adds a user or role after the check that any later change of it passes too.
func (r *reader) settle(n *node, p Principal) {
	if p.Name == "" || slices.Contains(p.Managed, "") {
		return // told already
	}
	if _, twice := r.w.Principal(p.Account, p.Kind, p.Name); twice {
		return
	}
	if err := r.w.checkPrincipal(p); err != nil && !errors.Is(err, ErrExists) {
		r.refused(n.At, err)
		return
	}
	r.w.principals = append(r.w.principals, p)
}

func (r *reader) groups(account *node, id string) {
	names := taken{}
	for _, n := range r.list(account, "groups") {
		if !r.object(n, "a group", "name path policies managed") {
			continue
		}
		name, path := r.name(n, "a group", names), r.path(n)
		g := Group{
			Account: id, Name: name, Path: path, ID: r.w.principalID("AGPA", "group", id, name),
			ARN: arnOf("group", id, path, name), Created: r.w.Now(),
			Policies: r.policies(n.Get("policies"), fmt.Sprintf("of group %.64q in account %s", name, id)),
			Managed:  r.attachments(n, id),
		}
		if name != "" {
			r.w.groups = append(r.w.groups, g)
		}
	}
}

func (r *reader) memberships(n *node, account string) []string {
	var out []string
	for _, g := range r.list(n, "groups") {
		if !r.is(g, strictjson.IsText, "a group") {
			continue
		}
		if _, ok := r.w.Group(account, g.Text); !ok || slices.Contains(out, g.Text) {
			r.add(g.At, "%.64q is no group of account %s, or is given twice", g.Text, account)
			continue
		}
		out = append(out, g.Text)
	}
	return out
}

func (r *reader) name(n *node, what string, names taken) string {
	r.need(n, what, "name")
	name := r.text(n, "name", "1 to 64 letters, digits and any of _+=,.@-", iamName.MatchString)
	r.twice(names, n, "name", name, fmt.Sprintf("%s named %q is in this account twice", what, name))
	return name
}

func (r *reader) path(n *node) string {
	return pathOr(r.text(n, "path", "a path such as /team/, of at most 512 characters", func(s string) bool {
		return iamPath.MatchString(s) && len(s) <= MaxPath
	}))
}

func (r *reader) tags(n *node) map[string]string {
	v := n.Get("tags")
	if v == nil || !r.is(v, strictjson.IsObject, "tags") || len(v.Members) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, m := range v.Members {
		if r.is(m.Value, strictjson.IsText, "a tag") {
			out[m.Name] = m.Value.Text
		}
	}
	return out
}

// seconds reads a whole number of seconds between two bounds; 0 when it is left out or wrong.
func (r *reader) seconds(n *node, field string, least, most time.Duration) time.Duration {
	v := n.Get(field)
	if v == nil || !r.is(v, strictjson.IsNumber, field) {
		return 0
	}
	s, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil || s > math.MaxInt32 || time.Duration(s)*time.Second < least || time.Duration(s)*time.Second > most {
		r.add(v.At, "%s must be a whole number of seconds from %.0f to %.0f", field, least.Seconds(), most.Seconds())
		return 0
	}
	return time.Duration(s) * time.Second
}

// keyPair reads access_key and secret_key, both or neither.
func (r *reader) keyPair(n *node, keys taken) (id, secret string) {
	id = r.text(n, "access_key", "16 to 128 letters, digits and underscores, not beginning with ASIA, which is for sessions", func(s string) bool {
		return accessKeyForm.MatchString(s) && !strings.HasPrefix(s, "ASIA")
	})
	secret = r.text(n, "secret_key", "1 to 128 printable characters without spaces", secretKeyForm.MatchString)
	if (n.Get("access_key") == nil) != (n.Get("secret_key") == nil) {
		r.add(n.At, "access_key and secret_key go together: give both or neither")
	}
	if id != "" && keys[id] {
		r.add(n.Get("access_key").At, "access key %s is in the file twice", id)
	}
	keys[id] = true // exact: access key ids are case-sensitive
	return id, secret
}

func (r *reader) policies(n *node, of string) map[string]json.RawMessage {
	if n == nil || !r.is(n, strictjson.IsObject, "policies") {
		return nil
	}
	out := map[string]json.RawMessage{}
	for _, m := range n.Members {
		r.policyName(m)
		if text := r.policy(m.Value, fmt.Sprintf("the policy %.128q %s", m.Name, of), ofIdentity); text != nil {
			out[m.Name] = text
		}
	}
	return out
}

func (r *reader) policyName(m strictjson.Member) {
	if len(m.Name) > 128 || !policyName.MatchString(m.Name) {
		r.add(m.At, "a policy name must be 1 to 128 letters, digits and any of _+=,.@-")
	}
}
