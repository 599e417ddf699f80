package world

import (
	"encoding/json"
	"maps"
	"slices"
)

// changePeople does a change of IAM or of an account and returns how to undo it: the lists there were are kept whole.
func (w *World) changePeople(e Effect) (undo func()) {
	old := w.people
	switch t := e.Target; e.Kind {
	case KindPrincipalPut:
		w.putPrincipal(*e.Principal)
	case KindPrincipalRemoved:
		w.principals = less(w.principals, func(p *Principal) bool {
			return p.Account == t.Account && p.Kind == t.Kind && p.Name == t.Name
		})
	case KindGroupPut:
		w.groups = with(w.groups, *e.Group, func(g *Group) bool { return g.Account == e.Group.Account && g.Name == e.Group.Name })
	case KindGroupRemoved:
		w.groups = less(w.groups, func(g *Group) bool { return g.Account == t.Account && g.Name == t.Name })
	case KindPolicyPut:
		w.managed = with(w.managed, *e.Policy, func(p *ManagedPolicy) bool { return p.ARN == e.Policy.ARN })
	case KindPolicyRemoved:
		w.managed = less(w.managed, func(p *ManagedPolicy) bool { return p.ARN == t.Name })
	case KindAccessKeyPut:
		w.keys = with(w.keys, *e.AccessKey, func(k *AccessKey) bool { return k.ID == e.AccessKey.ID })
		w.indexKeys()
	case KindAccessKeyRemoved:
		w.keys = less(w.keys, func(k *AccessKey) bool { return k.ID == t.Name })
		w.indexKeys()
	case KindMFAPut:
		w.devices = with(w.devices, *e.MFA, func(d *MFADevice) bool { return d.Serial == e.MFA.Serial })
	case KindMFARemoved:
		w.devices = less(w.devices, func(d *MFADevice) bool { return d.Serial == t.Name })
	case KindAccountPublicSet:
		a, _ := w.Account(t.Account)
		a.Public = e.Public
		w.accounts = with(w.accounts, a, func(b *Account) bool { return b.ID == a.ID })
	default:
		panic("world: change of an effect that check did not allow: " + string(e.Kind))
	}
	return func() { w.people = old }
}

// putPrincipal keeps the order: account by account, users before roles, and in the order they were made.
func (w *World) putPrincipal(p Principal) {
	same := func(q *Principal) bool { return q.Account == p.Account && q.Kind == p.Kind && q.Name == p.Name }
	if slices.ContainsFunc(w.principals, func(q Principal) bool { return same(&q) }) {
		w.principals = with(w.principals, p, same)
		return
	}
	at := 0
	for i := range w.principals {
		if q := &w.principals[i]; q.Account == p.Account && (q.Kind != "role" || p.Kind == "role") {
			at = i + 1
		}
	}
	w.principals = slices.Insert(slices.Clip(slices.Clone(w.principals)), at, p)
}

func (w *World) indexKeys() {
	w.byKey = make(map[string]int, len(w.keys))
	for i := range w.keys {
		w.byKey[w.keys[i].ID] = i
	}
}

// with is a new list with v in the place of the one it replaces, or at the end.
func with[T any](list []T, v T, same func(*T) bool) []T {
	out := make([]T, len(list), len(list)+1)
	copy(out, list)
	for i := range out {
		if same(&out[i]) {
			out[i] = v
			return out
		}
	}
	return append(out, v)
}

// less is a new list without those that match.
func less[T any](list []T, gone func(*T) bool) []T {
	var out []T
	for i := range list {
		if !gone(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

// setGrants replaces a version by one with another ACL; versions themselves never change.
func (w *World) setGrants(e Effect) (undo func()) {
	list := slices.Clone(w.buckets[e.Bucket].Objects.Get(e.Key))
	for i, v := range list {
		if v.ID == e.Version {
			other := *v
			other.Grants = e.Grants.List
			list[i] = &other
		}
	}
	return w.setVersions(e.Bucket, e.Key, list)
}

// copiedPeople is copied for the payloads of IAM; it fills in what follows from the rest.
func (e Effect) copiedPeople(w *World) Effect {
	switch {
	case e.Principal != nil:
		p := e.Principal.copied()
		p.Path, p.ARN = pathOr(p.Path), arnOf(p.Kind, p.Account, p.Path, p.Name)
		if p.Created.IsZero() {
			p.Created = w.Now()
		}
		e.Principal = &p
	case e.Group != nil:
		g := e.Group.copied()
		g.Path, g.ARN = pathOr(g.Path), arnOf("group", g.Account, g.Path, g.Name)
		if g.Created.IsZero() {
			g.Created = w.Now()
		}
		e.Group = &g
	case e.Policy != nil:
		p := e.Policy.copied()
		p.Path, p.ARN = pathOr(p.Path), arnOf("policy", p.Account, p.Path, p.Name)
		e.Policy = &p
	case e.AccessKey != nil:
		k := *e.AccessKey
		k.Created = utc(k.Created)
		e.AccessKey = &k
	case e.MFA != nil:
		d := *e.MFA
		d.Serial, d.Seed, d.Enabled = arnOf("mfa", d.Account, "", d.Name), slices.Clone(d.Seed), utc(d.Enabled)
		e.MFA = &d
	case e.Public != nil:
		public := *e.Public
		e.Public = &public
	case e.Grants != nil:
		e.Grants = &Grants{slices.Clone(e.Grants.List)}
	}
	if e.Target != nil {
		target := *e.Target
		e.Target = &target
	}
	return e
}

func pathOr(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func (p Principal) copied() Principal {
	p.Created, p.Trust = utc(p.Created), slices.Clone(p.Trust)
	p.Policies, p.Managed = cloneDocuments(p.Policies), slices.Clone(p.Managed)
	p.Groups, p.Tags = slices.Clone(p.Groups), maps.Clone(p.Tags)
	return p
}

func (g Group) copied() Group {
	g.Created, g.Policies, g.Managed = utc(g.Created), cloneDocuments(g.Policies), slices.Clone(g.Managed)
	return g
}

func (p ManagedPolicy) copied() ManagedPolicy {
	p.Created, p.Versions, p.Tags = utc(p.Created), slices.Clone(p.Versions), maps.Clone(p.Tags)
	for i := range p.Versions {
		v := &p.Versions[i]
		v.Created, v.Document = utc(v.Created), slices.Clone(v.Document)
	}
	return p
}

// cloneDocuments copies texts too: they are bytes that a caller may go on writing to.
func cloneDocuments(m map[string]json.RawMessage) map[string]json.RawMessage {
	out := maps.Clone(m)
	for name, text := range out {
		out[name] = slices.Clone(text)
	}
	return out
}
