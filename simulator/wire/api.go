package wire

import (
	"io"
	"net/http"
	"time"
)

// Mode is how a body is wrapped, by its x-amz-content-sha256 value.
type Mode string

// The values of x-amz-content-sha256 that are words; any other value is a plain body's SHA-256.
const (
	ModeHashed          Mode = "" // 64 hex digits
	ModeUnsigned        Mode = "UNSIGNED-PAYLOAD"
	ModeSigned          Mode = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	ModeSignedTrailer   Mode = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	ModeUnsignedTrailer Mode = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	ModeECDSA           Mode = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
	ModeECDSATrailer    Mode = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER"
)

// ModeOf reads an x-amz-content-sha256 value; "" (anonymous, presigned) is ModeUnsigned.
func ModeOf(contentSHA256 string) Mode { return "" }

// Streaming says whether the body is aws-chunked.
func (m Mode) Streaming() bool { return false }

// RefuseStreaming is the answer to an aws-chunked body on an operation other than PutObject and UploadPart; nil otherwise.
func RefuseStreaming(m Mode) *Refusal { return nil }

// Signer signs the chunks of a body; *sigv4.ChunkSigner is one.
type Signer interface {
	Next(chunk []byte) string
	Trailer(lines []byte) string
	StringToSign() string
	AccessKey() string
}

// BodyOptions is what the request's head says of its body.
type BodyOptions struct {
	Header        http.Header // effective headers
	PayloadHash   string      // sigv4.Decision.PayloadHash; "" when anonymous
	ContentLength int64       // as declared; below zero: not declared
	NeedLength    bool        // PutObject, UploadPart: an undeclared length is 411
	Limit         int64       // most decoded bytes
	Signer        Signer      // for the signed streaming modes
}

// Body is a decoded body. Data is what the client meant to send.
type Body struct {
	Data    []byte
	Mode    Mode
	Trailer http.Header // checksum trailers
	Chunks  int
}

// ReadBody reads and unwraps a body. It checks lengths, chunk sizes and chunk signatures, not digests.
func ReadBody(r io.Reader, o BodyOptions) (Body, *Refusal) { return Body{}, nil }

// CheckPayload compares a body with the SHA-256 that was signed; nil for the modes without one.
func CheckPayload(payloadHash string, data []byte) *Refusal { return nil }

// CheckMD5 compares a body with Content-MD5; nil when there is none.
func CheckMD5(h http.Header, data []byte) *Refusal { return nil }

// Algorithm is a checksum algorithm of S3.
type Algorithm string

// The five algorithms of S3 in 2026 that are imitated.
const (
	CRC32     Algorithm = "CRC32"
	CRC32C    Algorithm = "CRC32C"
	CRC64NVME Algorithm = "CRC64NVME"
	SHA1      Algorithm = "SHA1"
	SHA256    Algorithm = "SHA256"
)

// ParseAlgorithm reads x-amz-checksum-algorithm, in any case.
func ParseAlgorithm(s string) (Algorithm, *Refusal) { return "", nil }

// Header is "x-amz-checksum-crc32".
func (a Algorithm) Header() string { return "" }

// Sum is the checksum of data, base64.
func (a Algorithm) Sum(data []byte) string { return "" }

// ChecksumType says what a multipart checksum covers.
type ChecksumType string

const (
	FullObject ChecksumType = "FULL_OBJECT"
	Composite  ChecksumType = "COMPOSITE"
)

// TypeFor is the checksum type of an upload: asked is x-amz-checksum-type ("" takes the default of the algorithm).
// An empty algorithm with a type is refused.
func TypeFor(a Algorithm, asked string) (ChecksumType, *Refusal) { return "", nil }

// Claim is what a request says its body's checksum is. The zero value claims nothing.
type Claim struct {
	Algorithm Algorithm
	Value     string // base64; "" until the trailer is read
	Trailer   bool
}

// ReadClaim reads the checksum headers, before the body.
func ReadClaim(h http.Header) (Claim, *Refusal) { return Claim{}, nil }

// Check compares a body with the claim and gives the checksum to keep: the claimed algorithm,
// or CRC64NVME when nothing was claimed.
func (c Claim) Check(b Body) (a Algorithm, value string, refusal *Refusal) { return "", "", nil }

// PartSum is the checksum of one part, for Combine.
type PartSum struct {
	Value string // base64
	Size  int64
}

