package wire

import (
	"bufio"
	"bytes"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Limits of an aws-chunked body.
const (
	MinChunkBytes = 8192 // every chunk but the last
	chunkLine     = 512  // the line before a chunk, and a trailer line
)

// readChunked unwraps an aws-chunked body.
//
//	body    = { chunk } last [ trailer ] CRLF
//	chunk   = hex [ ";chunk-signature=" 64hex ] CRLF data CRLF
//	last    = "0" [ ";chunk-signature=" 64hex ] CRLF
//	trailer = name ":" value CRLF [ "x-amz-trailer-signature:" 64hex CRLF ]
func readChunked(r io.Reader, o BodyOptions, mode Mode) (Body, *Refusal) {
	declared, err := strconv.ParseInt(strings.TrimSpace(o.Header.Get("X-Amz-Decoded-Content-Length")), 10, 64)
	if err != nil || declared < 0 {
		return Body{}, missingLength()
	}
	if declared > o.Limit {
		return Body{}, tooLarge(declared, o.Limit)
	}
	if mode.signed() && o.Signer == nil {
		return Body{}, badRequest("The value of x-amz-content-sha256 header is invalid.",
			"Signed chunks need a signed request.")
	}
	var announced Algorithm
	if mode.trailer() {
		var refusal *Refusal
		if announced, refusal = announcedTrailer(o.Header); refusal != nil {
			return Body{}, refusal
		}
		if announced == "" {
			return Body{}, malformedTrailer()
		}
	}
	c := chunks{in: bufio.NewReaderSize(r, 4096), mode: mode, signer: o.Signer, declared: declared}
	c.data.Grow(int(min(declared, startBytes)))
	if refusal := c.readAll(); refusal != nil {
		return Body{}, refusal
	}
	body := Body{Mode: mode, Chunks: c.count}
	if mode.trailer() {
		var refusal *Refusal
		if body.Trailer, refusal = c.readTrailer(announced); refusal != nil {
			return Body{}, refusal
		}
	} else if line, err := c.line(); err != nil || line != "" {
		return Body{}, cutShort()
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		return Body{}, wrongLength()
	}
	body.Data = c.data.Bytes()
	return body, nil
}

// chunks reads one body.
type chunks struct {
	in       *bufio.Reader
	mode     Mode
	signer   Signer
	declared int64
	data     bytes.Buffer
	count    int
	last     int64 // size of the chunk before this one
}

// readAll reads up to and including the empty chunk.
func (c *chunks) readAll() *Refusal {
	for {
		line, err := c.line()
		if err != nil {
			return cutShort()
		}
		size, signature, ok := c.parse(line)
		if !ok {
			return cutShort()
		}
		if size > 0 && c.count > 0 && c.last < MinChunkBytes {
			return refuse(400, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes",
				"A chunk in the middle is too small.",
				[2]string{"Chunk", strconv.Itoa(c.count)}, [2]string{"BadChunkSize", strconv.FormatInt(c.last, 10)})
		}
		if size > c.declared-int64(c.data.Len()) {
			return wrongLength()
		}
		from := c.data.Len()
		if size > 0 {
			if _, err := io.CopyN(&c.data, c.in, size); err != nil {
				return cutShort()
			}
			if line, err := c.line(); err != nil || line != "" {
				return cutShort()
			}
			c.count++
			c.last = size
		}
		if c.mode.signed() {
			if refusal := c.verify(c.signer.Next(c.data.Bytes()[from:]), signature); refusal != nil {
				return refusal
			}
		}
		if size == 0 {
			if int64(c.data.Len()) != c.declared {
				return wrongLength()
			}
			return nil
		}
	}
}

// parse reads "hex" or "hex;chunk-signature=…".
func (c *chunks) parse(line string) (size int64, signature string, ok bool) {
	digits, extension, extended := strings.Cut(line, ";")
	if digits == "" || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return 0, "", false
	}
	size, err := strconv.ParseInt(digits, 16, 64)
	if err != nil {
		return 0, "", false
	}
	if !c.mode.signed() {
		return size, "", !extended
	}
	signature, ok = strings.CutPrefix(extension, "chunk-signature=")
	return size, signature, ok
}

func (c *chunks) verify(calculated, sent string) *Refusal {
	if subtle.ConstantTimeCompare([]byte(calculated), []byte(sent)) == 1 {
		return nil
	}
	text := c.signer.StringToSign()
	return refuse(403, "SignatureDoesNotMatch",
		"The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		"A chunk is not what was signed.",
		[2]string{"AWSAccessKeyId", c.signer.AccessKey()},
		[2]string{"StringToSign", text},
		[2]string{"SignatureProvided", sent},
		[2]string{"StringToSignBytes", strings.TrimSpace(fmt.Sprintf("% x", text))})
}

// readTrailer reads the announced checksum, its signature if there is one, and the empty line.
func (c *chunks) readTrailer(announced Algorithm) (http.Header, *Refusal) {
	line, err := c.line()
	if err != nil {
		return nil, cutShort()
	}
	name, value, ok := strings.Cut(line, ":")
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	if !ok || name != announced.Header() {
		return nil, malformedTrailer()
	}
	if c.mode.signed() {
		if line, err = c.line(); err != nil {
			return nil, cutShort()
		}
		signature, ok := strings.CutPrefix(line, "x-amz-trailer-signature:")
		if !ok {
			return nil, malformedTrailer()
		}
		calculated := c.signer.Trailer([]byte(name + ":" + value + "\n"))
		if refusal := c.verify(calculated, strings.TrimSpace(signature)); refusal != nil {
			return nil, refusal
		}
	}
	switch line, err = c.line(); {
	case err != nil:
		return nil, cutShort()
	case line != "":
		return nil, malformedTrailer()
	}
	h := http.Header{}
	h.Set(name, value)
	return h, nil
}

var errLineTooLong = errors.New("line too long")

// line reads up to a line feed and drops it with the carriage return before it.
func (c *chunks) line() (string, error) {
	var b strings.Builder
	for b.Len() <= chunkLine {
		ch, err := c.in.ReadByte()
		if err != nil {
			return "", err
		}
		if ch == '\n' {
			return strings.TrimSuffix(b.String(), "\r"), nil
		}
		b.WriteByte(ch)
	}
	return "", errLineTooLong
}

func malformedTrailer() *Refusal {
	return refuse(400, "MalformedTrailerError",
		"The request contained trailing data that was not well-formed or did not conform to our published schema.",
		"The trailer is not the one announced.")
}

// announcedTrailer reads x-amz-trailer; "" when it was not sent.
func announcedTrailer(h http.Header) (Algorithm, *Refusal) {
	value := strings.ToLower(strings.TrimSpace(h.Get("X-Amz-Trailer")))
	if value == "" {
		return "", nil
	}
	if strings.Contains(value, ",") {
		return "", multipleChecksums()
	}
	for _, a := range algorithms {
		if value == a.Header() {
			return a, nil
		}
	}
	return "", badRequest("The value specified in the x-amz-trailer header is not supported",
		"This trailer is not known.")
}
