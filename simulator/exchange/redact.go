package exchange

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/sse"
)

// Headers copies headers for a trace, sorted by name, with every secret replaced.
func Headers(h http.Header) []Header {
	lines := make([]Header, 0, len(h))
	for name, values := range h {
		for _, value := range values {
			shown, redacted := Show(name, value)
			lines = append(lines, Header{Name: name, Value: shown, Redacted: redacted})
		}
	}
	slices.SortStableFunc(lines, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return lines
}

// Sign marks the lines that a signature covers; signed are lower-case names.
func Sign(lines []Header, signed []string) {
	for i := range lines {
		lines[i].Signed = slices.Contains(signed, strings.ToLower(lines[i].Name))
	}
}

// Show is a header's value as a trace may hold it.
func Show(name, value string) (shown string, redacted bool) {
	switch {
	case !sigv4.Confidential(name):
		return value, false
	case strings.Contains(strings.ToLower(name), "customer-key"):
		return sse.Redact(value), true
	}
	return "(hidden)", true
}

// Target is a request target as a trace may hold it: path and query, secrets in the query replaced.
func Target(escapedPath, rawQuery string) string {
	if rawQuery == "" {
		return escapedPath
	}
	parts := strings.Split(rawQuery, "&")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if !sigv4.Confidential(plain) {
			continue
		}
		if decoded, err := url.QueryUnescape(value); err == nil {
			value = decoded
		}
		shown, _ := Show(plain, value)
		parts[i] = name + "=" + shown
	}
	return escapedPath + "?" + strings.Join(parts, "&")
}
