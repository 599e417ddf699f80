package s3

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

type createBucketConfiguration struct {
	XMLName            struct{}  `xml:"CreateBucketConfiguration"`
	LocationConstraint *string   `xml:"LocationConstraint"`
	Location           *struct{} `xml:"Location"`
	Bucket             *struct{} `xml:"Bucket"`
	Tags               *struct {
		Tag []tagEntry `xml:"Tag"`
	} `xml:"Tags"`
}

func createBucket(x *exchange.Exchange) *exchange.Fault {
	if err := world.ValidBucketName(x.Bucket); err != nil {
		x.Note("%v", err)
		return exchange.Err(400, "InvalidBucketName", "The specified bucket is not valid.").With("BucketName", x.Bucket).
			Told("That cannot be the name of a bucket.")
	}
	c, fault := bucketConfiguration(x)
	if fault != nil {
		return fault
	}
	region, fault := c.location(x)
	if fault != nil {
		return fault
	}
	if fault := ofNamespace(x, region); fault != nil {
		return fault
	}
	b := x.World.NewBucket(x.Bucket, x.Caller.Account)
	b.Region = region
	if region == "eu-west-1" && c.constraint() == legacyEU {
		b.Config = map[string][]byte{locationConfig: []byte(legacyEU)}
	}
	if b.Tags, fault = c.tags(); fault != nil {
		return fault
	}
	newLock(x, &b)
	if fault := started(x, &b); fault != nil {
		return fault
	}
	if there, ok := x.World.Bucket(x.Bucket); ok {
		return again(x, there, b)
	}
	if err := x.World.Apply(world.BucketMade(b)); err != nil {
		return x.Failed(err)
	}
	x.Did("made bucket %s in %s for account %s", b.Name, b.Region, b.Account)
	if len(b.Tags) > 0 {
		x.Did("gave it %d tags", len(b.Tags))
	}
	made(x, region)
	return nil
}

// made answers as a bucket was made.
func made(x *exchange.Exchange, region string) {
	where := "/" + x.Bucket
	if region != usEast {
		where = "http://" + x.Bucket + ".s3.amazonaws.com/"
	}
	x.Set("Location", where)
	x.Set("X-Amz-Bucket-Arn", x.BucketARN())
}

