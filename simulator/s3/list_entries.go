package s3

import (
	"strconv"
	"strings"
	"time"

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
	e.text("<Contents>")
	e.element("Key", e.q.encode(v.Key))
	e.described(v)
	if e.owners != nil {
		e.owner(v.Owner)
	}
	e.element("StorageClass", v.StorageClass)
	e.restore(v)
	e.text("</Contents>")
}

// addVersion appends a Version or, without what only objects have, a DeleteMarker.
func (e *entries) addVersion(v *world.Version) {
	kind := "Version"
	if v.DeleteMarker {
		kind = "DeleteMarker"
	}
	newest, _ := e.x.At.Current(v.Key)
	e.text("<" + kind + ">")
	e.element("Key", e.q.encode(v.Key))
	e.element("VersionId", v.ID)
	e.element("IsLatest", strconv.FormatBool(newest == v))
	if v.DeleteMarker {
		e.date("LastModified", v.Created)
		e.owner(v.Owner)
	} else {
		e.described(v)
		e.owner(v.Owner)
		e.element("StorageClass", v.StorageClass)
		e.restore(v)
	}
	e.text("</" + kind + ">")
}

// described is what a version has and a delete marker has not.
func (e *entries) described(v *world.Version) {
	e.date("LastModified", v.Created)
	e.element("ETag", quoted(v.ETag))
	if v.Checksum.Algorithm != "" {
		e.element("ChecksumAlgorithm", v.Checksum.Algorithm)
		e.element("ChecksumType", v.Checksum.Type)
	}
	e.element("Size", strconv.FormatInt(v.Size, 10))
}

func (e *entries) owner(account string) {
	id, known := e.owners[account]
	if !known {
		id = ownerOf(e.x, account).ID
		e.owners[account] = id
	}
	e.text("<Owner>")
	e.element("ID", id)
	e.text("</Owner>")
}

// restore is RestoreStatus of an archived version, where the request asks for it.
func (e *entries) restore(v *world.Version) {
	if e.status == nil || retrievals[v.StorageClass] == nil {
		return
	}
	e.text("<RestoreStatus>")
	e.element("IsRestoreInProgress", strconv.FormatBool(e.status[v.Key+"\x00"+v.ID]))
	if v.Restored.After(e.x.World.Now()) {
		e.date("RestoreExpiryDate", v.Restored)
	}
	e.text("</RestoreStatus>")
}

func (e *entries) text(markup string)             { e.out = append(e.out, markup...) }
func (e *entries) element(name, text string)      { e.out = wire.AppendElement(e.out, name, text) }
func (e *entries) date(name string, at time.Time) { e.out = wire.AppendISO(e.out, name, at) }
