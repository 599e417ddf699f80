package world

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Apply makes one change, or none at all when it returns an error: ErrInvalid, ErrExists, ErrNotEmpty, ErrNoBucket,
// ErrNoVersion, ErrNoUpload, ErrNoBlob or a *LimitError, wrapped with what was asked. It is the only way anything
// changes. The effect is pending until Drain.
func (w *World) Apply(e Effect) error {
	if err := w.check(e); err != nil {
		return err
	}
	if err := w.quota(e); err != nil {
		return err
	}
	w.settle()
	e = e.copied().copiedPeople(w).copiedThings()
	e.Drawn = w.cursor
	before := w.drawn
	back := w.change(e)
	w.undo = append(w.undo, func() { back(); w.drawn = before })
	w.pending = append(w.pending, e)
	return nil
}

// Revert undoes the effects of the batch that the last Drain handed out, and what was applied since: for when the
// batch could not be stored, or a request failed half way. The generator does not go back, so nothing is drawn twice.
// Once something was applied after a Drain, that batch is settled and stays.
func (w *World) Revert() {
	for _, back := range slices.Backward(w.undo) {
		back()
	}
	w.undo, w.pending, w.drained = nil, nil, false
	w.blobs.sweep()
}

// change does what check allowed and returns how to undo it. It cannot fail.
func (w *World) change(e Effect) (undo func()) {
	w.drawn = e.Drawn
	w.cursor = max(w.cursor, e.Drawn)
	switch e.Kind {
	case KindBucketMade:
		b := *e.Made
		b.Objects, b.Uploads = Sorted[[]*Version]{}, Sorted[*Upload]{}
		w.put(&b)
		return func() { w.drop(b.Name) }
	case KindBucketRemoved:
		old := w.buckets[e.Bucket]
		w.countUploads(old, -1)
		w.drop(e.Bucket)
		return func() {
			w.put(old)
			w.owned[old.Name] = false // a clone taken before may hold its maps
			w.countUploads(old, 1)
		}
	case KindBucketSet:
		return w.set(e.Bucket, *e.Set)
	case KindVersionStored:
		return w.setVersions(e.Bucket, e.Key, stored(w.buckets[e.Bucket].Objects.Get(e.Key), e.Stored))
	case KindVersionRemoved:
		return w.setVersions(e.Bucket, e.Key, without(w.buckets[e.Bucket].Objects.Get(e.Key), e.Version))
	case KindUploadStarted:
		return w.setUpload(e.Bucket, e.Upload, e.Started)
	case KindPartStored:
		u := *w.buckets[e.Bucket].Uploads.Get(e.Upload)
		u.Parts = maps.Clone(u.Parts)
		if u.Parts == nil {
			u.Parts = map[int]Part{}
		}
		u.Parts[e.Part.Number] = *e.Part
		return w.setUpload(e.Bucket, e.Upload, &u)
	case KindUploadEnded:
		return w.setUpload(e.Bucket, e.Upload, nil)
	case KindClockJumped:
		w.points = append(w.points, *e.Jump)
		return func() { w.points = slices.Clip(w.points[:len(w.points)-1]) }
	case KindObjectGrantsSet:
		return w.setGrants(e)
	}
	if undo, mine := w.changeThings(e); mine {
		return undo
	}
	return w.changePeople(e)
}

// set changes the settings that are given; undo puts all of them back.
func (w *World) set(bucket string, s Settings) (undo func()) {
	b := w.writable(bucket)
	old := *b
	give(&b.Encryption, s.Encryption)
	give(&b.Versioning, s.Versioning)
	give(&b.Policy, s.Policy)
	if len(b.Policy) == 0 {
		b.Policy = nil
	}
	give(&b.Public, s.Public)
	give(&b.PublicSet, s.PublicSet)
	give(&b.Ownership, s.Ownership)
	give(&b.OwnershipSet, s.OwnershipSet)
	give(&b.Grants, s.Grants)
	if s.DefaultACL {
		b.Grants = nil
	}
	give(&b.ObjectLock, s.ObjectLock)
	give(&b.Lock, s.Lock)
	give(&b.MFADelete, s.MFADelete)
	give(&b.Tags, s.Tags)
	give(&b.Payer, s.Payer)
	if c := s.Config; c != nil {
		b.Config = configured(b.Config, *c)
	}
	return func() {
		b := w.writable(bucket)
		b.ObjectLock, b.Lock, b.MFADelete = old.ObjectLock, old.Lock, old.MFADelete
		b.Tags, b.Payer, b.Config = old.Tags, old.Payer, old.Config
		b.Encryption, b.Versioning, b.Policy, b.Grants = old.Encryption, old.Versioning, old.Policy, old.Grants
		b.Public, b.PublicSet, b.Ownership, b.OwnershipSet = old.Public, old.PublicSet, old.Ownership, old.OwnershipSet
	}
}

