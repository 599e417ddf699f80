package s3

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// maxPoints is the most entries one ListAccessPoints answers.
const maxPoints = 1000

type vpcConfiguration struct {
	VpcID string `xml:"VpcId"`
}

type createPoint struct {
	XMLName         struct{}          `xml:"CreateAccessPointRequest"`
	Bucket          string            `xml:"Bucket"`
	VPC             *vpcConfiguration `xml:"VpcConfiguration"`
	Public          *pointBlock       `xml:"PublicAccessBlockConfiguration"`
	BucketAccountID string            `xml:"BucketAccountId"`
	Scope           *struct {
		Prefixes *struct {
			Prefix []string `xml:"Prefix"`
		} `xml:"Prefixes"`
		Permissions *struct {
			Permission []string `xml:"Permission"`
		} `xml:"Permissions"`
	} `xml:"Scope"`
	Tags *struct {
		Tag []tagEntry `xml:"Tag"`
	} `xml:"Tags"`
}

// pointBlock is publicConfiguration inside another document. What it leaves out is off, even when it leaves out everything.
type pointBlock struct {
	BlockPublicACLs       *string `xml:"BlockPublicAcls"`
	IgnorePublicACLs      *string `xml:"IgnorePublicAcls"`
	BlockPublicPolicy     *string `xml:"BlockPublicPolicy"`
	RestrictPublicBuckets *string `xml:"RestrictPublicBuckets"`
}

func (b *pointBlock) settings() (world.PublicBlock, *exchange.Fault) {
	switch {
	case b == nil:
		return world.PublicBlock{BlockPublicACLs: true, IgnorePublicACLs: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}, nil
	case *b == (pointBlock{}):
		return world.PublicBlock{}, nil
	}
	return publicConfiguration{BlockPublicACLs: b.BlockPublicACLs, IgnorePublicACLs: b.IgnorePublicACLs,
		BlockPublicPolicy: b.BlockPublicPolicy, RestrictPublicBuckets: b.RestrictPublicBuckets}.settings()
}

func createAccessPoint(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	p := world.AccessPoint{Account: account.ID, Name: x.Named["name"], Created: x.World.Now()}
	if fault := validPoint(x, p.Name); fault != nil {
		return fault
	}
	var doc createPoint
	if fault := controlXML(x, &doc); fault != nil {
		return fault
	}
	switch {
	case doc.Bucket == "":
		return exchange.MalformedXML()
	case doc.Scope != nil:
		return exchange.Err(501, "NotImplemented", "The scope of an access point is not imitated by this simulator.").Told("Scopes are not imitated.")
	case doc.Tags != nil && len(doc.Tags.Tag) > 0:
		return exchange.Err(501, "NotImplemented", "The tags of an access point are not imitated by this simulator.").Told("Tags of access points are not imitated.")
	}
	if p.Public, fault = doc.Public.settings(); fault != nil {
		return fault
	}
	if doc.VPC != nil {
		if p.VPC = doc.VPC.VpcID; !vpcPattern.MatchString(p.VPC) {
			x.Note("modelled: what S3 Control answers to an id that cannot be a VPC's was never recorded")
			return exchange.BadRequest("The VPC id is not valid.").Told("That cannot be the id of a VPC.")
		}
	}
	b, ok := x.World.Bucket(doc.Bucket)
	if !ok {
		return exchange.BadRequest("Amazon S3 AccessPoint can only be created for existing bucket").Told("There is no such bucket.")
	}
	if b.Account != account.ID && b.Account != doc.BucketAccountID || doc.BucketAccountID != "" && b.Account != doc.BucketAccountID {
		x.Note("modelled: an access point to another account's bucket needs that account in BucketAccountId")
		return exchange.Denied().Told("The bucket is another account's, which the request does not name.")
	}
	if _, there := x.World.AccessPoint(account.ID, p.Name); there {
		return exchange.Err(409, "AccessPointAlreadyOwnedByYou", "Your previous request to create the named accesspoint succeeded and you already own it.").
			Told("You have this access point already.")
	}
	p.Bucket, p.BucketAccount, p.Region = b.Name, b.Account, b.Region
	p.Alias = x.World.NewPointAlias(p.Name)
	if err := x.World.Apply(world.AccessPointPut(p)); err != nil {
		return x.Failed(err)
	}
	x.Did("made access point %s to bucket %s", p.Name, p.Bucket)
	controlDocument(x, "CreateAccessPointResult", struct {
		ARN   string `xml:"AccessPointArn"`
		Alias string `xml:"Alias"`
	}{p.ARN(), p.Alias})
	return nil
}

