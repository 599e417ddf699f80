package world

import (
	"testing"
	"time"

	"keyhole/simulator/sse"
)

// hand is a clock the test moves.
type hand struct{ at time.Time }

func (h *hand) now() time.Time          { return h.at }
func (h *hand) advance(d time.Duration) { h.at = h.at.Add(d) }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// cloud is a world with one role and three buckets: plain (never versioned), kept (enabled), held (suspended).
func cloud(t testing.TB, limits Limits) (*World, *hand) {
	t.Helper()
	h := &hand{noon}
	w, err := Parse([]byte(`{"seed":"test","accounts":[
		{"id":"111122223333","users":[{"name":"alice"}],"roles":[{"name":"app"}]},
		{"id":"444455556666"}],
		"buckets":[
		{"name":"plain","account":"111122223333"},
		{"name":"kept","account":"111122223333","versioning":"Enabled"},
		{"name":"held","account":"444455556666","versioning":"Suspended","profile":"2022"}]}`),
		Options{Now: h.now, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	return w, h
}

// object is a version with a body of its own.
func object(w *World, key, body string) Version {
	return Version{
		Key: key, ETag: "e", Size: int64(len(body)), Owner: "111122223333",
		Metadata: map[string]string{"body": body},
		Sealed:   sse.Sealed{Method: sse.SSES3, Ciphertext: w.PutBlob([]byte("sealed " + body))},
	}
}

func store(t testing.TB, w *World, bucket, key, body string) *Version {
	t.Helper()
	v, _, err := w.StoreVersion(bucket, object(w, key, body))
	if err != nil {
		t.Fatalf("store %s/%s: %v", bucket, key, err)
	}
	return v
}

func mustApply(t testing.TB, w *World, e Effect) {
	t.Helper()
	if err := w.Apply(e); err != nil {
		t.Fatalf("apply %s: %v", e.Kind, err)
	}
}

// shelf is a store as the journal's owner keeps it.
type shelf struct {
	snapshot []byte
	batches  [][]byte
	blobs    map[string][]byte
}

func shelve(t testing.TB, w *World) *shelf {
	t.Helper()
	snapshot, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return &shelf{snapshot: snapshot, blobs: map[string][]byte{}}
}

func (s *shelf) keep(w *World) {
	effects, blobs, n := w.Drain()
	if n > 0 {
		s.batches = append(s.batches, effects)
	}
	for hash, data := range blobs {
		s.blobs[hash] = data
	}
}

func (s *shelf) blob(hash string) ([]byte, error) {
	data, ok := s.blobs[hash]
	if !ok {
		return nil, ErrNoBlob
	}
	return data, nil
}

func (s *shelf) restore(t testing.TB, now func() time.Time) *World {
	t.Helper()
	w, err := Restore(s.snapshot, s.batches, s.blob, Options{Now: now})
	if err != nil {
		t.Fatalf("restore: %v", err)
	}
	return w
}

func sealedAs(hash string) sse.Sealed { return sse.Sealed{Method: sse.SSES3, Ciphertext: hash} }
