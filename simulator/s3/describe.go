package s3

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// systemHeaders are kept with an object and given back with it.
var systemHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"}

// defaultType is the content type of an object nobody gave one.
const defaultType = "binary/octet-stream"

// described is the new version that the headers of a write describe, without its bytes.
func described(x *exchange.Exchange) (world.Version, *exchange.Fault) {
	v := world.Version{Key: x.Key, ContentType: x.Header.Get("Content-Type"), StorageClass: x.Header.Get("X-Amz-Storage-Class"), Owner: x.At.Account}
	if v.ContentType == "" {
		v.ContentType = defaultType
	}
	if v.StorageClass == "" {
		v.StorageClass = "STANDARD"
	}
	metadata, refusal := wire.Metadata(x.Header)
	if refusal != nil {
		return v, exchange.Refused(refusal)
	}
	v.Metadata = metadata
	for _, name := range systemHeaders {
		value := x.Header.Get(name)
		if name == "Content-Encoding" {
			value = withoutChunked(value)
		}
		if value != "" {
			if v.System == nil {
				v.System = map[string]string{}
			}
			v.System[name] = value
		}
	}
	var fault *exchange.Fault
	v.Tags, fault = tags(x.Header)
	return v, fault
}

// withoutChunked takes aws-chunked out of a Content-Encoding: it tells how the body travelled, not what it is.
func withoutChunked(encoding string) string {
	kept := slices.DeleteFunc(strings.Split(encoding, ","), func(s string) bool { return strings.TrimSpace(s) == "aws-chunked" })
	return strings.TrimSpace(strings.Join(kept, ","))
}

// Bounds of object tags.
const (
	maxTags     = 10
	maxTagKey   = 128 // characters
	maxTagValue = 256 // characters
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// tags reads x-amz-tagging: "a=b&c=d", URL-encoded.
func tags(h http.Header) (map[string]string, *exchange.Fault) {
	header := h.Get("X-Amz-Tagging")
	if header == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(header)
	for _, v := range values {
		if len(v) > 1 {
			err = url.EscapeError(header)
		}
	}
	if err != nil {
		return nil, exchange.Invalid("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
			"x-amz-tagging", header).Told("The tags cannot be read.")
	}
	if len(values) > maxTags {
		return nil, exchange.Err(400, "BadRequest", "Object tags cannot be greater than 10").Told("An object has at most ten tags.")
	}
	out := map[string]string{}
	for key, v := range values {
		switch {
		case key == "" || len([]rune(key)) > maxTagKey || !tagText.MatchString(key):
			return nil, exchange.Err(400, "InvalidTag", "The TagKey you have provided is invalid").With("TagKey", key)
		case len([]rune(v[0])) > maxTagValue || !tagText.MatchString(v[0]):
			return nil, exchange.Err(400, "InvalidTag", "The TagValue you have provided is invalid").With("TagKey", key).With("TagValue", v[0])
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return nil, exchange.Err(400, "InvalidTag", "Your TagKey cannot be prefixed with aws:").With("TagKey", key)
		}
		out[key] = v[0]
	}
	return out, nil
}
