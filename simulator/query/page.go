package query

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
)

// DefaultItems is how many items a page holds when the request does not say, MostItems how many it may ask for.
const (
	DefaultItems = 100
	MostItems    = 1000
)

// Marker and MaxItems are the parameters of every list.
var (
	Marker   = Param{Name: "Marker", Min: 1, Max: 320, Like: Like(`[\u0020-\u00FF]+`)}
	MaxItems = Param{Name: "MaxItems", Kind: Number, Min: 1, Max: MostItems}
)

// More is the end of a list answer.
type More struct {
	IsTruncated bool   `xml:"IsTruncated"`
	Marker      string `xml:"Marker,omitempty"`
}

// Members is a list as the protocol writes it, present also when it is empty.
type Members[T any] struct {
	Member []T `xml:"member"`
}

// Page is the part of a list that the request asks for. key names an item, so that a page begins where the last one
// ended even when items came or went in between. The fault is for a marker that is none of ours.
func Page[T any](form url.Values, all []T, key func(T) string) (Members[T], More, *exchange.Fault) {
	start := 0
	if marker := form.Get("Marker"); marker != "" {
		place, name, ok := readMarker(marker)
		if !ok {
			return Members[T]{}, More{}, Invalid("Invalid Marker.").Told("That marker is not from an earlier page.")
		}
		start = min(place, len(all))
		if i := slices.IndexFunc(all, func(item T) bool { return key(item) == name }); i >= 0 {
			start = i
		}
	}
	end := min(start+Whole(form, "MaxItems", DefaultItems), len(all))
	more := More{}
	if end < len(all) {
		more = More{true, base64.URLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", end, key(all[end])))}
	}
	return Members[T]{all[start:end]}, more, nil
}

// readMarker takes a marker apart: the place of the next item when it was made, and its key.
func readMarker(marker string) (place int, key string, ok bool) {
	text, err := base64.URLEncoding.DecodeString(marker)
	if err != nil {
		return 0, "", false
	}
	digits, key, ok := strings.Cut(string(text), " ")
	place, err = strconv.Atoi(digits)
	return place, key, ok && err == nil && place >= 0
}
