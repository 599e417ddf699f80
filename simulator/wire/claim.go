package wire

import (
	"net/http"
	"strconv"
	"strings"
)

// Claim is what a request says its body's checksum is. The zero value claims nothing.
type Claim struct {
	Algorithm Algorithm
	Value     string // base64; "" until the trailer is read
	Trailer   bool
}

// ReadClaim reads the checksum headers, before the body.
func ReadClaim(h http.Header) (Claim, *Refusal) { return readClaim(h, false) }

// ReadObjectClaim reads the checksum headers of CompleteMultipartUpload, whose value is the whole object's
// and ends in "-N" when it is composite.
func ReadObjectClaim(h http.Header) (Claim, *Refusal) { return readClaim(h, true) }

func readClaim(h http.Header, composite bool) (Claim, *Refusal) {
	var c Claim
	count := 0
	for name, values := range h {
		word, ok := strings.CutPrefix(strings.ToLower(name), "x-amz-checksum-")
		if !ok || word == "algorithm" || word == "type" || word == "mode" {
			continue
		}
		count += len(values)
		if len(values) == 0 {
			continue
		}
		a, unknown := ParseAlgorithm(word)
		if unknown != nil {
			return Claim{}, notImplemented("x-amz-checksum-"+word, "Keyhole does not imitate this checksum algorithm",
				"This checksum algorithm is not imitated.")
		}
		c = Claim{Algorithm: a, Value: values[0]}
	}
	announced, refusal := announcedTrailer(h)
	if refusal != nil {
		return Claim{}, refusal
	}
	if announced != "" {
		count++
	}
	if count > 1 {
		return Claim{}, multipleChecksums()
	}
	if announced != "" {
		c = Claim{Algorithm: announced, Trailer: true}
	}
	if c.Value != "" || count == 1 && announced == "" {
		value := c.Value
		if bare, n, ok := strings.Cut(value, "-"); ok && composite {
			if parts, err := strconv.Atoi(n); err == nil && parts > 0 {
				value = bare
			}
		}
		if !c.Algorithm.valid(value) {
			return Claim{}, badRequest("Value for "+c.Algorithm.Header()+" header is invalid.",
				"The checksum is not base64 of the right length.")
		}
	}
	return c, checkSDKAlgorithm(h, c)
}

// checkSDKAlgorithm judges x-amz-sdk-checksum-algorithm, which SDKs send beside the checksum itself.
func checkSDKAlgorithm(h http.Header, c Claim) *Refusal {
	word := h.Get("X-Amz-Sdk-Checksum-Algorithm")
	if word == "" {
		return nil
	}
	a, refusal := ParseAlgorithm(word)
	switch {
	case refusal != nil:
		return refusal
	case c.Algorithm == "":
		return badRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
			"A checksum was announced and never came.")
	case c.Algorithm != a:
		return badRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.",
			"Another checksum came than the one announced.")
	}
	return nil
}

func multipleChecksums() *Refusal {
	return badRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
		"One checksum is enough.")
}

// Check compares a body with the claim and gives the checksum to keep: the claimed algorithm,
// or CRC64NVME, which S3 computes by itself, when nothing was claimed.
func (c Claim) Check(b Body) (a Algorithm, value string, refusal *Refusal) {
	if c.Algorithm == "" {
		return CRC64NVME, b.Sum(CRC64NVME), nil
	}
	sent := c.Value
	if c.Trailer {
		sent = b.Trailer.Get(c.Algorithm.Header())
		if !c.Algorithm.valid(sent) {
			return "", "", badRequest("Value for "+c.Algorithm.Header()+" trailing header is invalid.",
				"The checksum is not base64 of the right length.")
		}
	}
	value = b.Sum(c.Algorithm)
	if value != sent {
		return "", "", refuse(400, "BadDigest", "The "+string(c.Algorithm)+" you specified did not match the calculated checksum.",
			"The body does not have this checksum.")
	}
	return c.Algorithm, value, nil
}

// NeedDigest refuses a request that sends neither Content-MD5 nor a checksum, for the operations that demand one
// (PutBucketEncryption, DeleteObjects and others; text from an emulator).
func NeedDigest(h http.Header) *Refusal {
	if h.Get("Content-Md5") != "" || h.Get("X-Amz-Trailer") != "" {
		return nil
	}
	for _, a := range algorithms {
		if h.Get(a.Header()) != "" {
			return nil
		}
	}
	return badRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
		"This request needs a checksum of its body.")
}

// ContentEncoding is the Content-Encoding to keep with an object: aws-chunked was only for the way.
func ContentEncoding(h http.Header) string {
	var kept []string
	for _, word := range strings.Split(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		if word = strings.TrimSpace(word); word != "" && !strings.EqualFold(word, "aws-chunked") {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, ",")
}
