package world

import "iter"

// Usage is what a sandbox or a bucket holds.
type Usage struct {
	Buckets  int
	Keys     int // of a bucket only: keys with at least one version
	Versions int // versions and delete markers
	Markers  int // delete markers among them
	Uploads  int // multipart uploads in progress
	Parts    int // parts of those
	Bytes    int64
}

// Usage is what the whole sandbox holds; Bytes counts plaintext of versions and of parts in progress, as the limit does.
func (w *World) Usage() Usage { return w.usage }

// Usage is what the bucket holds.
func (b *Bucket) Usage() Usage {
	u := Usage{Buckets: 1, Keys: b.Objects.Len(), Uploads: b.Uploads.Len()}
	for _, list := range b.Objects.All() {
		for _, v := range list {
			u.Versions++
			u.Bytes += v.Size
			if v.DeleteMarker {
				u.Markers++
			}
		}
	}
	for _, up := range b.Uploads.All() {
		u.Parts += len(up.Parts)
		u.Bytes += up.bytes()
	}
	return u
}

func (u *Upload) bytes() (n int64) {
	for _, p := range u.Parts {
		n += p.Size
	}
	return n
}

// hashes are the blobs a version refers to.
func (v *Version) hashes() []string {
	out := make([]string, 0, 1+len(v.Parts))
	if v.Sealed.Ciphertext != "" {
		out = append(out, v.Sealed.Ciphertext)
	}
	for _, p := range v.Parts {
		if p.Sealed.Ciphertext != "" {
			out = append(out, p.Sealed.Ciphertext)
		}
	}
	return out
}

func (u *Upload) hashes() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range u.Parts {
			if !yield(p.Sealed.Ciphertext) {
				return
			}
		}
	}
}

func (w *World) countVersions(list []*Version, n int) {
	for _, v := range list {
		w.usage.Versions += n
		w.usage.Bytes += int64(n) * v.Size
		if v.DeleteMarker {
			w.usage.Markers += n
		}
		for _, hash := range v.hashes() {
			w.blobs.count(hash, n)
		}
	}
}

func (w *World) countUpload(u *Upload, n int) {
	if u == nil {
		return
	}
	w.usage.Uploads += n
	w.usage.Parts += n * len(u.Parts)
	w.usage.Bytes += int64(n) * u.bytes()
	for hash := range u.hashes() {
		w.blobs.count(hash, n)
	}
}

func (w *World) countUploads(b *Bucket, n int) {
	for _, u := range b.Uploads.All() {
		w.countUpload(u, n)
	}
}

// quota says whether the change stays within the limits.
func (w *World) quota(e Effect) error {
	u, l := w.usage, w.limits
	switch e.Kind {
	case KindBucketMade:
		return within("Buckets", int64(l.Buckets), int64(u.Buckets+1))
	case KindVersionStored:
		if err := within("ObjectBytes", l.ObjectBytes, e.Stored.Size); err != nil {
			return err
		}
		versions, bytes := u.Versions+1, u.Bytes+e.Stored.Size
		if e.Stored.ID == NullID {
			if old, ok := w.buckets[e.Bucket].Version(e.Key, NullID); ok {
				versions, bytes = versions-1, bytes-old.Size
			}
		}
		if err := within("Versions", int64(l.Versions), int64(versions)); err != nil {
			return err
		}
		return within("SandboxBytes", l.SandboxBytes, bytes)
	case KindUploadStarted:
		return within("Uploads", int64(l.Uploads), int64(u.Uploads+1))
	case KindPartStored:
		if err := within("ObjectBytes", l.ObjectBytes, e.Part.Size); err != nil {
			return err
		}
		parts, bytes := u.Parts+1, u.Bytes+e.Part.Size
		if old, ok := w.buckets[e.Bucket].Uploads.Get(e.Upload).Parts[e.Part.Number]; ok {
			parts, bytes = parts-1, bytes-old.Size
		}
		if err := within("Parts", int64(l.Parts), int64(parts)); err != nil {
			return err
		}
		return within("SandboxBytes", l.SandboxBytes, bytes)
	}
	if err := w.quotaThings(e); err != nil {
		return err
	}
	return w.quotaPeople(e)
}

// quotaPeople is about what is new in IAM; what is replaced was counted when it came.
func (w *World) quotaPeople(e Effect) error {
	switch e.Kind {
	case KindPrincipalPut:
		p := e.Principal
		if _, there := w.Principal(p.Account, p.Kind, p.Name); there {
			return nil
		}
		n := len(those(w.principals, func(q *Principal) bool { return q.Account == p.Account && q.Kind == p.Kind }))
		if p.Kind == "role" {
			return within("Roles", MaxRoles, int64(n+1))
		}
		return within("Users", MaxUsers, int64(n+1))
	case KindGroupPut:
		if _, there := w.Group(e.Group.Account, e.Group.Name); !there {
			return within("Groups", MaxGroups, int64(len(w.Groups(e.Group.Account))+1))
		}
	case KindPolicyPut:
		if _, there := w.ManagedPolicy(arnOf("policy", e.Policy.Account, e.Policy.Path, e.Policy.Name)); !there {
			return within("Policies", MaxManagedPolicies, int64(len(w.ManagedPolicies(e.Policy.Account))+1))
		}
	case KindAccessKeyPut:
		if _, there := w.byKey[e.AccessKey.ID]; !there {
			return within("AccessKeysPerUser", MaxAccessKeysPerUser, int64(len(w.KeysOf(e.AccessKey.Account, e.AccessKey.User))+1))
		}
	case KindMFAPut:
		if d, there := w.MFADevice(arnOf("mfa", e.MFA.Account, "", e.MFA.Name)); e.MFA.User != "" && (!there || d.User != e.MFA.User) {
			return within("MFADevicesPerUser", MaxMFADevicesPerUser, int64(len(w.MFADevices(e.MFA.Account, e.MFA.User))+1))
		}
		return within("MFADevices", MaxUsers, int64(len(w.devices)))
	}
	return nil
}

func within(limit string, most, want int64) error {
	if want > most {
		return &LimitError{Limit: limit, Max: most, Want: want}
	}
	return nil
}
