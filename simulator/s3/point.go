package s3

import (
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// throughPoints are the operations an access point passes on to its bucket. (S3 User Guide, access point compatibility)
var throughPoints = []string{
	"AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject", "DeleteObjects",
	"DeleteObjectTagging", "GetBucketAcl", "GetBucketCors", "GetBucketLocation", "GetBucketNotificationConfiguration", "GetBucketPolicy",
	"GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging", "HeadBucket",
	"HeadObject", "ListMultipartUploads", "ListObjects", "ListObjectsV2", "ListObjectVersions", "ListParts", "PutObject", "PutObjectAcl",
	"PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging", "RestoreObject", "SelectObjectContent", "UploadPart", "UploadPartCopy",
}

// ThroughPoint says whether an access point passes an operation on.
func ThroughPoint(operation string) bool { return slices.Contains(throughPoints, operation) }

// pointARN is the ARN of the access point that a request of S3 Control names; one that is not there has the region of the
// endpoint.
func pointARN(x *exchange.Exchange) string {
	account, name := x.Header.Get(accountHeader), x.Named["name"]
	if p, ok := x.World.AccessPoint(account, name); ok {
		return p.ARN()
	}
	return world.AccessPoint{Account: account, Name: name, Region: x.World.Region()}.ARN()
}

var (
	pointName  = regexp.MustCompile(`^[a-z0-9.-]{3,50}$`) // what the address may hold; the rest is for the name
	pointEnds  = regexp.MustCompile(`^[a-z0-9].*[a-z0-9]$`)
	vpcPattern = regexp.MustCompile(`^vpc-[0-9a-f]{8,17}$`)
)

// validPoint refuses what cannot be the name of an access point. (s3-wire 5.10)
func validPoint(x *exchange.Exchange, name string) *exchange.Fault {
	switch {
	case !pointName.MatchString(name):
		return exchange.Err(400, "InvalidURI", "Couldn't parse the specified URI.").With("URI", "accesspoint/"+name).
			Told("That cannot be the name of an access point.")
	case !pointEnds.MatchString(name), strings.Contains(name, "."), strings.HasPrefix(name, "xn--"),
		strings.HasSuffix(name, "-s3alias"), strings.HasSuffix(name, "--ol-s3"), strings.HasSuffix(name, "--xa-s3"):
		x.Note("modelled: the words of this refusal were recorded, its code was not")
		return exchange.BadRequest("Your Amazon S3 AccessPoint name is invalid").Told("That cannot be the name of an access point.")
	}
	return nil
}

// addressedPoint is the access point that a request of S3 Control names in its path.
func addressedPoint(x *exchange.Exchange) (world.AccessPoint, *exchange.Fault) {
	account, fault := ownAccount(x)
	if fault != nil {
		return world.AccessPoint{}, fault
	}
	p, ok := x.World.AccessPoint(account.ID, x.Named["name"])
	if !ok {
		return p, NoSuchPoint(x.Named["name"])
	}
	return p, nil
}

// NoSuchPoint is the 404 for an access point that is not there.
func NoSuchPoint(name string) *exchange.Fault {
	return exchange.Err(404, "NoSuchAccessPoint", "The specified accesspoint does not exist").With("AccessPointName", name).
		Told("There is no such access point.")
}

// origin is the network an access point takes requests from, as S3 names it.
func origin(p world.AccessPoint) string {
	if p.VPC != "" {
		return "VPC"
	}
	return "Internet"
}

// withoutPoints refuses to remove a bucket that access points lead to.
func withoutPoints(x *exchange.Exchange) *exchange.Fault {
	for _, p := range x.World.AccessPoints("") {
		if p.Bucket == x.Bucket {
			x.Note("access point %s of account %s leads to it; modelled: the words of this refusal are from memory", p.Name, p.Account)
			return exchange.Err(400, "BucketHasAccessPointsAttached", "The bucket you are trying to delete has access points attached. Delete your access points and try again.").
				Told("Access points lead to this bucket.")
		}
	}
	return nil
}
