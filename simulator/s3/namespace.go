package s3

import (
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
)

// The namespaces of bucket names since March 2026. In an account's own, a name ends in the account, the region and "an",
// so that nobody else can have it.
const (
	namespaceHeader = "X-Amz-Bucket-Namespace"
	globalNames     = "global"
	accountNames    = "account-regional"
)

var accountName = regexp.MustCompile(`-[0-9]{12}-[a-z]{2}(-[a-z]+)+-[0-9]-an$`)

// ofNamespace says whether a new bucket's name belongs to the namespace its request asks for.
func ofNamespace(x *exchange.Exchange, region string) *exchange.Fault {
	asked := x.Header.Get(namespaceHeader)
	ending := "-" + x.Caller.Account + "-" + region + "-an"
	invalid := func(say string) *exchange.Fault {
		x.Note("modelled: a name of the account's own namespace ends in %s and needs %s: %s; how S3 words a refusal was never recorded",
			ending, strings.ToLower(namespaceHeader), accountNames)
		return exchange.Err(400, "InvalidBucketName", "The specified bucket is not valid.").With("BucketName", x.Bucket).Told(say)
	}
	switch {
	case x.Sent(namespaceHeader) && asked != globalNames && asked != accountNames:
		x.Note("modelled: what S3 answers to a namespace there is not was never recorded")
		return exchange.Invalid("Invalid x-amz-bucket-namespace header: "+asked, "x-amz-bucket-namespace", asked).Told("S3 has no such namespace.")
	case asked == accountNames && (!strings.HasSuffix(x.Bucket, ending) || x.Bucket == ending[1:]):
		return invalid("The name is not of the account's namespace.")
	case asked != accountNames && accountName.MatchString(x.Bucket):
		return invalid("Names like this belong to an account's namespace.")
	}
	return nil
}
