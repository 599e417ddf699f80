package s3

import (
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func deleteObject(x *exchange.Exchange) *exchange.Fault {
	if fault := bypass(x); fault != nil {
		return fault
	}
	if x.At.MFADelete == "Enabled" && x.Asked("versionId") {
		if fault := secondFactor(x); fault != nil {
			return fault
		}
	}
	if condition := x.Header.Get("If-Match"); condition != "" {
		v, fault := find(x)
		if fault != nil {
			return fault
		}
		if refusal := (wire.Conditions{IfMatch: condition}).Read(v.ETag, v.Created); refusal != nil {
			return exchange.Refused(refusal)
		}
	}
	id, named := x.Query.Get("versionId"), x.Asked("versionId")
	gone, fault := remove(x, x.Key, id, named)
	if fault != nil && fault.Code != "NoSuchVersion" {
		return fault
	}
	if gone.marker {
		x.Set("X-Amz-Delete-Marker", "true")
	}
	if gone.version != "" {
		x.Set("X-Amz-Version-Id", gone.version)
	} else if named && x.At.Versioning != "" {
		x.Set("X-Amz-Version-Id", id)
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}

// bypass judges x-amz-bypass-governance-retention, which only means something where there is a lock.
func bypass(x *exchange.Exchange) *exchange.Fault {
	if x.Sent(lock.LiftHeader) && !x.At.ObjectLock {
		return exchange.Err(400, "InvalidArgument", "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.").
			With("ArgumentName", lock.LiftHeader).Told("There is no lock to bypass here.")
	}
	return nil
}

// removed is what a delete did: which version or marker it is about, and whether that is a marker.
type removed struct {
	version string
	marker  bool
}

// remove deletes a key, which with versioning only hides it, or one version for good.
func remove(x *exchange.Exchange, key, id string, named bool) (removed, *exchange.Fault) {
	if named {
		v, fault := numbered(x.At, key, id)
		if fault != nil {
			return removed{}, fault
		}
		if fault := x.Guard(v, lock.BypassAsked(x.Header)); fault != nil {
			return removed{}, fault
		}
		if _, err := x.World.RemoveVersion(x.Bucket, key, id); err != nil {
			return removed{}, x.Failed(err)
		}
		what := "version"
		if v.DeleteMarker {
			what = "delete marker"
		}
		x.Did("removed %s %s of %s for good", what, id, key)
		if x.At.Versioning == "" {
			return removed{}, nil
		}
		return removed{version: id, marker: v.DeleteMarker}, nil
	}
	if v, ok := x.At.Version(key, world.NullID); ok && x.At.Versioning != "Enabled" {
		if fault := x.Guard(v, lock.BypassAsked(x.Header)); fault != nil {
			return removed{}, fault
		}
	}
	marker, gone, err := x.World.DeleteKey(x.Bucket, key, x.At.Account)
	switch {
	case err != nil:
		return removed{}, x.Failed(err)
	case marker != nil && gone != nil:
		x.Did("put delete marker %s before %s; it replaced version %s", marker.ID, key, gone.ID)
	case marker != nil:
		x.Did("put delete marker %s before %s; the older versions are still there", marker.ID, key)
	case gone != nil:
		x.Did("removed %s for good: the bucket keeps no versions", key)
	}
	if marker != nil {
		return removed{version: marker.ID, marker: true}, arrived(x, marker)
	}
	return removed{}, nil
}
