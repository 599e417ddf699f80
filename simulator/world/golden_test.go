package world

import (
	"flag"
	"os"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/v3.* anew")

// What version 1 wrote must be read for as long as there is a version 1: sandboxes of learners are stored this way.
func TestVersionOneIsStillRead(t *testing.T) {
	var files [2][]byte
	for i, name := range []string{"testdata/v1.snapshot", "testdata/v1.effects"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = data
	}
	w, err := Restore(files[0], [][]byte{files[1]}, nil, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Usage{Buckets: 3, Versions: 4, Markers: 1, Uploads: 1, Parts: 1, Bytes: 12}); w.Usage() != want {
		t.Errorf("it holds %+v, want %+v", w.Usage(), want)
	}
	kept, _ := w.Bucket("kept")
	if v, _ := kept.Current("k"); v == nil || !v.DeleteMarker || len(kept.Objects.Get("k")) != 3 || kept.Objects.Get("k")[1].Metadata["body"] != "two" {
		t.Errorf("kept/k is %+v", kept.Objects.Get("k"))
	}
	if !kept.Encryption.Explicit || len(kept.Encryption.Blocked) != 0 {
		t.Errorf("its encryption is %+v", kept.Encryption)
	}
	plain, _ := w.Bucket("plain")
	if u := plain.Uploads.Get("u"); u == nil || u.Parts[1].Sealed.Ciphertext == "" {
		t.Errorf("the upload is %+v", u)
	}
	if !w.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("the clock shows %s", w.Now())
	}
	// Before policies were evaluated everybody could do anything in their account, and still can.
	for kind, name := range map[string]string{"user": "alice", "role": "app"} {
		p, _ := w.Principal(acct, kind, name)
		if identity, _ := w.PrincipalPolicies(p); len(identity) != 1 || identity[0].Name != "AdministratorAccess" || p.Path != "/" || p.Created.IsZero() {
			t.Errorf("%s %s has %q: %+v", kind, name, told(identity), p)
		}
	}
	held, _ := w.Bucket("held")
	if !kept.PublicSet || !kept.OwnershipSet || held.PublicSet || held.OwnershipSet {
		t.Errorf("settings of a bucket of 2026 %t, %t, of one of 2022 %t, %t", kept.PublicSet, kept.OwnershipSet, held.PublicSet, held.OwnershipSet)
	}
	snapshot, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Restore(snapshot, nil, nil, Options{Now: func() time.Time { return noon }}); err != nil || back.Hash() != w.Hash() {
		t.Errorf("written anew it does not read back: %v", err)
	}
}

// What version 2 wrote must be read as well.
func TestVersionTwoIsStillRead(t *testing.T) {
	snapshot, err := os.ReadFile("testdata/v2.snapshot")
	if err != nil {
		t.Fatal(err)
	}
	effects, err := os.ReadFile("testdata/v2.effects")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Restore(snapshot, [][]byte{effects}, nil, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	alice, _ := w.Principal(prod, "user", "alice")
	if len(alice.Groups) != 1 || alice.Boundary != "" || len(alice.Tags) != 1 {
		t.Errorf("alice is %+v", alice)
	}
	if _, ok := w.Principal(prod, "user", "bob"); ok || len(w.SCPs(prod)) != 3 || len(w.Endpoints()) != 2 || w.SourceIP() == "" {
		t.Error("bob is there, or the organization or the endpoints are not")
	}
	if d := w.MFADevices(prod, "alice"); len(d) != 1 || string(d[0].Seed) != "12345678901234567890" {
		t.Errorf("devices %v", d)
	}
	logs, _ := w.Bucket("logs")
	if logs.Policy != nil || !logs.PublicSet || !logs.Public.RestrictPublicBuckets || logs.Grants != nil || logs.Ownership != OwnerPreferred {
		t.Errorf("bucket %+v", logs)
	}
	if v, _ := logs.Current("k"); v == nil || len(v.Grants) != 1 {
		t.Errorf("the object is %+v", v)
	}
	if a, _ := w.Account(prod); a.Public != nil {
		t.Errorf("the account has %+v", a.Public)
	}
}
