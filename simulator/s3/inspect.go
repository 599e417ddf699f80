package s3

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
)

// notImitated are headers whose feature this version does not have, by the operations that would take them.
// Left out here are those S3 itself refuses on an ordinary bucket: see writeACL and lockFor.
// The first that was sent is named.
var notImitated = []struct {
	header     string
	operations []string
}{
	{"X-Amz-Write-Offset-Bytes", []string{"PutObject"}},
	{"X-Amz-If-Match-Last-Modified-Time", []string{"DeleteObject"}},
	{"X-Amz-If-Match-Size", []string{"DeleteObject"}},
}

// storageClasses are those S3 takes on general purpose buckets.
var storageClasses = []string{"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"}

// writes are the operations that describe a new object in their headers.
var writes = []string{"PutObject", PostObject, "CopyObject", "CreateMultipartUpload"}

// Inspect judges the headers of S3's operations before anything is looked up.
func Inspect(x *exchange.Exchange) *exchange.Fault {
	for _, row := range notImitated {
		if x.Sent(row.header) && slices.Contains(row.operations, x.Op.Name) && !strings.EqualFold(x.Header.Get(row.header), "false") {
			return exchange.NotImitated(strings.ToLower(row.header))
		}
	}
	if x.Anonymous && x.Op.Name == "GetObject" && len(chosen(x)) > 0 {
		return exchange.BadRequest("Request specific response headers cannot be used for anonymous GET requests.").
			Told("Only signed readers choose response headers.")
	}
	if slices.Contains(writes, x.Op.Name) {
		if class := x.Header.Get("X-Amz-Storage-Class"); x.Sent("X-Amz-Storage-Class") && !slices.Contains(storageClasses, class) {
			return exchange.Err(400, "InvalidStorageClass", "The storage class you specified is not valid").
				With("StorageClassRequested", class).Told("S3 has no such storage class.")
		}
		if fault := redirect(x); fault != nil {
			return fault
		}
		if _, refusal := wire.Metadata(x.Header); refusal != nil {
			return exchange.Refused(refusal)
		}
		if refusal := wire.ReadConditions(x.Header).WriteSyntax(); refusal != nil {
			return exchange.Refused(refusal)
		}
		if fault := inspectLock(x); fault != nil {
			return fault
		}
	}
	if fault := inspectMFA(x); fault != nil {
		return fault
	}
	if x.Op.Header == "X-Amz-Copy-Source" {
		if _, refusal := wire.ParseCopySource(x.Header.Get("X-Amz-Copy-Source")); refusal != nil {
			return exchange.Refused(refusal)
		}
	}
	return nil
}

// maxRedirect is how long x-amz-website-redirect-location may be, in bytes. (user guide)
const maxRedirect = 2 << 10

// redirect judges x-amz-website-redirect-location: another object of the bucket, or a web address.
func redirect(x *exchange.Exchange) *exchange.Fault {
	const header = "X-Amz-Website-Redirect-Location"
	to := x.Header.Get(header)
	if !x.Sent(header) || len(to) <= maxRedirect && (strings.HasPrefix(to, "/") || strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://")) {
		return nil
	}
	if len(to) > maxRedirect {
		return exchange.Err(400, "InvalidRedirectLocation", "The length of website redirect location cannot exceed 2,048 characters.").
			Told("That address is too long.")
	}
	return exchange.Err(400, "InvalidRedirectLocation", "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.").
		Told("A redirect leads to /…, http://… or https://…")
}

// sourceVersion says whether a copy names a version of its source.
func sourceVersion(x *exchange.Exchange) bool {
	source, refusal := wire.ParseCopySource(x.Header.Get("X-Amz-Copy-Source"))
	return refusal == nil && source.VersionID != ""
}
