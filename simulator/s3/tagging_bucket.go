package s3

import (
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

func getBucketTagging(x *exchange.Exchange) *exchange.Fault {
	if len(x.At.Tags) == 0 {
		return exchange.Err(404, "NoSuchTagSet", "The TagSet does not exist").With("BucketName", x.Bucket).Told("The bucket has no tags.")
	}
	tagDocument(x, x.At.Tags)
	return nil
}

func putBucketTagging(x *exchange.Exchange) *exchange.Fault {
	tags, fault := readTagging(x, bucketTagRules)
	if fault != nil {
		return fault
	}
	return setBucketTags(x, tags)
}

func deleteBucketTagging(x *exchange.Exchange) *exchange.Fault {
	return setBucketTags(x, map[string]string{})
}

// setBucketTags gives a bucket other tags; none at all are no tag set.
func setBucketTags(x *exchange.Exchange, tags map[string]string) *exchange.Fault {
	if fault := tagsElsewhere(x); fault != nil {
		return fault
	}
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Tags: &tags})); err != nil {
		return x.Failed(err)
	}
	x.Did("bucket %s now has %d tags", x.Bucket, len(tags))
	x.Answer.Status = http.StatusNoContent
	return nil
}
