package s3

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func putObject(x *exchange.Exchange) *exchange.Fault {
	v, method, key, fault := sealed(x)
	if fault != nil {
		return fault
	}
	body, sum, fault := received(x)
	if fault != nil {
		return hexDigest(fault)
	}
	v.Checksum = sum
	fill(x, &v, body.Data, method, key)
	return store(x, v)
}

// hexDigest prints the digest a client expected as PutObject does: in hex, though it came in base64 and UploadPart
// leaves it so.
func hexDigest(fault *exchange.Fault) *exchange.Fault {
	for i, e := range fault.Extra {
		if raw, err := base64.StdEncoding.DecodeString(e.Value); e.Name == "ExpectedDigest" && err == nil {
			fault.Extra[i].Value = hex.EncodeToString(raw)
		}
	}
	return fault
}

// sealed is what every write of an object decides before it looks at bytes: what the headers describe, how it is
// encrypted, and whether the conditions hold.
func sealed(x *exchange.Exchange) (v world.Version, m sse.Method, key sse.CustomerSecret, fault *exchange.Fault) {
	owner, grants, fault := writeACL(x)
	if fault != nil {
		return
	}
	if v, fault = described(x); fault != nil {
		return
	}
	if fault = lockFor(x, &v); fault != nil {
		return
	}
	v.Owner, v.Grants = owner, grants
	if m, key, fault = x.Seal(); fault != nil {
		return
	}
	fault = exchange.Refused(wire.ReadConditions(x.Header).Write(x.Key, etagNow(x.At, x.Key)))
	return
}

// received is the body with its checksum verified; without one, S3 computes a CRC64NVME by itself.
func received(x *exchange.Exchange) (wire.Body, world.Checksum, *exchange.Fault) {
	claim, refusal := wire.ReadClaim(x.Header)
	if refusal != nil {
		return wire.Body{}, world.Checksum{}, exchange.Refused(refusal)
	}
	body, fault := x.Payload()
	if fault != nil {
		return body, world.Checksum{}, fault
	}
	algorithm, value, refusal := claim.Check(body)
	return body, world.Checksum{Algorithm: string(algorithm), Value: value, Type: string(wire.FullObject)}, exchange.Refused(refusal)
}

// fill gives a version its bytes, encrypted.
func fill(x *exchange.Exchange, v *world.Version, plain []byte, m sse.Method, key sse.CustomerSecret) {
	v.Size = int64(len(plain))
	v.ETag = x.ETag(m, plain)
	v.Sealed = x.Store(plain, m, key)
}

// store keeps a new version and answers with it.
func store(x *exchange.Exchange, v world.Version) *exchange.Fault {
	if old, ok := x.At.Version(v.Key, world.NullID); ok && x.At.Versioning != "Enabled" {
		if fault := x.Guard(old, false); fault != nil {
			return fault
		}
	}
	now, replaced, err := x.World.StoreVersion(x.Bucket, v)
	if err != nil {
		return x.Failed(err)
	}
	x.Did("%s", stored(now, replaced))
	x.Set("ETag", quoted(now.ETag))
	if x.At.Versioning == "Enabled" || x.Op.Name != "PutObject" { // a PUT while versioning is suspended names no version (recorded)
		versionHeader(x, now)
	}
	encryptionHeaders(x, now)
	checksumHeaders(x, now.Checksum)
	return arrived(x, now)
}

// stored says what keeping a version did.
func stored(now, replaced *world.Version) string {
	say := fmt.Sprintf("stored version %s of %s, %d bytes, %s", now.ID, now.Key, now.Size, sealingWords(now.Sealed))
	if replaced != nil {
		say += fmt.Sprintf("; it replaced version %s", replaced.ID)
	}
	return say + heldBy(now)
}

// versionHeader names the version where the bucket has versions.
func versionHeader(x *exchange.Exchange, v *world.Version) {
	if x.At.Versioning != "" {
		x.Set("X-Amz-Version-Id", v.ID)
	}
}

func checksumHeaders(x *exchange.Exchange, sum world.Checksum) {
	if sum.Algorithm == "" {
		return
	}
	x.Set(wire.Algorithm(sum.Algorithm).Header(), sum.Value)
	x.Set("X-Amz-Checksum-Type", sum.Type)
}
