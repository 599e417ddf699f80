package wire

import (
	"net/url"
	"strings"
	"time"
)

// Address splits a request into bucket and key. Host may carry a port. A host below one of baseHosts
// ("s3.localhost") is virtual-host style, anything else is path style. Both are decoded once and nothing is cleaned:
// keys hold "//", ".." and "%2F". Bucket "" is the service.
func Address(host, escapedPath string, baseHosts []string) (bucket, key string, refusal *Refusal) {
	rest := strings.TrimPrefix(escapedPath, "/")
	bucket = HostBucket(host, baseHosts)
	if bucket == "" {
		bucket, rest, _ = strings.Cut(rest, "/")
		var err error
		if bucket, err = url.PathUnescape(bucket); err != nil {
			return "", "", badURI(escapedPath)
		}
	}
	key, err := url.PathUnescape(rest)
	if err != nil {
		return "", "", badURI(escapedPath)
	}
	return bucket, key, CheckKey(key)
}

// HostBucket is the bucket that a host names below one of baseHosts; "" in path style. The longest base wins.
func HostBucket(host string, baseHosts []string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	host = strings.ToLower(host)
	best, bucket := 0, ""
	for _, base := range baseHosts {
		base = strings.ToLower(base)
		if host == base {
			return ""
		}
		if before, ok := strings.CutSuffix(host, "."+base); ok && len(base) > best {
			best, bucket = len(base), before
		}
	}
	return bucket
}

func badURI(uri string) *Refusal {
	return refuse(400, "InvalidURI", "Couldn't parse the specified URI.", "The address is not properly encoded.", [2]string{"URI", uri})
}

// EncodeKey is a key as lists print it with encoding-type=url: a space is "+", a slash stays.
func EncodeKey(key string) string {
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}

// ISO is a time as XML bodies print it: "2026-06-01T00:00:00.000Z".
func ISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// HTTPDate is a time as headers print it: "Mon, 01 Jun 2026 00:00:00 GMT".
func HTTPDate(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
