package wire_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/wire"
)

// numbered is a signer whose signatures anyone can predict.
type numbered struct{ n int }

func (s *numbered) Next(chunk []byte) string {
	s.n++
	return fmt.Sprintf("s%d-%d", s.n, len(chunk))
}
func (s *numbered) Trailer(lines []byte) string { return "t-" + strings.TrimSpace(string(lines)) }
func (s *numbered) StringToSign() string        { return "string\nto sign" }
func (s *numbered) AccessKey() string           { return "AKIA" }

func expect(t *testing.T, r *wire.Refusal, status int, code, message, extra string) {
	t.Helper()
	if status == 0 {
		if r != nil {
			t.Fatalf("refused: %s", r)
		}
		return
	}
	if r == nil {
		t.Fatalf("accepted, want %d %s", status, code)
	}
	var extras []string
	for _, e := range r.Extra {
		extras = append(extras, e[0]+"="+e[1])
	}
	if got := strings.Join(extras, " "); r.Status != status || r.Code != code || r.Message != message || got != extra {
		t.Errorf("got  %d %s %q [%s]\nwant %d %s %q [%s]", r.Status, r.Code, r.Message, got, status, code, message, extra)
	}
	if n := len(strings.Fields(r.Say)); n == 0 || n > 9 {
		t.Errorf("headline has %d words: %q", n, r.Say)
	}
}

const (
	counted  = "You did not provide the number of bytes specified by the Content-Length HTTP header"
	cut      = "The request body terminated unexpectedly"
	trailing = "The request contained trailing data that was not well-formed or did not conform to our published schema."
	noLength = "You must provide the Content-Length HTTP header."
	tooBig   = "Your proposed upload exceeds the maximum allowed size"
	mismatch = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	evidence = "AWSAccessKeyId=AKIA StringToSign=string\nto sign SignatureProvided=%s StringToSignBytes=73 74 72 69 6e 67 0a 74 6f 20 73 69 67 6e"
)

func headers(lines ...string) http.Header {
	h := http.Header{}
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ": ")
		h.Add(name, value)
	}
	return h
}

func TestAPlainBodyIsReadUnderALimit(t *testing.T) {
	for _, c := range []struct {
		name     string
		body     string
		declared int64
		need     bool
		status   int
		code     string
		message  string
		extra    string
	}{
		{"as declared", "hello", 5, true, 0, "", "", ""},
		{"not declared", "hello", -1, true, 411, "MissingContentLength", noLength, ""},
		{"not declared where it may be", "hello", -1, false, 0, "", "", ""},
		{"shorter than declared", "hell", 5, true, 400, "IncompleteBody", counted, ""},
		{"longer than declared", "hello!", 5, true, 400, "IncompleteBody", counted, ""},
		{"declared too large", "", 17, true, 400, "EntityTooLarge", tooBig, "ProposedSize=17 MaxSizeAllowed=16"},
		{"too large", "12345678901234567", -1, false, 400, "EntityTooLarge", tooBig, "ProposedSize=17 MaxSizeAllowed=16"},
		{"as large as can be", "1234567890123456", 16, true, 0, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, refusal := wire.ReadBody(strings.NewReader(c.body), wire.BodyOptions{ContentLength: c.declared, NeedLength: c.need, Limit: 16})
			expect(t, refusal, c.status, c.code, c.message, c.extra)
			if refusal == nil && string(b.Data) != c.body {
				t.Errorf("read %q", b.Data)
			}
		})
	}
	if b, refusal := wire.ReadBody(nil, wire.BodyOptions{ContentLength: 0, Limit: 1}); refusal != nil || len(b.Data) > 0 {
		t.Errorf("no body: %q, %v", b.Data, refusal)
	}
}

