package world

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MaxProblems is how many problems of one file are told.
const MaxProblems = 100

// Problem is one thing that is wrong with a world file. Lines and columns count from 1, columns in characters.
type Problem struct {
	Line, Column int
	Text         string
}

func (p Problem) String() string { return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Text) }

// FileError is what is wrong with a world file, in the order of the file. No text in it quotes a secret key.
type FileError struct{ Problems []Problem }

func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Parse makes the world that a world file describes:
//
//	{"profile": "2026", "region": "us-east-1", "seed": "any text", "clock": "2026-06-01T00:00:00Z",
//	 "accounts": [{"id": "111122223333", "name": "main", "email": "…", "canonical_id": "64 hex digits",
//	   "root": {"access_key": "…", "secret_key": "…"},
//	   "users": [{"name": "alice", "access_key": "…", "secret_key": "…", "policies": {"name": {…}}}],
//	   "roles": [{"name": "app", "trust": {…}, "policies": {"name": {…}}}]}],
//	 "buckets": [{"name": "…", "account": "…", "profile": "2022", "versioning": "Enabled", "object_lock": false, "policy": {…}}],
//	 "keys": []}
//
// Everything may be left out. Ids and keys then follow from the seed, the clock is the real one, an account is
// DefaultAccount with the user admin, and a bucket belongs to the only account. What this version does not imitate is
// refused: Deny and Condition in policies, Object Lock, KMS keys. The error is a *FileError with every problem found.
func Parse(file []byte, o Options) (*World, error) {
	r := &reader{data: file}
	if len(file) > FileBytes {
		r.add(0, "the file has %d bytes, more than %d", len(file), FileBytes)
		return nil, r.err()
	}
	s := &scanner{data: file}
	root, err := s.file()
	r.faults = append(r.faults, s.faults...)
	if f, ok := errors.AsType[*fault](err); ok {
		r.faults = append(r.faults, *f)
		return nil, r.err()
	}
	w := r.world(root, o)
	if err := r.err(); err != nil {
		return nil, err
	}
	return w, nil
}

// reader turns nodes into a world and notes what is wrong on the way.
type reader struct {
	data   []byte
	faults []fault
}

func (r *reader) add(at int, format string, args ...any) {
	r.faults = append(r.faults, fault{at, fmt.Sprintf(format, args...)})
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
	if !r.is(n, isObject, what) {
		return false
	}
	known := strings.Fields(fields)
	for _, m := range n.members {
		if slices.Contains(known, m.name) {
			continue
		}
		hint := ""
		if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, m.name) }); i >= 0 {
			hint = fmt.Sprintf("; did you mean %q? Names are case-sensitive", known[i])
		}
		r.add(m.at, "%s has no field %.60q%s", what, m.name, hint)
	}
	return true
}

func (r *reader) is(n *node, k kind, what string) bool {
	if n.kind != k {
		r.add(n.at, "%s must be %s, not %s", what, k, n.kind)
	}
	return n.kind == k
}

// list returns the elements of a field that is a list; none when it is left out.
func (r *reader) list(n *node, field string) []*node {
	v := n.get(field)
	if v == nil || !r.is(v, isArray, field) {
		return nil
	}
	return v.items
}

// text returns a field that is text and fits ok; "" when it is left out or wrong. want names what fits.
func (r *reader) text(n *node, field, want string, ok func(string) bool) string {
	v := n.get(field)
	if v == nil || !r.is(v, isText, field) {
		return ""
	}
	if !ok(v.text) {
		// The value is not quoted: it may be a secret put in the wrong place.
		r.add(v.at, "%s must be %s", field, want)
		return ""
	}
	return v.text
}

// need notes that a field is missing.
func (r *reader) need(n *node, what, field string) {
	if n.get(field) == nil {
		r.add(n.at, "%s needs the field %q", what, field)
	}
}

func anyText(string) bool { return true }

func profileName(s string) bool { return Profile(s).Known() }

