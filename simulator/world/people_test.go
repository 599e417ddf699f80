package world

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

func user(name string) Principal {
	return Principal{Kind: "user", Account: acct, Name: name, ID: "AIDAAAAAAAAAAAAAAAAAA"}
}

func TestWhatIAMCannotBe(t *testing.T) {
	group := Group{Account: acct, Name: "devs", ID: "AGPAAAAAAAAAAAAAAAAAA"}
	mine := ManagedPolicy{Account: acct, Name: "Mine", ID: "ANPAAAAAAAAAAAAAAAAAA", Default: "v1", Versions: []PolicyVersion{{ID: "v1", Document: anything}}}
	arn := "arn:aws:iam::111122223333:policy/Mine"
	member := func() Principal { p := user("eve"); p.Groups = []string{"devs"}; return p }()
	attached := func() Principal { p := user("eve"); p.Managed = []string{arn}; return p }()
	bounded := func() Principal { p := user("eve"); p.Boundary = arn; return p }()
	device := MFADevice{Account: acct, Name: "phone", Seed: []byte("12345678901234567890"), User: "alice", Enabled: noon}
	tests := []struct {
		name   string
		before []Effect
		then   Effect
		want   error
	}{
		{"a user", nil, PrincipalPut(user("eve")), nil},
		{"a user of nowhere", nil, PrincipalPut(Principal{Kind: "user", Account: "999999999999", Name: "eve", ID: "AIDAAAAAAAAAAAAAAAAAA"}), ErrInvalid},
		{"a user named like another but for case", nil, PrincipalPut(user("ALICE")), ErrExists},
		{"another root", nil, PrincipalPut(Principal{Kind: "root", Account: acct, ID: acct}), ErrInvalid},
		{"a user without an id", nil, PrincipalPut(Principal{Kind: "user", Account: acct, Name: "eve"}), ErrInvalid},
		{"a user with a trust policy", nil, PrincipalPut(func() Principal { p := user("eve"); p.Trust = anything; return p }()), ErrInvalid},
		{"a user with the ARN of another", nil, PrincipalPut(func() Principal { p := user("eve"); p.ARN = "arn:aws:iam::111122223333:user/alice"; return p }()), ErrInvalid},
		{"a user in a group that is not there", nil, PrincipalPut(member), ErrNoEntity},
		{"a user in a group", []Effect{GroupPut(group)}, PrincipalPut(member), nil},
		{"a policy that is not there", nil, PrincipalPut(attached), ErrNoEntity},
		{"a boundary that is not there", nil, PrincipalPut(bounded), ErrNoEntity},
		{"removing root", nil, PrincipalRemoved(acct, "root", ""), ErrInvalid},
		{"removing a user with a key", nil, PrincipalRemoved(acct, "user", "alice"), ErrInUse},
		{"removing a role", nil, PrincipalRemoved(acct, "role", "app"), nil},
		{"removing nobody", nil, PrincipalRemoved(acct, "user", "eve"), ErrNoEntity},
		{"removing a group with a user", []Effect{GroupPut(group), PrincipalPut(member)}, GroupRemoved(acct, "devs"), ErrInUse},
		{"removing an empty group", []Effect{GroupPut(group)}, GroupRemoved(acct, "devs"), nil},
		{"removing an attached policy", []Effect{PolicyPut(mine), PrincipalPut(attached)}, PolicyRemoved(arn), ErrInUse},
		{"removing a boundary", []Effect{PolicyPut(mine), PrincipalPut(bounded)}, PolicyRemoved(arn), ErrInUse},
		{"removing a policy", []Effect{PolicyPut(mine)}, PolicyRemoved(arn), nil},
		{"removing AWS's policy", nil, PolicyRemoved(administrator), ErrNoEntity},
		{"a policy without its default version", nil, PolicyPut(func() ManagedPolicy { p := mine; p.Default = "v2"; return p }()), ErrInvalid},
		{"a key of nobody", nil, AccessKeyPut(AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "s", Account: acct, User: "eve"}), ErrNoEntity},
		{"a second key", nil, AccessKeyPut(AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "s", Account: acct, User: "alice"}), nil},
		{"a third key", []Effect{AccessKeyPut(AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "s", Account: acct, User: "alice"})},
			AccessKeyPut(AccessKey{ID: "AKIAI44QH8DHBEXAMPLE", Secret: "s", Account: acct, User: "alice"}), &LimitError{Limit: "AccessKeysPerUser"}},
		{"a key that changes hands", []Effect{AccessKeyPut(AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "s", Account: acct, User: "alice"})},
			AccessKeyPut(AccessKey{ID: "AKIAIOSFODNN7EXAMPLE", Secret: "s", Account: acct}), ErrExists},
		{"an MFA device", nil, MFAPut(device), nil},
		{"removing one that is enabled", []Effect{MFAPut(device)}, MFARemoved("arn:aws:iam::111122223333:mfa/phone"), ErrInUse},
		{"Block Public Access of nobody", nil, AccountPublicSet("999999999999", nil), ErrInvalid},
		{"an ACL of an object that is not there", nil, ObjectGrantsSet("plain", "k", NullID, nil), ErrNoVersion},
		{"two payloads", nil, func() Effect { e := PrincipalPut(user("eve")); e.Group = &group; return e }(), ErrInvalid},
		{"a bucket that is a user", nil, func() Effect { e := PrincipalPut(user("eve")); e.Bucket = "plain"; return e }(), ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := cloud(t, Limits{})
			for _, e := range tt.before {
				mustApply(t, w, e)
			}
			before := w.Hash()
			err := w.Apply(tt.then)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if (w.Hash() == before) == (err == nil) {
				t.Errorf("%v, and the world is another one: %v", err, w.Hash() != before)
			}
		})
	}
}

func TestAMadeUserIsComplete(t *testing.T) {
	w, _ := cloud(t, Limits{})
	p := user("eve")
	p.ID, p.Path, p.Policies = w.NewID("AIDA"), "/team/", map[string]json.RawMessage{"all": slices.Clone(anything)}
	mustApply(t, w, PrincipalPut(p))
	p.Policies["all"][0] = '!' // the caller goes on with its value
	eve, ok := w.Principal(acct, "user", "eve")
	if !ok || eve.ARN != "arn:aws:iam::111122223333:user/team/eve" || !eve.Created.Equal(w.Now()) || len(eve.ID) != 21 || eve.Policies["all"][0] != '{' {
		t.Errorf("user %+v", eve)
	}
	k := w.NewAccessKey(acct, "eve")
	mustApply(t, w, AccessKeyPut(k))
	if len(k.ID) != 20 || k.ID[4:12] != w.Tag() || len(k.Secret) != 40 || !k.Active {
		t.Errorf("access key %s", k)
	}
	if id, err := w.Identity(k.ID, "", BaseReal); err != nil || id.ARN != eve.ARN || id.UserID != eve.ID {
		t.Errorf("its identity is %s: %v", id, err)
	}
	k.Active = false
	mustApply(t, w, AccessKeyPut(k))
	if _, err := w.Identity(k.ID, "", BaseReal); !errors.Is(err, ErrInactiveKey) {
		t.Errorf("an inactive key: %v", err)
	}
	// Users stand before roles, wherever they came from.
	var who []string
	for _, p := range w.Principals() {
		who = append(who, p.Kind+p.Name)
	}
	if got := strings.Join(who, " "); got != "root useralice usereve roleapp root" {
		t.Errorf("principals %s", got)
	}
}
