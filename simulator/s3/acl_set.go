package s3

import (
	"net/http"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

type shownACL struct {
	Owner  owner        `xml:"Owner"`
	Grants []shownGrant `xml:"AccessControlList>Grant"`
}

type shownGrant struct {
	Grantee    shownGrantee `xml:"Grantee"`
	Permission string       `xml:"Permission"`
}

type shownGrantee struct {
	Schema string `xml:"xmlns:xsi,attr"`
	Type   string `xml:"xsi:type,attr"`
	ID     string `xml:"ID,omitempty"`
	URI    string `xml:"URI,omitempty"`
}

// show answers with the ACL of something an account owns. Where public grants are ignored it shows those in effect.
func show(x *exchange.Exchange, account string, grants []world.ACLGrant) {
	if x.At.Ownership == world.OwnerEnforced {
		account, grants = x.At.Account, nil
	}
	list := shownACL{Owner: ownerOf(x, account)}
	if grants == nil {
		grants = []world.ACLGrant{user(list.Owner.ID, fullControl)}
	}
	ignore := x.World.PublicAccess(x.At).IgnorePublicACLs
	for _, g := range grants {
		if ignore && public(g) {
			x.Note("IgnorePublicAcls hides the grant of %s to %s", g.Permission, g.URI)
			continue
		}
		list.Grants = append(list.Grants, shownGrant{
			shownGrantee{"http://www.w3.org/2001/XMLSchema-instance", g.Kind, g.ID, g.URI}, g.Permission})
	}
	x.Document("AccessControlPolicy", list)
}

func getBucketACL(x *exchange.Exchange) *exchange.Fault {
	show(x, x.At.Account, x.At.Grants)
	return nil
}

func getObjectACL(x *exchange.Exchange) *exchange.Fault {
	v, fault := find(x)
	if fault != nil {
		return fault
	}
	versionHeader(x, v)
	show(x, v.Owner, v.Grants)
	return nil
}

// putACL reads the one ACL a request must bring, by headers or by its body.
func putACL(x *exchange.Exchange, fits func(cannedACL) bool) (askedACL, *exchange.Fault) {
	asked, fault := headerACL(x, fits)
	if fault != nil {
		return asked, fault
	}
	body, fault := x.Payload()
	switch {
	case fault != nil:
		return asked, fault
	case !asked.none() && len(body.Data) > 0:
		return asked, exchange.Err(400, "UnexpectedContent", "This request does not support content").Told("An ACL comes in headers or in the body.")
	case asked.none() && len(body.Data) == 0:
		return asked, exchange.Err(400, "MissingSecurityHeader", "Your request was missing a required header").
			With("MissingHeaderName", "x-amz-acl").Told("The request brings no ACL.")
	case asked.none():
		asked, fault = documentACL(x)
	}
	return asked, fault
}

// acceptable judges a new ACL by what its bucket and account allow. An ACL does not change who owns what it is on.
func acceptable(x *exchange.Exchange, asked askedACL, account, action, resource string) *exchange.Fault {
	if asked.public() && x.World.PublicAccess(x.At).BlockPublicACLs {
		return publicACLBlocked(x, action, resource)
	}
	if asked.owner != "" && asked.owner != ownerOf(x, account).ID {
		x.Note("modelled: the document names another owner, and how S3 refuses that was never recorded")
		return exchange.Denied().Told("An ACL cannot change the owner.")
	}
	return nil
}

func putBucketACL(x *exchange.Exchange) *exchange.Fault {
	asked, fault := putACL(x, func(c cannedACL) bool { return c.bucket })
	if fault != nil {
		return fault
	}
	if x.At.Ownership == world.OwnerEnforced {
		return aclsOff()
	}
	if fault := acceptable(x, asked, x.At.Account, "s3:PutBucketAcl", x.BucketARN()); fault != nil {
		return fault
	}
	id := ownerOf(x, x.At.Account).ID
	grants := asked.settled(id, id)
	if err := x.World.Apply(world.BucketSet(x.Bucket, world.Settings{Grants: &grants})); err != nil {
		return x.Failed(err)
	}
	x.Did("the ACL of bucket %s is now: %s", x.Bucket, say(grants))
	return nil
}

func putObjectACL(x *exchange.Exchange) *exchange.Fault {
	asked, fault := putACL(x, func(c cannedACL) bool { return c.object })
	if fault != nil {
		return fault
	}
	if x.At.Ownership == world.OwnerEnforced {
		return aclsOff()
	}
	v, fault := find(x)
	if fault != nil {
		return onMarker(x, fault)
	}
	action := "s3:PutObjectAcl"
	if x.Asked("versionId") {
		action = "s3:PutObjectVersionAcl"
	}
	if fault := acceptable(x, asked, v.Owner, action, x.ObjectARN()); fault != nil {
		return fault
	}
	grants := asked.settled(ownerOf(x, v.Owner).ID, ownerOf(x, x.At.Account).ID)
	if err := x.World.Apply(world.ObjectGrantsSet(x.Bucket, x.Key, v.ID, slices.Clone(grants))); err != nil {
		return x.Failed(err)
	}
	x.Did("the ACL of %s, version %s, is now: %s", x.Key, v.ID, say(grants))
	versionHeader(x, v)
	return nil
}

// onMarker is the answer to an ACL put on a delete marker: 405, also where the marker is only the current version. A
// read of the same is told that there is no such key.
func onMarker(x *exchange.Exchange, fault *exchange.Fault) *exchange.Fault {
	v, ok := x.At.Current(x.Key)
	if fault.Status != http.StatusNotFound || x.Asked("versionId") || !ok || !v.DeleteMarker {
		return fault
	}
	return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
		With("Method", x.Method).With("ResourceType", "DeleteMarker").Carry("X-Amz-Delete-Marker", "true").
		Carry("X-Amz-Version-Id", v.ID).Told("A delete marker has no ACL.")
}
