package policy

import "strings"

// grants finds the grant on a key that allows the operation. Grants come after explicit denies and need no identity policy.
func (e *evaluation) grants() {
	if len(e.given.Grants) == 0 {
		e.skip(Grants)
		return
	}
	at := e.open(Grants, 0)
	for i := range e.given.Grants {
		if e.grant < 0 && e.given.Grants[i].allows(e.request, &e.meter) {
			e.grant = i
		}
	}
	e.close(at, e.grant >= 0)
}

func (g *Grant) allows(r *Request, m *meter) bool {
	p := &r.Principal
	if !m.charge(1+len(g.Operations)) || p.Account == "" || g.Grantee != p.ARN && !g.of(p) {
		return false
	}
	covered := false
	for _, operation := range g.Operations {
		covered = covered || len(r.Action) == len("kms:")+len(operation) && strings.EqualFold(r.Action[len("kms:"):], operation)
	}
	return covered && g.fits(&r.Context)
}

// of says whether the grantee is the caller's role or account.
func (g *Grant) of(p *Principal) bool {
	e := PrincipalEntry{Type: "AWS", Value: g.Grantee}
	e.compile()
	return e.means(p) != notMeant
}

// EncryptionContextKey is the prefix of the condition keys that hold the encryption context.
const EncryptionContextKey = "kms:encryptioncontext:"

// fits compares the encryption context with the constraint, pair by pair; names and values count with their case.
func (g *Grant) fits(c *Context) bool {
	holds := func(pairs map[string]string) bool {
		for name, value := range pairs {
			v, ok := c.keys[EncryptionContextKey+strings.ToLower(name)]
			if !ok || len(v.List) != 1 || v.List[0] != value || !strings.HasSuffix(v.Name, name) {
				return false
			}
		}
		return true
	}
	if g.ContextEquals != nil {
		n := 0
		for key := range c.keys {
			if strings.HasPrefix(key, EncryptionContextKey) {
				n++
			}
		}
		if n != len(g.ContextEquals) || !holds(g.ContextEquals) {
			return false
		}
	}
	return holds(g.ContextSubset)
}

// aclPermissions are the permissions of an ACL by the action they allow. WRITE on a bucket creates objects; deleting those
// of others takes a policy. (S3 user guide, mapping of ACL permissions and access policy permissions)
var aclPermissions = map[string]string{
	"s3:listbucket": "READ", "s3:listbucketversions": "READ", "s3:listbucketmultipartuploads": "READ",
	"s3:getobject": "READ", "s3:getobjectversion": "READ",
	"s3:putobject":    "WRITE",
	"s3:getbucketacl": "READ_ACP", "s3:getobjectacl": "READ_ACP", "s3:getobjectversionacl": "READ_ACP",
	"s3:putbucketacl": "WRITE_ACP", "s3:putobjectacl": "WRITE_ACP", "s3:putobjectversionacl": "WRITE_ACP",
}

// acls finds the grant of the access control list that allows the action.
func (e *evaluation) acls() {
	if e.given.ACL == nil {
		e.skip(ACLs)
		return
	}
	at := e.open(ACLs, 0)
	want := aclPermission(e.request.Action)
	for i := range e.given.ACL.Grants {
		g := &e.given.ACL.Grants[i]
		if want == "" || g.Permission != want && g.Permission != "FULL_CONTROL" || !e.meter.charge(1) {
			continue
		}
		if how := g.means(&e.request.Principal, e.given.ACL.IgnorePublic); how > e.acl {
			e.acl, e.aclLine = how, i
		}
	}
	e.close(at, e.acl != notMeant)
}

func aclPermission(action string) string {
	if permission, ok := aclPermissions[action]; ok {
		return permission
	}
	for name, permission := range aclPermissions {
		if strings.EqualFold(name, action) {
			return permission
		}
	}
	return ""
}

// means says how a grant means a caller. An account hands its permission on through its identity policies.
func (g *ACLGrant) means(p *Principal, ignorePublic bool) reach {
	switch {
	case g.Grantee == "AllUsers" && !ignorePublic, g.Grantee == "AuthenticatedUsers" && !ignorePublic && p.Account != "":
		return byStar
	case p.Account != "" && g.Grantee == p.Account:
		return byAccount
	case g.Grantee == "LogDelivery" && p.ARN == "logging.s3.amazonaws.com":
		return byService
	}
	return notMeant
}

// blockPublic applies RestrictPublicBuckets: what a public policy allows is for services and the owner's account only.
func (e *evaluation) blockPublic() {
	p := &e.request.Principal
	if !e.given.RestrictPublicBuckets || e.given.Resource == nil || e.subject.parts[2] != "s3" {
		e.skip(Public)
		return
	}
	at := e.open(Public, 0)
	public, _ := IsPublic(e.given.Resource.Document)
	e.public = public && e.allow[resourceSlot].found && p.Kind != Service && p.Account != e.request.ResourceAccount
	e.close(at, false)
}
