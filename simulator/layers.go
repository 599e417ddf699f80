package simulator

import (
	"slices"
	"strings"

	"keyhole/simulator/kms"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// controlled are the services that resource control policies bind, by the prefix of the action. (AWS Organizations user
// guide, resource control policies)
var controlled = []string{"s3", "sts", "kms"}

// layers are everything that has a say in whether the caller may do the action on the resource. (facts/policy.md section 1)
func (p *pair) layers() policy.Layers {
	var l policy.Layers
	service, name, _ := strings.Cut(p.action, ":")
	if !p.Anonymous {
		l.SCPs = p.World.SCPs(p.Caller.Account)
		l.Identity, l.Boundary, l.Session = p.World.PoliciesOf(p.Caller)
	}
	if slices.Contains(controlled, service) {
		l.RCPs = p.World.RCPs(p.account)
	}
	switch service {
	case "sts":
		l.Resource = p.trust()
	case "kms":
		if k, ok := p.World.KMSKey(p.resource); ok {
			l.Resource, l.Grants = p.World.KeyPolicy(k), kms.Grants(k, p.action)
		}
	case "s3":
		if p.private() {
			l.Endpoint = p.World.EndpointPolicy(p.endpoint.ID)
		}
		switch {
		case p.atPoint:
			l.Resource = p.World.PointPolicy(*p.point)
			l.RestrictPublicBuckets = p.point.VPC == "" && p.World.PointPublic(*p.point).RestrictPublicBuckets
		case p.bucket != nil:
			l.Resource = p.World.BucketPolicy(p.bucket)
			l.RestrictPublicBuckets = p.World.PublicAccess(p.bucket).RestrictPublicBuckets
			if p.point != nil {
				l.RestrictPublicBuckets = p.World.PointPublic(*p.point).RestrictPublicBuckets
			}
			l.ACL = p.acl(name)
		}
	}
	return l
}

// trust is the trust policy of the role that a pair is about; nil when there is no such role.
func (p *pair) trust() *policy.Attached {
	name, ok := strings.CutPrefix(p.resource, "arn:aws:iam::"+p.account+":role/")
	if !ok {
		return nil
	}
	role, ok := p.World.Principal(p.account, "role", name[strings.LastIndexByte(name, '/')+1:])
	if !ok || role.ARN != p.resource {
		return nil
	}
	return p.World.TrustPolicy(role)
}

// bucketACLActions are the actions on an object that the bucket's list decides: the object may not be there yet.
var bucketACLActions = []string{"PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload", "ListMultipartUploadParts"}

// acl is the access control list that has a say; nil where ownership is enforced and lists are off.
func (p *pair) acl(action string) *policy.ACL {
	if p.bucket.Ownership == world.OwnerEnforced {
		return nil
	}
	list := &policy.ACL{Owner: p.bucket.Account, IgnorePublic: p.World.PublicAccess(p.bucket).IgnorePublicACLs}
	grants := p.bucket.Grants
	if p.key != "" && !slices.Contains(bucketACLActions, action) {
		grants = nil
		if p.version != nil {
			grants = p.version.Grants
			if p.version.Owner != "" {
				list.Owner = p.version.Owner
			}
		}
	}
	if grants == nil {
		list.Grants = []policy.ACLGrant{{Grantee: list.Owner, Permission: "FULL_CONTROL"}}
		return list
	}
	for _, g := range grants {
		list.Grants = append(list.Grants, policy.ACLGrant{Grantee: p.grantee(g), Permission: g.Permission})
	}
	return list
}

// groups are the grantees that are no account, by the end of their URI.
var groups = []string{"AllUsers", "AuthenticatedUsers", "LogDelivery"}

// grantee is who a grant means: a group, or the account of a canonical id. An id that is nobody's here means nobody.
func (p *pair) grantee(g world.ACLGrant) string {
	for _, name := range groups {
		if strings.HasSuffix(g.URI, "/"+name) {
			return name
		}
	}
	for _, account := range p.World.Accounts() {
		if account.CanonicalID == g.ID {
			return account.ID
		}
	}
	return ""
}
