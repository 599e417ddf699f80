package s3

import (
	"iter"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

type versionList struct {
	Name                string         `xml:"Name"`
	Prefix              string         `xml:"Prefix"`
	KeyMarker           string         `xml:"KeyMarker"`
	VersionIDMarker     string         `xml:"VersionIdMarker"`
	NextKeyMarker       string         `xml:"NextKeyMarker,omitempty"`
	NextVersionIDMarker string         `xml:"NextVersionIdMarker,omitempty"`
	MaxKeys             int            `xml:"MaxKeys"`
	Delimiter           string         `xml:"Delimiter,omitempty"`
	EncodingType        string         `xml:"EncodingType,omitempty"`
	IsTruncated         bool           `xml:"IsTruncated"`
	Entries             []byte         `xml:",innerxml"` // versions and delete markers, in one order
	CommonPrefixes      []commonPrefix `xml:"CommonPrefixes"`
}

func listObjectVersions(x *exchange.Exchange) *exchange.Fault {
	q, fault := listQuery(x, "max-keys", maxKeys)
	if fault != nil {
		return fault
	}
	key, id := x.Query.Get("key-marker"), x.Query.Get("version-id-marker")
	switch {
	case key == "" && id != "":
		return exchange.Invalid("A version-id marker cannot be specified without a key marker.", "version-id-marker", id).
			Told("A version id marks a place only under its key.")
	case id != "" && id != world.NullID && len(id) != versionIDLength:
		return exchange.Invalid("Invalid version id specified", "version-id-marker", id).Told("That cannot be a version id.")
	}
	list := versionList{Name: x.Bucket, Prefix: q.encode(q.prefix), KeyMarker: q.encode(key), VersionIDMarker: id, MaxKeys: q.most,
		Delimiter: q.encode(q.delimiter), EncodingType: q.encoding}
	page, fault := newEntries(x, q, true, 0)
	if fault != nil {
		return fault
	}
	var groups []string
	last, listed := world.Version{}, 0
	for v := range versionsAfter(x.At, q.prefix, key, id) {
		group := q.group(v.Key)
		if group != "" && (len(groups) > 0 && groups[len(groups)-1] == group || strings.HasPrefix(key, group)) {
			continue
		}
		if listed+len(groups) == q.most {
			if list.IsTruncated = q.most > 0; list.IsTruncated {
				list.NextKeyMarker, list.NextVersionIDMarker = q.encode(last.Key), last.ID
			}
			break
		}
		if group != "" {
			groups, last = append(groups, group), world.Version{Key: group}
			continue
		}
		page.addVersion(v)
		last, listed = *v, listed+1
	}
	list.Entries, list.CommonPrefixes = page.out, q.common(groups)
	x.Document("ListVersionsResult", list)
	return nil
}

// versionsAfter are all versions and markers behind the markers: by key, newest first.
func versionsAfter(b *world.Bucket, prefix, key, id string) iter.Seq[*world.Version] {
	return func(yield func(*world.Version) bool) {
		if id != "" && strings.HasPrefix(key, prefix) {
			behind := false
			for _, v := range b.Objects.Get(key) {
				if behind && !yield(v) {
					return
				}
				behind = behind || v.ID == id
			}
		}
		for _, list := range b.Below(prefix, key) {
			for _, v := range list {
				if !yield(v) {
					return
				}
			}
		}
	}
}
