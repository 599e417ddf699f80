package world

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// act does one random thing to a world, possible or not, and says what. What is refused must change nothing.
func act(t *rapid.T, w *World) {
	bucket := rapid.SampledFrom([]string{"plain", "kept", "held", "extra"}).Draw(t, "bucket")
	key := rapid.SampledFrom([]string{"a", "b/c"}).Draw(t, "key")
	before := w.Hash()
	var err error
	complied := underCompliance(w)
	switch rapid.IntRange(0, 19).Draw(t, "what") {
	case 16, 17:
		err = onThings(t, w)
	case 18, 19:
		err = onVersion(t, w, bucket, key)
	case 12, 13:
		err = onPeople(t, w)
	case 14:
		err = w.Apply(BucketSet(bucket, someSettings(t)))
	case 15:
		id := NullID
		if b, ok := w.Bucket(bucket); ok && len(b.Objects.Get(key)) > 0 {
			id = rapid.SampledFrom(b.Objects.Get(key)).Draw(t, "version").ID
		}
		err = w.Apply(ObjectGrantsSet(bucket, key, id, someGrants(t)))
	case 0, 1, 2:
		_, _, err = w.StoreVersion(bucket, object(w, key, rapid.StringN(0, 9, -1).Draw(t, "body")))
	case 3:
		_, _, err = w.DeleteKey(bucket, key, "111122223333")
	case 4:
		id := NullID
		if b, ok := w.Bucket(bucket); ok && len(b.Objects.Get(key)) > 0 {
			id = rapid.SampledFrom(b.Objects.Get(key)).Draw(t, "version").ID
		}
		_, err = w.RemoveVersion(bucket, key, id)
	case 5:
		err = w.Apply(VersioningSet(bucket, rapid.SampledFrom([]string{"Enabled", "Suspended"}).Draw(t, "versioning")))
	case 6:
		err = w.Apply(EncryptionSet(bucket, Encryption{Explicit: true, Algorithm: "AES256", Blocked: rapid.SampledFrom([][]string{nil, {"SSE-C"}}).Draw(t, "blocked")}))
	case 7:
		err = w.Apply(UploadStarted(bucket, Upload{ID: w.NewUploadID(), Key: key, Started: w.Now()}))
	case 8, 9, 10:
		err = onUpload(t, w, bucket, key)
	case 11:
		switch rapid.IntRange(0, 2).Draw(t, "rare") {
		case 0:
			err = w.Jump(time.Duration(rapid.Int64Range(-5, 1e15).Draw(t, "jump")))
		case 1:
			err = w.Apply(BucketMade(w.NewBucket(bucket, "111122223333")))
		case 2:
			err = w.Apply(BucketRemoved(bucket))
		}
	}
	if err != nil && w.Hash() != before {
		t.Fatalf("refused with %v, and changed all the same", err)
	}
	stillThere(t, w, complied)
}

func onUpload(t *rapid.T, w *World, bucket, key string) error {
	b, ok := w.Bucket(bucket)
	if !ok || b.Uploads.Len() == 0 {
		return w.Apply(UploadEnded(bucket, "none"))
	}
	u := rapid.SampledFrom(b.UploadList()).Draw(t, "upload")
	switch rapid.IntRange(0, 3).Draw(t, "step") {
	case 0:
		return w.Apply(UploadEnded(bucket, u.ID))
	case 1:
		_, _, err := w.CompleteUpload(bucket, u.ID, Version{Key: key, Size: u.bytes(), Parts: u.PartList()})
		return err
	}
	body := rapid.StringN(0, 9, -1).Draw(t, "part") + string(w.Random(4))
	return w.Apply(PartStored(bucket, u.ID, Part{
		Number: rapid.IntRange(0, 3).Draw(t, "number"), Size: int64(len(body)), Sealed: sealedAs(w.PutBlob([]byte(body))),
	}))
}

// recount is the usage from nothing but what is there.
func recount(w *World) Usage {
	var u Usage
	for _, b := range w.Buckets("") {
		n := b.Usage()
		u.Buckets++
		u.Versions += n.Versions
		u.Markers += n.Markers
		u.Uploads += n.Uploads
		u.Parts += n.Parts
		u.Bytes += n.Bytes
	}
	return u
}

// readable fails unless every blob a version or part refers to is there, and every access key is found by its id.
func readable(t *rapid.T, w *World) {
	for i, k := range w.keys {
		if at, ok := w.byKey[k.ID]; !ok || at != i || len(w.byKey) != len(w.keys) {
			t.Fatalf("access key %d is found at %d, %t", i, at, ok)
		}
	}
	for _, b := range w.Buckets("") {
		for key, list := range b.Objects.All() {
			for _, v := range list {
				for _, hash := range v.hashes() {
					if _, err := w.Blob(hash); err != nil {
						t.Fatalf("%s/%s: %v", b.Name, key, err)
					}
				}
			}
		}
		for _, u := range b.Uploads.All() {
			for hash := range u.hashes() {
				if _, err := w.Blob(hash); err != nil {
					t.Fatalf("a part of %s: %v", b.Name, err)
				}
			}
		}
	}
}

func law(t *testing.T, f func(t *rapid.T, w *World, h *hand)) {
	rapid.Check(t, func(r *rapid.T) {
		limits := Limits{
			ObjectBytes: 12, SandboxBytes: rapid.Int64Range(10, 200).Draw(r, "bytes"),
			Versions: rapid.IntRange(1, 30).Draw(r, "versions"), Uploads: 3, Parts: 4, Buckets: 4,
		}
		w, h := cloud(t, limits)
		f(r, w, h)
	})
}

