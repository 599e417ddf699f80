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
	data   map[string][]byte // resident ones
	refs   map[string]int
	loose  map[string]bool // refs is 0, but put or released since the last settling
	fresh  map[string]bool // put since the last Drain
	shared bool            // a clone has the same maps: copy before writing
}

func newBlobs() *blobs {
	return &blobs{data: map[string][]byte{}, refs: map[string]int{}, loose: map[string]bool{}, fresh: map[string]bool{}}
}

func (b *blobs) own() {
	if !b.shared {
		return
	}
	b.data, b.refs = maps.Clone(b.data), maps.Clone(b.refs)
	b.loose, b.fresh = maps.Clone(b.loose), maps.Clone(b.fresh)
	b.shared = false
}

func (b *blobs) has(hash string) bool { return b.refs[hash] > 0 || b.loose[hash] }

// count changes how many refer to a blob by n, which is 1 or -1.
func (b *blobs) count(hash string, n int) {
	if hash == "" {
		return
	}
	b.own()
	if left := b.refs[hash] + n; left > 0 {
		b.refs[hash] = left
		delete(b.loose, hash)
	} else {
		delete(b.refs, hash)
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
		delete(b.data, hash)
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
		if b.refs[hash] > 0 {
			out[hash] = b.data[hash]
			delete(b.fresh, hash)
		}
	}
	return out
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
	if w.blobs.refs[hash] > 0 {
		return
	}
	w.blobs.own()
	w.blobs.data[hash] = data
	w.blobs.loose[hash] = true
	w.blobs.fresh[hash] = true
}

// Blob returns ciphertext by its hash, to read only. A blob that was never put or is no longer referred to is
// ErrNoBlob; one that comes back from the store with other bytes is refused.
func (w *World) Blob(hash string) ([]byte, error) {
	if data, ok := w.blobs.data[hash]; ok {
		return data, nil
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
