package world

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const acct = "111122223333"

func mint(t *testing.T, w *World, d time.Duration, base Base) Session {
	t.Helper()
	s, err := w.RoleSession(acct, "app", "job-1", d, base)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhoAKeySpeaksFor(t *testing.T) {
	w, _ := cloud(t, Limits{})
	s := mint(t, w, time.Hour, BaseReal)
	other := mint(t, w, 2*time.Hour, BaseReal)
	root, _ := w.KeyOf(acct, "")
	alice, _ := w.KeyOf(acct, "alice")
	elsewhere := New(Options{Seed: "another world"})
	tests := []struct {
		name, key, token string
		want             string // ARN
		err              error
	}{
		{"the root key", root.ID, "", "arn:aws:iam::111122223333:root", nil},
		{"a user's key", alice.ID, "", "arn:aws:iam::111122223333:user/alice", nil},
		{"a session with its token", s.AccessKey, s.Token, "arn:aws:sts::111122223333:assumed-role/app/job-1", nil},
		{"a key nobody has", "AKIAIOSFODNN7EXAMPLE", "", "", ErrUnknownKey},
		{"no key", "", "", "", ErrUnknownKey},
		{"a session key without its token", s.AccessKey, "", "", ErrUnknownKey},
		{"a user's key with a token", alice.ID, s.Token, "", ErrBadToken},
		{"a session key with the token of another session", s.AccessKey, other.Token, "", ErrBadToken},
		{"a token that is no base64", s.AccessKey, "%", "", ErrBadToken},
		{"a token that is too short", s.AccessKey, "YQ==", "", ErrBadToken},
		{"a token with one letter changed", s.AccessKey, flip(s.Token), "", ErrBadToken},
		{"an endless token", s.AccessKey, strings.Repeat("A", 1<<20), "", ErrBadToken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := w.Identity(tt.key, tt.token, BaseReal)
			if !errors.Is(err, tt.err) || id.ARN != tt.want {
				t.Errorf("got %q, %v; want %q, %v", id.ARN, err, tt.want, tt.err)
			}
			if err != nil && tt.token != "" && strings.Contains(err.Error(), tt.token) {
				t.Error("the error quotes the token")
			}
		})
	}
	if _, err := elsewhere.Identity(s.AccessKey, s.Token, BaseReal); !errors.Is(err, ErrBadToken) {
		t.Errorf("in another world: %v", err)
	}
	id, _ := w.Identity(s.AccessKey, s.Token, BaseReal)
	if id.Secret != s.Secret || len(s.Secret) != 40 || !strings.HasPrefix(s.AccessKey, "ASIA"+w.Tag()) || len(s.AccessKey) != 20 {
		t.Errorf("session %s", s)
	}
}

func flip(token string) string {
	b := []byte(token)
	if b[20] == 'A' {
		b[20] = 'B'
	} else {
		b[20] = 'A'
	}
	return string(b)
}

