package s3

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// versionIDLength is the length of every version id but "null".
const versionIDLength = 32

// find is the version a read names: the current one, or that of versionId. (s3-wire 7.1)
func find(x *exchange.Exchange) (*world.Version, *exchange.Fault) {
	if !x.Asked("versionId") {
		return current(x.At, x.Key)
	}
	v, fault := numbered(x.At, x.Key, x.Query.Get("versionId"))
	if fault == nil && v.DeleteMarker {
		fault = noneOnMarker(x, v)
	}
	return v, fault
}

// noneOnMarker refuses what a delete marker does not have: bytes, tags.
func noneOnMarker(x *exchange.Exchange, v *world.Version) *exchange.Fault {
	return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
		With("Method", x.Method).With("ResourceType", "DeleteMarker").
		Carry("Allow", "DELETE").Carry("X-Amz-Delete-Marker", "true").Carry("X-Amz-Version-Id", v.ID).
		Told("A delete marker has nothing to read.")
}

// current is the newest version of a key; a delete marker hides the older ones.
func current(b *world.Bucket, key string) (*world.Version, *exchange.Fault) {
	v, ok := b.Current(key)
	switch {
	case !ok:
		return nil, exchange.NoSuchKey(key)
	case v.DeleteMarker:
		return nil, exchange.NoSuchKey(key).Carry("X-Amz-Delete-Marker", "true").Carry("X-Amz-Version-Id", v.ID).
			Told("A delete marker hides this object.")
	}
	return v, nil
}

// numbered is the version, or marker, with an id.
func numbered(b *world.Bucket, key, id string) (*world.Version, *exchange.Fault) {
	if id == "" {
		return nil, exchange.Invalid("Version id cannot be the empty string", "versionId", "").Told("The version id is empty.")
	}
	if id != world.NullID && (len(id) != versionIDLength || b.Versioning == "") {
		return nil, exchange.Invalid("Invalid version id specified", "versionId", id).Told("That cannot be a version id here.")
	}
	v, ok := b.Version(key, id)
	if !ok {
		return nil, exchange.NoSuchVersion(key, id)
	}
	return v, nil
}

// etagNow is the ETag of the current version; "" when there is none or it is a delete marker.
func etagNow(b *world.Bucket, key string) string {
	if v, ok := b.Current(key); ok && !v.DeleteMarker {
		return v.ETag
	}
	return ""
}

func quoted(etag string) string { return `"` + etag + `"` }
