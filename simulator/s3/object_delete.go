package s3

import (
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func deleteObject(x *exchange.Exchange) *exchange.Fault {
	if fault := bypass(x); fault != nil {
		return fault
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
	const header = "x-amz-bypass-governance-retention"
	if x.Sent(header) && !x.At.ObjectLock {
		return exchange.Err(400, "InvalidArgument", "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.").
			With("ArgumentName", header).Told("There is no lock to bypass here.")
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
		if fault := x.Guard(v); fault != nil {
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
		if fault := x.Guard(v); fault != nil {
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
		return removed{version: marker.ID, marker: true}, nil
	}
	return removed{}, nil
}

// maxDeletes is how many keys one DeleteObjects names.
const maxDeletes = 1000

type deleteRequest struct {
	XMLName struct{}            `xml:"Delete"`
	Quiet   string              `xml:"Quiet"`
	Objects []deleteObjectEntry `xml:"Object"`
}

type deleteObjectEntry struct {
	Key              *string `xml:"Key"`
	VersionID        *string `xml:"VersionId"`
	ETag             string  `xml:"ETag"`
	LastModifiedTime string  `xml:"LastModifiedTime"`
	Size             string  `xml:"Size"`
}

type deleteResult struct {
	Deleted []deletedEntry `xml:"Deleted"`
	Errors  []deleteError  `xml:"Error"`
}

type deletedEntry struct {
	Key                   string `xml:"Key"`
	VersionID             string `xml:"VersionId,omitempty"`
	DeleteMarker          bool   `xml:"DeleteMarker,omitempty"`
	DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

type deleteError struct {
	Key       string `xml:"Key"`
	VersionID string `xml:"VersionId,omitempty"`
	Code      string `xml:"Code"`
	Message   string `xml:"Message"`
}

func deleteObjects(x *exchange.Exchange) *exchange.Fault {
	if fault := bypass(x); fault != nil {
		return fault
	}
	var request deleteRequest
	if fault := verified(x, &request); fault != nil {
		return fault
	}
	if n := len(request.Objects); n == 0 || n > maxDeletes {
		return exchange.MalformedXML()
	}
	var result deleteResult
	for _, o := range request.Objects {
		if o.Key == nil || *o.Key == "" || len(*o.Key) > wire.KeyBytes {
			return exchange.MalformedXML()
		}
		done, failed := deleteOne(x, o)
		switch {
		case failed != nil:
			result.Errors = append(result.Errors, *failed)
		case !strings.EqualFold(request.Quiet, "true"):
			result.Deleted = append(result.Deleted, done)
		}
		x.At, _ = x.World.Bucket(x.Bucket) // the next one sees what this one did
	}
	x.Document("DeleteResult", result)
	return nil
}

// deleteOne deletes one entry; what goes wrong stays in its own entry.
func deleteOne(x *exchange.Exchange, o deleteObjectEntry) (deletedEntry, *deleteError) {
	id := ""
	if o.VersionID != nil {
		id = *o.VersionID
	}
	fault := mayDelete(x, *o.Key, id)
	if fault == nil {
		fault = conditional(x, o, id)
	}
	gone := removed{}
	if fault == nil {
		gone, fault = remove(x, *o.Key, id, id != "")
	}
	if fault != nil && fault.Code == "InvalidArgument" {
		fault = exchange.NoSuchVersion(*o.Key, id) // in a list S3 does not call the id malformed (s3-wire 7.6)
	}
	if fault != nil {
		return deletedEntry{}, &deleteError{*o.Key, id, fault.Code, fault.Message}
	}
	done := deletedEntry{Key: *o.Key, VersionID: id, DeleteMarker: gone.marker}
	if gone.marker {
		done.DeleteMarkerVersionID = gone.version
	}
	return done, nil
}

// mayDelete asks for one entry what DeleteObject needs for one key.
func mayDelete(x *exchange.Exchange, key, id string) *exchange.Fault {
	const why = "because the list names this key"
	action, resource := "s3:DeleteObject", x.BucketARN()+"/"+key
	if id != "" {
		action = "s3:DeleteObjectVersion"
	}
	if a := x.AuthorizeVersion(action, resource, id, why); !a.Allowed {
		return x.Refuse(a)
	}
	if bypassNeed.When(x) {
		if a := x.AuthorizeVersion(bypassNeed.Action, resource, id, bypassNeed.Why); !a.Allowed {
			return x.Refuse(a)
		}
	}
	return nil
}

// conditional judges the conditions of one entry.
func conditional(x *exchange.Exchange, o deleteObjectEntry, id string) *exchange.Fault {
	switch {
	case o.LastModifiedTime != "":
		return exchange.NotImitated("x-amz-if-match-last-modified-time")
	case o.Size != "":
		return exchange.NotImitated("x-amz-if-match-size")
	case o.ETag == "":
		return nil
	}
	v, fault := current(x.At, *o.Key)
	if id != "" {
		v, fault = numbered(x.At, *o.Key, id)
	}
	if fault != nil {
		return fault
	}
	return exchange.Refused((wire.Conditions{IfMatch: o.ETag}).Read(v.ETag, v.Created))
}
