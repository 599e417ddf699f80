package sigv4

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	Prefix        string // the part of Path that is none of S3's: "/-/SANDBOX"; Signature Version 2 clients leave it out
	Bucket        string // when the host names it; Signature Version 2 signs it with the path
}

// The three ways in, as Decision.Scheme names them.
const (
	schemeHeader    = "header"
	schemePresigned = "presigned"
	schemeAnonymous = "anonymous"
)

// authParameters are the query parameters of a presigned URL; their names are case-sensitive.
var authParameters = []string{
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires",
}

const tokenParameter = "X-Amz-Security-Token" //nolint:gosec // the name of a parameter

// parameter is one pair of a query string, decoded.
type parameter struct {
	name, value string
	raw         string // the value as on the wire
	assigned    bool   // an equals sign was there
}

// parameters reads a query string in order. S3 splits at & only; what is not percent-encoded properly stands for itself.
func parameters(rawQuery string) []parameter {
	if rawQuery == "" {
		return nil
	}
	pairs := strings.Split(rawQuery, "&")
	out := make([]parameter, 0, len(pairs))
	for _, pair := range pairs {
		if pair == "" {
			continue
		}
		name, value, assigned := strings.Cut(pair, "=")
		out = append(out, parameter{decode(name), decode(value), value, assigned})
	}
	return out
}

func decode(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}

func first(ps []parameter, name string) (string, bool) {
	for _, p := range ps {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// presigned says whether the query tries to be a Signature Version 4 link.
func presigned(ps []parameter) bool {
	return slices.ContainsFunc(ps, func(p parameter) bool { return slices.Contains(authParameters, p.name) })
}

// presignedV2 says whether the query tries to be a Signature Version 2 link.
func presignedV2(ps []parameter) bool {
	return slices.ContainsFunc(ps, func(p parameter) bool { return p.name == "AWSAccessKeyId" || p.name == "Signature" })
}

// hoisted gives the lower-case header name of a query parameter that stands for an x-amz-* header; "" for any other.
func hoisted(name string) string {
	lower := strings.ToLower(name)
	if !strings.HasPrefix(lower, "x-amz-") || name == tokenParameter || slices.Contains(authParameters, name) {
		return ""
	}
	return lower
}

// EffectiveHeader is r.Header with the x-amz-* values of a presigned URL's query filled in where no header was sent.
// It is a copy when anything is added. S3 reads both alike; a header wins because a query that says otherwise
// does not pass the signature.
func EffectiveHeader(r Request) http.Header {
	ps := parameters(r.RawQuery)
	older := presignedV2(ps)
	if !presigned(ps) && !older {
		return r.Header
	}
	out := r.Header
	for _, p := range ps {
		name := hoisted(p.name)
		if lower := strings.ToLower(p.name); older && (lower == "content-type" || lower == "content-md5" || strings.EqualFold(lower, tokenParameter)) {
			name = lower // a Version 2 link of boto3 carries these too
		}
		if name == "" || len(r.Header.Values(name)) > 0 || !older && unclaimed(ps, name) {
			continue
		}
		if len(out) == len(r.Header) {
			out = r.Header.Clone()
			if out == nil {
				out = http.Header{}
			}
		}
		out.Add(name, p.value)
	}
	return out
}

// unclaimed says whether a parameter is a checksum that the signature does not bind to a header: such a link, as the
// JavaScript SDK makes them before it knows the body, claims nothing of the body. (recorded)
func unclaimed(ps []parameter, name string) bool {
	if !strings.HasPrefix(name, "x-amz-checksum-") && name != "x-amz-sdk-checksum-algorithm" {
		return false
	}
	signed, _ := first(ps, "X-Amz-SignedHeaders")
	return !slices.Contains(strings.Split(signed, ";"), name)
}

// Confidential says whether a header or query parameter of this name must never be shown
// (customer keys, session tokens). Case does not matter.
func Confidential(name string) bool {
	switch strings.ToLower(name) {
	case "x-amz-server-side-encryption-customer-key",
		"x-amz-copy-source-server-side-encryption-customer-key",
		"x-amz-security-token":
		return true
	}
	return false
}
