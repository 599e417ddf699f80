package world

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
)

// blobs is ciphertext by its SHA-256, with how many versions and parts refer to each.
// A blob nothing refers to stays until the batch it belonged to is settled, so that Revert can bring it back.
type blobs struct {
	kept   Sorted[blob]
	loose  map[string]bool // nothing refers to it, but it was put or released since the last settling
	fresh  map[string]bool // put since the last Drain
	shared bool            // a clone has the same maps: copy before writing
}

type blob struct {
	data []byte // nil: it is in the store
	refs int
}

func newBlobs() *blobs { return &blobs{} }

// copied is for a clone, and marks what both hold from then on.
func (b *blobs) copied() *blobs {
	b.kept.share()
	b.shared = true
	c := *b
	return &c
}

// own makes the maps of this batch writable; what is kept takes care of itself.
func (b *blobs) own() {
	if b.shared {
		b.loose, b.fresh, b.shared = maps.Clone(b.loose), maps.Clone(b.fresh), false
	}
	if b.loose == nil {
		b.loose = map[string]bool{}
	}
	if b.fresh == nil {
		b.fresh = map[string]bool{}
	}
}

func (b *blobs) has(hash string) bool { return b.loose[hash] || b.kept.Get(hash).refs > 0 }

// count changes how many refer to a blob by n, which is 1 or -1.
func (b *blobs) count(hash string, n int) {
	if hash == "" {
		return
	}
	one := b.kept.Get(hash)
	one.refs = max(one.refs+n, 0)
	b.kept.put(hash, one)
	if one.refs > 0 != b.loose[hash] {
		return
	}
	b.own()
	if one.refs > 0 {
		delete(b.loose, hash)
	} else {
		b.loose[hash] = true
	}
}

// sweep drops what nothing refers to.
func (b *blobs) sweep() {
	if len(b.loose) == 0 {
		return
	}
	b.own()
	for hash := range b.loose {
		b.kept.drop(hash)
		delete(b.fresh, hash)
	}
	clear(b.loose)
}

// take returns the fresh blobs something refers to and forgets that they were fresh.
func (b *blobs) take() map[string][]byte {
	out := map[string][]byte{}
	if len(b.fresh) == 0 {
		return out
	}
	b.own()
	for hash := range b.fresh {
		if one := b.kept.Get(hash); one.refs > 0 {
			out[hash] = one.data
			delete(b.fresh, hash)
		}
	}
	return out
}

// put keeps a blob that is not there yet.
func (b *blobs) put(hash string, data []byte) {
	if b.kept.Get(hash).refs > 0 {
		return
	}
	b.own()
	b.kept.put(hash, blob{data: data})
	b.loose[hash], b.fresh[hash] = true, true
}

// PutBlob keeps ciphertext and returns its name, the SHA-256 in hex. The slice must not change afterwards.
// It is no effect of its own: a blob that no version or part refers to by the next Drain is forgotten.
func (w *World) PutBlob(data []byte) string {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	w.PutNamedBlob(hash, data)
	return hash
}

// PutNamedBlob is PutBlob for a caller that has the SHA-256 already, in hex: hashing a large object a second time is the
// dearest part of keeping it. What comes back from a store is compared with its name, so a wrong one is found out there.
func (w *World) PutNamedBlob(hash string, data []byte) {
	w.settle()
	w.blobs.put(hash, data)
}

// Blob returns ciphertext by its hash, to read only. A blob that was never put or is no longer referred to is
// ErrNoBlob; one that comes back from the store with other bytes is refused.
func (w *World) Blob(hash string) ([]byte, error) {
	if one, ok := w.blobs.kept.Find(hash); ok && one.data != nil {
		return one.data, nil
	}
	if !w.blobs.has(hash) || w.load == nil {
		return nil, fmt.Errorf("%w: %.16s", ErrNoBlob, hash)
	}
	// Not kept: callers may only hold a read lock, and the store has a cache of its own.
	data, err := w.load(hash)
	if err != nil {
		return nil, fmt.Errorf("world: load blob %.16s: %w", hash, err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("%w: %.16s came back with other bytes", ErrNoBlob, hash)
	}
	return data, nil
}

// settle ends the batch of the last Drain: it can no longer be reverted.
func (w *World) settle() {
	if !w.drained {
		return
	}
	w.drained = false
	w.undo = nil
	w.blobs.sweep()
}