// configured are the documents with one more, or one less; the map there was stays as it is.
func configured(old map[string][]byte, c ConfigChange) map[string][]byte {
	out := maps.Clone(old)
	if len(c.Text) == 0 {
		delete(out, c.Name)
		return out
	}
	if out == nil {
		out = map[string][]byte{}
	}
	out[c.Name] = c.Text
	return out
}

func give[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// put adds a bucket. Without objects only: VersionStored counts those.
func (w *World) put(b *Bucket) {
	w.buckets[b.Name], w.owned[b.Name] = b, true
	w.usage.Buckets++
}

func (w *World) drop(name string) {
	delete(w.buckets, name)
	delete(w.owned, name)
	w.usage.Buckets--
}

// writable is the bucket with maps that no clone shares.
func (w *World) writable(name string) *Bucket {
	b := w.buckets[name]
	if w.owned[name] {
		return b
	}
	own := *b
	own.Objects, own.Uploads = b.Objects.copied(), b.Uploads.copied()
	w.buckets[name], w.owned[name] = &own, true
	return &own
}

// setVersions replaces the versions of a key. Slices are never changed in place: clones and undo keep old ones.
func (w *World) setVersions(bucket, key string, list []*Version) (undo func()) {
	b := w.writable(bucket)
	old := b.Objects.Get(key)
	if len(list) == 0 {
		b.Objects.drop(key)
	} else {
		b.Objects.put(key, list)
	}
	w.countVersions(old, -1)
	w.countVersions(list, 1)
	return func() { w.setVersions(bucket, key, old) }
}

func (w *World) setUpload(bucket, id string, u *Upload) (undo func()) {
	b := w.writable(bucket)
	old := b.Uploads.Get(id)
	if u == nil {
		b.Uploads.drop(id)
	} else {
		b.Uploads.put(id, u)
	}
	w.countUpload(old, -1)
	w.countUpload(u, 1)
	return func() { w.setUpload(bucket, id, old) }
}

func stored(list []*Version, v *Version) []*Version {
	out := make([]*Version, 0, len(list)+1)
	out = append(out, v)
	for _, o := range list {
		if v.ID != NullID || o.ID != NullID {
			out = append(out, o)
		}
	}
	return out
}

func without(list []*Version, id string) []*Version {
	out := make([]*Version, 0, len(list))
	for _, o := range list {
		if o.ID != id {
			out = append(out, o)
		}
	}
	return out
}

// copied gives the effect maps and slices of its own, so that a caller who goes on with its value changes nothing, and
// puts every moment in UTC.
func (e Effect) copied() Effect {
	switch {
	case e.Made != nil:
		b := *e.Made
		b.Created = utc(b.Created)
		b.Policy, b.Grants = slices.Clone(b.Policy), slices.Clone(b.Grants)
		b.Encryption.Blocked = slices.Clone(b.Encryption.Blocked)
		b.Tags, b.Config = maps.Clone(b.Tags), maps.Clone(b.Config)
		e.Made = &b
	case e.Set != nil:
		s := *e.Set
		if s.Encryption != nil {
			enc := *s.Encryption
			enc.Blocked = slices.Clone(enc.Blocked)
			s.Encryption = &enc
		}
		if s.Policy != nil {
			text := append(json.RawMessage{}, *s.Policy...) // never nil, or it would be absent when it is read back
			s.Policy = &text
		}
		if s.Grants != nil {
			list := slices.Clone(*s.Grants)
			s.Grants, s.DefaultACL = &list, list == nil
			if list == nil {
				s.Grants = nil
			}
		}
		if s.Tags != nil {
			tags := maps.Clone(*s.Tags)
			if tags == nil {
				tags = map[string]string{} // never nil, or it would be absent when it is read back
			}
			s.Tags = &tags
		}
		if s.Config != nil {
			s.Config = &ConfigChange{s.Config.Name, slices.Clone(s.Config.Text)}
		}
		e.Set = &s
	case e.Stored != nil:
		v := e.Stored.copied()
		e.Stored = &v
	case e.Started != nil:
		u := *e.Started
		u.Started, u.Template, u.Parts = utc(u.Started), u.Template.copied(), nil
		e.Started = &u
	case e.Part != nil:
		p := *e.Part
		p.Modified = utc(p.Modified)
		e.Part = &p
	case e.Jump != nil:
		e.Jump = &Point{Real: utc(e.Jump.Real), Simulated: utc(e.Jump.Simulated)}
	}
	return e
}

func (v Version) copied() Version {
	v.Created = utc(v.Created)
	v.Metadata, v.System, v.Tags = maps.Clone(v.Metadata), maps.Clone(v.System), maps.Clone(v.Tags)
	v.Parts, v.Grants = slices.Clone(v.Parts), slices.Clone(v.Grants)
	v.Retention.Until, v.Restored = utc(v.Retention.Until), utc(v.Restored)
	v.Sealed.Context = maps.Clone(v.Sealed.Context)
	return v
}

// utc drops the monotonic reading too: it would not survive a snapshot.
func utc(t time.Time) time.Time { return t.UTC().Round(0) }