// A snapshot and the effects after it are the live world, wherever the snapshot was taken.
func TestLawReplayIsTheLiveWorld(t *testing.T) {
	law(t, func(t *rapid.T, w *World, h *hand) {
		s := shelveRapid(t, w)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			act(t, w)
			h.advance(time.Duration(rapid.Int64Range(-1e9, 1e12).Draw(t, "passes")))
			if rapid.Bool().Draw(t, "more in this batch") {
				continue
			}
			s.keep(w)
			if rapid.IntRange(0, 4).Draw(t, "snapshot") == 0 {
				fresh := shelveRapid(t, w)
				s.snapshot, s.batches = fresh.snapshot, nil
			}
		}
		s.keep(w)
		back, err := Restore(s.snapshot, s.batches, s.blob, Options{Now: h.now})
		if err != nil {
			t.Fatal(err)
		}
		if back.Hash() != w.Hash() {
			t.Fatal("the world read back is another one")
		}
		if back.Usage() != w.Usage() || w.Usage() != recount(w) {
			t.Fatalf("usage: live %+v, read back %+v, counted %+v", w.Usage(), back.Usage(), recount(w))
		}
		readable(t, back)
		readable(t, w)
		// It goes on drawing from where the last stored effect stood.
		if back.cursor != back.drawn || back.drawn != w.drawn {
			t.Fatalf("the generator stands at %d, %d; live %d", back.cursor, back.drawn, w.drawn)
		}
	})
}

// Changing a clone never changes the original, nor the reverse; nor does it change what the other's blobs are.
func TestLawClonesAreApart(t *testing.T) {
	law(t, func(t *rapid.T, w *World, _ *hand) {
		worlds := []*World{w}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			i := rapid.IntRange(0, len(worlds)-1).Draw(t, "which")
			others := hashes(worlds)
			switch rapid.IntRange(0, 5).Draw(t, "do") {
			case 0:
				if len(worlds) < 4 {
					worlds = append(worlds, worlds[i].Clone())
					others = append(others, others[i])
				}
			case 1:
				worlds[i].Drain()
			case 2:
				worlds[i].Revert()
			default:
				act(t, worlds[i])
			}
			others[i] = worlds[i].Hash()
			if !slices.Equal(hashes(worlds), others) {
				t.Fatal("another world changed")
			}
		}
		for _, w := range worlds {
			readable(t, w)
			if w.Usage() != recount(w) {
				t.Fatalf("usage %+v, counted %+v", w.Usage(), recount(w))
			}
		}
	})
}

// references are how often each blob is referred to.
func references(w *World) map[string]int {
	out := map[string]int{}
	for hash, b := range w.blobs.kept.All() {
		if b.refs > 0 {
			out[hash] = b.refs
		}
	}
	return out
}

func hashes(worlds []*World) []string {
	var out []string
	for _, w := range worlds {
		out = append(out, w.Hash())
	}
	return out
}

// Revert leaves the world as it was before the batch, and whatever else is done to it works.
func TestLawRevertIsAsIfNothingWas(t *testing.T) {
	law(t, func(t *rapid.T, w *World, _ *hand) {
		for range rapid.IntRange(0, 15).Draw(t, "before") {
			act(t, w)
		}
		w.Drain()
		w.PutBlob(nil) // that batch is settled
		hash, usage, refs := w.Hash(), w.Usage(), references(w)
		for range rapid.IntRange(0, 15).Draw(t, "batch") {
			act(t, w)
		}
		if rapid.Bool().Draw(t, "handed out") {
			w.Drain()
		}
		drew := w.cursor
		w.Revert()
		if w.Hash() != hash || w.Usage() != usage || !maps.Equal(references(w), refs) {
			t.Fatal("something of the batch is left")
		}
		if w.cursor != drew {
			t.Fatal("the generator went back")
		}
		readable(t, w)
		if _, _, n := w.Drain(); n != 0 {
			t.Fatalf("%d effects are still pending", n)
		}
	})
}

// Real and Simulated are each other's inverse but for the times that were jumped over, and both only go forward.
func TestLawClock(t *testing.T) {
	law(t, func(t *rapid.T, w *World, h *hand) {
		for range rapid.IntRange(0, 6).Draw(t, "jumps") {
			h.advance(time.Duration(rapid.Int64Range(-1e12, 1e14).Draw(t, "passes")))
			before := w.Now()
			if err := w.Jump(time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "by"))); err != nil {
				t.Fatal(err)
			}
			if !w.Now().After(before) {
				t.Fatal("the clock did not go forward")
			}
		}
		a := noon.Add(time.Duration(rapid.Int64Range(-1e14, 1e15).Draw(t, "a")))
		b := a.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "b")))
		if w.Simulated(b).Before(w.Simulated(a)) || w.Real(b).Before(w.Real(a)) {
			t.Fatal("time goes back")
		}
		if got := w.Real(w.Simulated(a)); !got.Equal(a) {
			t.Fatalf("real %s comes back as %s", a, got)
		}
		if got := w.Simulated(w.Real(a)); got.Before(a) {
			t.Fatalf("simulated %s comes back as %s, which is earlier", a, got)
		}
	})
}

func shelveRapid(t *rapid.T, w *World) *shelf {
	snapshot, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return &shelf{snapshot: snapshot, blobs: map[string][]byte{}}
}
