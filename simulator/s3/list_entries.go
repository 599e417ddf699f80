package s3

import (
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// entries writes the Contents of a list. They are appended, not marshalled: a list has up to a thousand of them.
type entries struct {
	x      *exchange.Exchange
	q      query
	owners map[string]string // canonical ids by account; nil: no owners
	status map[string]bool   // what is on its way back, by key and version; nil: the status is not asked for
	out    []byte
}

// entryBytes is about how long one entry is.
const entryBytes = 320

func newEntries(x *exchange.Exchange, q query, owners bool, many int) (*entries, *exchange.Fault) {
	e := &entries{x: x, q: q, out: make([]byte, 0, many*entryBytes)}
	if owners {
		e.owners = map[string]string{}
	}
	const header = "X-Amz-Optional-Object-Attributes"
	switch asked := x.Header.Get(header); asked {
	case "":
	case "RestoreStatus":
		e.status = map[string]bool{}
		for _, job := range x.World.Jobs(RestoreJob) {
			if job.Bucket == x.Bucket {
				e.status[job.Key+"\x00"+job.Version] = true
			}
		}
	default:
		return nil, exchange.Invalid("Invalid attribute name specified.", strings.ToLower(header), asked).Told("Lists know one optional attribute.")
	}
	return e, nil
}

// add appends one object.
func (e *entries) add(v *world.Version) {
	b := append(e.out, "<Contents>"...)
	b = wire.AppendElement(b, "Key", e.q.encode(v.Key))
	b = e.described(b, v)
	if e.owners != nil {
		b = e.owner(b, v.Owner)
	}
	b = wire.AppendElement(b, "StorageClass", v.StorageClass)
	e.out = append(e.restore(b, v), "</Contents>"...)
}

// addVersion appends a Version or, without what only objects have, a DeleteMarker.
func (e *entries) addVersion(v *world.Version) {
	open, end := "<Version>", "</Version>"
	if v.DeleteMarker {
		open, end = "<DeleteMarker>", "</DeleteMarker>"
	}
	newest, _ := e.x.At.Current(v.Key)
	b := append(e.out, open...)
	b = wire.AppendElement(b, "Key", e.q.encode(v.Key))
	b = wire.AppendElement(b, "VersionId", v.ID)
	b = wire.AppendElement(b, "IsLatest", strconv.FormatBool(newest == v))
	if v.DeleteMarker {
		b = e.owner(wire.AppendISO(b, "LastModified", v.Created), v.Owner)
	} else {
		b = e.owner(e.described(b, v), v.Owner)
		b = e.restore(wire.AppendElement(b, "StorageClass", v.StorageClass), v)
	}
	e.out = append(b, end...)
}

// described is what a version has and a delete marker has not.
func (e *entries) described(b []byte, v *world.Version) []byte {
	b = wire.AppendISO(b, "LastModified", v.Created)
	b = wire.AppendElement(b, "ETag", quoted(v.ETag))
	if v.Checksum.Algorithm != "" {
		b = wire.AppendElement(b, "ChecksumAlgorithm", v.Checksum.Algorithm)
		b = wire.AppendElement(b, "ChecksumType", v.Checksum.Type)
	}
	return wire.AppendElement(b, "Size", strconv.FormatInt(v.Size, 10))
}

func (e *entries) owner(b []byte, account string) []byte {
	id, known := e.owners[account]
	if !known {
		id = ownerOf(e.x, account).ID
		e.owners[account] = id
	}
	return append(wire.AppendElement(append(b, "<Owner>"...), "ID", id), "</Owner>"...)
}

// restore is RestoreStatus of an archived version, where the request asks for it.
func (e *entries) restore(b []byte, v *world.Version) []byte {
	if e.status == nil || retrievals[v.StorageClass] == nil {
		return b
	}
	b = append(b, "<RestoreStatus>"...)
	returning := e.status[v.Key+"\x00"+v.ID]
	b = wire.AppendElement(b, "IsRestoreInProgress", strconv.FormatBool(returning))
	if v.Restored.After(e.x.World.Now()) {
		b = wire.AppendISO(b, "RestoreExpiryDate", v.Restored)
	}
	return append(b, "</RestoreStatus>"...)
}