// Combine makes an object's checksum of its parts': "base64-N" when composite, the whole object's CRC when full-object.
func Combine(a Algorithm, t ChecksumType, parts []PartSum) (string, error) { return "", nil }

// Decode reads an XML document strictly into v (a pointer to a struct with plain xml tags and no namespaces):
// one root of the name of v's XMLName, no unknown and no repeated elements, no DTD. limit in bytes.
func Decode(r io.Reader, limit int64, depth int, v any) *Refusal { return nil }

// Encode writes v as an S3 document: XML header line, root element with the S3 namespace.
func Encode(root string, v any) []byte { return nil }

// ErrorBody writes <Error>: Code, Message, the extra elements, RequestId, HostId.
func ErrorBody(code, message string, extra [][2]string, requestID, hostID string) []byte { return nil }

// Address splits a request into bucket and key. Host may carry a port. A host below one of baseHosts
// ("s3.localhost") is virtual-host style, anything else is path style. Both are decoded; bucket "" is the service.
func Address(host, escapedPath string, baseHosts []string) (bucket, key string, refusal *Refusal) {
	return "", "", nil
}

// EncodeKey is a key as lists print it with encoding-type=url.
func EncodeKey(key string) string { return "" }

// ISO is "2026-06-01T00:00:00.000Z"; HTTPDate is "Mon, 01 Jun 2026 00:00:00 GMT".
func ISO(t time.Time) string      { return "" }
func HTTPDate(t time.Time) string { return "" }

// Range is an inclusive span of bytes.
type Range struct{ First, Last int64 }

func (r Range) Length() int64 { return 0 }

// ContentRange is "bytes 0-8/10".
func (r Range) ContentRange(size int64) string { return "" }

// ParseRange reads a Range header against an object of size bytes. partial is false when the whole object is the
// answer (no header, or one S3 ignores).
func ParseRange(header string, size int64) (r Range, partial bool, refusal *Refusal) { return }

// ParseCopyRange reads x-amz-copy-source-range: only "bytes=a-b".
func ParseCopyRange(header string, size int64) (Range, *Refusal) { return Range{}, nil }

// ParsePartNumber reads a partNumber: 1 to 10000.
func ParsePartNumber(s string) (int, *Refusal) { return 0, nil }

// Source is what x-amz-copy-source names.
type Source struct{ Bucket, Key, VersionID string }

// ParseCopySource reads x-amz-copy-source.
func ParseCopySource(header string) (Source, *Refusal) { return Source{}, nil }

// Conditions are the preconditions of one request.
type Conditions struct {
	IfMatch, IfNoneMatch               string
	IfModifiedSince, IfUnmodifiedSince time.Time
	Copy                               bool // the x-amz-copy-source-if-* family
}

// ReadConditions reads If-*; CopyConditions reads x-amz-copy-source-if-*.
func ReadConditions(h http.Header) Conditions { return Conditions{} }
func CopyConditions(h http.Header) Conditions { return Conditions{} }

// Read judges a GET, HEAD or copy source: nil, 412, or 304 (Status 304, no body). etag without quotes.
func (c Conditions) Read(etag string, modified time.Time) *Refusal { return nil }

// WriteSyntax judges the conditions of a write before anything is looked up: 501 for what S3 does not take.
func (c Conditions) WriteSyntax() *Refusal { return nil }

// Write judges a write against the current version; etag "" when there is none or it is a delete marker.
func (c Conditions) Write(key, etag string) *Refusal { return nil }

// Limits of S3 on the wire.
const (
	HeaderBytes   = 8 << 10 // request line and headers
	MetadataBytes = 2 << 10 // names and values of x-amz-meta-*
	KeyBytes      = 1024    // UTF-8
	XMLBytes      = 1 << 20
	XMLDepth      = 16
	XMLElements   = 100_000
)

// CheckHeaderSize refuses a request line and headers above HeaderBytes.
func CheckHeaderSize(method, target string, h http.Header) *Refusal { return nil }

// Metadata reads x-amz-meta-*: lower-case names without the prefix; refuses above MetadataBytes.
func Metadata(h http.Header) (map[string]string, *Refusal) { return nil, nil }

// PartsETag is the ETag of a multipart object (without quotes) from its parts' ETags.
func PartsETag(etags []string) (string, error) { return "", nil }
