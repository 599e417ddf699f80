// Package sse decides how an object is encrypted at rest and does the encrypting.
package sse

// Method is how a version is encrypted at rest.
type Method string

const (
	SSES3  Method = "AES256"
	SSEC   Method = "SSE-C"
	SSEKMS Method = "aws:kms"
	DSSE   Method = "aws:kms:dsse" // two layers of encryption, each under a data key of its own
)

// KMS says whether a method takes a KMS key.
func (m Method) KMS() bool { return m == SSEKMS || m == DSSE }

// Rung is one step of the ladder from what the request asks for down to what S3 always does.
type Rung struct {
	Name    string // "request header", "bucket default", "S3 baseline"
	Value   string // "AES256", "SSE-C with key md5 JMwg…", "none"
	Decided bool
	Say     string // "asks for a customer key, so this one is chosen"
}

// SealDecision is which encryption a write gets and why.
type SealDecision struct {
	Method  Method
	Because string // name of the rung that decided
	Ladder  []Rung
	Blocked bool       // the bucket refuses this type
	KeyMD5  string     // SSE-C: base64 MD5 of the customer key
	KMS     *KeyChoice // SSE-KMS and DSSE: which KMS key, and why this one
	Checks  []KeyCheck
	Refusal *Refusal
}

// OpenDecision is whether a read may have the bytes.
type OpenDecision struct {
	Stored  Method
	KeyMD5  string     // MD5 of the key that was sent; "" when none
	KMS     *KeyChoice // of an object under SSE-KMS or DSSE: what KMS is asked to open, and with which context
	Checks  []KeyCheck
	Refusal *Refusal
}

// KeyCheck is one check of a customer key's three headers, or of a KMS key.
type KeyCheck struct {
	Name   string // "algorithm", "key length", "key MD5", "stored key", "signature", "transport", "KMS key", "KMS permission"
	Passed bool
	Sent   string // what came: "AES256", "24 bytes", "absent"; never the key
	Want   string // "AES256", "32 bytes"

	Modelled bool // what AWS answers when this check fails was never recorded: the answer is our choice
}

// Refusal is an S3 error in this package's words; the exchange makes a Fault of it.
type Refusal struct {
	Status        int
	Code, Message string
	Extra         [][2]string // ArgumentName, ArgumentValue
	Say           string
}

// Sealed is ciphertext with what is needed to open it again. Of a customer key it keeps a salted HMAC and the MD5 only.
type Sealed struct {
	Method     Method
	Ciphertext string // SHA-256 hex of the ciphertext blob; the world keeps blobs by hash
	WrappedKey []byte // the per-object data key, wrapped by the world's SSE-S3 key, by the customer key or by KMS; with BucketKey that of the bucket, wrapped by KMS
	Nonce      []byte
	Customer   CustomerKey

	KeyARN    string            // SSE-KMS and DSSE: the key, always by its full ARN
	BucketKey bool              // SSE-KMS: the data key is wrapped by a key that S3 keeps for the bucket
	Context   map[string]string // SSE-KMS and DSSE: the encryption context, "aws:s3:arn" included
	Outer     Layer             `cbor:",omitzero"` // DSSE: the second layer, around the first
}

// Layer is a data key of its own, wrapped by the world's SSE-S3 key, and the nonce used with it.
type Layer struct{ WrappedKey, Nonce []byte }

// CustomerKey is all that is ever kept of an SSE-C key.
type CustomerKey struct {
	Salt []byte // 16 random bytes
	HMAC []byte // HMAC-SHA256(salt, key)
	MD5  string // base64, as S3 echoes it
}
