package s3

import (
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// attributeNames are what x-amz-object-attributes may ask for.
var attributeNames = []string{"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}

type objectAttributes struct {
	ETag         string          `xml:"ETag,omitempty"`
	Checksum     *objectChecksum `xml:"Checksum"`
	Parts        *objectParts    `xml:"ObjectParts"`
	StorageClass string          `xml:"StorageClass,omitempty"`
	Size         *int64          `xml:"ObjectSize"`
}

type objectChecksum struct {
	checksums
	Type string `xml:"ChecksumType"`
}

// objectParts lists the parts only where each has a checksum of its own, which is so for composite ones; else it counts
// them. (recorded)
type objectParts struct {
	Total      int              `xml:"PartsCount"`
	Marker     *int             `xml:"PartNumberMarker"`
	NextMarker *int             `xml:"NextPartNumberMarker"`
	Most       *int             `xml:"MaxParts"`
	Truncated  *bool            `xml:"IsTruncated"`
	Parts      []attributedPart `xml:"Part"`
}

type attributedPart struct {
	checksums
	Number int   `xml:"PartNumber"`
	Size   int64 `xml:"Size"`
}

func getObjectAttributes(x *exchange.Exchange) *exchange.Fault {
	names, fault := askedAttributes(x)
	if fault != nil {
		return fault
	}
	v, fault := find(x)
	if fault != nil {
		return hidden(x, fault, x.Bucket)
	}
	if refusal := wire.ReadConditions(x.Header).Read(v.ETag, v.Created); refusal != nil {
		return exchange.Refused(refusal)
	}
	if _, fault := x.Open(v.Sealed, false); fault != nil {
		return fault
	}
	var out objectAttributes
	for _, name := range names {
		switch name {
		case "ETag":
			out.ETag = v.ETag
		case "Checksum":
			if v.Checksum.Algorithm != "" {
				sum := v.Checksum
				sum.Value, _, _ = strings.Cut(sum.Value, "-") // the number of parts is told beside it
				out.Checksum = &objectChecksum{sums(sum), sum.Type}
			}
		case "ObjectParts":
			if out.Parts, fault = partsOf(x, v); fault != nil {
				return fault
			}
		case "StorageClass":
			out.StorageClass = v.StorageClass
		case "ObjectSize":
			out.Size = &v.Size
		}
	}
	x.Set("Last-Modified", wire.HTTPDate(v.Created))
	versionHeader(x, v)
	x.Document("GetObjectAttributesResponse", out)
	return nil
}

// askedAttributes are the names in x-amz-object-attributes, which may come in several lines.
func askedAttributes(x *exchange.Exchange) (names []string, fault *exchange.Fault) {
	const header = "X-Amz-Object-Attributes"
	for _, name := range strings.Split(strings.Join(x.Header.Values(header), ","), ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case !slices.Contains(attributeNames, name):
			return nil, exchange.Invalid("Invalid attribute name specified.", strings.ToLower(header), name).Told("An object has no such attribute.")
		default:
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, exchange.BadRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty").
			Told("Say which attributes you want.")
	}
	return names, nil
}

// partsOf is the page of parts the request asks for; nil for an object that was not uploaded in parts.
func partsOf(x *exchange.Exchange, v *world.Version) (*objectParts, *exchange.Fault) {
	most, fault := numberIn(x, "X-Amz-Max-Parts", maxKeys)
	if fault != nil {
		return nil, fault
	}
	marker, fault := numberIn(x, "X-Amz-Part-Number-Marker", 0)
	if fault != nil || len(v.Parts) == 0 {
		return nil, fault
	}
	out := &objectParts{Total: len(v.Parts)}
	if v.Checksum.Type != string(wire.Composite) {
		return out, nil
	}
	next, truncated := marker, false
	most = min(most, maxKeys)
	for _, p := range v.Parts {
		if p.Number <= marker {
			continue
		}
		if truncated = len(out.Parts) == most; truncated {
			break
		}
		out.Parts, next = append(out.Parts, attributedPart{sums(p.Checksum), p.Number, p.Size}), p.Number
	}
	out.Marker, out.NextMarker, out.Most, out.Truncated = &marker, &next, &most, &truncated
	return out, nil
}

// numberIn reads a header that is a number from 0 on; missing it is the default.
func numberIn(x *exchange.Exchange, header string, missing int) (int, *exchange.Fault) {
	sent := x.Header.Get(header)
	if sent == "" {
		return missing, nil
	}
	name := strings.ToLower(header)
	n, err := strconv.Atoi(sent)
	if err != nil || n < 0 {
		return 0, exchange.Invalid("Provided "+name+" not an integer or within integer range", name, sent).Told("That is not a number.")
	}
	return n, nil
}