func TestAChunkedBodyIsUnwrappedOrRefused(t *testing.T) {
	const (
		signed   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
		signedT  = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
		unsigned = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
		crc32    = "X-Amz-Trailer: x-amz-checksum-crc32"
	)
	sig := func(s string) string { return fmt.Sprintf(evidence, s) }
	big := strings.Repeat("a", 8192)
	for _, c := range []struct {
		name    string
		mode    string
		length  string
		trailer string
		body    string
		want    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"what the Go SDK sends over TLS", unsigned, "5", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "hello", 0, "", "", ""},
		{"signed", signed, "5", "", "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\n\r\n", "hello", 0, "", "", ""},
		{"signed, with a signed trailer", signedT, "5", crc32, "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:t-x-amz-checksum-crc32:NhCmhg==\r\n\r\n", "hello", 0, "", "", ""},
		{"empty", signed, "0", "", "0;chunk-signature=s1-0\r\n\r\n", "", 0, "", "", ""},
		{"two chunks", unsigned, "8193", crc32, "2000\r\n" + big + "\r\n1\r\nb\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", big + "b", 0, "", "", ""},
		{"no decoded length", unsigned, "", crc32, "0\r\n\r\n", "", 411, "MissingContentLength", noLength, ""},
		{"a decoded length that is none", unsigned, "five", crc32, "0\r\n\r\n", "", 411, "MissingContentLength", noLength, ""},
		{"a decoded length too large", unsigned, "99999", crc32, "", "", 400, "EntityTooLarge", tooBig, "ProposedSize=99999 MaxSizeAllowed=20000"},
		{"more than declared", unsigned, "4", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "", 400, "IncompleteBody", counted, ""},
		{"less than declared", unsigned, "6", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "", 400, "IncompleteBody", counted, ""},
		{"something after the end", signed, "5", "", "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\n\r\nmore", "", 400, "IncompleteBody", counted, ""},
		{"cut in the data", unsigned, "5", crc32, "5\r\nhel", "", 400, "IncompleteBody", cut, ""},
		{"cut before the last chunk", unsigned, "5", crc32, "5\r\nhello\r\n", "", 400, "IncompleteBody", cut, ""},
		{"cut in the trailer", unsigned, "5", crc32, "5\r\nhello\r\n0\r\nx-amz-che", "", 400, "IncompleteBody", cut, ""},
		{"a size that is not hex", unsigned, "5", crc32, "five\r\nhello\r\n0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"a size below nothing", unsigned, "5", crc32, "-5\r\nhello\r\n0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"a size beyond counting", unsigned, "5", crc32, "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"a line without end", unsigned, "5", crc32, strings.Repeat("5", 2000), "", 400, "IncompleteBody", cut, ""},
		{"no line end after the data", unsigned, "5", crc32, "5\r\nhello0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"a signature where none belongs", unsigned, "5", crc32, "5;chunk-signature=x\r\nhello\r\n0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"no signature where one belongs", signed, "5", "", "5\r\nhello\r\n0\r\n\r\n", "", 400, "IncompleteBody", cut, ""},
		{"a small chunk in the middle", unsigned, "6", crc32, "5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "", 400, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes", "Chunk=1 BadChunkSize=5"},
		{"a wrong chunk signature", signed, "5", "", "5;chunk-signature=bad\r\nhello\r\n0;chunk-signature=s2-0\r\n\r\n", "", 403, "SignatureDoesNotMatch", mismatch, sig("bad")},
		{"a wrong last signature", signed, "5", "", "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=bad\r\n\r\n", "", 403, "SignatureDoesNotMatch", mismatch, sig("bad")},
		{"a wrong trailer signature", signedT, "5", crc32, "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:bad\r\n\r\n", "", 403, "SignatureDoesNotMatch", mismatch, sig("bad")},
		{"no trailer signature", signedT, "5", crc32, "5;chunk-signature=s1-5\r\nhello\r\n0;chunk-signature=s2-0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"no trailer announced", unsigned, "5", "", "5\r\nhello\r\n0\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"no trailer sent", unsigned, "5", crc32, "5\r\nhello\r\n0\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"another trailer", unsigned, "5", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"a trailer without a colon", unsigned, "5", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"a second trailer", unsigned, "5", crc32, "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-meta-a:1\r\n\r\n", "", 400, "MalformedTrailerError", trailing, ""},
		{"a trailer nobody knows", unsigned, "5", "X-Amz-Trailer: x-amz-meta-a", "", "", 400, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported", ""},
		{"ECDSA", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "5", "", "", "", 501, "NotImplemented", "A header you provided implies functionality that is not implemented", "Header=x-amz-content-sha256 additionalMessage=Keyhole does not imitate Signature Version 4A (ECDSA) bodies"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := http.Header{}
			if c.length != "" {
				h.Set("X-Amz-Decoded-Content-Length", c.length)
			}
			if c.trailer != "" {
				h.Set("X-Amz-Trailer", strings.TrimPrefix(c.trailer, "X-Amz-Trailer: "))
			}
			b, refusal := wire.ReadBody(strings.NewReader(c.body), wire.BodyOptions{
				Header: h, PayloadHash: c.mode, ContentLength: int64(len(c.body)), NeedLength: true, Limit: 20000, Signer: &numbered{},
			})
			expect(t, refusal, c.status, c.code, c.message, c.extra)
			if refusal == nil && string(b.Data) != c.want {
				t.Errorf("read %q", b.Data)
			}
		})
	}
}

func TestAChunkLargerThanDeclaredIsNotEvenRead(t *testing.T) {
	in := &meter{Reader: io.MultiReader(strings.NewReader("ffffff\r\n"), strings.NewReader(strings.Repeat("x", 1<<20)))}
	h := headers("X-Amz-Decoded-Content-Length: 5", "X-Amz-Trailer: x-amz-checksum-crc32")
	_, refusal := wire.ReadBody(in, wire.BodyOptions{Header: h, PayloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", Limit: 1 << 20})
	expect(t, refusal, 400, "IncompleteBody", counted, "")
	if in.n > 8192 {
		t.Errorf("read %d bytes", in.n)
	}
}

// meter counts what is read of it.
type meter struct {
	io.Reader
	n int
}

func (c *meter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestSignedChunksNeedASigner(t *testing.T) {
	h := headers("X-Amz-Decoded-Content-Length: 0")
	_, refusal := wire.ReadBody(strings.NewReader("0;chunk-signature=x\r\n\r\n"), wire.BodyOptions{Header: h, PayloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Limit: 1})
	expect(t, refusal, 400, "InvalidRequest", "The value of x-amz-content-sha256 header is invalid.", "")
}

// What is wrapped in chunks comes out as it was, in whatever pieces the network delivers it.
func TestWrappingAndUnwrappingIsTheIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 1, 7).Draw(t, "pattern"), rapid.IntRange(0, 6000).Draw(t, "repeats"))
		size := rapid.IntRange(wire.MinChunkBytes, 20000).Draw(t, "chunk size")
		var body bytes.Buffer
		for rest := data; len(rest) > 0; {
			n := min(size, len(rest))
			fmt.Fprintf(&body, "%x\r\n%s\r\n", n, rest[:n])
			rest = rest[n:]
		}
		body.WriteString("0\r\nx-amz-checksum-crc64nvme:" + wire.CRC64NVME.Sum(data) + "\r\n\r\n")
		h := headers("X-Amz-Trailer: x-amz-checksum-crc64nvme", "X-Amz-Decoded-Content-Length: "+strconv.Itoa(len(data)))
		b, refusal := wire.ReadBody(slow{&body, rapid.IntRange(1, 5000).Draw(t, "read")}, wire.BodyOptions{Header: h, PayloadHash: "STREAMING-UNSIGNED-PAYLOAD-TRAILER", Limit: 1 << 20})
		if refusal != nil || !bytes.Equal(b.Data, data) {
			t.Fatalf("%d bytes came out as %d: %v", len(data), len(b.Data), refusal)
		}
		claim, refusal := wire.ReadClaim(h)
		if refusal != nil {
			t.Fatal(refusal)
		}
		if _, _, refusal := claim.Check(b); refusal != nil {
			t.Fatal(refusal)
		}
	})
}

