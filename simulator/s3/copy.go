package s3

import (
	"maps"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// source is what a copy reads, opened.
type source struct {
	wire.Source
	bucket  *world.Bucket
	version *world.Version
	key     sse.CustomerSecret
}

// from finds and opens the source of a copy.
func from(x *exchange.Exchange) (source, *exchange.Fault) {
	named, refusal := wire.ParseCopySource(x.Header.Get("X-Amz-Copy-Source"))
	if refusal != nil {
		return source{}, exchange.Refused(refusal)
	}
	s := source{Source: named}
	var ok bool
	if s.bucket, ok = x.World.Bucket(named.Bucket); !ok {
		return s, exchange.NoSuchBucket(named.Bucket)
	}
	const ownerHeader = "X-Amz-Source-Expected-Bucket-Owner"
	if x.Sent(ownerHeader) && x.Header.Get(ownerHeader) != s.bucket.Account {
		return s, exchange.Denied().Told("The source bucket is not that account's.")
	}
	var fault *exchange.Fault
	if named.VersionID == "" {
		s.version, fault = current(s.bucket, named.Key)
	} else {
		s.version, fault = numbered(s.bucket, named.Key, named.VersionID)
	}
	if fault != nil {
		fault.Header = nil
		return s, hidden(x, fault, named.Bucket)
	}
	if s.version.DeleteMarker {
		return s, exchange.BadRequest("The source of a copy request may not specifically refer to a delete marker by version id.").
			Told("A delete marker has nothing to copy.")
	}
	if archived(s.version, x.World.Now()) {
		return s, exchange.Err(403, "InvalidObjectState", "Operation is not valid for the source object's storage class").
			With("StorageClass", s.version.StorageClass).Told("An archived source must be restored first.")
	}
	if refusal := wire.CopyConditions(x.Header).At(x.World.Now()).Read(s.version.ETag, s.version.Created); refusal != nil {
		return s, exchange.Refused(refusal)
	}
	s.key, fault = x.Open(s.version.Sealed, true)
	return s, fault
}

func copyObject(x *exchange.Exchange) *exchange.Fault {
	metadata, tagging, fault := directives(x)
	if fault != nil {
		return fault
	}
	v, method, key, fault := sealed(x)
	if fault != nil {
		return fault
	}
	src, fault := from(x)
	if fault != nil {
		return fault
	}
	if fault := illegal(x, src, metadata); fault != nil {
		return fault
	}
	if metadata == "COPY" {
		v.ContentType, v.Metadata, v.System = src.version.ContentType, maps.Clone(src.version.Metadata), maps.Clone(src.version.System)
	}
	if tagging == "COPY" {
		v.Tags = maps.Clone(src.version.Tags)
	}
	plain, fault := load(x, src.version, wire.Range{First: 0, Last: src.version.Size - 1}, src.key)
	if fault != nil {
		return fault
	}
	if v.Checksum, fault = copiedSum(x, src.version, plain); fault != nil {
		return fault
	}
	fill(x, &v, plain, method, key)
	if fault := store(x, v); fault != nil {
		return fault
	}
	return copied(x, src)
}

// copied answers as a copy was made: the ETag and checksum are in the document, not in headers.
func copied(x *exchange.Exchange, src source) *exchange.Fault {
	now, _ := mustBucket(x).Current(x.Key)
	x.Answer.Header.Del("ETag")
	x.Answer.Header.Del(wire.Algorithm(now.Checksum.Algorithm).Header())
	x.Answer.Header.Del("X-Amz-Checksum-Type")
	sourceHeader(x, src)
	x.Document("CopyObjectResult", struct {
		LastModified string `xml:"LastModified"`
		ETag         string `xml:"ETag"`
		ChecksumType string `xml:"ChecksumType,omitempty"`
		checksums
	}{wire.ISO(now.Created), quoted(now.ETag), now.Checksum.Type, sums(now.Checksum)})
	return nil
}

// sourceHeader names the version a copy was made of. A null version is not named. (recorded)
func sourceHeader(x *exchange.Exchange, src source) {
	if src.bucket.Versioning != "" && src.version.ID != world.NullID {
		x.Set("X-Amz-Copy-Source-Version-Id", src.version.ID)
	}
}

// mustBucket is the request's bucket as it is now, after a change.
func mustBucket(x *exchange.Exchange) *world.Bucket {
	b, _ := x.World.Bucket(x.Bucket)
	return b
}

// directives say what a copy takes over from its source.
func directives(x *exchange.Exchange) (metadata, tagging string, fault *exchange.Fault) {
	read := func(header, unknown string) string {
		value := x.Header.Get(header)
		switch {
		case !x.Sent(header):
			return "COPY"
		case value != "COPY" && value != "REPLACE":
			fault = exchange.Invalid(unknown, header, value).Told("A directive is COPY or REPLACE.")
		}
		return value
	}
	tagging = read("x-amz-tagging-directive", "Unknown tagging directive.")
	metadata = read("x-amz-metadata-directive", "Unknown metadata directive.")
	return metadata, tagging, fault
}

// illegal refuses a copy onto itself that changes nothing. (s3-wire 4.6)
func illegal(x *exchange.Exchange, src source, metadata string) *exchange.Fault {
	if src.Bucket != x.Bucket || src.Key != x.Key || src.VersionID != "" || metadata == "REPLACE" {
		return nil
	}
	asked := sse.Read(x.Header)
	class := x.Header.Get("X-Amz-Storage-Class")
	if x.Trace.Seal.Method != src.version.Sealed.Method { // recorded: a KMS object copied onto itself without a word becomes AES256
		return nil
	}
	if asked.MethodSent || asked.Customer() || x.At.Encryption.Explicit || x.Sent("X-Amz-Storage-Class") && class != "" || x.Sent("X-Amz-Website-Redirect-Location") ||
		x.At.Versioning == "Suspended" && src.version.ID != world.NullID {
		return nil
	}
	return exchange.BadRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.").
		Told("This copy would change nothing.")
}

// copiedSum is the checksum of a copy: the algorithm asked for, else that of the source, over the whole object.
func copiedSum(x *exchange.Exchange, src *world.Version, plain []byte) (world.Checksum, *exchange.Fault) {
	algorithm := wire.Algorithm(src.Checksum.Algorithm)
	if sent := x.Header.Get("X-Amz-Checksum-Algorithm"); sent != "" {
		var refusal *wire.Refusal
		if algorithm, refusal = wire.ParseAlgorithm(sent); refusal != nil {
			return world.Checksum{}, exchange.Refused(refusal)
		}
	}
	if algorithm == "" {
		algorithm = wire.CRC64NVME
	}
	return world.Checksum{Algorithm: string(algorithm), Value: algorithm.Sum(plain), Type: string(wire.FullObject)}, nil
}

func uploadPartCopy(x *exchange.Exchange) *exchange.Fault {
	number, refusal := wire.ParsePartNumber(x.Query.Get("partNumber"))
	if refusal != nil {
		return exchange.Refused(refusal)
	}
	u, fault := upload(x)
	if fault != nil {
		return fault
	}
	method, key, fault := x.SealPart(u)
	if fault != nil {
		return fault
	}
	src, fault := from(x)
	if fault != nil {
		return fault
	}
	span := wire.Range{First: 0, Last: src.version.Size - 1}
	if header := x.Header.Get("X-Amz-Copy-Source-Range"); x.Sent("X-Amz-Copy-Source-Range") {
		if span, refusal = wire.ParseCopyRange(header, src.version.Size); refusal != nil {
			return exchange.Refused(refusal)
		}
	}
	plain, fault := load(x, src.version, span, src.key)
	if fault != nil {
		return fault
	}
	part, fault := keepPart(x, u, number, plain, world.Checksum{}, method, key)
	if fault != nil {
		return fault
	}
	sourceHeader(x, src)
	result := struct {
		LastModified string `xml:"LastModified"`
		ETag         string `xml:"ETag"`
		checksums
	}{LastModified: wire.ISO(part.Modified), ETag: quoted(part.ETag)}
	if u.ChecksumAlgorithm != "" {
		result.checksums = sums(part.Checksum)
	}
	x.Document("CopyPartResult", result)
	return nil
}
