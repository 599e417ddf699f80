package sse

import (
	"slices"
	"strings"
)

// None is a version that was stored unencrypted, as buckets without a default did before January 2023.
const None Method = ""

// The rungs of the ladder, from what the request asks for down to what S3 always does.
const (
	rungRequest  = "request header"
	rungDefault  = "bucket default"
	rungBaseline = "S3 baseline"
	rungUpload   = "multipart upload"
	rungStored   = "stored object"
)

// Default is a bucket's default encryption.
type Default struct {
	Algorithm string   // "AES256", "aws:kms", "aws:kms:dsse"; "" when none is configured
	KMSKey    string   // as it was put: key id, alias or ARN; "" for the key AWS manages for S3
	BucketKey bool     // objects under aws:kms share a bucket key
	Blocked   []string // "SSE-C"
	NoFloor   bool     // before January 2023: an object nobody asked to encrypt is stored as it is
}

// Subject is who does what to what, for the texts that name them.
type Subject struct {
	PrincipalARN string // "" for anonymous: the refusal then says only "Access Denied"
	Action       string // "s3:PutObject"
	ResourceARN  string // "arn:aws:s3:::bucket/key"
}

// Seal decides how a write is encrypted (PutObject, CopyObject, CreateMultipartUpload). The bucket's block comes
// first, then the request's headers, then the ladder. The secret is set only when the method is SSE-C. A KMS key is
// named, not found: that is for who knows the keys.
func Seal(a Asked, d Default, secure bool, s Subject) (SealDecision, CustomerSecret) {
	dec := SealDecision{Method: chosen(a, d), Ladder: ladder(a, d)}
	dec.Because = decided(dec.Ladder)
	if a.Customer() {
		dec.KeyMD5 = a.secret.MD5()
	}
	if r := CheckBlocked(a.Customer(), d, s); r != nil {
		dec.Blocked, dec.Refusal = true, r
		return dec, CustomerSecret{}
	}
	if dec.Refusal = checkMethod(a); dec.Refusal != nil {
		return dec, CustomerSecret{}
	}
	if a.Customer() {
		if dec.Checks, dec.Refusal = checkKey(a, secure, true); dec.Refusal != nil {
			return dec, CustomerSecret{}
		}
		return dec, a.secret
	}
	if dec.Refusal = checkBucketKey(a); dec.Refusal != nil {
		return dec, CustomerSecret{}
	}
	if dec.KMS = chooseKey(a, d, dec.Method); dec.KMS != nil && a.ContextSent {
		dec.KMS.Client, dec.Refusal = ParseContext(a.Context)
	}
	return dec, CustomerSecret{}
}

func chosen(a Asked, d Default) Method {
	switch {
	case a.Customer():
		return SSEC
	case Method(a.Method).KMS():
		return Method(a.Method)
	case a.MethodSent:
		return SSES3
	case Method(d.Algorithm).KMS():
		return Method(d.Algorithm)
	case d.Algorithm != "" || !d.NoFloor:
		return SSES3
	}
	return None
}

// checkMethod judges x-amz-server-side-encryption and the KMS headers that depend on it.
func checkMethod(a Asked) *Refusal {
	switch {
	case a.Customer() && a.MethodSent:
		return invalid("InvalidArgument", "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
			"A customer key excludes every other method.", &a.Method)
	case a.MethodSent && a.Method == "aws:fsx":
		return notImitated("x-amz-server-side-encryption", a.Method)
	case a.MethodSent && a.Method != string(SSES3) && !Method(a.Method).KMS():
		return invalid("InvalidArgument", "The encryption method specified is not supported",
			"AES256, in capitals, or a KMS method is taken.", &a.Method)
	case (a.KMSKeySent || a.ContextSent) && !Method(a.Method).KMS():
		return invalid("InvalidArgument", "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
			"A KMS key needs the method aws:kms.", nil)
	}
	return nil
}

// checkBucketKey judges x-amz-server-side-encryption-bucket-key-enabled. What AWS says to another word was never recorded.
func checkBucketKey(a Asked) *Refusal {
	if !a.BucketKeySent || slices.Contains([]string{"true", "false"}, strings.ToLower(a.BucketKey)) {
		return nil
	}
	r := plainInvalid("The BucketKeyEnabled value isn't valid. Valid values are true or false.", "A bucket key is true or false.")
	r.Extra = [][2]string{{"ArgumentName", "x-amz-server-side-encryption-bucket-key-enabled"}, {"ArgumentValue", a.BucketKey}}
	return r
}

// ladder tells the whole way down, also past the rung that decided.
func ladder(a Asked, d Default) []Rung {
	request := Rung{Name: rungRequest, Value: "none", Say: "the request does not ask for anything"}
	switch {
	case a.Customer():
		request = Rung{rungRequest, string(SSEC), true, "asks for a customer key, so this one is chosen"}
		if md5 := a.secret.MD5(); md5 != "" {
			request.Value = "SSE-C with key md5 " + md5[:4] + "…"
		}
	case a.MethodSent:
		request = Rung{rungRequest, a.Method, true, "asks for " + quoted(a.Method) + ", so this one is chosen"}
	}
	byDefault := Rung{Name: rungDefault, Value: "none", Say: "the bucket has no default of its own"}
	if d.Algorithm != "" {
		byDefault = Rung{rungDefault, d.Algorithm, !request.Decided, "applies because the request does not ask"}
		if request.Decided {
			byDefault.Say = "would apply, but the request asks for something"
		}
	}
	above := request.Decided || byDefault.Decided
	floor := Rung{rungBaseline, string(SSES3), !above, "S3 encrypts every new object at least with its own keys"}
	switch {
	case d.NoFloor:
		floor = Rung{rungBaseline, "none", !above, "before January 2023 an object nobody asked to encrypt was stored as it is"}
	case above:
		floor.Say = "is met by what was chosen above"
	}
	return []Rung{request, byDefault, floor}
}

func quoted(value string) string {
	if value == "" {
		return "an empty method"
	}
	return value
}

func decided(rungs []Rung) string {
	for _, r := range rungs {
		if r.Decided {
			return r.Name
		}
	}
	return ""
}
