package s3

import (
	"fmt"
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

type publicConfiguration struct {
	XMLName               struct{} `xml:"PublicAccessBlockConfiguration"`
	BlockPublicACLs       *string  `xml:"BlockPublicAcls"`
	IgnorePublicACLs      *string  `xml:"IgnorePublicAcls"`
	BlockPublicPolicy     *string  `xml:"BlockPublicPolicy"`
	RestrictPublicBuckets *string  `xml:"RestrictPublicBuckets"`
}

type shownPublic struct {
	BlockPublicACLs       bool `xml:"BlockPublicAcls"`
	IgnorePublicACLs      bool `xml:"IgnorePublicAcls"`
	BlockPublicPolicy     bool `xml:"BlockPublicPolicy"`
	RestrictPublicBuckets bool `xml:"RestrictPublicBuckets"`
}

// settings are the four switches of a document; those it leaves out are off.
func (c publicConfiguration) settings() (p world.PublicBlock, fault *exchange.Fault) {
	named := 0
	for _, f := range []struct {
		text *string
		on   *bool
	}{{c.BlockPublicACLs, &p.BlockPublicACLs}, {c.IgnorePublicACLs, &p.IgnorePublicACLs},
		{c.BlockPublicPolicy, &p.BlockPublicPolicy}, {c.RestrictPublicBuckets, &p.RestrictPublicBuckets}} {
		if f.text == nil {
			continue
		}
		named++
		*f.on = strings.EqualFold(*f.text, "true")
		if !*f.on && !strings.EqualFold(*f.text, "false") {
			return p, exchange.MalformedXML()
		}
	}
	if named == 0 {
		return p, exchange.BadRequest("Must specify at least one configuration.").Told("The document sets nothing.")
	}
	return p, nil
}

// prevented is the 403 of Block Public Access: a sentence for callers of the owner's account or organization, the plain
// one for everybody else. (s3-wire 5.6, 5.7)
func prevented(x *exchange.Exchange, action, resource, what, setting string) *exchange.Fault {
	f := exchange.Denied()
	if insider(x) {
		f.Message = fmt.Sprintf(`User: %s is not authorized to perform: %s on resource: "%s" because %s are prevented by the %s setting in S3 Block Public Access.`,
			x.Caller.ARN, action, resource, what, setting)
	}
	return f
}

// insider says whether the caller is of the account that owns the bucket, or of its organization.
func insider(x *exchange.Exchange) bool {
	if x.Anonymous || x.Caller.Account == x.At.Account {
		return !x.Anonymous
	}
	_, _, one := x.World.OrgOf(x.Caller.Account)
	_, _, other := x.World.OrgOf(x.At.Account)
	return one && other
}

// noPublicBlock is the 404 of a bucket, or of an account, without a configuration.
func noPublicBlock(element, value string) *exchange.Fault {
	return exchange.Err(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found").
		With(element, value).Told("Block Public Access is not configured there.")
}

func getPublicAccessBlock(x *exchange.Exchange) *exchange.Fault {
	if !x.At.PublicSet {
		return noPublicBlock("BucketName", x.Bucket)
	}
	x.Document("PublicAccessBlockConfiguration", shownPublic(x.At.Public))
	return nil
}

func putPublicAccessBlock(x *exchange.Exchange) *exchange.Fault {
	var c publicConfiguration
	if fault := verified(x, &c); fault != nil {
		return fault
	}
	p, fault := c.settings()
	if fault != nil {
		return fault
	}
	return setPublic(x, p, true)
}

func deletePublicAccessBlock(x *exchange.Exchange) *exchange.Fault {
	if fault := setPublic(x, world.PublicBlock{}, false); fault != nil {
		return fault
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}

func setPublic(x *exchange.Exchange, p world.PublicBlock, configured bool) *exchange.Fault {
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Public: &p, PublicSet: &configured})); err != nil {
		return x.Failed(err)
	}
	x.Did("Block Public Access of %s is now: %s", x.Bucket, switches(p))
	return nil
}

// switches are the four settings in words.
func switches(p world.PublicBlock) string {
	var on []string
	for _, s := range []struct {
		name string
		on   bool
	}{{"BlockPublicAcls", p.BlockPublicACLs}, {"IgnorePublicAcls", p.IgnorePublicACLs},
		{"BlockPublicPolicy", p.BlockPublicPolicy}, {"RestrictPublicBuckets", p.RestrictPublicBuckets}} {
		if s.on {
			on = append(on, s.name)
		}
	}
	if len(on) == 0 {
		return "off"
	}
	return strings.Join(on, ", ")
}
