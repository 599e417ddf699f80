package s3

import (
	"net/http"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func getObject(x *exchange.Exchange) *exchange.Fault  { return read(x, true) }
func headObject(x *exchange.Exchange) *exchange.Fault { return read(x, false) }

// read answers GET and HEAD, which differ only in the bytes.
func read(x *exchange.Exchange, bytes bool) *exchange.Fault {
	number, fault := partNumber(x)
	if fault != nil {
		return fault
	}
	v, fault := find(x)
	if fault != nil {
		return hidden(x, fault, x.Bucket)
	}
	if refusal := wire.ReadConditions(x.Header).At(x.World.Now()).Read(v.ETag, v.Created); refusal != nil {
		fault := exchange.Refused(refusal)
		if fault.Status == http.StatusNotModified {
			fault = fault.Carry("ETag", quoted(v.ETag)).Carry("Last-Modified", wire.HTTPDate(v.Created))
		}
		return fault
	}
	key, fault := x.Open(v.Sealed, false)
	if fault != nil {
		return fault
	}
	if bytes && archived(v, x.World.Now()) {
		return exchange.Err(403, "InvalidObjectState", "The operation is not valid for the object's storage class").
			With("StorageClass", v.StorageClass).Told("An archived object must be restored first.")
	}
	span, partial, sum, fault := spanOf(x, v, number)
	if fault != nil {
		return fault
	}
	objectHeaders(x, v)
	overrides(x)
	if partial {
		x.Answer.Status = http.StatusPartialContent
		x.Set("Content-Range", span.ContentRange(v.Size))
	}
	if strings.EqualFold(x.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		checksumHeaders(x, sum)
	}
	x.Set("Content-Length", strconv.FormatInt(span.Length(), 10))
	if !bytes {
		return nil
	}
	plain, fault := load(x, v, span, key)
	x.Answer.Body = plain
	return fault
}

// hidden is the answer to a key that is not there: only who may list the bucket learns that. (s3-wire 5.8)
func hidden(x *exchange.Exchange, fault *exchange.Fault, bucket string) *exchange.Fault {
	if fault.Code != "NoSuchKey" {
		return fault
	}
	if a := x.Ask("s3:ListBucket", "arn:aws:s3:::"+bucket, "to know that there is no such key"); !a.Allowed {
		return x.Refuse(a).Told("Only who may list learns what is missing.")
	}
	return fault
}

// partNumber is the part a read asks for; 0 when it asks for none.
func partNumber(x *exchange.Exchange) (int, *exchange.Fault) {
	if !x.Asked("partNumber") {
		return 0, nil
	}
	if x.Sent("Range") {
		return 0, exchange.BadRequest("Cannot specify both Range header and partNumber query parameter").Told("Ask for a range or a part, not both.")
	}
	n, refusal := wire.ParsePartNumber(x.Query.Get("partNumber"))
	return n, exchange.Refused(refusal)
}

// spanOf is which bytes a read gets, and the checksum that goes with exactly those.
func spanOf(x *exchange.Exchange, v *world.Version, number int) (wire.Range, bool, world.Checksum, *exchange.Fault) {
	if number == 0 {
		span, partial, refusal := wire.ParseRange(x.Header.Get("Range"), v.Size)
		sum := v.Checksum
		if partial && span.Length() < v.Size { // a range of all bytes keeps it (recorded)
			sum = world.Checksum{}
		}
		return span, partial, sum, exchange.Refused(refusal)
	}
	if len(v.Parts) == 0 && number == 1 {
		return wire.Range{First: 0, Last: v.Size - 1}, v.Size > 0, v.Checksum, nil
	}
	if number > max(len(v.Parts), 1) {
		return wire.Range{}, false, world.Checksum{}, exchange.Err(416, "InvalidPartNumber", "The requested partnumber is not satisfiable").
			With("ActualPartCount", strconv.Itoa(max(len(v.Parts), 1))).With("PartNumberRequested", strconv.Itoa(number)).
			Told("The object does not have that many parts.")
	}
	x.Set("X-Amz-Mp-Parts-Count", strconv.Itoa(len(v.Parts)))
	span := wire.Range{}
	for _, p := range v.Parts[:number-1] {
		span.First += p.Size
	}
	part := v.Parts[number-1]
	span.Last = span.First + part.Size - 1
	sum := world.Checksum{}
	if v.Checksum.Type == string(wire.Composite) {
		sum = world.Checksum{Algorithm: part.Checksum.Algorithm, Value: part.Checksum.Value, Type: v.Checksum.Type}
	}
	return span, part.Size > 0, sum, nil
}

// load decrypts a span of a version, part by part where it has parts.
func load(x *exchange.Exchange, v *world.Version, span wire.Range, key sse.CustomerSecret) ([]byte, *exchange.Fault) {
	if span.Length() <= 0 {
		return nil, nil
	}
	if len(v.Parts) == 0 || v.Sealed.Ciphertext != "" {
		plain, fault := x.Load(v.Sealed, key)
		if fault != nil {
			return nil, fault
		}
		return plain[span.First : span.Last+1], nil
	}
	out := make([]byte, 0, span.Length())
	start := int64(0)
	for _, p := range v.Parts {
		first, last := max(span.First-start, 0), min(span.Last-start, p.Size-1)
		start += p.Size
		if first > last {
			continue
		}
		plain, fault := x.Load(p.Sealed, key)
		if fault != nil {
			return nil, fault
		}
		out = append(out, plain[first:last+1]...)
	}
	return out, nil
}

// objectHeaders are what GET and HEAD say of a version.
func objectHeaders(x *exchange.Exchange, v *world.Version) {
	x.Set("ETag", quoted(v.ETag))
	x.Set("Last-Modified", wire.HTTPDate(v.Created))
	x.Set("Accept-Ranges", "bytes")
	x.Set("Content-Type", v.ContentType)
	for name, value := range v.System {
		x.Set(name, value)
	}
	for name, value := range v.Metadata {
		x.Set("X-Amz-Meta-"+name, wire.MetadataValue(value))
	}
	if v.StorageClass != "" && v.StorageClass != "STANDARD" {
		x.Set("X-Amz-Storage-Class", v.StorageClass)
	}
	if len(v.Tags) > 0 && countsTags(x) {
		x.Set("X-Amz-Tagging-Count", strconv.Itoa(len(v.Tags)))
	}
	if v.Redirect != "" {
		x.Set("X-Amz-Website-Redirect-Location", v.Redirect)
	}
	if restored := restoreHeader(x, v); restored != "" {
		x.Set("X-Amz-Restore", restored)
	}
	versionHeader(x, v)
	encryptionHeaders(x, v)
	lockHeaders(x, v)
	expirationHeader(x, v)
	replicationHeader(x, v)
}

// countsTags says whether the caller may know how many tags the version has.
func countsTags(x *exchange.Exchange) bool {
	action, version := "s3:GetObjectTagging", x.Query.Get("versionId")
	if version != "" {
		action = "s3:GetObjectVersionTagging"
	}
	return x.Ask(action, x.ObjectARN(), "to be told how many tags there are").Allowed
}

// overrides are the response headers a signed reader may choose: response-content-type and its kin.
func overrides(x *exchange.Exchange) {
	for header, value := range chosen(x) {
		x.Set(header, value)
	}
}

// chosen are the response headers that the query asks for.
func chosen(x *exchange.Exchange) map[string]string {
	var out map[string]string
	for name, values := range x.Query {
		header, ok := strings.CutPrefix(name, "response-")
		if !ok || len(values) == 0 {
			continue
		}
		switch header {
		case "content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding":
			if out == nil {
				out = map[string]string{}
			}
			out[header] = values[0]
		}
	}
	return out
}
