package world

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// document is everything a world is, as a snapshot holds it. Blobs stay outside, by hash.
type document struct {
	Seed         string
	Profile      Profile
	Region       string
	Drawn        uint64
	Points       []Point
	Accounts     []Account
	Principals   []Principal
	Keys         []AccessKey
	Buckets      []*Bucket // by name
	Groups       []Group
	Policies     []ManagedPolicy
	Devices      []MFADevice
	Organization *Organization
	Endpoints    []VPCEndpoint
	SourceIP     string
	KMSKeys      []KMSKey      `cbor:",omitempty"`
	Aliases      []KMSAlias    `cbor:",omitempty"`
	AccessPoints []AccessPoint `cbor:",omitempty"`
	Jobs         []Job         `cbor:",omitempty"`
	Events       []Event       `cbor:",omitempty"`
	Trails       []Trail       `cbor:",omitempty"`
}

func (w *World) document() document {
	return document{
		Seed: w.seed, Profile: w.profile, Region: w.region, Drawn: w.drawn, Points: w.points,
		Accounts: w.accounts, Principals: w.principals, Keys: w.keys, Buckets: w.Buckets(""),
		Groups: w.groups, Policies: w.managed, Devices: w.devices, Organization: w.org, Endpoints: w.endpoints, SourceIP: w.sourceIP,
		KMSKeys: w.kmsKeys, Aliases: w.aliases, AccessPoints: w.things.points, Jobs: w.jobs, Events: w.keptEvents(), Trails: w.trails,
	}
}

// Drain hands out the effects applied since the last Drain as one batch, with the blobs that are new in it and how many
// effects it has. With none, effects is nil. Until something is applied next, Revert takes the batch back.
func (w *World) Drain() (effects []byte, blobs map[string][]byte, n int) {
	w.settle()
	n = len(w.pending)
	if n == 0 {
		return nil, map[string][]byte{}, 0
	}
	effects, err := encode(effectsVersion, w.pending)
	if err != nil {
		panic(err) // check admits only moments that can be written, and nothing else in an effect can fail
	}
	w.pending = nil
	w.drained = true
	return effects, w.blobs.take(), n
}

// Snapshot is the world as bytes: a version byte and CBOR. It holds the seed and the secrets of access keys and
// MFA devices, and no customer key, blob or pending mark.
func (w *World) Snapshot() ([]byte, error) { return encode(snapshotVersion, w.document()) }

// Hash is the SHA-256 of the snapshot in hex: equal for worlds that are equal. What the generator drew for things that
// were not stored is no part of it.
func (w *World) Hash() string {
	snapshot, err := w.Snapshot()
	if err != nil {
		panic(err) // see Drain
	}
	sum := sha256.Sum256(snapshot)
	return hex.EncodeToString(sum[:])
}

// Restore makes the world of a snapshot and the batches of effects drained after it, oldest first. blob reads
// ciphertext from the store when it is asked for. Of the options, Now and Limits count; limits are not held against
// what is stored already. Errors: ErrEncoding, or what Apply would say of an effect that does not fit.
func Restore(snapshot []byte, effects [][]byte, blob func(hash string) ([]byte, error), o Options) (*World, error) {
	var d document
	written, err := decode(snapshot, snapshotVersion, SnapshotBytes, &d)
	if err != nil {
		return nil, fmt.Errorf("restore: snapshot: %w", err)
	}
	if written == firstVersion {
		d.bringUp()
	}
	w := blank(Options{Seed: d.Seed, Profile: d.Profile, Region: d.Region, Now: o.Now, Limits: o.Limits})
	w.reading = true
	if err := w.adopt(d); err != nil {
		return nil, fmt.Errorf("restore: snapshot: %w", err)
	}
	for i, batch := range effects {
		if err := w.replay(batch); err != nil {
			return nil, fmt.Errorf("restore: batch %d: %w", i+1, err)
		}
	}
	w.reading = false
	w.blobs.sweep()
	w.load = blob
	return w, nil
}

func (w *World) replay(batch []byte) error {
	var list []Effect
	written, err := decode(batch, effectsVersion, EffectsBytes, &list)
	if err != nil {
		return err
	}
	for i, e := range list {
		if written == firstVersion && e.Made != nil {
			e.Made.bringUp()
		}
		if e.Drawn < w.drawn {
			return fmt.Errorf("effect %d: %w", i+1, invalid("the generator went back"))
		}
		if err := w.check(e); err != nil {
			return fmt.Errorf("effect %d: %w", i+1, err)
		}
		w.change(e.copied().copiedPeople(w).copiedThings())
	}
	return nil
}

// adopt takes over a decoded snapshot after the checks that Apply made when it was written.
func (w *World) adopt(d document) error {
	if !w.profile.Known() || !regionName.MatchString(w.region) {
		return invalid("profile %.20q, region %.40q", w.profile, w.region)
	}
	if len(d.Points) == 0 {
		return invalid("no clock")
	}
	for i, p := range d.Points {
		if checkTime(p.Real) != nil || checkTime(p.Simulated) != nil {
			return invalid("a moment out of range")
		}
		w.points = d.Points[:i]
		if i > 0 {
			if err := w.checkJump(p); err != nil {
				return err
			}
		}
	}
	w.points = d.Points
	w.drawn, w.cursor = d.Drawn, d.Drawn
	if err := firstError(w.adoptAccounts(d), w.adoptThings(d)); err != nil {
		return err
	}
	if !slices.IsSortedFunc(d.Buckets, func(a, b *Bucket) int { return cmp.Compare(nameOf(a), nameOf(b)) }) {
		return invalid("buckets out of order")
	}
	for _, b := range d.Buckets {
		if b == nil {
			return invalid("an absent bucket")
		}
		if err := w.adoptBucket(*b); err != nil {
			return fmt.Errorf("bucket %.63q: %w", b.Name, err)
		}
	}
	return nil
}

func nameOf(b *Bucket) string {
	if b == nil {
		return ""
	}
	return b.Name
}

func (w *World) adoptBucket(b Bucket) error {
	if _, twice := w.buckets[b.Name]; twice {
		return ErrExists
	}
	if err := w.checkBucket(b); err != nil {
		return err
	}
	objects, uploads := b.Objects, b.Uploads
	b.Objects, b.Uploads = Sorted[[]*Version]{}, Sorted[*Upload]{}
	w.put(&b)
	for key, list := range objects.All() {
		seen := map[string]bool{}
		for _, v := range list {
			if v == nil || v.Key != key || v.ID == "" || seen[v.ID] {
				return invalid("the versions of a key do not fit together")
			}
			seen[v.ID] = true
			if err := w.checkStored(*v); err != nil {
				return err
			}
		}
		if len(list) == 0 {
			return invalid("a key without versions")
		}
		w.setVersions(b.Name, key, list)
	}
	for id, u := range uploads.All() {
		if u == nil || u.ID != id || id == "" || checkUpload(*u) != nil {
			return invalid("an upload that does not fit")
		}
		for n, p := range u.Parts {
			if p.Number != n {
				return invalid("a part under another number")
			}
			if err := w.checkPart(p); err != nil {
				return err
			}
		}
		w.setUpload(b.Name, id, u)
	}
	return nil
}