// slow delivers at most n bytes at a time.
type slow struct {
	r io.Reader
	n int
}

func (s slow) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

func TestDigestsOfTheBody(t *testing.T) {
	hello := []byte("hello")
	const md5 = "XUFAKrxLKna5cZ2REBfFkg=="
	for _, c := range []struct {
		name    string
		sent    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"right", md5, 0, "", "", ""},
		{"another's", "1B2M2Y8AsgTpgAmY7PhCfg==", 400, "BadDigest", "The Content-MD5 you specified did not match what we received.", "ExpectedDigest=1B2M2Y8AsgTpgAmY7PhCfg== CalculatedDigest=" + md5},
		{"in hex", "5d41402abc4b2a76b9719d911017c592", 400, "InvalidDigest", "The Content-MD5 you specified was invalid.", "Content-MD5=5d41402abc4b2a76b9719d911017c592"},
		{"empty", "", 400, "InvalidDigest", "The Content-MD5 you specified was invalid.", "Content-MD5="},
	} {
		t.Run("Content-MD5 "+c.name, func(t *testing.T) {
			expect(t, wire.CheckMD5(headers("Content-Md5: "+c.sent), hello), c.status, c.code, c.message, c.extra)
		})
	}
	expect(t, wire.CheckMD5(http.Header{}, hello), 0, "", "", "")
	const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	expect(t, wire.CheckPayload(sum, hello), 0, "", "", "")
	expect(t, wire.CheckPayload("UNSIGNED-PAYLOAD", hello), 0, "", "", "")
	expect(t, wire.CheckPayload("", hello), 0, "", "", "")
	expect(t, wire.CheckPayload(sum, []byte("jello")), 400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.",
		"ClientComputedContentSHA256="+sum+" S3ComputedContentSHA256=187c9bceeb919e1b3e6d20fa50ecabf7d9d50b5343e8f9a3d912abb13929102e")
	expect(t, wire.RefuseStreaming("STREAMING-UNSIGNED-PAYLOAD-TRAILER"), 400, "InvalidRequest", "The value of x-amz-content-sha256 header is invalid.", "")
	expect(t, wire.RefuseStreaming(wire.ModeOf(sum)), 0, "", "", "")
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
