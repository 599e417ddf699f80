package world

import (
	"errors"
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
