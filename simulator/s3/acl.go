package s3

import (
	"fmt"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// Permissions an ACL can grant.
const (
	fullControl = "FULL_CONTROL"
	canRead     = "READ"
	canWrite    = "WRITE"
	canReadACP  = "READ_ACP"
	canWriteACP = "WRITE_ACP"
)

var permissions = []string{fullControl, canWrite, canWriteACP, canRead, canReadACP}

// The groups an ACL can name. The first two make it public.
const (
	allUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// imageReader is the canonical id of the account that reads machine images for EC2, to which aws-exec-read grants.
const imageReader = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"

// maxGrants is how many grants one ACL holds.
const maxGrants = 100

// cannedACL is what a canned ACL grants besides FULL_CONTROL to the owner.
type cannedACL struct {
	bucket, object bool // what it can be set on
	grants         []world.ACLGrant
	bucketOwner    string // permission of the bucket's owner, where somebody else owns the object
}

var cannedACLs = map[string]cannedACL{
	"private":                   {bucket: true, object: true},
	"public-read":               {bucket: true, object: true, grants: []world.ACLGrant{group(allUsers, canRead)}},
	"public-read-write":         {bucket: true, object: true, grants: []world.ACLGrant{group(allUsers, canRead), group(allUsers, canWrite)}},
	"authenticated-read":        {bucket: true, object: true, grants: []world.ACLGrant{group(authenticatedUsers, canRead)}},
	"aws-exec-read":             {bucket: true, object: true, grants: []world.ACLGrant{user(imageReader, canRead)}},
	"bucket-owner-read":         {bucket: true, object: true, bucketOwner: canRead},
	"bucket-owner-full-control": {bucket: true, object: true, bucketOwner: fullControl},
	"log-delivery-write":        {bucket: true, grants: []world.ACLGrant{group(logDelivery, canWrite), group(logDelivery, canReadACP)}},
}

func group(uri, permission string) world.ACLGrant {
	return world.ACLGrant{Kind: "Group", URI: uri, Permission: permission}
}

func user(id, permission string) world.ACLGrant {
	return world.ACLGrant{Kind: "CanonicalUser", ID: id, Permission: permission}
}

// public says whether Block Public Access counts a grant as public.
func public(g world.ACLGrant) bool { return g.URI == allUsers || g.URI == authenticatedUsers }

// askedACL is the ACL a request brings: none, a canned one, or grants from headers or a document.
type askedACL struct {
	canned string
	grants []world.ACLGrant
	owner  string // the canonical id a document names as the owner; "" otherwise
}

func (a askedACL) none() bool { return a.canned == "" && len(a.grants) == 0 }

func (a askedACL) public() bool {
	return slices.ContainsFunc(a.grants, public) || slices.ContainsFunc(cannedACLs[a.canned].grants, public)
}

// settled are the grants as they are kept, for something that the account owner has in a bucket of bucketOwner, both by
// canonical id. nil is FULL_CONTROL for the owner and nothing else.
func (a askedACL) settled(owner, bucketOwner string) []world.ACLGrant {
	grants := a.grants
	if a.canned != "" {
		c := cannedACLs[a.canned]
		grants = append([]world.ACLGrant{user(owner, fullControl)}, c.grants...)
		if c.bucketOwner != "" && owner != bucketOwner {
			grants = append(grants, user(bucketOwner, c.bucketOwner))
		}
	}
	if len(grants) == 1 && grants[0] == user(owner, fullControl) {
		return nil
	}
	return grants
}

// say is an ACL in a few words.
func say(grants []world.ACLGrant) string {
	if grants == nil {
		return "the owner only"
	}
	return fmt.Sprintf("%d grants", len(grants))
}

// writeACL judges the ACL headers of a write: who will own the object, and with which grants. (s3-wire 5.9)
func writeACL(x *exchange.Exchange) (owner string, grants []world.ACLGrant, fault *exchange.Fault) {
	asked, fault := headerACL(x, func(c cannedACL) bool { return c.object })
	if fault != nil {
		return "", nil, fault
	}
	const handedOver = "bucket-owner-full-control"
	if x.At.Ownership == world.OwnerEnforced {
		if !asked.none() && asked.canned != handedOver {
			return "", nil, aclsOff()
		}
		return x.At.Account, nil, nil
	}
	if asked.public() && x.World.PublicAccess(x.At).BlockPublicACLs {
		return "", nil, publicACLBlocked(x, "s3:PutObject", x.ObjectARN())
	}
	owner = x.Caller.Account
	switch {
	case x.Anonymous:
		owner = x.At.Account
		x.Note("modelled: the bucket's owner also owns what an anonymous caller wrote; S3 has an account of its own for that")
	case x.At.Ownership == world.OwnerPreferred && asked.canned == handedOver:
		owner = x.At.Account
	}
	if owner != x.At.Account {
		x.Note("account %s wrote the object and owns it: the bucket's ownership setting is %s", owner, x.At.Ownership)
	}
	if asked.none() {
		return owner, nil, nil
	}
	return owner, asked.settled(ownerOf(x, owner).ID, ownerOf(x, x.At.Account).ID), nil
}

// aclsOff is the answer to an ACL on a bucket whose owner is enforced.
func aclsOff() *exchange.Fault {
	return exchange.Err(400, "AccessControlListNotSupported", "The bucket does not allow ACLs").Told("ACLs are switched off here.")
}

func publicACLBlocked(x *exchange.Exchange, action, resource string) *exchange.Fault {
	return prevented(x, action, resource, "public ACLs", "BlockPublicAcls").Told("Block Public Access refuses public ACLs.")
}
