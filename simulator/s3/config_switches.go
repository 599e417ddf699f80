package s3

import (
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

var accelerateSetting = setting{name: "accelerate", root: "AccelerateConfiguration", what: "acceleration setting"}

type accelerateDocument struct {
	XMLName struct{} `xml:"AccelerateConfiguration"`
	Status  string   `xml:"Status"`
}

func getAccelerate(x *exchange.Exchange) *exchange.Fault { return accelerateSetting.get(x) }

func putAccelerate(x *exchange.Exchange) *exchange.Fault {
	var doc accelerateDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if strings.Contains(x.Bucket, ".") {
		return exchange.BadRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names").
			Told("A name with periods cannot be accelerated.")
	}
	if !switchWord(doc.Status, "Suspended") {
		return exchange.MalformedXML()
	}
	x.Note("the setting is kept; nothing becomes faster here")
	return accelerateSetting.keep(x, doc)
}

// Who pays, as S3 writes it.
const (
	bucketOwner = "BucketOwner"
	requester   = "Requester"
)

func getRequestPayment(x *exchange.Exchange) *exchange.Fault {
	payer := x.At.Payer
	if payer == "" {
		payer = bucketOwner
	}
	x.Document("RequestPaymentConfiguration", struct {
		Payer string `xml:"Payer"`
	}{payer})
	return nil
}

func putRequestPayment(x *exchange.Exchange) *exchange.Fault {
	var doc struct {
		XMLName struct{} `xml:"RequestPaymentConfiguration"`
		Payer   string   `xml:"Payer"`
	}
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if doc.Payer != bucketOwner && doc.Payer != requester {
		return exchange.MalformedXML()
	}
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Payer: &doc.Payer})); err != nil {
		return x.Failed(err)
	}
	x.Did("requests to %s are paid for by the %s now", x.Bucket, strings.ToLower(strings.TrimPrefix(doc.Payer, "Bucket")))
	return nil
}

var abacSetting = setting{name: "abac", root: "AbacStatus", what: "setting for tags in policies"}

type abacDocument struct {
	XMLName struct{} `xml:"AbacStatus"`
	Status  string   `xml:"Status"`
}

// TagsCount says whether the tags of a bucket are condition keys of its requests.
func TagsCount(b *world.Bucket) bool {
	return strings.Contains(string(b.Config[abacSetting.name]), "<Status>Enabled</Status>")
}

func getABAC(x *exchange.Exchange) *exchange.Fault {
	if x.At.Config[abacSetting.name] == nil {
		x.Document(abacSetting.root, abacDocument{Status: "Disabled"})
		return nil
	}
	return abacSetting.get(x)
}

func putABAC(x *exchange.Exchange) *exchange.Fault {
	var doc abacDocument
	if fault := verified(x, &doc); fault != nil {
		return fault
	}
	if !switchWord(doc.Status, "Disabled") {
		return exchange.MalformedXML()
	}
	return abacSetting.keep(x, doc)
}

// tagsElsewhere refuses tags by the old operations where they decide: there TagResource changes them.
func tagsElsewhere(x *exchange.Exchange) *exchange.Fault {
	if !TagsCount(x.At) {
		return nil
	}
	x.Note("modelled: that a bucket with ABAC takes its tags through TagResource is documented, code and words are our choice")
	return exchange.BadRequest("The bucket has attribute-based access control enabled. Use TagResource and UntagResource to change its tags.").
		Told("Tags that decide are changed by TagResource.")
}
