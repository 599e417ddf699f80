package s3

import (
	"fmt"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

type completeRequest struct {
	XMLName struct{}    `xml:"CompleteMultipartUpload"`
	Parts   []namedPart `xml:"Part"`
}

// namedPart is one part as the end of an upload names it.
type namedPart struct {
	PartNumber        string  `xml:"PartNumber"`
	ETag              string  `xml:"ETag"`
	ChecksumCRC32     *string `xml:"ChecksumCRC32"`
	ChecksumCRC32C    *string `xml:"ChecksumCRC32C"`
	ChecksumCRC64NVME *string `xml:"ChecksumCRC64NVME"`
	ChecksumSHA1      *string `xml:"ChecksumSHA1"`
	ChecksumSHA256    *string `xml:"ChecksumSHA256"`
}

// checksum is the one that was sent, if any.
func (p namedPart) checksum() (wire.Algorithm, string) {
	for a, value := range map[wire.Algorithm]*string{wire.CRC32: p.ChecksumCRC32, wire.CRC32C: p.ChecksumCRC32C,
		wire.CRC64NVME: p.ChecksumCRC64NVME, wire.SHA1: p.ChecksumSHA1, wire.SHA256: p.ChecksumSHA256} {
		if value != nil {
			return a, *value
		}
	}
	return "", ""
}

func completeMultipartUpload(x *exchange.Exchange) *exchange.Fault {
	u, fault := upload(x)
	if fault != nil {
		return fault
	}
	named, fault := namedParts(x)
	if fault != nil {
		return fault
	}
	if fault := x.SealEnd(u); fault != nil {
		return fault
	}
	if fault := unchanged(x, u); fault != nil {
		return fault
	}
	if fault := sameType(x, u); fault != nil {
		return fault
	}
	parts, fault := assembled(u, named)
	if fault != nil {
		return fault
	}
	v := u.Template
	lockAtEnd(x, &v)
	v.Parts, v.Sealed = parts, sealedAs(u)
	if fault := whole(x, u, &v); fault != nil {
		return fault
	}
	return finish(x, u, v)
}

// namedParts reads the body. None at all is told apart from XML that is not right.
func namedParts(x *exchange.Exchange) ([]namedPart, *exchange.Fault) {
	body, fault := x.Payload()
	if fault != nil {
		return nil, fault
	}
	var request completeRequest
	if len(body.Data) > 0 {
		if fault := x.XML(&request); fault != nil {
			return nil, fault
		}
	}
	if len(request.Parts) == 0 {
		return nil, exchange.BadRequest("You must specify at least one part").Told("An object needs at least one part.")
	}
	return request.Parts, nil
}

// unchanged judges If-Match and If-None-Match, and whether the key changed since the upload began.
func unchanged(x *exchange.Exchange, u *world.Upload) *exchange.Fault {
	c := wire.ReadConditions(x.Header)
	refusal := c.WriteSyntax()
	if refusal == nil {
		refusal = c.Write(x.Key, etagNow(x.At, x.Key))
	}
	if refusal != nil {
		return exchange.Refused(refusal)
	}
	condition := "If-Match"
	if c.IfNoneMatch != "" {
		condition = "If-None-Match"
	}
	if (c.IfMatch != "" || c.IfNoneMatch != "") && fingerprint(x.At, x.Key) != u.Template.ETag {
		return exchange.Err(409, "ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation against this resource.").
			With("Condition", condition).With("Key", x.Key).Told("The object changed during the upload.")
	}
	return nil
}

// assembled picks the stored parts that the request names. Their order is judged before anything else about them.
func assembled(u *world.Upload, named []namedPart) ([]world.Part, *exchange.Fault) {
	numbers := make([]int, len(named))
	for i, n := range named {
		var err error
		if numbers[i], err = strconv.Atoi(strings.TrimSpace(n.PartNumber)); err != nil {
			return nil, exchange.MalformedXML()
		}
		if i > 0 && numbers[i] <= numbers[i-1] {
			return nil, exchange.Err(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.").
				With("UploadId", u.ID).Told("Parts are listed in ascending order.")
		}
	}
	parts := make([]world.Part, 0, len(named))
	for i, n := range named {
		part, ok := u.Parts[numbers[i]]
		if !ok || strings.Trim(n.ETag, `"`) != part.ETag {
			return nil, invalidPart(u, numbers[i], n)
		}
		if fault := samePart(u, numbers[i], n, part); fault != nil {
			return nil, fault
		}
		if i < len(named)-1 && part.Size < wire.MinPartBytes {
			return nil, exchange.Err(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size").
				With("ETag", part.ETag).With("MinSizeAllowed", strconv.Itoa(wire.MinPartBytes)).
				With("PartNumber", strconv.Itoa(part.Number)).With("ProposedSize", strconv.FormatInt(part.Size, 10)).
				Told("Only the last part may be below 5 MiB.")
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// sameType refuses another checksum type than that of the upload; it is judged before the parts.
func sameType(x *exchange.Exchange, u *world.Upload) *exchange.Fault {
	if sent := x.Header.Get("X-Amz-Checksum-Type"); sent != "" && sent != u.ChecksumType {
		mode := u.ChecksumType
		if mode == "" {
			mode = "null"
		}
		return exchange.BadRequest("The upload was created using the " + mode + " checksum mode. The complete request must use the same checksum mode.").
			Told("The upload was begun with another checksum type.")
	}
	return nil
}

// samePart compares the checksum a request gives a part with the part's own.
func samePart(u *world.Upload, number int, n namedPart, part world.Part) *exchange.Fault {
	algorithm, value := n.checksum()
	switch {
	case algorithm == "" && u.ChecksumType == string(wire.Composite):
		return exchange.BadRequest(fmt.Sprintf("The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.",
			strings.ToLower(u.ChecksumAlgorithm), number)).Told("Every part needs its checksum here.")
	case algorithm == "":
		return nil
	case holds(part.Checksum, algorithm, value) || u.ChecksumAlgorithm == "" && holds(part.Claimed, algorithm, value):
		return nil
	case u.ChecksumAlgorithm != string(algorithm): // recorded: another algorithm than the upload's is a wrong digest
		return exchange.Err(400, "BadDigest", fmt.Sprintf("The %s you specified for part %d did not match what we received.", strings.ToLower(string(algorithm)), number)).
			Told("The part has no such checksum.")
	}
	return invalidPart(u, number, n)
}

func holds(c world.Checksum, algorithm wire.Algorithm, value string) bool {
	return c.Algorithm == string(algorithm) && c.Value == value
}

func invalidPart(u *world.Upload, number int, n namedPart) *exchange.Fault {
	return exchange.Err(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.").
		With("UploadId", u.ID).With("PartNumber", strconv.Itoa(number)).With("ETag", strings.Trim(n.ETag, `"`)).
		Told("That part is not there as named.")
}

// whole computes size, ETag and checksum of the object, and compares them with what the request says they are.
func whole(x *exchange.Exchange, u *world.Upload, v *world.Version) *exchange.Fault {
	etags, sums := make([]string, len(v.Parts)), make([]wire.PartSum, len(v.Parts))
	v.Size = 0
	for i, p := range v.Parts {
		etags[i], sums[i] = p.ETag, wire.PartSum{Value: p.Checksum.Value, Size: p.Size}
		v.Size += p.Size
	}
	var err error
	if v.ETag, err = wire.PartsETag(etags); err != nil {
		x.Note("%v", err)
		return exchange.Internal()
	}
	if sent := x.Header.Get("X-Amz-Mp-Object-Size"); sent != "" && sent != strconv.FormatInt(v.Size, 10) {
		return exchange.BadRequest(fmt.Sprintf("The provided 'x-amz-mp-object-size' header value %s does not match what was computed: %d", sent, v.Size)).
			Told("The object has another size.")
	}
	algorithm, kind := wire.Algorithm(u.ChecksumAlgorithm), wire.ChecksumType(u.ChecksumType)
	if algorithm == "" && u.Method != sse.SSEC {
		algorithm, kind = wire.CRC64NVME, wire.FullObject
	}
	if algorithm != "" {
		value, err := wire.Combine(algorithm, kind, sums)
		if err != nil {
			x.Note("%v", err)
			return exchange.Internal()
		}
		v.Checksum = world.Checksum{Algorithm: string(algorithm), Value: value, Type: string(kind)}
	}
	return claimed(x, v.Checksum)
}

// claimed compares the checksum of the whole object with the one in the request's headers, which is of the algorithm's
// usual type unless x-amz-checksum-type says otherwise. (recorded)
func claimed(x *exchange.Exchange, sum world.Checksum) *exchange.Fault {
	claim, refusal := wire.ReadObjectClaim(x.Header)
	if refusal != nil {
		return exchange.Refused(refusal)
	}
	kind := wire.ChecksumType(x.Header.Get("X-Amz-Checksum-Type"))
	if kind == "" && claim.Algorithm != "" {
		kind, _ = wire.TypeFor(claim.Algorithm, "")
	}
	if claim.Algorithm == "" || string(claim.Algorithm) == sum.Algorithm && claim.Value == sum.Value && string(kind) == sum.Type {
		return nil
	}
	name := strings.ToLower(sum.Algorithm)
	if name == "" {
		name = strings.ToLower(string(claim.Algorithm))
	}
	return exchange.Err(400, "BadDigest", "The "+name+" you specified did not match the calculated checksum.").
		Told("The object does not have this checksum.")
}

// finish stores the object and ends the upload, both or neither.
func finish(x *exchange.Exchange, u *world.Upload, v world.Version) *exchange.Fault {
	if most := x.World.Limits().ObjectBytes; v.Size > most {
		return exchange.TooLarge(v.Size, most)
	}
	if old, ok := x.At.Version(v.Key, world.NullID); ok && x.At.Versioning != "Enabled" {
		if fault := x.Guard(old, false); fault != nil {
			return fault
		}
	}
	now, replaced, err := x.World.CompleteUpload(x.Bucket, u.ID, v)
	if err != nil {
		return x.Failed(err)
	}
	x.Did("%s, of %d parts", stored(now, replaced), len(now.Parts))
	versionHeader(x, now)
	if now.Sealed.Method != sse.SSEC { // the end of an SSE-C upload does not echo the key (s3-wire 4.1)
		encryptionHeaders(x, now)
	}
	result := completeResult{Location: "http://" + x.Bucket + ".s3.amazonaws.com/" + wire.EncodeKey(x.Key), Bucket: x.Bucket, Key: x.Key,
		ETag: quoted(now.ETag), checksums: sums(now.Checksum), ChecksumType: now.Checksum.Type}
	if u.Method.KMS() && u.ChecksumAlgorithm == "" { // recorded: the checksum S3 computes by itself is told to who reads only
		result.checksums, result.ChecksumType = checksums{}, ""
	}
	x.Document("CompleteMultipartUploadResult", result)
	return arrived(x, now)
}

type completeResult struct {
	Location string `xml:"Location"`
	Bucket   string `xml:"Bucket"`
	Key      string `xml:"Key"`
	ETag     string `xml:"ETag"`
	checksums
	ChecksumType string `xml:"ChecksumType,omitempty"`
}

// checksums are the elements in which documents carry one checksum.
type checksums struct {
	ChecksumCRC32     string `xml:"ChecksumCRC32,omitempty"`
	ChecksumCRC32C    string `xml:"ChecksumCRC32C,omitempty"`
	ChecksumCRC64NVME string `xml:"ChecksumCRC64NVME,omitempty"`
	ChecksumSHA1      string `xml:"ChecksumSHA1,omitempty"`
	ChecksumSHA256    string `xml:"ChecksumSHA256,omitempty"`
}

func sums(c world.Checksum) (s checksums) {
	switch wire.Algorithm(c.Algorithm) {
	case wire.CRC32:
		s.ChecksumCRC32 = c.Value
	case wire.CRC32C:
		s.ChecksumCRC32C = c.Value
	case wire.CRC64NVME:
		s.ChecksumCRC64NVME = c.Value
	case wire.SHA1:
		s.ChecksumSHA1 = c.Value
	case wire.SHA256:
		s.ChecksumSHA256 = c.Value
	}
	return s
}
