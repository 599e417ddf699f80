package world

import "fmt"

// NewBucket is an empty bucket with the defaults of the world's profile, made now, to change as needed and hand to
// BucketMade.
func (w *World) NewBucket(name, account string) Bucket {
	return w.NewBucketOf(w.profile, name, account)
}

// NewBucketOf is NewBucket with the defaults of another era.
func (w *World) NewBucketOf(p Profile, name, account string) Bucket {
	return p.bucket(Bucket{Name: name, Account: account, Region: w.region, Created: w.Now()})
}

// StoreVersion stores v as the newest version of v.Key and returns it as stored. Versioning picks the id: a new one
// when it is enabled, else "null", and then the null version there was is replaced and returned too. A v.Created of
// zero becomes now. Errors as of Apply.
func (w *World) StoreVersion(bucket string, v Version) (now, replaced *Version, err error) {
	b, ok := w.buckets[bucket]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %q", ErrNoBucket, bucket)
	}
	w.name(b, &v)
	replaced = replacedBy(b, v)
	if err := w.Apply(VersionStored(bucket, v)); err != nil {
		return nil, nil, err
	}
	now, _ = w.buckets[bucket].Current(v.Key)
	return now, replaced, nil
}

// DeleteKey is a DELETE without a version id. With versioning enabled it stores a delete marker; suspended, a marker
// with the id "null" that replaces the null version; never enabled, it removes the object and there is no marker.
// Deleting what is not there is no error.
func (w *World) DeleteKey(bucket, key, owner string) (marker, removed *Version, err error) {
	b, ok := w.buckets[bucket]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %q", ErrNoBucket, bucket)
	}
	if b.Versioning != "" {
		return w.StoreVersion(bucket, Version{Key: key, DeleteMarker: true, Owner: owner})
	}
	removed, ok = b.Version(key, NullID)
	if !ok {
		return nil, nil, nil
	}
	return nil, removed, w.Apply(VersionRemoved(bucket, key, NullID))
}

// RemoveVersion is a DELETE with a version id: the version or marker is gone for good. It returns what was removed;
// ErrNoVersion when there was none.
func (w *World) RemoveVersion(bucket, key, id string) (*Version, error) {
	b, ok := w.buckets[bucket]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNoBucket, bucket)
	}
	old, _ := b.Version(key, id)
	return old, w.Apply(VersionRemoved(bucket, key, id))
}

// CompleteUpload ends an upload and stores the version made of its parts, both or neither. The bytes of the upload are
// given back before those of the version are counted. Results and errors as of StoreVersion, and ErrNoUpload.
func (w *World) CompleteUpload(bucket, upload string, v Version) (now, replaced *Version, err error) {
	b, ok := w.buckets[bucket]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %q", ErrNoBucket, bucket)
	}
	u, ok := b.Uploads.Find(upload)
	if !ok {
		return nil, nil, ErrNoUpload
	}
	w.name(b, &v)
	store := VersionStored(bucket, v)
	if err := w.check(store); err != nil {
		return nil, nil, err
	}
	w.usage.Bytes -= u.bytes()
	err = w.quota(store)
	w.usage.Bytes += u.bytes()
	if err != nil {
		return nil, nil, err
	}
	replaced = replacedBy(b, v)
	for _, e := range []Effect{UploadEnded(bucket, upload), store} {
		if err := w.Apply(e); err != nil {
			return nil, nil, err // cannot happen: both were checked, and the first keeps the blobs of the second
		}
	}
	now, _ = w.buckets[bucket].Current(v.Key)
	return now, replaced, nil
}

// name gives a version its id and its time.
func (w *World) name(b *Bucket, v *Version) {
	v.ID = NullID
	if b.Versioning == "Enabled" {
		v.ID = w.NewVersionID()
	}
	if v.Created.IsZero() {
		v.Created = w.Now()
	}
}

// replacedBy is the null version a version with the id "null" will replace; nil when there is none.
func replacedBy(b *Bucket, v Version) *Version {
	if v.ID != NullID {
		return nil
	}
	old, _ := b.Version(v.Key, NullID)
	return old
}