// again answers who makes a bucket that is there. In us-east-1 making one's own bucket again is no error, unless it is to
// have tags or is elsewhere. (s3-wire 3.6)
func again(x *exchange.Exchange, there *world.Bucket, asked world.Bucket) *exchange.Fault {
	switch {
	case there.Account != x.Caller.Account:
		return exchange.Err(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.").
			With("BucketName", x.Bucket).Told("Another account has a bucket of this name.")
	case x.World.Region() == usEast && there.Region == usEast && asked.Region == usEast && len(asked.Tags) == 0:
		x.Note("the bucket was there already: in us-east-1 making one's own bucket again is no error")
		made(x, there.Region)
		return nil
	}
	return exchange.Err(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.").
		With("BucketName", x.Bucket).Told("You have this bucket already.")
}

const usEast = "us-east-1"

// legacyEU is an old name of eu-west-1, which a bucket that was made by it goes on telling.
const (
	legacyEU       = "EU"
	locationConfig = "location" // where that is kept
)

// bucketConfiguration is the document of a request for a new bucket; without one all is as usual.
func bucketConfiguration(x *exchange.Exchange) (c createBucketConfiguration, fault *exchange.Fault) {
	body, fault := x.Payload()
	if fault != nil || len(body.Data) == 0 {
		return c, fault
	}
	if fault = x.XML(&c); fault == nil && (c.Location != nil || c.Bucket != nil) {
		fault = exchange.Err(501, "NotImplemented", "Directory buckets are not imitated by this simulator.").Told("Directory buckets are not imitated.")
	}
	return c, fault
}

func (c createBucketConfiguration) constraint() string {
	if c.LocationConstraint == nil {
		return ""
	}
	return strings.TrimSpace(*c.LocationConstraint)
}

// tags are those of a new bucket. A key that comes twice was recorded as an error of S3's own.
func (c createBucketConfiguration) tags() (map[string]string, *exchange.Fault) {
	if c.Tags == nil || len(c.Tags.Tag) == 0 {
		return nil, nil
	}
	seen := map[string]bool{}
	for _, t := range c.Tags.Tag {
		if t.Key != nil && seen[*t.Key] {
			return nil, exchange.Internal().Told("A tag is named twice.")
		}
		if t.Key != nil {
			seen[*t.Key] = true
		}
	}
	return newBucketTagRules.read(c.Tags.Tag)
}

// location is the region a bucket is made in. A region's endpoint makes buckets only there, that of us-east-1 anywhere.
func (c createBucketConfiguration) location(x *exchange.Exchange) (string, *exchange.Fault) {
	endpoint, wanted := x.World.Region(), c.constraint()
	illegal := func(named string) *exchange.Fault {
		return exchange.Err(400, "IllegalLocationConstraintException",
			fmt.Sprintf("The %s location constraint is incompatible for the region specific endpoint this request was sent to.", named)).
			Told("This endpoint makes buckets only in its own region.")
	}
	switch {
	case wanted == "" && endpoint == usEast:
		return usEast, nil
	case wanted == "":
		return "", illegal("unspecified")
	case wanted == legacyEU && (endpoint == usEast || endpoint == "eu-west-1"):
		return "eu-west-1", nil
	case endpoint != usEast && wanted != endpoint:
		return "", illegal(wanted)
	case endpoint == usEast && (wanted == usEast || !isRegion(wanted)):
		return "", exchange.Err(400, "InvalidLocationConstraint", "The specified location-constraint is not valid").
			With("LocationConstraint", wanted).Told("No region takes buckets by this name here.")
	}
	if wanted != endpoint {
		x.Note("modelled: a bucket of %s is served by this endpoint too; the redirect of S3 is not imitated", wanted)
	}
	return wanted, nil
}

func headBucket(x *exchange.Exchange) *exchange.Fault {
	x.Set("Content-Type", "application/xml")
	x.Set("X-Amz-Bucket-Region", x.At.Region)
	x.Set("X-Amz-Bucket-Arn", x.BucketARN())
	x.Set("X-Amz-Access-Point-Alias", strconv.FormatBool(x.Alias))
	return nil
}

func getBucketLocation(x *exchange.Exchange) *exchange.Fault {
	region := x.At.Region
	if old, ok := x.At.Config[locationConfig]; ok {
		region = string(old)
	}
	if region == usEast {
		region = "" // as S3 has said since it had one region
	}
	x.Document("LocationConstraint", struct {
		Region string `xml:",chardata"`
	}{region})
	return nil
}

func deleteBucket(x *exchange.Exchange) *exchange.Fault {
	if x.At.Objects.Len() > 0 {
		message := "The bucket you tried to delete is not empty"
		if x.At.Versioning != "" {
			message += ". You must delete all versions in the bucket."
		}
		return exchange.Err(409, "BucketNotEmpty", message).With("BucketName", x.Bucket).Told("There is still something in the bucket.")
	}
	if fault := withoutPoints(x); fault != nil {
		return fault
	}
	if err := x.World.Apply(world.BucketRemoved(x.Bucket)); err != nil {
		return x.Failed(err)
	}
	x.Did("removed bucket %s", x.Bucket)
	x.Answer.Status = http.StatusNoContent
	return nil
}

type bucketList struct {
	Buckets           []bucketEntry `xml:"Buckets>Bucket"`
	Owner             owner         `xml:"Owner"`
	Prefix            string        `xml:"Prefix,omitempty"`
	ContinuationToken string        `xml:"ContinuationToken,omitempty"`
}

type bucketEntry struct {
	Name         string `xml:"Name"`
	CreationDate string `xml:"CreationDate"`
	BucketRegion string `xml:"BucketRegion,omitempty"`
	BucketArn    string `xml:"BucketArn"`
}

// owner has only an id: DisplayName left S3's answers in 2025.
type owner struct {
	ID string `xml:"ID"`
}

// ownerOf is an account as listings name it.
func ownerOf(x *exchange.Exchange, account string) owner {
	a, _ := x.World.Account(account)
	return owner{a.CanonicalID}
}

// maxBuckets is the most entries one ListBuckets answers.
const maxBuckets = 10_000

func listBuckets(x *exchange.Exchange) *exchange.Fault {
	region := x.Query.Get("bucket-region")
	if region != "" && !isRegion(region) {
		return exchange.Invalid("Argument value "+region+" is not a valid AWS Region", "bucket-region", region).Told("There is no such region.")
	}
	most, fault := maxOf(x, "max-buckets", maxBuckets)
	if fault != nil {
		return fault
	}
	after, fault := tokenOf(x)
	if fault != nil {
		return fault
	}
	// Without a parameter S3 answers as it did before it had any, and tells no regions. (recorded)
	paged := slices.ContainsFunc([]string{"prefix", "bucket-region", "max-buckets", "continuation-token"}, x.Asked)
	list := bucketList{Buckets: []bucketEntry{}, Owner: ownerOf(x, x.Caller.Account), Prefix: x.Query.Get("prefix")}
	for _, b := range x.World.Buckets(x.Caller.Account) {
		if region != "" && b.Region != region || !strings.HasPrefix(b.Name, list.Prefix) || b.Name <= after {
			continue
		}
		if len(list.Buckets) == most {
			list.ContinuationToken = token(list.Buckets[most-1].Name)
			break
		}
		entry := bucketEntry{Name: b.Name, CreationDate: wire.ISO(b.Created), BucketArn: "arn:aws:s3:::" + b.Name}
		if paged {
			entry.BucketRegion = b.Region
		}
		list.Buckets = append(list.Buckets, entry)
	}
	x.Document("ListAllMyBucketsResult", list)
	return nil
}