func TestSessionsSTSWouldRefuse(t *testing.T) {
	w, _ := cloud(t, Limits{})
	tests := []struct {
		name, role, session string
		d                   time.Duration
		base                Base
		want                error
	}{
		{"a role that is not there", "nobody", "job", time.Hour, BaseReal, ErrNoRole},
		{"a user", "alice", "job", time.Hour, BaseReal, ErrNoRole},
		{"a name of one letter", "app", "j", time.Hour, BaseReal, ErrInvalid},
		{"a name with a colon", "app", "Session1:2", time.Hour, BaseReal, ErrInvalid},
		{"14 minutes", "app", "job", 14 * time.Minute, BaseReal, ErrInvalid},
		{"13 hours", "app", "job", 13 * time.Hour, BaseReal, ErrInvalid},
		{"no clock", "app", "job", time.Hour, "", ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := w.RoleSession(acct, tt.role, tt.session, tt.d, tt.base); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestASessionEnds(t *testing.T) {
	tests := []struct {
		name   string
		passes time.Duration // of real time
		jump   time.Duration
		ended  bool
	}{
		{"after 59 minutes it holds", 59 * time.Minute, 0, false},
		{"after an hour it is over", time.Hour, 0, true},
		{"a jump of 59 minutes leaves it", 0, 59 * time.Minute, false},
		{"a jump of an hour ends it", 0, time.Hour, true},
		{"half by waiting, half by jumping", 30 * time.Minute, 30 * time.Minute, true},
	}
	for _, base := range []Base{BaseReal, BaseSimulated} {
		for _, tt := range tests {
			t.Run(string(base)+": "+tt.name, func(t *testing.T) {
				h := &hand{noon}
				w, err := Parse([]byte(`{"clock":"2026-06-01T00:00:00Z","accounts":[{"id":"111122223333","roles":[{"name":"app"}]}]}`), Options{Now: h.now})
				if err != nil {
					t.Fatal(err)
				}
				s := mint(t, w, time.Hour, base)
				want := h.at.Add(time.Hour)
				if base == BaseSimulated {
					want = time.Date(2026, 6, 1, 1, 0, 0, 0, time.UTC)
				}
				if !s.Expires.Equal(want) {
					t.Errorf("expires %s, want %s in %s time", s.Expires, want, base)
				}
				h.advance(tt.passes)
				if tt.jump > 0 {
					if err := w.Jump(tt.jump); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := w.Identity(s.AccessKey, s.Token, base); errors.Is(err, ErrExpiredToken) != tt.ended {
					t.Errorf("got %v, ended is to be %v", err, tt.ended)
				}
			})
		}
	}
}

func TestASessionOutlivesARestart(t *testing.T) {
	w, h := cloud(t, Limits{})
	s := mint(t, w, time.Hour, BaseReal)
	back := shelve(t, w).restore(t, h.now)
	if id, err := back.Identity(s.AccessKey, s.Token, BaseReal); err != nil || id.Secret != s.Secret {
		t.Errorf("after a restart: %v", err)
	}
}

func TestWhatASessionCarries(t *testing.T) {
	long := json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Sid":"` + strings.Repeat("Aa0", 600) + `","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)
	tags := func(n int, value string) map[string]string {
		out := map[string]string{}
		for i := range n {
			out[fmt.Sprintf("tag-%d", i)] = value + strconv.Itoa(i*i)
		}
		return out
	}
	tests := []struct {
		name string
		ask  SessionAsk
		arn  string
		want error
	}{
		{"a federated user", SessionAsk{Kind: "federated-user", Name: "alice", Session: "guest"}, "arn:aws:sts::111122223333:federated-user/guest", nil},
		{"a user", SessionAsk{Kind: "user", Name: "alice", Duration: 36 * time.Hour}, "arn:aws:iam::111122223333:user/alice", nil},
		{"root", SessionAsk{Kind: "user"}, "arn:aws:iam::111122223333:root", nil},
		{"root for two hours", SessionAsk{Kind: "user", Duration: 2 * time.Hour}, "", ErrInvalid},
		{"nobody", SessionAsk{Kind: "user", Name: "nobody"}, "", ErrNoRole},
		{"a user by another name", SessionAsk{Kind: "user", Name: "alice", Session: "job"}, "", ErrInvalid},
		{"a federated user of 33 letters", SessionAsk{Kind: "federated-user", Name: "alice", Session: strings.Repeat("a", 33)}, "", ErrInvalid},
		{"a group", SessionAsk{Kind: "group", Name: "alice", Session: "job"}, "", ErrInvalid},
		{"a policy of nearly 2048 characters", SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: long}, "arn:aws:sts::111122223333:assumed-role/app/job", nil},
		{"a policy of more", SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: append(long, bytes.Repeat([]byte(" "), 300)...)}, "", ErrInvalid},
		{"a policy that is none", SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: json.RawMessage(`{}`)}, "", ErrInvalid},
		{"a managed policy that is not there", SessionAsk{Kind: "role", Name: "app", Session: "job", PolicyARNs: []string{"arn:aws:iam::111122223333:policy/None"}}, "", ErrNoEntity},
		{"eleven managed policies", SessionAsk{Kind: "role", Name: "app", Session: "job", PolicyARNs: make([]string, 11)}, "", ErrInvalid},
		{"fifty tags", SessionAsk{Kind: "role", Name: "app", Session: "job", Tags: tags(50, "value ")}, "arn:aws:sts::111122223333:assumed-role/app/job", nil},
		{"fifty long tags, which only fit packed", SessionAsk{Kind: "role", Name: "app", Session: "job", Policy: long, Tags: tags(50, strings.Repeat("value ", 20))}, "arn:aws:sts::111122223333:assumed-role/app/job", nil},
		{"fifty-one tags", SessionAsk{Kind: "role", Name: "app", Session: "job", Tags: tags(51, "")}, "", ErrInvalid},
		{"tags that do not fit", SessionAsk{Kind: "role", Name: "app", Session: "job", Tags: noise(50)}, "", ErrPacked},
		{"a transitive tag that is not there", SessionAsk{Kind: "role", Name: "app", Session: "job", Tags: tags(1, ""), Transitive: []string{"other"}}, "", ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _ := cloud(t, Limits{})
			tt.ask.Account, tt.ask.Base = acct, BaseReal
			if tt.ask.Duration == 0 {
				tt.ask.Duration = time.Hour
			}
			s, err := w.MintSession(tt.ask)
			if !errors.Is(err, tt.want) || s.ARN != tt.arn {
				t.Fatalf("got %q, %v; want %q, %v", s.ARN, err, tt.arn, tt.want)
			}
			if err != nil {
				return
			}
			id, err := w.Identity(s.AccessKey, s.Token, BaseReal)
			if err != nil || !id.Temporary || !id.Issued.Equal(w.Now().Truncate(time.Second)) {
				t.Errorf("identity %s: %v", id, err)
			}
			if len(s.Token) > maxTokenBytes || s.Packed > 100 || (s.Packed > 0) != (len(tt.ask.Policy)+len(tt.ask.Tags) > 0) {
				t.Errorf("a token of %d bytes, %d%% packed", len(s.Token), s.Packed)
			}
		})
	}
}

