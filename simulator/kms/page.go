package kms

import (
	"encoding/base64"

	"keyhole/simulator/exchange"
)

// more is what every list ends with.
type more struct {
	Truncated  bool
	NextMarker string `json:",omitempty"`
}

// paged is the page of a list that a request asks for. usual is its length when nobody says, name tells two entries apart.
// A marker names the last entry of the page before; it is not read any further.
func paged[E any](c *call, usual int, all []E, name func(E) string) (page []E, next more, fault *exchange.Fault) {
	limit, start := usual, 0
	if c.in.Limit != nil {
		limit = *c.in.Limit
	}
	if c.in.Marker != "" {
		last, err := base64.StdEncoding.DecodeString(c.in.Marker)
		for i, e := range all {
			if err == nil && name(e) == string(last) {
				start = i + 1
			}
		}
		if start == 0 {
			c.Note("modelled: how a marker of nobody's is refused")
			return nil, next, fail("InvalidMarkerException", "Invalid marker.", "No page ended with this marker.")
		}
	}
	all = all[start:]
	if len(all) > limit {
		all = all[:limit]
		next = more{true, base64.StdEncoding.EncodeToString([]byte(name(all[limit-1])))}
	}
	return all, next, nil
}
