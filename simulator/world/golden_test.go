package world

import (
	"flag"
	"os"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/v1.* anew")

// What version 1 wrote must be read for as long as there is a version 1: sandboxes of learners are stored this way.
func TestVersionOneIsStillRead(t *testing.T) {
	if *update {
		writeVersionOne(t)
	}
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
	if v, _ := kept.Current("k"); v == nil || !v.DeleteMarker || len(kept.Objects["k"]) != 3 || kept.Objects["k"][1].Metadata["body"] != "two" {
		t.Errorf("kept/k is %+v", kept.Objects["k"])
	}
	if !kept.Encryption.Explicit || len(kept.Encryption.Blocked) != 0 {
		t.Errorf("its encryption is %+v", kept.Encryption)
	}
	plain, _ := w.Bucket("plain")
	if u := plain.Uploads["u"]; u == nil || u.Parts[1].Sealed.Ciphertext == "" {
		t.Errorf("the upload is %+v", u)
	}
	if !w.Now().Equal(noon.Add(time.Hour)) {
		t.Errorf("the clock shows %s", w.Now())
	}
}

func writeVersionOne(t *testing.T) {
	t.Helper()
	w, _ := cloud(t, Limits{})
	store(t, w, "kept", "k", "one")
	mustApply(t, w, UploadStarted("plain", Upload{ID: "u", Key: "k", Started: w.Now()}))
	w.Drain()
	s := shelve(t, w)
	mustApply(t, w, EncryptionSet("kept", Encryption{Explicit: true, Algorithm: "AES256", ShowBlocked: true}))
	store(t, w, "kept", "k", "two")
	store(t, w, "held", "k", "six")
	if _, _, err := w.DeleteKey("kept", "k", acct); err != nil {
		t.Fatal(err)
	}
	if err := part(w, 1, "abc"); err != nil {
		t.Fatal(err)
	}
	mustApply(t, w, BucketMade(w.NewBucket("short-lived", acct)))
	mustApply(t, w, BucketRemoved("short-lived"))
	mustApply(t, w, VersioningSet("kept", "Suspended"))
	if err := w.Jump(time.Hour); err != nil {
		t.Fatal(err)
	}
	s.keep(w)
	for name, data := range map[string][]byte{"testdata/v1.snapshot": s.snapshot, "testdata/v1.effects": s.batches[0]} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
