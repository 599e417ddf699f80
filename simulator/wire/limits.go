package wire

import (
	"net/http"
	"strconv"
)

// Limits of S3 on the wire.
const (
	HeaderBytes   = 8 << 10 // request line and headers
	MetadataBytes = 2 << 10 // names and values of x-amz-meta-*, without the prefix
	KeyBytes      = 1024    // UTF-8
	XMLBytes      = 1 << 20
	XMLDepth      = 16
	XMLElements   = 100_000 // 10,000 parts with four members each fit
	MaxParts      = 10_000
	MinPartBytes  = 5 << 20 // every part but the last
)

// CheckHeaderSize refuses a request line and headers above HeaderBytes. target is path and query as on the wire.
// (RequestHeaderSectionTooLarge: code documented, text from memory.)
func CheckHeaderSize(method, target string, h http.Header) *Refusal {
	size := len(method) + len(target) + len("  HTTP/1.1\r\n\r\n")
	for name, values := range h {
		for _, v := range values {
			size += len(name) + len(v) + len(": \r\n")
		}
	}
	if size <= HeaderBytes {
		return nil
	}
	return refuse(400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.",
		"The headers are larger than 8 KB.", [2]string{"MaxSizeAllowed", strconv.Itoa(HeaderBytes)})
}

// CheckKey refuses an object key above KeyBytes.
func CheckKey(key string) *Refusal {
	if len(key) <= KeyBytes {
		return nil
	}
	return refuse(400, "KeyTooLongError", "Your key is too long", "A key has at most 1,024 bytes.",
		[2]string{"Size", strconv.Itoa(len(key))}, [2]string{"MaxSizeAllowed", strconv.Itoa(KeyBytes)})
}

// tooLarge refuses an upload of proposed bytes above limit.
func tooLarge(proposed, limit int64) *Refusal {
	return refuse(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
		"The upload is larger than this sandbox takes.",
		[2]string{"ProposedSize", strconv.FormatInt(proposed, 10)}, [2]string{"MaxSizeAllowed", strconv.FormatInt(limit, 10)})
}
