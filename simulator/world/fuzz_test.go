package world

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"
)

// Whatever the file is, Parse answers with a world that can be stored and read back, or with places and words.
func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile("testdata/whole.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for _, s := range []string{`{}`, `[`, `{"seed":"\ud800"}`, `{"buckets":[{"name":"abc","policy":{"Statement":{"Effect":"Deny"}}}]}`, `{"clock":"2200-01-01T00:00:00-23:59"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		w, err := Parse(file, Options{})
		if err != nil {
			var fe *FileError
			if !errors.As(err, &fe) || len(fe.Problems) == 0 {
				t.Fatalf("not a FileError: %v", err)
			}
			for _, p := range fe.Problems {
				if p.Line < 1 || p.Column < 1 || p.Text == "" {
					t.Fatalf("problem %+v", p)
				}
			}
			return
		}
		snapshot, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Restore(snapshot, nil, nil, Options{})
		if err != nil || back.Hash() != w.Hash() {
			t.Fatalf("the world does not read back: %v", err)
		}
	})
}

// Whatever the bytes are, Restore answers with an error or with a world that works and reads back equal.
func FuzzRestore(f *testing.F) {
	w, _ := cloud(f, Limits{})
	store(f, w, "kept", "k", "a")
	mustApply(f, w, UploadStarted("plain", Upload{ID: "u", Key: "k"}))
	mustApply(f, w, PartStored("plain", "u", Part{Number: 1, Sealed: sealedAs(w.PutBlob([]byte("p")))}))
	w.Drain()
	s := shelve(f, w)
	for range 2 {
		store(f, w, "kept", "k", "b")
		store(f, w, "held", "k", "c")
		if err := w.Jump(time.Hour); err != nil {
			f.Fatal(err)
		}
		mustApply(f, w, EncryptionSet("kept", Encryption{Algorithm: "AES256"}))
		if _, _, err := w.DeleteKey("kept", "k", ""); err != nil {
			f.Fatal(err)
		}
		s.keep(w)
	}
	f.Add(s.snapshot, s.batches[0])
	f.Add(s.snapshot, s.batches[1])
	f.Add([]byte{1, 0xa0}, []byte{1, 0x80})
	f.Fuzz(func(t *testing.T, snapshot, batch []byte) {
		var batches [][]byte
		if len(batch) > 0 {
			batches = append(batches, batch)
		}
		now := func() time.Time { return noon }
		w, err := Restore(snapshot, batches, nil, Options{Now: now})
		if err != nil {
			return
		}
		again, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Restore(again, nil, nil, Options{Now: now})
		if err != nil || back.Hash() != w.Hash() || back.Usage() != w.Usage() {
			t.Fatalf("it does not read back: %v", err)
		}
		// And it can be used.
		w.Now()
		_ = w.Jump(time.Hour)
		for _, b := range w.Buckets("") {
			for _, key := range b.Keys() {
				// The clock may stand in the year 9000, so this may be refused.
				_, _, _ = w.StoreVersion(b.Name, Version{Key: key, Sealed: sealedAs(w.PutBlob([]byte("x")))})
			}
		}
		w.Revert()
		if got, _ := w.Snapshot(); !bytes.Equal(got, again) {
			t.Fatal("revert left something")
		}
	})
}
