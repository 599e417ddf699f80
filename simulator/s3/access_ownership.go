package s3

import (
	"net/http"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

var ownerships = []string{world.OwnerEnforced, world.OwnerPreferred, world.ObjectWriter}

type ownershipControls struct {
	XMLName struct{}        `xml:"OwnershipControls"`
	Rules   []ownershipRule `xml:"Rule"`
}

type ownershipRule struct {
	ObjectOwnership string `xml:"ObjectOwnership"`
}

func getOwnershipControls(x *exchange.Exchange) *exchange.Fault {
	if !x.At.OwnershipSet {
		return exchange.Err(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found").
			With("BucketName", x.Bucket).Told("The bucket has no ownership setting.")
	}
	x.Document("OwnershipControls", struct {
		Rule ownershipRule `xml:"Rule"`
	}{ownershipRule{x.At.Ownership}})
	return nil
}

func putOwnershipControls(x *exchange.Exchange) *exchange.Fault {
	var c ownershipControls
	if fault := verified(x, &c); fault != nil {
		return fault
	}
	if len(c.Rules) != 1 || !slices.Contains(ownerships, c.Rules[0].ObjectOwnership) {
		return exchange.MalformedXML()
	}
	if c.Rules[0].ObjectOwnership == world.OwnerEnforced && x.At.Grants != nil {
		return aclInTheWay().Told("The bucket's ACL still grants something.")
	}
	return setOwnership(x, c.Rules[0].ObjectOwnership, true)
}

// aclInTheWay is the answer where ownership is enforced and an ACL says something.
func aclInTheWay() *exchange.Fault {
	return exchange.Err(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
}

// deleteOwnershipControls leaves what held before the setting existed: whoever writes an object owns it.
func deleteOwnershipControls(x *exchange.Exchange) *exchange.Fault {
	if fault := setOwnership(x, world.ObjectWriter, false); fault != nil {
		return fault
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}

func setOwnership(x *exchange.Exchange, ownership string, configured bool) *exchange.Fault {
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Ownership: &ownership, OwnershipSet: &configured})); err != nil {
		return x.Failed(err)
	}
	x.Did("object ownership of %s is now %s", x.Bucket, ownership)
	return nil
}

// started gives a new bucket the ownership and the ACL its request asks for. (s3-wire 5.9)
func started(x *exchange.Exchange, b *world.Bucket) *exchange.Fault {
	ownership := x.Header.Get("X-Amz-Object-Ownership")
	if x.Sent("X-Amz-Object-Ownership") {
		if !slices.Contains(ownerships, ownership) {
			return exchange.Err(400, "InvalidArgument", "Invalid x-amz-object-ownership header: "+ownership).
				With("ArgumentName", "x-amz-object-ownership").Told("S3 has no such ownership setting.")
		}
		b.Ownership, b.OwnershipSet = ownership, true
	}
	asked, fault := headerACL(x, func(c cannedACL) bool { return c.bucket })
	if fault != nil || asked.none() || asked.canned == "private" {
		return fault
	}
	if b.Ownership == world.OwnerEnforced {
		return aclInTheWay().Told("ACLs are switched off on new buckets.")
	}
	if asked.public() && x.World.PublicAccess(b).BlockPublicACLs {
		x.Note("modelled: code and words of this refusal are from memory; that it is a 400 is documented")
		return exchange.Err(400, "InvalidBucketAclWithBlockPublicAccessError", "Bucket cannot have public ACLs set with BlockPublicAccess enabled").
			Told("Block Public Access refuses public ACLs.")
	}
	id := ownerOf(x, b.Account).ID
	b.Grants = asked.settled(id, id)
	return nil
}