func (r *reader) world(root *node, o Options) *World {
	if !r.object(root, "a world file", "profile region seed clock accounts buckets keys") {
		return nil
	}
	if p := r.text(root, "profile", `"2026", "2022" or "2018"`, profileName); p != "" {
		o.Profile = Profile(p)
	}
	if s := r.text(root, "region", "a region such as us-east-1", regionName.MatchString); s != "" {
		o.Region = s
	}
	if root.get("seed") != nil {
		o.Seed = r.text(root, "seed", "text", anyText)
	}
	w := blank(o)
	w.start(r.clock(root))
	accounts := r.accounts(root)
	if len(accounts) == 0 {
		accounts = []fileAccount{{id: DefaultAccount, name: "main", users: []fileUser{{name: "admin"}}}}
	}
	w.settleAccounts(accounts)
	r.buckets(root, w)
	r.kmsKeys(root)
	return w
}

func (r *reader) clock(root *node) time.Time {
	var at time.Time
	r.text(root, "clock", "a time such as 2026-06-01T00:00:00Z, from 1970 to 2200", func(s string) bool {
		t, err := time.Parse(time.RFC3339, s)
		at = t
		return err == nil && t.Year() >= 1970 && t.Year() <= 2200
	})
	return at
}

func (r *reader) buckets(root *node, w *World) {
	for _, n := range r.list(root, "buckets") {
		if !r.object(n, "a bucket", "name account profile versioning object_lock policy") {
			continue
		}
		r.need(n, "a bucket", "name")
		name := r.text(n, "name", "text", anyText)
		account := r.text(n, "account", "the 12 digits of an account of this file", func(id string) bool {
			_, ok := w.Account(id)
			return ok
		})
		if n.get("account") == nil {
			if len(w.accounts) > 1 {
				r.need(n, "a bucket of a world with several accounts", "account")
			}
			account = w.accounts[0].ID
		}
		profile := w.profile
		if p := r.text(n, "profile", `"2026", "2022" or "2018"`, profileName); p != "" {
			profile = Profile(p)
		}
		b := w.NewBucketOf(profile, name, account)
		b.Versioning = r.text(n, "versioning", `"Enabled" or "Suspended"`, func(s string) bool { return s == "Enabled" || s == "Suspended" })
		if v := n.get("object_lock"); v != nil && r.is(v, isBool, "object_lock") && v.yes {
			r.add(v.at, "bucket %.63q: Object Lock is not imitated yet", name)
		}
		b.Policy = r.policy(n.get("policy"), fmt.Sprintf("the policy of bucket %.63q", name))
		r.bucket(n, w, b)
	}
}

// bucket puts a bucket into the world if that is possible.
func (r *reader) bucket(n *node, w *World, b Bucket) {
	at := n.get("name")
	if at == nil || at.kind != isText || b.Account == "" {
		return // told already
	}
	e := BucketMade(b)
	err := w.check(e)
	if err == nil {
		err = w.quota(e)
	}
	switch limit, over := errors.AsType[*LimitError](err); {
	case err == nil:
		w.change(e.copied())
	case errors.Is(err, ErrExists):
		r.add(at.at, "bucket %.63q is in the file twice", b.Name)
	case over:
		r.add(at.at, "more than %d buckets", limit.Max)
	default:
		r.add(at.at, "%s", strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": "))
	}
}

// kmsKeys reads keys by their shape, and refuses them all.
func (r *reader) kmsKeys(root *node) {
	for _, n := range r.list(root, "keys") {
		if !r.object(n, "a key", "id account policy aliases") {
			continue
		}
		r.text(n, "id", "text", anyText)
		r.text(n, "account", "12 digits", accountDigits.MatchString)
		if p := n.get("policy"); p != nil {
			r.is(p, isObject, "policy")
		}
		for _, alias := range r.list(n, "aliases") {
			if r.is(alias, isText, "an alias") && !strings.HasPrefix(alias.text, "alias/") {
				r.add(alias.at, "an alias must begin with alias/")
			}
		}
		r.add(n.at, "KMS keys are not imitated yet")
	}
}
