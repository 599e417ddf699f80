package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyhole/simulator/world"
)

// lawRequests are how many requests the laws below are tried on; the race detector gets a tenth.
const lawRequests = 100_000

// One learner's requests, whatever they are, change no byte of another's sandbox, not even of a copy that shares its
// objects; what is persisted of them is the world again; and a customer key stays nowhere.
func TestRequestsOfOneSandboxChangeNothingOfAnother(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	n := lawRequests
	if raceEnabled {
		n /= 10
	}
	snapshot, batches := []byte(nil), [][]byte{}
	first := lawSimulator(t, func(effects []byte, _ map[string][]byte) error {
		batches = append(batches, bytes.Clone(effects))
		return nil
	})
	first.View(func(w *World) { snapshot, _ = w.Snapshot() })

	r := newTraffic(t, first, 1)
	for range n / 20 {
		r.next()
	}
	copied := first.Clone() // shares every map and blob until one of them writes
	neighbour := lawSimulator(t, nil)
	before, beforeNeighbour := bytesOf(t, copied), bytesOf(t, neighbour)
	for i := range n {
		r.next()
		if i%(n/10) == 0 {
			if bytesOf(t, copied) != before {
				t.Fatalf("after %d requests the copy has changed", i)
			}
			nothingOfTheKey(t, first)
		}
	}
	if bytesOf(t, copied) != before || bytesOf(t, neighbour) != beforeNeighbour {
		t.Fatal("another sandbox has changed")
	}

	var live string
	var usage world.Usage
	first.View(func(w *World) { live, usage = w.Hash(), w.Usage() })
	back, err := world.Restore(snapshot, batches, nil, world.Options{Now: func() time.Time { return lawTime }, Limits: lawLimits})
	if err != nil {
		t.Fatal(err)
	}
	if back.Hash() != live {
		t.Error("the snapshot and the effects after it are not the world")
	}
	t.Logf("%d requests, %d batches of effects; at the end %+v", n, len(batches), usage)
}

var (
	lawTime   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	lawLimits = world.Limits{Versions: 1 << 20, Uploads: 1 << 20, Parts: 1 << 20}
)

func lawSimulator(t *testing.T, persist func([]byte, map[string][]byte) error) *Simulator {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWorld(file, WorldOptions{Now: func() time.Time { return lawTime }, Limits: lawLimits})
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{World: w, Persist: persist})
}

// nothingOfTheKey looks for the customer key in every kept trace and in the snapshot.
func nothingOfTheKey(t *testing.T, s *Simulator) {
	t.Helper()
	traces, err := json.Marshal(s.Traces())
	if err != nil {
		t.Fatal(err)
	}
	var snapshot []byte
	s.View(func(w *World) { snapshot, _ = w.Snapshot() })
	for _, form := range [][]byte{lawKey, []byte(base64.StdEncoding.EncodeToString(lawKey)), []byte(base64.RawURLEncoding.EncodeToString(lawKey))} {
		if bytes.Contains(traces, form) || bytes.Contains(snapshot, form) {
			t.Fatalf("the customer key is there as %q", form)
		}
	}
}
