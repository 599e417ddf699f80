package wire

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
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

// ModeOf reads an x-amz-content-sha256 value; "" (an anonymous request) is ModeUnsigned.
func ModeOf(contentSHA256 string) Mode {
	switch m := Mode(contentSHA256); m {
	case "":
		return ModeUnsigned
	case ModeUnsigned, ModeSigned, ModeSignedTrailer, ModeUnsignedTrailer, ModeECDSA, ModeECDSATrailer:
		return m
	}
	return ModeHashed
}

// Streaming says whether the body is aws-chunked.
func (m Mode) Streaming() bool { return m != ModeHashed && m != ModeUnsigned }

func (m Mode) signed() bool  { return m == ModeSigned || m == ModeSignedTrailer }
func (m Mode) trailer() bool { return m == ModeSignedTrailer || m == ModeUnsignedTrailer }
func (m Mode) ecdsa() bool   { return m == ModeECDSA || m == ModeECDSATrailer }

// RefuseStreaming is the answer to an aws-chunked body on an operation other than PutObject and UploadPart;
// nil when the mode is not a streaming one.
func RefuseStreaming(m Mode) *Refusal {
	if !m.Streaming() {
		return nil
	}
	return badRequest("The value of x-amz-content-sha256 header is invalid.", "Only uploads may come in chunks.")
}

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
	Chunks  int         // with data in them
	made    digests
}

// startBytes is what is reserved before the first byte has come; a declared length is only a claim.
const startBytes = 64 << 10

// ReadBody reads and unwraps a body. It checks lengths, chunk sizes and chunk signatures, not digests.
func ReadBody(r io.Reader, o BodyOptions) (Body, *Refusal) {
	mode := ModeOf(o.PayloadHash)
	if mode.ecdsa() {
		return Body{}, notImplemented("x-amz-content-sha256",
			"Keyhole does not imitate Signature Version 4A (ECDSA) bodies", "SigV4A bodies are not imitated.")
	}
	if r == nil {
		r = bytes.NewReader(nil)
	}
	if mode.Streaming() {
		return readChunked(r, o, mode)
	}
	if o.ContentLength < 0 && o.NeedLength {
		return Body{}, missingLength()
	}
	if o.ContentLength > o.Limit {
		return Body{}, tooLarge(o.ContentLength, o.Limit)
	}
	data, err := readAll(io.LimitReader(r, o.Limit+1), o.ContentLength)
	n := int64(len(data))
	switch {
	case n > o.Limit:
		return Body{}, tooLarge(max(n, o.ContentLength), o.Limit)
	case err != nil, o.ContentLength >= 0 && n != o.ContentLength:
		return Body{}, wrongLength()
	}
	return Body{Data: data, Mode: mode}, nil
}

// readAll reads to the end. Room is made as bytes come: a client gets four times what it has sent already, so that a large
// body is not copied again and again, and a large claim alone reserves nothing.
func readAll(r io.Reader, declared int64) ([]byte, error) {
	room := int64(startBytes)
	if declared >= 0 {
		room = min(room, declared)
	}
	data := make([]byte, 0, room+1) // one more, so that the end is seen without growing
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
		if len(data) == cap(data) {
			room := int64(4 * cap(data))
			if declared >= int64(len(data)) {
				room = min(room, declared+1)
			}
			data = append(make([]byte, 0, room), data...)
		}
	}
}

func missingLength() *Refusal {
	return refuse(411, "MissingContentLength", "You must provide the Content-Length HTTP header.",
		"The request does not say how long it is.")
}

func wrongLength() *Refusal {
	return refuse(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header",
		"More or fewer bytes came than announced.")
}

func cutShort() *Refusal {
	return refuse(400, "IncompleteBody", "The request body terminated unexpectedly", "The chunks are not well formed.")
}

// CheckPayload compares a body with the SHA-256 that was signed; nil for the modes without one.
func CheckPayload(payloadHash string, data []byte) *Refusal {
	if ModeOf(payloadHash) != ModeHashed {
		return nil
	}
	sum := sha256.Sum256(data)
	computed := hex.EncodeToString(sum[:])
	if computed == payloadHash {
		return nil
	}
	return refuse(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.",
		"The body is not the one that was signed.",
		[2]string{"ClientComputedContentSHA256", payloadHash}, [2]string{"S3ComputedContentSHA256", computed})
}

// CheckMD5 compares a body with Content-MD5; nil when there is none.
func CheckMD5(h http.Header, data []byte) *Refusal {
	values := h.Values("Content-MD5")
	if len(values) == 0 {
		return nil
	}
	sent, err := base64.StdEncoding.DecodeString(values[0])
	if err != nil || len(sent) != md5.Size {
		return refuse(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", "Content-MD5 is no MD5 in base64.",
			[2]string{"Content-MD5", values[0]})
	}
	sum := md5.Sum(data)
	if bytes.Equal(sum[:], sent) {
		return nil
	}
	return refuse(400, "BadDigest", "The Content-MD5 you specified did not match what we received.",
		"The body does not have this MD5.",
		[2]string{"ExpectedDigest", values[0]}, [2]string{"CalculatedDigest", base64.StdEncoding.EncodeToString(sum[:])})
}
