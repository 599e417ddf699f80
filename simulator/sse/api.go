package sse

import "net/http"

// None is a version that was stored unencrypted, as buckets without a default did before January 2023.
const None Method = ""

// Asked is what one request says about encryption. It holds the customer key where no formatting verb reaches it.
type Asked struct {
	Method     string // x-amz-server-side-encryption
	MethodSent bool
	KMSKeyID   string // x-amz-server-side-encryption-aws-kms-key-id
	KMSKeySent bool

	Algorithm     string // …-customer-algorithm
	AlgorithmSent bool
	KeyMD5        string // …-customer-key-MD5
	MD5Sent       bool
	KeySent       bool
	secret        CustomerSecret
}

// Read parses the x-amz-server-side-encryption* headers; ReadCopySource those of the copy source.
func Read(h http.Header) Asked           { return Asked{} }
func ReadCopySource(h http.Header) Asked { return Asked{} }

// Customer says whether any of the three customer key headers was sent.
func (a Asked) Customer() bool { return false }

// CustomerSecret is a customer key in memory. Nothing prints it.
type CustomerSecret struct{ reveal func() []byte }

// Default is a bucket's default encryption.
type Default struct {
	Algorithm string   // "AES256"; "" when none is configured
	Blocked   []string // "SSE-C"
	NoFloor   bool     // before January 2023: an object nobody asked to encrypt is stored as it is
}

// Subject is who does what to what, for the texts that name them.
type Subject struct {
	PrincipalARN string // "" for anonymous: the refusal then says only "Access Denied"
	Action       string // "s3:PutObject"
	ResourceARN  string // "arn:aws:s3:::bucket/key"
}

// CheckBlocked refuses a customer key where the bucket blocks SSE-C. customer: the request sends one, or the upload
// it continues was begun with one.
func CheckBlocked(customer bool, d Default, s Subject) *Refusal { return nil }

// Seal decides how a write is encrypted (PutObject, CopyObject, CreateMultipartUpload).
func Seal(a Asked, d Default, secure bool, s Subject) (SealDecision, CustomerSecret) {
	return SealDecision{}, CustomerSecret{}
}

// RefuseOnRead is the answer to x-amz-server-side-encryption on a read; nil when it was not sent.
func RefuseOnRead(a Asked) *Refusal { return nil }

// Open decides whether a read may have the bytes. copySource: a is of ReadCopySource.
func Open(a Asked, stored Sealed, secure, copySource bool) (OpenDecision, CustomerSecret) {
	return OpenDecision{}, CustomerSecret{}
}

// MatchUpload decides about a part of an upload that was begun with method and, for SSE-C, the kept key.
func MatchUpload(a Asked, method Method, kept CustomerKey, secure bool) (SealDecision, CustomerSecret) {
	return SealDecision{}, CustomerSecret{}
}

// Keep makes what is kept of a customer key (an upload in progress has no object yet). random gives n random bytes.
func Keep(key CustomerSecret, random func(n int) []byte) CustomerKey { return CustomerKey{} }

// Encrypt seals plain under a new data key. master is 32 bytes (SSE-S3); key is for SSE-C.
func Encrypt(plain []byte, m Method, master []byte, key CustomerSecret, random func(n int) []byte) (Sealed, []byte) {
	return Sealed{}, nil
}

// Decrypt opens what Encrypt sealed. ErrWrongKey, ErrDamaged.
func Decrypt(s Sealed, ciphertext, master []byte, key CustomerSecret) ([]byte, error) {
	return nil, nil
}

// ETag of a single upload, without quotes: the MD5 under SSE-S3, 32 random hex digits under SSE-C.
func ETag(m Method, plain []byte, random func(n int) []byte) string { return "" }

// ResponseHeaders are the lines that tell a client how a version is encrypted.
func ResponseHeaders(m Method, keyMD5 string) [][2]string { return nil }

// Redact describes the value of a customer key header without showing it: "(32 bytes, md5 JMwg…)".
func Redact(value string) string { return "" }
