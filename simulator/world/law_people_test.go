package world

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var everybody = json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`)
var anything = json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)

func someGrants(t *rapid.T) []ACLGrant {
	return rapid.SampledFrom([][]ACLGrant{
		nil, {}, {{Kind: "CanonicalUser", ID: strings.Repeat("ab", 32), Permission: "FULL_CONTROL"}},
		{{Kind: "Group", URI: AllUsers, Permission: "READ"}}, {{Kind: "Group", URI: AllUsers, Permission: "EXECUTE"}},
	}).Draw(t, "grants")
}

func someSettings(t *rapid.T) Settings {
	var s Settings
	yes := rapid.Bool().Draw(t, "yes")
	switch rapid.IntRange(0, 3).Draw(t, "setting") {
	case 0:
		text := rapid.SampledFrom([]json.RawMessage{everybody, nil}).Draw(t, "policy")
		s.Policy = &text
	case 1:
		s.Public, s.PublicSet = &PublicBlock{BlockPublicACLs: yes, RestrictPublicBuckets: !yes}, &yes
	case 2:
		ownership := rapid.SampledFrom([]string{OwnerEnforced, OwnerPreferred, ObjectWriter, "Mine"}).Draw(t, "ownership")
		s.Ownership, s.OwnershipSet = &ownership, &yes
	case 3:
		list := someGrants(t)
		s.Grants = &list
	}
	return s
}

// onPeople does one random thing to IAM, possible or not.
func onPeople(t *rapid.T, w *World) error {
	account := rapid.SampledFrom([]string{"111122223333", "444455556666", "999999999999"}).Draw(t, "account")
	name := rapid.SampledFrom([]string{"alice", "app", "ALICE", "extra"}).Draw(t, "name")
	arn := "arn:aws:iam::" + account + ":policy/" + name
	switch rapid.IntRange(0, 11).Draw(t, "on people") {
	case 0, 1:
		p := Principal{Kind: rapid.SampledFrom([]string{"user", "role", "root"}).Draw(t, "kind"), Account: account, Name: name, ID: w.NewID("AIDA")}
		if old, ok := w.Principal(account, p.Kind, name); ok {
			p = old
		}
		if p.Kind == "user" && rapid.Bool().Draw(t, "in a group") {
			p.Groups = []string{"devs"}
		}
		p.Managed = rapid.SampledFrom([][]string{nil, {administrator}, {arn}, {administrator, administrator}}).Draw(t, "managed")
		p.Boundary = rapid.SampledFrom([]string{"", administrator, arn}).Draw(t, "boundary")
		p.Policies = map[string]json.RawMessage{"inline": anything}
		return w.Apply(PrincipalPut(p))
	case 2:
		return w.Apply(PrincipalRemoved(account, rapid.SampledFrom([]string{"user", "role", "root"}).Draw(t, "kind"), name))
	case 3:
		return w.Apply(GroupPut(Group{Account: account, Name: "devs", ID: w.NewID("AGPA"), Managed: rapid.SampledFrom([][]string{nil, {arn}}).Draw(t, "managed")}))
	case 4:
		return w.Apply(GroupRemoved(account, "devs"))
	case 5:
		return w.Apply(PolicyPut(ManagedPolicy{Account: account, Name: name, ID: w.NewID("ANPA"), Default: "v1", Versions: []PolicyVersion{{ID: "v1", Document: anything}}}))
	case 6:
		return w.Apply(PolicyRemoved(arn))
	case 7:
		return w.Apply(AccessKeyPut(w.NewAccessKey(account, rapid.SampledFrom([]string{"", name}).Draw(t, "whose"))))
	case 8:
		id := "AKIAIOSFODNN7EXAMPLE"
		if keys := w.KeysOf(account, name); len(keys) > 0 {
			id = keys[0].ID
		}
		return w.Apply(AccessKeyRemoved(id))
	case 9:
		d := MFADevice{Account: account, Name: name, Seed: w.Random(20)}
		if rapid.Bool().Draw(t, "enabled") {
			d.User, d.Enabled = name, w.Now()
		}
		return w.Apply(MFAPut(d))
	case 10:
		return w.Apply(MFARemoved("arn:aws:iam::" + account + ":mfa/" + name))
	}
	return w.Apply(AccountPublicSet(account, rapid.SampledFrom([]*PublicBlock{nil, {IgnorePublicACLs: true}}).Draw(t, "public")))
}

// Whatever was done to IAM, nothing in it refers to what is not there, and look-ups find what the lists hold.
func TestLawNothingDangles(t *testing.T) {
	law(t, func(t *rapid.T, w *World, _ *hand) {
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			_ = onPeople(t, w)
		}
		for _, p := range w.Principals() {
			for _, arn := range append(p.Managed, p.Boundary) {
				if _, ok := w.ManagedPolicy(arn); !ok && arn != "" {
					t.Fatalf("%s has %s, which is not there", p.ARN, arn)
				}
			}
			for _, g := range p.Groups {
				if _, ok := w.Group(p.Account, g); !ok {
					t.Fatalf("%s is in %s, which is not there", p.ARN, g)
				}
			}
			if again, ok := w.Principal(p.Account, p.Kind, p.Name); !ok || again.ARN != p.ARN || p.ARN == "" {
				t.Fatalf("%s is found as %s", p.ARN, again.ARN)
			}
		}
		for _, k := range w.keys {
			if again, ok := w.AccessKey(k.ID); !ok || again.Secret != k.Secret {
				t.Fatalf("access key %s is found as %s", k.ID, again.ID)
			}
			if id, err := w.Identity(k.ID, "", BaseReal); err != nil || id.Name != k.User {
				t.Fatalf("access key %s: %v", k.ID, err)
			}
		}
		for _, d := range w.devices {
			if d.User != "" && !w.userOrRoot(d.Account, d.User) {
				t.Fatalf("%s is of nobody", d.Serial)
			}
		}
	})
}

// What a session was asked for comes back from its token, in this world and in one read back; nothing else does.
func TestLawTokensSayWhatWasAsked(t *testing.T) {
	law(t, func(t *rapid.T, w *World, h *hand) {
		ask := SessionAsk{
			Kind: rapid.SampledFrom([]string{"role", "user", "federated-user"}).Draw(t, "kind"), Account: "111122223333",
			Duration: time.Duration(rapid.Int64Range(int64(MinSession), int64(MaxRootSession)).Draw(t, "for")), Base: BaseReal,
			Tags: rapid.MapOfN(rapid.StringMatching(`[a-z]{1,8}`), rapid.StringN(0, 20, -1), 0, 6).Draw(t, "tags"),
		}
		switch ask.Kind {
		case "role":
			ask.Name, ask.Session = "app", "job"
		case "user":
			ask.Name = rapid.SampledFrom([]string{"alice", ""}).Draw(t, "user")
		default:
			ask.Name, ask.Session = "alice", "bob"
		}
		if rapid.Bool().Draw(t, "with a policy") {
			ask.Policy = anything
			ask.PolicyARNs = []string{administrator}
		}
		for name := range ask.Tags {
			if rapid.Bool().Draw(t, "transitive") {
				ask.Transitive = append(ask.Transitive, name)
				break
			}
		}
		s, err := w.MintSession(ask)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Restore(shelveRapid(t, w).snapshot, nil, nil, Options{Now: h.now})
		if err != nil {
			t.Fatal(err)
		}
		id, err := back.Identity(s.AccessKey, s.Token, BaseReal)
		if err != nil {
			t.Fatal(err)
		}
		if !id.Temporary || id.ARN != s.ARN || id.UserID != s.UserID || id.Secret != s.Secret || !id.Expires.Equal(s.Expires) ||
			string(id.SessionPolicy) != string(ask.Policy) || len(id.ManagedSessionPolicies) != len(ask.PolicyARNs) ||
			len(id.Tags) != len(ask.Tags) || len(id.TransitiveTags) != len(ask.Transitive) {
			t.Fatalf("asked for %+v, got %s with %v", ask, id, id.Tags)
		}
		for name, value := range ask.Tags {
			if id.Tags[name] != value {
				t.Fatalf("tag %q is %q, want %q", name, id.Tags[name], value)
			}
		}
	})
}
