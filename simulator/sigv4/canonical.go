package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	algorithm   = "AWS4-HMAC-SHA256"
	terminal    = "aws4_request"
	dateLayout  = "20060102T150405Z"
	scopeLayout = "20060102"
)

// canonical is the canonical request of r: method, path, query, signed headers, their names, payload token.
// shown replaces what must not be seen; such a text does not hash to what was signed.
func canonical(r Request, ps []parameter, signed []string, payload, host string, shown bool) string {
	var b strings.Builder
	b.WriteString(r.Method)
	b.WriteByte('\n')
	b.WriteString(canonicalPath(r.Path))
	b.WriteByte('\n')
	b.WriteString(canonicalQuery(r, ps, shown))
	b.WriteByte('\n')
	for _, name := range signed {
		lower := strings.ToLower(name)
		b.WriteString(lower)
		b.WriteByte(':')
		value := canonicalValue(r, ps, lower, host)
		if shown && Confidential(lower) && value != "" {
			value = redacted(value)
		}
		b.WriteString(value)
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(signed, ";"))
	b.WriteByte('\n')
	b.WriteString(payload)
	return b.String()
}

func redacted(value string) string { return fmt.Sprintf("(redacted, %d characters)", len(value)) }

// canonicalPath encodes the path once. S3 neither cleans a path nor keeps an encoded slash:
// /%2Fbucket is //bucket here, as recorded error bodies show.
func canonicalPath(escaped string) string {
	if escaped == "" {
		return "/"
	}
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return escaped
	}
	return encode(plain, true)
}

// canonicalQuery sorts the encoded pairs; the signature itself is left out of a presigned URL.
func canonicalQuery(r Request, ps []parameter, shown bool) string {
	link := presigned(ps)
	pairs := make([]string, 0, len(ps))
	for _, p := range ps {
		if link && p.name == "X-Amz-Signature" {
			continue
		}
		value := p.value
		if link {
			// A header beside a parameter of the same name is what S3 goes by, so another value breaks the signature.
			if name := hoisted(p.name); name != "" {
				if sent := r.Header.Values(name); len(sent) > 0 {
					value = joined(sent)
				}
			}
		}
		encoded := encode(value, false)
		if shown && Confidential(p.name) && value != "" {
			encoded = redacted(value)
		}
		// The separator sorts below every encoded byte, so that "a" comes before "a-b".
		pairs = append(pairs, encode(p.name, false)+"\x00"+encoded)
	}
	slices.Sort(pairs)
	for i, p := range pairs {
		pairs[i] = strings.Replace(p, "\x00", "=", 1)
	}
	return strings.Join(pairs, "&")
}

// canonicalValue is the value of a signed header; a missing one counts as empty.
func canonicalValue(r Request, ps []parameter, lower, host string) string {
	if lower == "host" {
		return host
	}
	if values := r.Header.Values(lower); len(values) > 0 {
		return joined(values)
	}
	if lower == "content-length" && r.ContentLength >= 0 {
		return strconv.FormatInt(r.ContentLength, 10)
	}
	if presigned(ps) {
		var values []string
		for _, p := range ps {
			if hoisted(p.name) == lower {
				values = append(values, p.value)
			}
		}
		return joined(values)
	}
	return ""
}

// joined trims each value, folds runs of spaces and joins with commas.
func joined(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fold(v)
	}
	return strings.Join(out, ",")
}

func fold(v string) string {
	v = strings.Trim(v, " \t\r\n")
	if !strings.Contains(v, "  ") {
		return v
	}
	return strings.Join(strings.FieldsFunc(v, func(c rune) bool { return c == ' ' }), " ")
}

// encode is RFC 3986 with upper-case hex: letters, digits and -._~ stand for themselves.
func encode(s string, keepSlash bool) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = unreserved(s[i]) || keepSlash && s[i] == '/'
	}
	if plain {
		return s
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if unreserved(c) || keepSlash && c == '/' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// stringToSign is the text the signature is made of.
func stringToSign(date, scope, canonical string) string {
	return algorithm + "\n" + date + "\n" + scope + "\n" + hexSum([]byte(canonical))
}

// signingKey derives the key of one day, region and service from a secret access key.
func signingKey(secret, day, region, service string) []byte {
	key := mac([]byte("AWS4"+secret), day)
	key = mac(key, region)
	key = mac(key, service)
	return mac(key, terminal)
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hexMAC(key []byte, text string) string { return hex.EncodeToString(mac(key, text)) }

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
