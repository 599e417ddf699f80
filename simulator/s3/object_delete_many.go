package s3

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
)

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

func (o deleteObjectEntry) named() bool { return o.VersionID != nil && *o.VersionID != "" }

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
	if fault := digested(x, &request); fault != nil {
		return fault
	}
	if n := len(request.Objects); n == 0 || n > maxDeletes {
		return exchange.MalformedXML()
	}
	if x.At.MFADelete == "Enabled" && slices.ContainsFunc(request.Objects, deleteObjectEntry.named) { // one version without a code fails them all
		if fault := secondFactor(x); fault != nil {
			return fault
		}
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
