package simulator

import (
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
)

// payerHeader is how another account agrees to pay for its request to a bucket.
const payerHeader = "X-Amz-Request-Payer"

// payer refuses requests to a bucket whose requesters pay, when they come from another account that does not say it will;
// nobody can send a bill to an anonymous one. The owner's own account goes on paying for itself. (user guide, Requester Pays)
func payer(v *visit) *exchange.Fault {
	if v.At == nil || v.At.Payer != "Requester" || v.Caller.Account == v.At.Account {
		return nil
	}
	if v.Anonymous || !strings.EqualFold(v.Header.Get(payerHeader), "requester") {
		return exchange.Denied().Told("Here the requester pays, and must say so.")
	}
	v.Set("X-Amz-Request-Charged", "requester")
	return nil
}

// bucketOwnTags are the tags of the pair's bucket, where they count in policies.
func (p *pair) bucketOwnTags() map[string]string {
	if p.bucket == nil || !s3.TagsCount(p.bucket) {
		return nil
	}
	return p.bucket.Tags
}