// noise is tags that no packing makes smaller.
func noise(n int) map[string]string {
	w := New(Options{Seed: "noise"})
	out := map[string]string{}
	for i := range n {
		out[strconv.Itoa(i)] = hex.EncodeToString(w.Random(128))
	}
	return out
}

func TestTagsOfASessionLieOverThoseOfItsRole(t *testing.T) {
	w := company(t)
	s, err := w.MintSession(SessionAsk{
		Kind: "role", Account: prod, Name: "app", Session: "job", Duration: time.Hour, Base: BaseReal,
		Tags: map[string]string{"team": "green", "cost": "7"}, Transitive: []string{"cost"}, SourceIdentity: "ann", MFA: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := w.Identity(s.AccessKey, s.Token, BaseReal)
	if err != nil {
		t.Fatal(err)
	}
	// The role has Team=red, which a session tag of any case hides, and env=prod.
	if want := map[string]string{"team": "green", "cost": "7", "env": "prod"}; !maps.Equal(id.Tags, want) {
		t.Errorf("tags %v, want %v", id.Tags, want)
	}
	role, _ := w.Principal(prod, "role", "app")
	if id.UserID != role.ID+":job" || id.SourceIdentity != "ann" || !id.MFA.Equal(noon) || !slices.Equal(id.TransitiveTags, []string{"cost"}) {
		t.Errorf("identity %+v of %s", id.TransitiveTags, id.UserID)
	}
}

func TestASessionEndsWithItsPrincipal(t *testing.T) {
	w, _ := cloud(t, Limits{})
	s := mint(t, w, time.Hour, BaseReal)
	mustApply(t, w, PrincipalRemoved(acct, "role", "app"))
	if _, err := w.Identity(s.AccessKey, s.Token, BaseReal); !errors.Is(err, ErrBadToken) {
		t.Errorf("the role is gone: %v", err)
	}
	mustApply(t, w, PrincipalPut(Principal{Kind: "role", Account: acct, Name: "app", ID: w.NewID("AROA")}))
	if _, err := w.Identity(s.AccessKey, s.Token, BaseReal); !errors.Is(err, ErrBadToken) {
		t.Errorf("another role of that name: %v", err)
	}
}
