package sigv4

import (
	"net/http"
	"time"
)

// Request is one HTTP request as it came off the wire.
type Request struct {
	Method   string
	Path     string // escaped, as on the wire, with any /-/SANDBOX prefix the client signed
	RawQuery string
	Header   http.Header
	Host     string
	// ContentLength stands in for a signed Content-Length that Header does not hold, as in requests
	// that never crossed a socket. Bytes; below zero: unknown.
	ContentLength int64
}

// Options is what the verifier needs to know of the endpoint.
type Options struct {
	Region  string    // "" accepts any
	Service string    // "s3"
	Now     time.Time // in the base of the signature: see Peek
	// Lookup finds the secret of an access key, or says why there is none. token is the session token, "" without.
	Lookup func(accessKey, token string, d *Decision) (secret string, refusal *Refusal)
}

// Verify authenticates a request.
func Verify(r Request, o Options) Decision { return Decision{} }

// Peek reads the signing date and the access key without judging them.
func Peek(r Request) (date time.Time, accessKey string, ok bool) { return }

// EffectiveHeader is r.Header with the x-amz-* values of a presigned URL's query filled in where no header was sent.
// It is a copy when anything is added.
func EffectiveHeader(r Request) http.Header { return r.Header }

// Confidential says whether a header or query parameter of this name must never be shown
// (customer keys, session tokens). Case does not matter.
func Confidential(name string) bool { return false }

// Scope is "20130524/us-east-1/s3/aws4_request".
func (d Decision) Scope() string { return "" }

// ChunkSigner continues the seed signature of a streaming upload.
type ChunkSigner struct{}

// ChunkSigner starts from the verified signature of the request's headers.
func (d Decision) ChunkSigner(secret string) *ChunkSigner { return nil }

// Next is the signature of the next chunk of data (64 hex digits); the last chunk is empty.
func (c *ChunkSigner) Next(chunk []byte) string { return "" }

// Trailer is the signature of the trailer lines, each "name:value\n".
func (c *ChunkSigner) Trailer(lines []byte) string { return "" }

// StringToSign is what the latest signature was made of.
func (c *ChunkSigner) StringToSign() string { return "" }

// AccessKey is whose signature it is.
func (c *ChunkSigner) AccessKey() string { return "" }

// UnknownKey, ExpiredToken and InvalidToken are what a Lookup answers with.
func UnknownKey(accessKey string) *Refusal { return nil }
func ExpiredToken() *Refusal               { return nil }
func InvalidToken() *Refusal               { return nil }
