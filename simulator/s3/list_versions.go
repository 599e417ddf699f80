package s3

import (
	"encoding/xml"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// versionEntry is a Version or, without the members of an object, a DeleteMarker. One list holds both, in order.
type versionEntry struct {
	marker            bool
	Key               string   `xml:"Key"`
	VersionID         string   `xml:"VersionId"`
	IsLatest          bool     `xml:"IsLatest"`
	LastModified      string   `xml:"LastModified"`
	ETag              string   `xml:"ETag,omitempty"`
	ChecksumAlgorithm []string `xml:"ChecksumAlgorithm"`
	ChecksumType      string   `xml:"ChecksumType,omitempty"`
	Size              *int64   `xml:"Size"`
	Owner             owner    `xml:"Owner"`
	StorageClass      string   `xml:"StorageClass,omitempty"`
}

// MarshalXML gives an entry the name of what it is.
func (v versionEntry) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	start.Name.Local = "Version"
	if v.marker {
		start.Name.Local = "DeleteMarker"
	}
	type plain versionEntry
	return e.EncodeElement(plain(v), start)
}

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
	Entries             []versionEntry `xml:"Version"`
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
	var groups []string
	last := world.Version{}
	for _, v := range versionsAfter(x.At, q.prefix, key, id) {
		group := q.group(v.Key)
		if group != "" && (len(groups) > 0 && groups[len(groups)-1] == group || strings.HasPrefix(key, group)) {
			continue
		}
		if len(list.Entries)+len(groups) == q.most {
			if list.IsTruncated = q.most > 0; list.IsTruncated {
				list.NextKeyMarker, list.NextVersionIDMarker = q.encode(last.Key), last.ID
			}
			break
		}
		if group != "" {
			groups, last = append(groups, group), world.Version{Key: group}
			continue
		}
		list.Entries, last = append(list.Entries, versionOf(x, q, v)), *v
	}
	list.CommonPrefixes = q.common(groups)
	x.Document("ListVersionsResult", list)
	return nil
}

// versionsAfter are all versions and markers behind the markers: by key, newest first.
func versionsAfter(b *world.Bucket, prefix, key, id string) (out []*world.Version) {
	for _, k := range b.Keys() {
		if !strings.HasPrefix(k, prefix) || k < key || k == key && id == "" {
			continue
		}
		behind := k != key
		for _, v := range b.Objects[k] {
			if behind {
				out = append(out, v)
			}
			behind = behind || v.ID == id
		}
	}
	return out
}

func versionOf(x *exchange.Exchange, q query, v *world.Version) versionEntry {
	newest, _ := x.At.Current(v.Key)
	e := versionEntry{marker: v.DeleteMarker, Key: q.encode(v.Key), VersionID: v.ID, IsLatest: newest == v,
		LastModified: wire.ISO(v.Created), Owner: ownerOf(x, v.Owner)}
	if v.DeleteMarker {
		return e
	}
	e.ETag, e.Size, e.StorageClass, e.ChecksumType = quoted(v.ETag), &v.Size, v.StorageClass, v.Checksum.Type
	if v.Checksum.Algorithm != "" {
		e.ChecksumAlgorithm = []string{v.Checksum.Algorithm}
	}
	return e
}
