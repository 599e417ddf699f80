package wire

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Metadata reads x-amz-meta-*: lower-case names without the prefix; nil when there is none, refused above MetadataBytes.
// A value that came as an encoded word of RFC 2047 is kept as the text it stands for. (recorded)
func Metadata(h http.Header) (map[string]string, *Refusal) {
	const prefix = "x-amz-meta-"
	var out map[string]string
	size := 0
	for name, values := range h {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, prefix) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		short, value := lower[len(prefix):], decodedWords(strings.Join(values, ","))
		out[short] = value
		size += len(short) + len(value)
	}
	if size > MetadataBytes {
		return nil, refuse(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size",
			"Metadata has at most 2 KB.", [2]string{"Size", strconv.Itoa(size)}, [2]string{"MaxSizeAllowed", strconv.Itoa(MetadataBytes)})
	}
	return out, nil
}

// decodedWords reads the encoded words of a value; what cannot be read stays as it is.
func decodedWords(value string) string {
	if !strings.Contains(value, "=?") {
		return value
	}
	text, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil || !utf8.ValidString(text) {
		return value
	}
	return text
}

// MetadataValue is a value as a header can carry it: itself when it is printable ASCII, else one encoded word of
// RFC 2047. S3 spells letters as "Q" and what has no shape as "B". (recorded)
func MetadataValue(value string) string {
	shapeless, plain := false, true
	for _, c := range value {
		shapeless = shapeless || unicode.IsControl(c) && c != '\t' || c == utf8.RuneError
		plain = plain && (c == '\t' || c >= ' ' && c <= '~')
	}
	switch {
	case plain:
		return value
	case shapeless:
		return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(value)) + "?="
	}
	var b strings.Builder
	b.WriteString("=?UTF-8?Q?")
	for _, c := range []byte(value) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c <= ' ' || c > '~' || c == '=' || c == '?' || c == '_':
			fmt.Fprintf(&b, "=%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString("?=")
	return b.String()
}
