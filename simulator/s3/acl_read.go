package s3

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

var grantHeaders = []string{"X-Amz-Grant-Full-Control", "X-Amz-Grant-Read", "X-Amz-Grant-Read-Acp", "X-Amz-Grant-Write", "X-Amz-Grant-Write-Acp"}

// granted is the permission each of grantHeaders grants.
var granted = []string{fullControl, canRead, canReadACP, canWrite, canWriteACP}

// headerACL reads x-amz-acl and x-amz-grant-*. fits says whether a canned ACL can be set on what the request is about.
func headerACL(x *exchange.Exchange, fits func(cannedACL) bool) (a askedACL, fault *exchange.Fault) {
	canned, named := x.Header.Get("X-Amz-Acl"), x.Sent("X-Amz-Acl")
	if named && slices.ContainsFunc(grantHeaders, x.Sent) {
		return a, exchange.BadRequest("Specifying both Canned ACLs and Header Grants is not allowed").Told("A canned ACL takes no further grants.")
	}
	if c, known := cannedACLs[canned]; named && (!known || !fits(c)) {
		return a, exchange.Invalid("", "x-amz-acl", canned).Told("There is no such canned ACL.")
	}
	a.canned = canned
	for i, header := range grantHeaders {
		value := x.Header.Get(header)
		if value == "" {
			continue
		}
		for part := range strings.SplitSeq(value, ",") {
			g, fault := headerGrant(x, header, value, strings.TrimSpace(part))
			if fault != nil {
				return a, fault
			}
			g.Permission = granted[i]
			a.grants = append(a.grants, g)
		}
	}
	return a, tooMany(x, a.grants)
}

// headerGrant reads one grantee of a header: id="…", uri="…" or emailAddress="…".
func headerGrant(x *exchange.Exchange, header, value, part string) (world.ACLGrant, *exchange.Fault) {
	kind, who, _ := strings.Cut(part, "=")
	who = strings.Trim(who, `"`)
	switch strings.ToLower(kind) {
	case "id":
		return grantee(x, "CanonicalUser", who, "id")
	case "uri":
		return grantee(x, "Group", who, "uri")
	case "emailaddress":
		return world.ACLGrant{}, emailGrantee(x)
	}
	return world.ACLGrant{}, exchange.Invalid("Argument format not recognized", strings.ToLower(header), value).
		Told("A grantee is named by id or uri.")
}

// grantee makes sure that a user or a group exists. argument is the name the refusal gives it.
func grantee(x *exchange.Exchange, kind, who, argument string) (world.ACLGrant, *exchange.Fault) {
	if kind == "Group" {
		if who != allUsers && who != authenticatedUsers && who != logDelivery {
			return world.ACLGrant{}, exchange.Invalid("Invalid group uri", argument, who).Told("S3 has no such group.")
		}
		return group(who, ""), nil
	}
	if !canonical(x, who) {
		return world.ACLGrant{}, exchange.Invalid("Invalid id", argument, who).Told("No account has this canonical id.")
	}
	return user(who, ""), nil
}

// canonical says whether an account of this world has the canonical id.
func canonical(x *exchange.Exchange, id string) bool {
	return id == imageReader || slices.ContainsFunc(x.World.Accounts(), func(a world.Account) bool { return a.CanonicalID == id })
}

// emailGrantee is the answer to a grantee named by an e-mail address, since October 2025.
func emailGrantee(x *exchange.Exchange) *exchange.Fault {
	x.Note("modelled: the elements of the 405 for an e-mail grantee were never recorded")
	return exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
		With("Method", x.Method).With("ResourceType", "ACL").Told("ACLs take no e-mail addresses since 2025.")
}

func tooMany(x *exchange.Exchange, grants []world.ACLGrant) *exchange.Fault {
	if len(grants) <= maxGrants {
		return nil
	}
	x.Note("modelled: an ACL holds at most %d grants, and how S3 refuses more was never recorded", maxGrants)
	return malformedACL()
}

func malformedACL() *exchange.Fault {
	f := exchange.MalformedXML().Told("The body is not an access control policy.")
	f.Code = "MalformedACLError"
	return f
}

type sentACL struct {
	XMLName struct{}   `xml:"AccessControlPolicy"`
	Owner   *sentOwner `xml:"Owner"`
	List    *sentList  `xml:"AccessControlList"`
}

type sentOwner struct {
	ID          string `xml:"ID"`
	DisplayName string `xml:"DisplayName"`
}

type sentList struct {
	Grants []sentGrant `xml:"Grant"`
}

type sentGrant struct {
	Grantee    *sentGrantee `xml:"Grantee"`
	Permission string       `xml:"Permission"`
}

type sentGrantee struct {
	Type         string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
	ID           string `xml:"ID"`
	DisplayName  string `xml:"DisplayName"`
	EmailAddress string `xml:"EmailAddress"`
	URI          string `xml:"URI"`
}

// documentACL reads the body of PutBucketAcl and PutObjectAcl. Owner and list are both required.
func documentACL(x *exchange.Exchange) (a askedACL, fault *exchange.Fault) {
	var p sentACL
	if fault := verified(x, &p); fault != nil {
		if fault.Code == "MalformedXML" {
			return a, malformedACL()
		}
		return a, fault
	}
	if p.Owner == nil || p.List == nil {
		return a, malformedACL()
	}
	if len(p.List.Grants) == 0 {
		x.Note("modelled: a list without grants is refused; what S3 does with one was never recorded")
		return a, malformedACL()
	}
	for _, g := range p.List.Grants {
		if g.Grantee == nil || !slices.Contains(permissions, g.Permission) ||
			!slices.Contains([]string{"CanonicalUser", "Group", "AmazonCustomerByEmail"}, g.Grantee.Type) {
			return a, malformedACL()
		}
	}
	if !canonical(x, p.Owner.ID) {
		return a, exchange.Invalid("Invalid id", "CanonicalUser/ID", p.Owner.ID).Told("No account has this canonical id.")
	}
	a.owner = p.Owner.ID
	for _, g := range p.List.Grants {
		made, fault := g.grant(x)
		if fault != nil {
			return a, fault
		}
		a.grants = append(a.grants, made)
	}
	return a, tooMany(x, a.grants)
}

func (g sentGrant) grant(x *exchange.Exchange) (made world.ACLGrant, fault *exchange.Fault) {
	switch g.Grantee.Type {
	case "Group":
		made, fault = grantee(x, "Group", g.Grantee.URI, "Group/URI")
	case "CanonicalUser":
		made, fault = grantee(x, "CanonicalUser", g.Grantee.ID, "CanonicalUser/ID")
	default:
		fault = emailGrantee(x)
	}
	made.Permission = g.Permission
	return made, fault
}
