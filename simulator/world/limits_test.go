package world

import (
	"errors"
	"testing"
)

func TestLimits(t *testing.T) {
	tests := []struct {
		name   string
		limits Limits
		fits   func(w *World) error // reaches the limit
		over   func(w *World) error // passes it
		limit  string
	}{
		{"an object of 5 of 5 bytes", Limits{ObjectBytes: 5},
			func(w *World) error { return put(w, "plain", "k", "12345") },
			func(w *World) error { return put(w, "plain", "k", "123456") }, "ObjectBytes"},
		{"10 bytes in the sandbox", Limits{SandboxBytes: 10},
			func(w *World) error { return put(w, "kept", "k", "1234567890") },
			func(w *World) error { return put(w, "kept", "k", "1") }, "SandboxBytes"},
		{"what is replaced is given back", Limits{SandboxBytes: 10},
			func(w *World) error {
				return errors.Join(put(w, "plain", "k", "1234567890"), put(w, "plain", "k", "0987654321"))
			},
			func(w *World) error { return put(w, "plain", "other", "1") }, "SandboxBytes"},
		{"two versions", Limits{Versions: 2},
			func(w *World) error { return errors.Join(put(w, "kept", "k", "a"), put(w, "kept", "k", "b")) },
			func(w *World) error { _, _, err := w.DeleteKey("kept", "k", acct); return err }, "Versions"},
		{"four buckets, three are there", Limits{Buckets: 4},
			func(w *World) error { return w.Apply(BucketMade(w.NewBucket("fourth", acct))) },
			func(w *World) error { return w.Apply(BucketMade(w.NewBucket("fifth", acct))) }, "Buckets"},
		{"one upload", Limits{Uploads: 1},
			func(w *World) error { return w.Apply(UploadStarted("plain", Upload{ID: "u", Key: "k"})) },
			func(w *World) error { return w.Apply(UploadStarted("kept", Upload{ID: "v", Key: "k"})) }, "Uploads"},
		{"one part, however often", Limits{Parts: 1},
			func(w *World) error {
				return errors.Join(w.Apply(UploadStarted("plain", Upload{ID: "u", Key: "k"})), part(w, 1, "a"), part(w, 1, "b"))
			},
			func(w *World) error { return part(w, 2, "c") }, "Parts"},
		{"a part of 5 of 5 bytes", Limits{ObjectBytes: 5},
			func(w *World) error {
				return errors.Join(w.Apply(UploadStarted("plain", Upload{ID: "u", Key: "k"})), part(w, 1, "12345"))
			},
			func(w *World) error { return part(w, 1, "123456") }, "ObjectBytes"},
		{"parts count in the sandbox", Limits{SandboxBytes: 5},
			func(w *World) error {
				return errors.Join(w.Apply(UploadStarted("plain", Upload{ID: "u", Key: "k"})), part(w, 1, "12345"))
			},
			func(w *World) error { return put(w, "kept", "k", "1") }, "SandboxBytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, h := cloud(t, tt.limits)
			if err := tt.fits(w); err != nil {
				t.Fatalf("what fits: %v", err)
			}
			before := w.Hash()
			err := tt.over(w)
			if !errors.Is(err, ErrLimit) || !errors.Is(err, &LimitError{Limit: tt.limit}) {
				t.Errorf("got %v, want the limit %s", err, tt.limit)
			}
			if w.Hash() != before {
				t.Error("a refused change changed something")
			}
			// A host that lowers its limits still reads back what it stored.
			snapshot, _ := w.Snapshot()
			if _, err := Restore(snapshot, nil, nil, Options{Now: h.now, Limits: Limits{SandboxBytes: 1, Versions: 1, Buckets: 1}}); err != nil {
				t.Errorf("read back under lower limits: %v", err)
			}
		})
	}
}

func TestDefaultLimits(t *testing.T) {
	want := Limits{ObjectBytes: 16 << 20, SandboxBytes: 64 << 20, Buckets: 100, Versions: 10_000, Uploads: 1_000, Parts: 10_000}
	if got := New(Options{}).Limits(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func put(w *World, bucket, key, body string) error {
	_, _, err := w.StoreVersion(bucket, object(w, key, body))
	return err
}

func part(w *World, n int, body string) error {
	return w.Apply(PartStored("plain", "u", Part{Number: n, Size: int64(len(body)), Sealed: sealedAs(w.PutBlob([]byte(body)))}))
}
