package s3

import (
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

type encryptionConfiguration struct {
	XMLName struct{}         `xml:"ServerSideEncryptionConfiguration"`
	Rules   []encryptionRule `xml:"Rule"`
}

type encryptionRule struct {
	Default          *encryptionDefault `xml:"ApplyServerSideEncryptionByDefault"`
	BucketKeyEnabled *string            `xml:"BucketKeyEnabled"`
	Blocked          *blockedTypes      `xml:"BlockedEncryptionTypes"`
}

type encryptionDefault struct {
	SSEAlgorithm   string  `xml:"SSEAlgorithm"`
	KMSMasterKeyID *string `xml:"KMSMasterKeyID"`
}

type blockedTypes struct {
	EncryptionType []string `xml:"EncryptionType"`
}

// getBucketEncryption always has something to say: since 2023 every bucket has a default.
func getBucketEncryption(x *exchange.Exchange) *exchange.Fault {
	e := x.At.Encryption
	enabled := "false"
	if e.BucketKeyEnabled {
		enabled = "true"
	}
	rule := encryptionRule{Default: &encryptionDefault{SSEAlgorithm: e.Algorithm}, BucketKeyEnabled: &enabled}
	if e.KMSKey != "" {
		rule.Default.KMSMasterKeyID = &e.KMSKey
	}
	if e.ShowBlocked {
		rule.Blocked = &blockedTypes{e.Blocked}
		if len(e.Blocked) == 0 {
			rule.Blocked.EncryptionType = []string{"NONE"}
		}
	}
	x.Document("ServerSideEncryptionConfiguration", struct {
		Rule encryptionRule `xml:"Rule"`
	}{rule})
	return nil
}

func putBucketEncryption(x *exchange.Exchange) *exchange.Fault {
	if !integrity(x) {
		return exchange.BadRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*").
			Told("This request needs a checksum.")
	}
	var c encryptionConfiguration
	if fault := verified(x, &c); fault != nil {
		return fault
	}
	if len(c.Rules) != 1 {
		return exchange.MalformedXML()
	}
	next, fault := changed(x.At.Encryption, c.Rules[0])
	if fault != nil {
		return fault
	}
	if c.Rules[0].Blocked == nil && len(next.Blocked) > 0 {
		x.Note("the document says nothing of blocked types, so %s stays blocked", strings.Join(next.Blocked, ", "))
	}
	if err := x.World.Apply(world.EncryptionSet(x.Bucket, next)); err != nil {
		return x.Failed(err)
	}
	if next.KMSKey != "" {
		x.Note("S3 does not look whether %s exists or may be used; the first write will", next.KMSKey)
	}
	x.Did("%s", settings(x.Bucket, next))
	return nil
}

// MaxKeyID bounds what names a KMS key, in bytes. (KMS API reference: KeyId)
const MaxKeyID = 2048

// changed is a bucket's encryption after a rule: a block that the rule does not mention stays, and so does the rest when
// the rule is about the block alone. That a named KMS key exists is not looked at before somebody writes. (s3-wire 4.5)
func changed(e world.Encryption, rule encryptionRule) (world.Encryption, *exchange.Fault) {
	if rule.Default != nil {
		key := ""
		if rule.Default.KMSMasterKeyID != nil {
			key = *rule.Default.KMSMasterKeyID
		}
		switch method := sse.Method(rule.Default.SSEAlgorithm); {
		case method == sse.SSES3 && rule.Default.KMSMasterKeyID != nil:
			return e, exchange.Err(400, "InvalidArgument", "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse").
				With("ArgumentName", "ApplyServerSideEncryptionByDefault").Told("AES256 takes no KMS key.")
		case method != sse.SSES3 && !method.KMS(), len(key) > MaxKeyID:
			return e, exchange.MalformedXML()
		}
		e.Algorithm, e.KMSKey, e.Explicit, e.BucketKeyEnabled = rule.Default.SSEAlgorithm, key, true, false
	}
	if rule.BucketKeyEnabled != nil {
		switch *rule.BucketKeyEnabled {
		case "true", "false":
			e.BucketKeyEnabled = *rule.BucketKeyEnabled == "true"
		default:
			return e, exchange.MalformedXML()
		}
	}
	if rule.Blocked != nil {
		types := rule.Blocked.EncryptionType
		for _, t := range types {
			if t != "SSE-C" && t != "NONE" {
				return e, exchange.MalformedXML()
			}
		}
		if len(types) == 0 || slices.Contains(types, "NONE") && slices.Contains(types, "SSE-C") {
			return e, exchange.MalformedXML()
		}
		e.ShowBlocked, e.Blocked = true, nil
		if types[0] == "SSE-C" {
			e.Blocked = []string{"SSE-C"}
		}
	}
	return e, nil
}

func settings(bucket string, e world.Encryption) string {
	say := "default encryption of " + bucket + " is now " + e.Algorithm
	switch {
	case sse.Method(e.Algorithm).KMS() && e.KMSKey == "":
		say += " with the key AWS manages for S3"
	case e.KMSKey != "":
		say += " with " + e.KMSKey
	}
	if e.BucketKeyEnabled && e.Algorithm == string(sse.SSEKMS) {
		say += " and a bucket key"
	}
	if len(e.Blocked) > 0 {
		return say + "; blocked: " + strings.Join(e.Blocked, ", ")
	}
	return say + "; nothing is blocked"
}

// deleteBucketEncryption goes back to what a new bucket of the era has. What S3 does to the block is not known; a new
// bucket's settings are the proposal of s3-wire 13.
func deleteBucketEncryption(x *exchange.Exchange) *exchange.Fault {
	next := x.At.Profile.Encryption()
	if err := x.World.Apply(world.EncryptionSet(x.Bucket, next)); err != nil {
		return x.Failed(err)
	}
	x.Did("%s, as on a new bucket", settings(x.Bucket, next))
	x.Note("modelled: DeleteBucketEncryption puts the SSE-C block of a new bucket back")
	x.Answer.Status = http.StatusNoContent
	return nil
}

// integrity says whether the request carries an MD5 or a checksum of its body.
func integrity(x *exchange.Exchange) bool {
	claim, refusal := wire.ReadClaim(x.Header)
	return x.Sent("Content-Md5") || refusal != nil || claim.Algorithm != ""
}

// verified checks the checksum of a document, when it came with one, and decodes it.
func verified(x *exchange.Exchange, v any) *exchange.Fault {
	if _, fault := intact(x); fault != nil {
		return fault
	}
	return x.XML(v)
}

// intact is the body with its checksum verified, when it came with one.
func intact(x *exchange.Exchange) (wire.Body, *exchange.Fault) {
	body, fault := x.Payload()
	if fault != nil {
		return body, fault
	}
	claim, refusal := wire.ReadClaim(x.Header)
	if refusal == nil && claim.Algorithm != "" {
		_, _, refusal = claim.Check(body)
	}
	return body, exchange.Refused(refusal)
}
