package sse

import (
	"maps"
	"strconv"
	"strings"
)

// The rungs of the second ladder: from the key a request names down to the one AWS manages for S3.
const rungManaged = "AWS managed key"

// ManagedAlias names the key that S3 takes when nobody names one.
const ManagedAlias = "alias/aws/s3"

// KeyChoice is which KMS key a write or a read uses, with which context, and why.
type KeyChoice struct {
	Asked     string // key id, alias or ARN as somebody named it; "" for the key AWS manages for S3
	Because   string // name of the rung that decided
	Ladder    []Rung
	ARN       string            // the key it turned out to be; "" until it is found
	Client    map[string]string // what the request adds to the encryption context
	Context   map[string]string // the whole encryption context, S3's own pair included
	BucketKey bool
	Bucket    Rung // who decided about the bucket key
	Reused    bool // S3 still holds the bucket key, so KMS is not called for this object
}

// chooseKey decides which KMS key a method takes, and whether through a bucket key. The request's header about the bucket
// key is known to be well formed.
func chooseKey(a Asked, d Default, m Method) *KeyChoice {
	if !m.KMS() {
		return nil
	}
	k := &KeyChoice{}
	request := Rung{Name: rungRequest, Value: "none", Say: "the request names no key"}
	if a.KMSKeyID != "" {
		request = Rung{rungRequest, a.KMSKeyID, true, "names the key, so this one is taken"}
		k.Asked = a.KMSKeyID
	}
	byDefault := Rung{Name: rungDefault, Value: "none", Say: "the bucket's default names no key"}
	switch {
	case d.KMSKey != "" && a.MethodSent:
		byDefault = Rung{rungDefault, d.KMSKey, false, "does not count, because the request chose the method itself"}
	case d.KMSKey != "":
		byDefault = Rung{rungDefault, d.KMSKey, true, "names the key, so this one is taken"}
		k.Asked = d.KMSKey
	}
	managed := Rung{rungManaged, ManagedAlias, !request.Decided && !byDefault.Decided, "is taken when nobody names a key"}
	if !managed.Decided {
		managed.Say = "is not needed, because a key was named"
	}
	k.Ladder = []Rung{request, byDefault, managed}
	k.Because = decided(k.Ladder)
	k.BucketKey, k.Bucket = chooseBucketKey(a, d, m)
	return k
}

// chooseBucketKey decides whether the object's key is made from one that S3 keeps for the bucket. DSSE never is.
func chooseBucketKey(a Asked, d Default, m Method) (bool, Rung) {
	switch {
	case m == DSSE:
		return false, Rung{string(DSSE), "false", true, "is never done through a bucket key"}
	case a.BucketKeySent:
		on := strings.EqualFold(a.BucketKey, "true")
		return on, Rung{rungRequest, strconv.FormatBool(on), true, "says so itself"}
	case d.BucketKey:
		return true, Rung{rungDefault, "true", true, "switches the bucket key on"}
	}
	return false, Rung{rungDefault, "false", true, "does not switch the bucket key on"}
}

// Found completes the choice with the key an id turned out to be and the context it is used with.
func (k *KeyChoice) Found(arn, bucketARN, objectARN string) {
	k.ARN = arn
	k.Context = ContextFor(k.Client, k.BucketKey, bucketARN, objectARN)
}

// ChoiceOf is the choice that was made when something was stored.
func ChoiceOf(s Sealed) *KeyChoice {
	if !s.Method.KMS() {
		return nil
	}
	return &KeyChoice{Asked: s.KeyARN, Because: rungStored, ARN: s.KeyARN, Context: s.Context, BucketKey: s.BucketKey,
		Ladder: []Rung{{rungStored, s.KeyARN, true, "is the key it was encrypted under"}}}
}

// CheckTransport judges what KMS objects ask of every request for their bytes: Signature Version 4 (recorded) and TLS
// (the words are not recorded). signed: the request carries Signature Version 4.
func CheckTransport(signed, secure bool) ([]KeyCheck, *Refusal) {
	signature := KeyCheck{Name: "signature", Passed: signed, Sent: "none, or an older version", Want: "Signature Version 4"}
	if !signed {
		return []KeyCheck{signature}, &Refusal{Status: 400, Code: "InvalidArgument",
			Message: "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
			Extra:   [][2]string{{"ArgumentName", "Authorization"}, {"ArgumentValue", "null"}},
			Say:     "KMS objects need Signature Version 4."}
	}
	signature.Sent = signature.Want
	transport := KeyCheck{Name: "transport", Passed: secure, Sent: "HTTPS", Want: "HTTPS"}
	if !secure {
		transport.Sent, transport.Modelled = "plain HTTP", true
		return []KeyCheck{signature, transport}, &Refusal{Status: 400, Code: "InvalidArgument",
			Message: "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.",
			Say:     "KMS objects need HTTPS."}
	}
	return []KeyCheck{signature, transport}, nil
}

// Resealed is the choice of UpdateObjectEncryption: the request names the key, and the client's pairs of the context stay.
func Resealed(stored Sealed, arn string, bucketKey bool) SealDecision {
	client := maps.Clone(stored.Context)
	delete(client, ArnKey)
	return SealDecision{Method: SSEKMS, Because: rungDocument,
		Ladder: []Rung{{rungDocument, string(SSEKMS), true, "asks for another key"}},
		KMS: &KeyChoice{Asked: arn, Because: rungDocument, Client: client, BucketKey: bucketKey,
			Ladder: []Rung{{rungDocument, arn, true, "names the key by its ARN"}},
			Bucket: Rung{rungDocument, strconv.FormatBool(bucketKey), true, "says so"}}}
}

// rungDocument is where UpdateObjectEncryption says what it wants.
const rungDocument = "request document"
