package s3

import (
	"encoding/base64"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// maxKeys is the most entries of one list.
const maxKeys = 1000

type commonPrefix struct {
	Prefix string `xml:"Prefix"`
}

type listV1 struct {
	Name           string         `xml:"Name"`
	Prefix         string         `xml:"Prefix"`
	Marker         string         `xml:"Marker"`
	NextMarker     string         `xml:"NextMarker,omitempty"`
	MaxKeys        int            `xml:"MaxKeys"`
	Delimiter      string         `xml:"Delimiter,omitempty"`
	EncodingType   string         `xml:"EncodingType,omitempty"`
	IsTruncated    bool           `xml:"IsTruncated"`
	Contents       []byte         `xml:",innerxml"`
	CommonPrefixes []commonPrefix `xml:"CommonPrefixes"`
}

type listV2 struct {
	Name                  string         `xml:"Name"`
	Prefix                string         `xml:"Prefix"`
	ContinuationToken     string         `xml:"ContinuationToken,omitempty"`
	NextContinuationToken string         `xml:"NextContinuationToken,omitempty"`
	StartAfter            string         `xml:"StartAfter,omitempty"`
	KeyCount              int            `xml:"KeyCount"`
	MaxKeys               int            `xml:"MaxKeys"`
	Delimiter             string         `xml:"Delimiter,omitempty"`
	EncodingType          string         `xml:"EncodingType,omitempty"`
	IsTruncated           bool           `xml:"IsTruncated"`
	Contents              []byte         `xml:",innerxml"`
	CommonPrefixes        []commonPrefix `xml:"CommonPrefixes"`
}

func listObjects(x *exchange.Exchange) *exchange.Fault {
	q, fault := listQuery(x, "max-keys", maxKeys)
	if fault != nil {
		return fault
	}
	marker := x.Query.Get("marker")
	page := walk(x.At, q, marker)
	out := listV1{Name: x.Bucket, Prefix: q.encode(q.prefix), Marker: q.encode(marker), MaxKeys: q.most,
		Delimiter: q.encode(q.delimiter), EncodingType: q.encoding, IsTruncated: page.truncated, CommonPrefixes: q.common(page.prefixes)}
	list, fault := newEntries(x, q, true, len(page.versions))
	if fault != nil {
		return fault
	}
	for _, v := range page.versions {
		list.add(v)
	}
	out.Contents = list.out
	if page.truncated && q.delimiter != "" {
		out.NextMarker = q.encode(page.last)
	}
	x.Document("ListBucketResult", out)
	return nil
}

func listObjectsV2(x *exchange.Exchange) *exchange.Fault {
	q, fault := listQuery(x, "max-keys", maxKeys)
	if fault != nil {
		return fault
	}
	after, fault := tokenOf(x)
	if fault != nil {
		return fault
	}
	start := x.Query.Get("start-after")
	if !x.Asked("continuation-token") {
		after = start
	} else {
		start = "" // a token says where to go on, so the other place is not repeated (recorded)
	}
	page := walk(x.At, q, after)
	out := listV2{Name: x.Bucket, Prefix: q.encode(q.prefix), ContinuationToken: x.Query.Get("continuation-token"),
		StartAfter: q.encode(start), KeyCount: len(page.versions) + len(page.prefixes), MaxKeys: q.most,
		Delimiter: q.encode(q.delimiter), EncodingType: q.encoding, IsTruncated: page.truncated, CommonPrefixes: q.common(page.prefixes)}
	list, fault := newEntries(x, q, x.Query.Get("fetch-owner") == "true", len(page.versions))
	if fault != nil {
		return fault
	}
	for _, v := range page.versions {
		list.add(v)
	}
	out.Contents = list.out
	if page.truncated {
		out.NextContinuationToken = token(page.last)
	}
	x.Document("ListBucketResult", out)
	return nil
}

// query is what every list asks for.
type query struct {
	prefix, delimiter, encoding string
	most                        int
}

func listQuery(x *exchange.Exchange, maxName string, most int) (query, *exchange.Fault) {
	q := query{prefix: x.Query.Get("prefix"), delimiter: x.Query.Get("delimiter"), encoding: x.Query.Get("encoding-type")}
	if x.Asked("encoding-type") && q.encoding != "url" {
		return q, exchange.Invalid("Invalid Encoding Method specified in Request", "encoding-type", q.encoding).Told("The only encoding is url.")
	}
	var fault *exchange.Fault
	q.most, fault = maxOf(x, maxName, most)
	return q, fault
}

func (q query) encode(key string) string {
	if q.encoding == "url" {
		return wire.EncodeKey(key)
	}
	return key
}

func (q query) common(prefixes []string) []commonPrefix {
	var out []commonPrefix
	for _, p := range prefixes {
		out = append(out, commonPrefix{q.encode(p)})
	}
	return out
}

// group is the common prefix a key falls under; "" when it stands for itself.
func (q query) group(key string) string {
	if q.delimiter == "" {
		return ""
	}
	if i := strings.Index(key[len(q.prefix):], q.delimiter); i >= 0 {
		return key[:len(q.prefix)+i+len(q.delimiter)]
	}
	return ""
}

// maxOf reads a number like max-keys; above most it is most.
func maxOf(x *exchange.Exchange, name string, most int) (int, *exchange.Fault) {
	value := x.Query.Get(name)
	if value == "" {
		return most, nil
	}
	n, err := strconv.Atoi(value)
	switch {
	case err != nil:
		return 0, exchange.Invalid("Provided "+name+" not an integer or within integer range", name, value).Told("That is not a number.")
	case n < 0:
		return 0, exchange.Invalid("Argument "+name+" must be an integer between 0 and 2147483647", name, value).Told("That number is below zero.")
	}
	return min(n, most), nil
}

// token hides where a list goes on; tokenOf reads it back.
func token(last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte("keyhole:" + last))
}

func tokenOf(x *exchange.Exchange) (string, *exchange.Fault) {
	sent := x.Query.Get("continuation-token")
	if !x.Asked("continuation-token") || sent == "" && x.Op.Name == "ListBuckets" {
		return "", nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(sent)
	last, ours := strings.CutPrefix(string(plain), "keyhole:")
	if err != nil || !ours {
		return "", exchange.Err(400, "InvalidArgument", "The continuation token provided is incorrect").
			With("ArgumentName", "continuation-token").Told("That token is not one of ours.")
	}
	return last, nil
}

// page is one page of a list; last is the key or common prefix it ends with.
type page struct {
	versions  []*world.Version
	prefixes  []string
	truncated bool
	last      string
}

// walk lists the current objects after a key, in the order of their bytes.
func walk(b *world.Bucket, q query, after string) page {
	var p page
	for key, versions := range b.Below(q.prefix, after) {
		v := versions[0]
		if v.DeleteMarker {
			continue
		}
		group := q.group(key)
		if group != "" && (group <= after && strings.HasPrefix(after, group) || group == p.last) {
			continue
		}
		if len(p.versions)+len(p.prefixes) == q.most {
			p.truncated = q.most > 0
			break
		}
		if group != "" {
			p.prefixes, p.last = append(p.prefixes, group), group
			continue
		}
		p.versions, p.last = append(p.versions, v), key
	}
	return p
}
