package s3

import (
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func createMultipartUpload(x *exchange.Exchange) *exchange.Fault {
	var algorithm wire.Algorithm
	if x.Sent("X-Amz-Checksum-Algorithm") {
		var refusal *wire.Refusal
		if algorithm, refusal = wire.ParseAlgorithm(x.Header.Get("X-Amz-Checksum-Algorithm")); refusal != nil {
			return exchange.Refused(refusal)
		}
	}
	kind, refusal := wire.TypeFor(algorithm, x.Header.Get("X-Amz-Checksum-Type"))
	if refusal != nil {
		return exchange.Refused(refusal)
	}
	owner, grants, fault := writeACL(x)
	if fault != nil {
		return fault
	}
	template, fault := described(x)
	if fault != nil {
		return fault
	}
	if fault := lockFor(x, &template); fault != nil {
		return fault
	}
	template.Owner, template.Grants = owner, grants
	method, key, fault := x.Seal()
	if fault != nil {
		return fault
	}
	template.ETag = fingerprint(x.At, x.Key)
	u := world.Upload{ID: x.World.NewUploadID(), Key: x.Key, Started: x.World.Now(), Initiator: x.Caller.ARN,
		Template: template, Method: method, ChecksumAlgorithm: string(algorithm), ChecksumType: string(kind)}
	asked := sse.Read(x.Header)
	u.AskedMethod, u.AskedKey = asked.Method, asked.KMSKeyID
	if method == sse.SSEC {
		u.Customer = sse.Keep(key, x.World.Random)
	}
	u.Template.Sealed = x.Sealing(method, u.Customer)
	if err := x.World.Apply(world.UploadStarted(x.Bucket, u)); err != nil {
		return x.Failed(err)
	}
	x.Did("began multipart upload %s of %s", short(u.ID), x.Key)
	sealedHeaders(x, u.Template.Sealed)
	if algorithm != "" {
		x.Set("X-Amz-Checksum-Algorithm", string(algorithm))
		x.Set("X-Amz-Checksum-Type", string(kind))
	}
	x.Document("InitiateMultipartUploadResult", struct {
		Bucket   string `xml:"Bucket"`
		Key      string `xml:"Key"`
		UploadID string `xml:"UploadId"`
	}{x.Bucket, x.Key, u.ID})
	return nil
}

// fingerprint tells the current version of a key from every other; "" for none. An upload keeps, in its template's ETag,
// that of the moment it began, because S3 refuses a conditional end when the key changed meanwhile (s3-wire 7.2).
func fingerprint(b *world.Bucket, key string) string {
	v, ok := b.Current(key)
	switch {
	case !ok || v.DeleteMarker:
		return ""
	case len(v.Parts) > 0:
		return v.Parts[0].Sealed.Ciphertext
	}
	return v.Sealed.Ciphertext
}

func short(id string) string { return id[:min(len(id), 8)] + "…" }

// upload is the upload a request continues. One of another key is none.
func upload(x *exchange.Exchange) (*world.Upload, *exchange.Fault) {
	id := x.Query.Get("uploadId")
	u, ok := x.At.Uploads.Find(id)
	if !ok || u.Key != x.Key {
		return nil, exchange.NoSuchUpload(id)
	}
	return u, nil
}

func uploadPart(x *exchange.Exchange) *exchange.Fault {
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
	claim, refusal := wire.ReadClaim(x.Header)
	if refusal != nil {
		return exchange.Refused(refusal)
	}
	if claim.Algorithm != "" && u.ChecksumAlgorithm != "" && string(claim.Algorithm) != u.ChecksumAlgorithm {
		return exchange.BadRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(u.ChecksumAlgorithm) +
			", actual checksum Type: " + strings.ToLower(string(claim.Algorithm))).Told("The upload was begun with another checksum.")
	}
	body, sum, fault := received(x)
	if fault != nil {
		return fault
	}
	claimed := world.Checksum{}
	if claim.Algorithm != "" {
		claimed = sum
	}
	part, fault := keepPart(x, u, number, body.Data, claimed, method, key)
	if fault != nil {
		return fault
	}
	x.Set("ETag", quoted(part.ETag))
	switch {
	case claim.Algorithm != "":
		x.Set(claim.Algorithm.Header(), sum.Value)
	case part.Checksum.Algorithm != "":
		x.Set(wire.Algorithm(part.Checksum.Algorithm).Header(), part.Checksum.Value)
	}
	return nil
}

// keepPart encrypts and stores the bytes of a part. Its checksum is of the upload's algorithm; an upload without one gets
// CRC64NVME, but not under SSE-C, whose recorded answers show none. The one the client sent is kept beside it.
func keepPart(x *exchange.Exchange, u *world.Upload, number int, plain []byte, claimed world.Checksum, m sse.Method, key sse.CustomerSecret) (world.Part, *exchange.Fault) {
	part := world.Part{Number: number, Size: int64(len(plain)), Modified: x.World.Now(), ETag: x.ETag(m, plain)}
	algorithm := wire.Algorithm(u.ChecksumAlgorithm)
	if algorithm == "" && m != sse.SSEC {
		algorithm = wire.CRC64NVME
	}
	if algorithm != "" {
		part.Checksum = world.Checksum{Algorithm: string(algorithm), Value: algorithm.Sum(plain), Type: u.ChecksumType}
	}
	if claimed.Algorithm != part.Checksum.Algorithm {
		part.Claimed = claimed
	}
	part.Sealed = x.Store(plain, m, key)
	if err := x.World.Apply(world.PartStored(x.Bucket, u.ID, part)); err != nil {
		return part, x.Failed(err)
	}
	x.Did("stored part %d of upload %s, %d bytes", number, short(u.ID), part.Size)
	sealedHeaders(x, part.Sealed)
	return part, nil
}

func abortMultipartUpload(x *exchange.Exchange) *exchange.Fault {
	u, fault := upload(x)
	if fault != nil {
		return fault
	}
	if err := x.World.Apply(world.UploadEnded(x.Bucket, u.ID)); err != nil {
		return x.Failed(err)
	}
	x.Did("ended upload %s of %s; its %d parts are gone", short(u.ID), u.Key, len(u.Parts))
	x.Answer.Status = http.StatusNoContent
	return nil
}
