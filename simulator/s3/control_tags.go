package s3

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

type tagResourceRequest struct {
	XMLName struct{}   `xml:"TagResourceRequest"`
	Tags    []tagEntry `xml:"Tags>Tag"`
}

// Texts of InvalidTag, which S3 Control says in other words than S3.
const (
	reservedTagText = `User-defined tag keys can't start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.`
	twiceTagText    = "There are duplicate tag keys in your request. Remove the duplicate tag keys and try again."
	badTagText      = "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters."
)

// controlTagged is the bucket whose tags a request is about.
func controlTagged(x *exchange.Exchange) (*world.Bucket, *exchange.Fault) {
	if _, fault := ownAccount(x); fault != nil {
		return nil, fault
	}
	resource := x.Named["resourceArn"]
	name, ok := strings.CutPrefix(resource, "arn:aws:s3:::")
	if !ok && strings.HasPrefix(resource, "arn:aws:s3:") {
		return nil, exchange.Err(501, "NotImplemented", "Tags of other resources than buckets are not imitated by this simulator.").
			Told("Only buckets have tags here.")
	}
	b, there := x.World.Bucket(name)
	if !there {
		return nil, exchange.Err(404, "NoSuchResource", "The specified resource doesn't exist.").Told("There is no such bucket.")
	}
	return b, nil
}

func tagResource(x *exchange.Exchange) *exchange.Fault {
	b, fault := controlTagged(x)
	if fault != nil {
		return fault
	}
	var doc tagResourceRequest
	if fault := controlXML(x, &doc); fault != nil {
		return fault
	}
	sent := map[string]string{}
	for _, t := range doc.Tags {
		if t.Key == nil || t.Value == nil {
			return exchange.MalformedXML()
		}
		bad := ""
		_, twice := sent[*t.Key]
		switch {
		case strings.HasPrefix(strings.ToLower(*t.Key), "aws:"):
			bad = reservedTagText
		case twice:
			bad = twiceTagText
		case *t.Key == "", utf8.RuneCountInString(*t.Key) > maxTagKey, utf8.RuneCountInString(*t.Value) > maxTagValue,
			!tagText.MatchString(*t.Key), !tagText.MatchString(*t.Value):
			bad = badTagText
		}
		if bad != "" {
			return exchange.Err(400, "InvalidTag", bad).Told("That cannot be a tag.")
		}
		sent[*t.Key] = *t.Value
	}
	tags := maps.Clone(b.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, sent)
	if len(tags) > maxBucketTags {
		return exchange.Err(400, "BadRequest", bucketTagRules.tooMany).Told("At most 50 tags fit here.")
	}
	return controlRetag(x, b, tags)
}

func untagResource(x *exchange.Exchange) *exchange.Fault {
	b, fault := controlTagged(x)
	if fault != nil {
		return fault
	}
	tags := maps.Clone(b.Tags)
	for _, key := range x.Query["tagKeys"] {
		delete(tags, key)
	}
	return controlRetag(x, b, tags)
}

func controlRetag(x *exchange.Exchange, b *world.Bucket, tags map[string]string) *exchange.Fault {
	x.Answer.Status = http.StatusNoContent
	if maps.Equal(tags, b.Tags) {
		return nil
	}
	if err := x.World.Apply(world.BucketSet(b.Name, world.Settings{Tags: &tags})); err != nil {
		return x.Failed(err)
	}
	x.Did("bucket %s has %d tags", b.Name, len(tags))
	return nil
}

func listTagsForResource(x *exchange.Exchange) *exchange.Fault {
	b, fault := controlTagged(x)
	if fault != nil {
		return fault
	}
	var doc struct {
		Tags struct {
			Tag []tagEntry `xml:"Tag"`
		} `xml:"Tags"` // there without tags too
	}
	for _, key := range slices.Sorted(maps.Keys(b.Tags)) {
		value := b.Tags[key]
		doc.Tags.Tag = append(doc.Tags.Tag, tagEntry{&key, &value})
	}
	controlDocument(x, "ListTagsForResourceResult", doc)
	return nil
}
