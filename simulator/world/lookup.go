package world

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Bucket is the bucket of that name, to read before the next change.
func (w *World) Bucket(name string) (*Bucket, bool) {
	b, ok := w.buckets[name]
	return b, ok
}

// Buckets are the buckets of an account, or all for "", by name.
func (w *World) Buckets(account string) []*Bucket {
	var out []*Bucket
	for _, b := range w.buckets {
		if account == "" || b.Account == account {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b *Bucket) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Current is the newest version of a key, which may be a delete marker.
func (b *Bucket) Current(key string) (*Version, bool) {
	list := b.Objects.Get(key)
	if len(list) == 0 {
		return nil, false
	}
	return list[0], true
}

// Version is a version or delete marker of a key by its id, "null" included.
func (b *Bucket) Version(key, id string) (*Version, bool) {
	for _, v := range b.Objects.Get(key) {
		if v.ID == id {
			return v, true
		}
	}
	return nil, false
}

// Keys are the keys that have versions, in the order of their UTF-8 bytes, as S3 lists them.
func (b *Bucket) Keys() []string {
	out := make([]string, 0, b.Objects.Len())
	for key := range b.Objects.All() {
		out = append(out, key)
	}
	return out
}

// Below are the keys of a prefix that come after a place, in order, with their versions.
func (b *Bucket) Below(prefix, after string) iter.Seq2[string, []*Version] {
	return func(yield func(string, []*Version) bool) {
		for key, list := range b.Objects.From(max(prefix, after)) {
			if !strings.HasPrefix(key, prefix) || key > after && !yield(key, list) {
				return
			}
		}
	}
}

// UploadList are the uploads in progress by key, then by the time they were started, then by id.
func (b *Bucket) UploadList() []*Upload {
	out := make([]*Upload, 0, b.Uploads.Len())
	for _, u := range b.Uploads.All() {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, c *Upload) int {
		return cmp.Or(cmp.Compare(a.Key, c.Key), a.Started.Compare(c.Started), cmp.Compare(a.ID, c.ID))
	})
	return out
}

// PartList are the parts of an upload by number.
func (u *Upload) PartList() []Part {
	return slices.SortedFunc(maps.Values(u.Parts), func(a, c Part) int { return cmp.Compare(a.Number, c.Number) })
}
