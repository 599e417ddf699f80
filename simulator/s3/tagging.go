package s3

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
)

// Bounds of tags. (s3-wire 7.6)
const (
	maxTags       = 10  // of an object
	maxBucketTags = 50  // of a bucket
	maxTagKey     = 128 // characters
	maxTagValue   = 256 // characters
)

// tagEntry is one tag of a document. A document that leaves the key or the value out is malformed.
type tagEntry struct {
	Key   *string `xml:"Key"`
	Value *string `xml:"Value"`
}

// tagging is the document of PutObjectTagging and PutBucketTagging, and of what answers their Get. Without a TagSet there
// are no tags.
type tagging struct {
	XMLName struct{}   `xml:"Tagging"`
	Tags    []tagEntry `xml:"TagSet>Tag"`
}

// tagRules are what differs between the tags of objects, of buckets, and of a bucket that is being made.
type tagRules struct {
	most     int
	tooMany  string // the message above most
	reserved string // the message for a key that begins with "aws:"
	unnamed  bool   // the refusal of a reserved key does not repeat it
}

var (
	objectTagRules = tagRules{most: maxTags, tooMany: "Object tags cannot be greater than 10",
		reserved: "Your TagKey cannot be prefixed with aws:"}
	bucketTagRules = tagRules{most: maxBucketTags, tooMany: "Bucket tag count cannot be greater than 50",
		reserved: "System tags cannot be added/updated by requester"}
	newBucketTagRules = tagRules{most: maxBucketTags, tooMany: bucketTagRules.tooMany, unnamed: true,
		reserved: `User-defined tag keys can't start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.`}
)

// tagText is what a key or a value consists of.
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// readTagging reads the document of a request: its tags, or 400 MalformedXML, InvalidTag, BadRequest.
func readTagging(x *exchange.Exchange, rules tagRules) (map[string]string, *exchange.Fault) {
	var doc tagging
	if fault := verified(x, &doc); fault != nil {
		return nil, fault
	}
	return rules.read(doc.Tags)
}

// read judges the tags of a document one after the other: keys, values, then names that come twice.
func (r tagRules) read(list []tagEntry) (map[string]string, *exchange.Fault) {
	tags := map[string]string{}
	for _, t := range list {
		if t.Key == nil || t.Value == nil {
			return nil, exchange.MalformedXML()
		}
		if fault := r.judge(*t.Key, *t.Value); fault != nil {
			return nil, fault
		}
		if _, twice := tags[*t.Key]; twice {
			return nil, invalidTag("Cannot provide multiple Tags with the same key", *t.Key).Told("A tag is named twice.")
		}
		tags[*t.Key] = *t.Value
	}
	if len(tags) > r.most {
		return nil, exchange.Err(400, "BadRequest", r.tooMany).Told(fmt.Sprintf("At most %d tags fit here.", r.most))
	}
	return tags, nil
}

// judge says what is wrong with one tag by itself.
func (r tagRules) judge(key, value string) *exchange.Fault {
	switch {
	case key == "" || utf8.RuneCountInString(key) > maxTagKey || !tagText.MatchString(key):
		return invalidTag("The TagKey you have provided is invalid", key).Told("That cannot be the key of a tag.")
	case utf8.RuneCountInString(value) > maxTagValue || !tagText.MatchString(value):
		return invalidTag("The TagValue you have provided is invalid", key).With("TagValue", value).Told("That cannot be the value of a tag.")
	case !strings.HasPrefix(strings.ToLower(key), "aws:"):
		return nil
	case r.unnamed:
		return exchange.Err(400, "InvalidTag", r.reserved).Told("Tags of AWS begin with aws:")
	}
	return invalidTag(r.reserved, key).Told("Tags of AWS begin with aws:")
}

func invalidTag(message, key string) *exchange.Fault {
	return exchange.Err(400, "InvalidTag", message).With("TagKey", key)
}

// tagDocument answers with tags, by key.
func tagDocument(x *exchange.Exchange, tags map[string]string) {
	var doc struct {
		Set struct {
			Tags []tagEntry `xml:"Tag"`
		} `xml:"TagSet"`
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		doc.Set.Tags = append(doc.Set.Tags, tagEntry{&key, &value})
	}
	x.Document("Tagging", doc)
}

// tags reads x-amz-tagging: "a=b&c=d", URL-encoded. What a document would be told about its characters, a header is told
// about its form.
func tags(h http.Header) (map[string]string, *exchange.Fault) {
	return headerTags(h.Get("X-Amz-Tagging"))
}

func headerTags(header string) (map[string]string, *exchange.Fault) {
	if header == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(header)
	malformed := err != nil
	for key, v := range values {
		malformed = malformed || len(v) > 1 || !tagText.MatchString(key) || !tagText.MatchString(v[0])
	}
	if malformed {
		return nil, exchange.Invalid("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
			"x-amz-tagging", header).Told("The tags cannot be read.")
	}
	var list []tagEntry
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, tagEntry{&key, &values[key][0]})
	}
	return objectTagRules.read(list)
}
