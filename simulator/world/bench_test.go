package world

import (
	"fmt"
	"testing"
	"time"
)

// full is a world of n objects with their bodies.
func full(b *testing.B, n int) *World {
	w, _ := cloud(b, Limits{})
	for i := range n {
		store(b, w, "kept", fmt.Sprintf("key-%05d", i), "body")
		w.Drain()
	}
	return w
}

func BenchmarkStoreAndDrain(b *testing.B) {
	w, _ := cloud(b, Limits{Versions: 1 << 30, SandboxBytes: 1 << 40})
	v := object(w, "k", "body")
	for b.Loop() {
		v.Sealed.Ciphertext = w.PutBlob([]byte("sealed body"))
		if _, _, err := w.StoreVersion("plain", v); err != nil {
			b.Fatal(err)
		}
		w.Drain()
	}
}

func BenchmarkClone(b *testing.B) {
	w := full(b, 5000)
	for b.Loop() {
		w.Clone()
	}
}

func BenchmarkCloneAndStore(b *testing.B) {
	w := full(b, 5000)
	for b.Loop() {
		c := w.Clone()
		if _, _, err := c.StoreVersion("kept", object(c, "k", "body")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSnapshot(b *testing.B) {
	w := full(b, 5000)
	for b.Loop() {
		if _, err := w.Snapshot(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIdentityOfASession(b *testing.B) {
	w, _ := cloud(b, Limits{})
	s, err := w.RoleSession(acct, "app", "job", time.Hour, BaseReal)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := w.Identity(s.AccessKey, s.Token, BaseReal); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPoliciesOf(b *testing.B) {
	w := company(b)
	k, _ := w.KeyOf(prod, "alice")
	for b.Loop() {
		id, err := w.Identity(k.ID, "", BaseReal)
		if err != nil {
			b.Fatal(err)
		}
		w.PoliciesOf(id)
		w.SCPs(prod)
	}
}
