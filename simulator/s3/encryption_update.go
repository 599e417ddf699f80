package s3

import (
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// The refusals of UpdateObjectEncryption in the words of its API reference; none of them was ever recorded.
const (
	updateBare      = "The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source objects encrypted with SSE-S3 or SSE-KMS are supported."
	updateSource    = "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported."
	updateTarget    = "The UpdateObjectEncryption operation doesn't support updating the encryption type to DSSE-KMS or SSE-C. Modify the request to specify SSE-KMS for the updated encryption type, and then try again."
	updateSignature = "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature Version 4, and then try again."
	updateNoType    = "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again."
	updateNoKey     = "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again."
	updateBadKey    = "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again."
	updateBadSwitch = "The BucketKeyEnabled value isn't valid. Valid values are true or false. Modify the request to specify a valid value, and then try again."
	updateForeign   = "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again."
	updateLocked    = "The encryption type for the specified object can’t be updated because that object is protected by S3 Object Lock. If the object has a governance-mode retention period or a legal hold, you must first remove the Object Lock status on the object before you issue your UpdateObjectEncryption request. You can't use the UpdateObjectEncryption operation with objects that have an Object Lock compliance mode retention period applied to them."
)

// objectEncryption is the document of UpdateObjectEncryption. The types it does not take are decoded to be refused by name.
type objectEncryption struct {
	XMLName struct{}    `xml:"ObjectEncryption"`
	KMS     *kmsRequest `xml:"SSE-KMS"`
	DSSE    *struct{}   `xml:"DSSE-KMS"`
	SSEC    *struct{}   `xml:"SSE-C"`
}

type kmsRequest struct {
	KMSKeyArn        string  `xml:"KMSKeyArn"`
	BucketKeyEnabled *string `xml:"BucketKeyEnabled"`
}

// keyARNs is the form of a key's ARN; an alias has none. (botocore's model of s3)
var keyARNs = regexp.MustCompile(`^arn:aws[-a-z0-9]*:kms:[-a-z0-9]*:[0-9]{12}:key/.+$`)

// updateObjectEncryption changes under which key a stored version is encrypted, and nothing else about it.
func updateObjectEncryption(x *exchange.Exchange) *exchange.Fault {
	if !x.SignedV4() {
		return exchange.BadRequest(updateSignature).Told("Only Signature Version 4 may change this.")
	}
	if !integrity(x) {
		return exchange.BadRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*").
			Told("This request needs a checksum.")
	}
	var doc objectEncryption
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	bucketKey, fault := doc.wanted()
	if fault != nil {
		return fault
	}
	v, fault := find(x)
	if fault != nil {
		return hidden(x, fault, x.Bucket)
	}
	if fault := updatable(x, v, doc.KMS.KMSKeyArn); fault != nil {
		return fault
	}
	return reencrypt(x, v, doc.KMS.KMSKeyArn, bucketKey)
}

// wanted is what the document asks for beside the key: a bucket key or none.
func (d objectEncryption) wanted() (bucketKey bool, fault *exchange.Fault) {
	refuse := func(message, say string) (bool, *exchange.Fault) {
		return false, exchange.BadRequest(message).Told(say)
	}
	switch {
	case d.DSSE != nil || d.SSEC != nil:
		return refuse(updateTarget, "Only SSE-KMS can be changed to.")
	case d.KMS == nil:
		return refuse(updateNoType, "The new encryption must be SSE-KMS.")
	case d.KMS.KMSKeyArn == "":
		return refuse(updateNoKey, "The new key is named by its ARN.")
	case len(d.KMS.KMSKeyArn) > MaxKeyID || !keyARNs.MatchString(d.KMS.KMSKeyArn):
		return refuse(updateBadKey, "That is not the ARN of a key.")
	case d.KMS.BucketKeyEnabled == nil:
		return false, nil
	case *d.KMS.BucketKeyEnabled != "true" && *d.KMS.BucketKeyEnabled != "false":
		return refuse(updateBadSwitch, "A bucket key is true or false.")
	}
	return *d.KMS.BucketKeyEnabled == "true", nil
}

// updatable says whether a version may get another key.
func updatable(x *exchange.Exchange, v *world.Version, arn string) *exchange.Fault {
	switch v.Sealed.Method {
	case sse.None:
		return exchange.BadRequest(updateBare).Told("An unencrypted object is copied instead.")
	case sse.DSSE, sse.SSEC:
		return exchange.BadRequest(updateSource).Told("Only SSE-S3 and SSE-KMS objects can change.")
	}
	denied := func(message, say string) *exchange.Fault { return exchange.Err(403, "AccessDenied", message).Told(say) }
	if x.Guard(v, false) != nil {
		return denied(updateLocked, "Object Lock protects the encryption too.")
	}
	if strings.Split(arn, ":")[4] != x.At.Account {
		x.Note("modelled: keys of other accounts of an organization, which AWS Support can allow, are refused")
		return denied(updateForeign, "The key must be the bucket owner's.")
	}
	return nil
}

// reencrypt opens a version with its old key and seals it with the new one.
func reencrypt(x *exchange.Exchange, v *world.Version, arn string, bucketKey bool) *exchange.Fault {
	old, fault := x.Open(v.Sealed, true)
	if fault != nil {
		return fault
	}
	method, key, fault := x.Reseal(v.Sealed, arn, bucketKey)
	if fault != nil {
		return fault
	}
	again := func(s sse.Sealed) (sse.Sealed, *exchange.Fault) {
		plain, fault := x.Load(s, old)
		if fault != nil {
			return s, fault
		}
		return x.Store(plain, method, key), nil
	}
	change := world.VersionChange{}
	if len(v.Parts) > 0 && v.Sealed.Ciphertext == "" {
		parts := make([]world.Part, len(v.Parts))
		copy(parts, v.Parts)
		for i := range parts {
			if parts[i].Sealed, fault = again(parts[i].Sealed); fault != nil {
				return fault
			}
		}
		whole := x.Sealing(method, sse.CustomerKey{})
		change.Parts, change.Sealed = &parts, &whole
	} else {
		sealed, fault := again(v.Sealed)
		if fault != nil {
			return fault
		}
		change.Sealed = &sealed
	}
	if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, change)); err != nil {
		return x.Failed(err)
	}
	x.Note("S3 encrypts only the data key anew; the simulator encrypts the bytes again, which nobody can tell from outside")
	x.Did("version %s of %s is now %s; ETag, date and checksum stay", v.ID, v.Key, sealingWords(*change.Sealed))
	versionHeader(x, v)
	return nil
}