type pointEntry struct {
	Name            string            `xml:"Name"`
	NetworkOrigin   string            `xml:"NetworkOrigin"`
	VPC             *vpcConfiguration `xml:"VpcConfiguration,omitempty"`
	Bucket          string            `xml:"Bucket"`
	ARN             string            `xml:"AccessPointArn"`
	Alias           string            `xml:"Alias"`
	BucketAccountID string            `xml:"BucketAccountId"`
}

func entryOf(p world.AccessPoint) pointEntry {
	e := pointEntry{p.Name, origin(p), nil, p.Bucket, p.ARN(), p.Alias, p.BucketAccount}
	if p.VPC != "" {
		e.VPC = &vpcConfiguration{p.VPC}
	}
	return e
}

type mapEntry struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

func getAccessPoint(x *exchange.Exchange) *exchange.Fault {
	p, fault := addressedPoint(x)
	if fault != nil {
		return fault
	}
	host := "." + p.Region + ".amazonaws.com"
	controlDocument(x, "GetAccessPointResult", struct {
		pointEntry
		Public       shownPublic `xml:"PublicAccessBlockConfiguration"`
		CreationDate string      `xml:"CreationDate"`
		Endpoints    []mapEntry  `xml:"Endpoints>entry"`
	}{entryOf(p), shownPublic(p.Public), wire.ISO(p.Created), []mapEntry{
		{"ipv4", "s3-accesspoint" + host}, {"dualstack", "s3-accesspoint.dualstack" + host},
		{"fips", "s3-accesspoint-fips" + host}, {"fips_dualstack", "s3-accesspoint-fips.dualstack" + host},
	}})
	return nil
}

func listAccessPoints(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	most, fault := maxOf(x, "maxResults", maxPoints)
	if fault != nil {
		return fault
	}
	after, err := base64.RawURLEncoding.DecodeString(x.Query.Get("nextToken"))
	if err != nil {
		return exchange.Invalid("The continuation token provided is incorrect", "nextToken", x.Query.Get("nextToken")).
			Told("That token was not given here.")
	}
	points := x.World.AccessPoints(account.ID)
	slices.SortFunc(points, func(a, b world.AccessPoint) int { return strings.Compare(a.Name, b.Name) })
	var list struct {
		Points    []pointEntry `xml:"AccessPointList>AccessPoint"`
		NextToken string       `xml:"NextToken,omitempty"`
	}
	for _, p := range points {
		if x.Asked("bucket") && p.Bucket != x.Query.Get("bucket") || p.Name <= string(after) {
			continue
		}
		if len(list.Points) == most {
			if most > 0 {
				list.NextToken = base64.RawURLEncoding.EncodeToString([]byte(list.Points[most-1].Name))
			}
			break
		}
		list.Points = append(list.Points, entryOf(p))
	}
	controlDocument(x, "ListAccessPointsResult", list)
	return nil
}

func deleteAccessPoint(x *exchange.Exchange) *exchange.Fault {
	p, fault := addressedPoint(x)
	if fault != nil {
		return fault
	}
	if err := x.World.Apply(world.AccessPointRemoved(p.Account, p.Name)); err != nil {
		return x.Failed(err)
	}
	x.Did("removed access point %s", p.Name)
	x.Answer.Status = http.StatusNoContent
	return nil
}
