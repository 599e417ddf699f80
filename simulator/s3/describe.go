package s3

import (
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
	v.Redirect = x.Header.Get("X-Amz-Website-Redirect-Location")
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
