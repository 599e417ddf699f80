package simulator

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/iam"
	"keyhole/simulator/kms"
	"keyhole/simulator/policy"
	"keyhole/simulator/sts"
)

// A contextRow says where a request has the value of a condition key, and which actions can be asked for it. Exactly one
// of one, many and tags is set.
type contextRow struct {
	key  string   // of tags: what comes before the tag's name
	only []string // actions; nil: every action of the row's table
	one  func(*pair) (value string, present bool)
	many func(*pair) []string          // nil: the key is absent
	tags func(*pair) map[string]string // a key for each tag
}

// context is everything a condition can ask about a request, for one action on one resource. It is the request as it
// arrived: what S3 would fill in later, such as default encryption, is not in it. (facts/policy.md section 2)
func (p *pair) context() policy.Context {
	var c policy.Context
	for _, row := range everywhere {
		row.put(p, &c)
	}
	service, _, _ := strings.Cut(p.action, ":")
	for _, row := range ofService[service] {
		row.put(p, &c)
	}
	switch p.Trace.Service {
	case "iam":
		iam.Context(p.Exchange, &c)
	case "sts":
		sts.Context(p.Exchange, &c)
	}
	if service == "kms" {
		kms.Context(p.Exchange, p.action, p.resource, &c)
	}
	return c
}

func (row *contextRow) put(p *pair, c *policy.Context) {
	if row.only != nil && !slices.Contains(row.only, p.action) {
		return
	}
	switch {
	case row.one != nil:
		if value, ok := row.one(p); ok {
			c.Set(row.key, value)
		}
	case row.many != nil:
		if values := row.many(p); values != nil {
			c.SetList(row.key, values)
		}
	case row.tags != nil:
		for name, value := range row.tags(p) {
			c.Set(row.key+name, value)
		}
	}
}

// ofService are the rows of one service's actions, by the prefix of the action.
var ofService = map[string][]contextRow{"s3": s3Rows}

// everywhere are the global keys.
var everywhere = []contextRow{
	// The connection.
	{key: "aws:SecureTransport", one: func(p *pair) (string, bool) { return strconv.FormatBool(p.Transport.Secure), true }},
	{key: "aws:SourceIp", one: func(p *pair) (string, bool) { return p.Transport.SourceIP, !p.private() && p.Transport.SourceIP != "" }},
	{key: "aws:VpcSourceIp", one: func(p *pair) (string, bool) { return p.Transport.SourceIP, p.private() && p.Transport.SourceIP != "" }},
	{key: "aws:SourceVpce", one: func(p *pair) (string, bool) { return p.endpoint.ID, p.private() }},
	{key: "aws:SourceVpc", one: func(p *pair) (string, bool) { return p.endpoint.VPC, p.private() }},
	// The request.
	{key: "aws:CurrentTime", one: func(p *pair) (string, bool) { return p.Trace.At.UTC().Format(time.RFC3339), true }},
	{key: "aws:EpochTime", one: func(p *pair) (string, bool) { return strconv.FormatInt(p.Trace.At.Unix(), 10), true }},
	{key: "aws:UserAgent", one: header("User-Agent")},
	{key: "aws:Referer", one: header("Referer")},
	{key: "aws:RequestedRegion", one: (*pair).region},
	{key: "aws:ViaAWSService", one: func(*pair) (string, bool) { return "false", true }},
	{key: "aws:PrincipalIsAWSService", one: func(p *pair) (string, bool) { return strconv.FormatBool(p.service()), !p.Anonymous }},
	{key: "aws:PrincipalServiceName", one: func(p *pair) (string, bool) { return p.Caller.ARN, p.service() }},
	{key: "aws:SourceArn", one: func(p *pair) (string, bool) { return p.actsFor, p.service() && p.actsFor != "" }},
	{key: "aws:SourceAccount", one: func(p *pair) (string, bool) { return p.actsIn, p.service() && p.actsIn != "" }},
	// The caller.
	{key: "aws:PrincipalArn", one: (*pair).principalARN},
	{key: "aws:PrincipalAccount", one: func(p *pair) (string, bool) { return p.Caller.Account, !p.Anonymous && !p.service() }},
	{key: "aws:PrincipalType", one: (*pair).principalType},
	{key: "aws:userid", one: (*pair).userID},
	{key: "aws:username", one: func(p *pair) (string, bool) { return p.Caller.Name, p.Caller.Kind == "user" }},
	{key: "aws:PrincipalTag/", tags: func(p *pair) map[string]string { return p.Caller.Tags }},
	{key: "aws:PrincipalOrgID", one: func(p *pair) (string, bool) { return p.orgID(p.Caller.Account) }},
	{key: "aws:PrincipalOrgPaths", many: func(p *pair) []string { return p.orgPaths(p.Caller.Account) }},
	{key: "aws:TokenIssueTime", one: func(p *pair) (string, bool) { return p.Caller.Issued.UTC().Format(time.RFC3339), p.Caller.Temporary }},
	{key: "aws:MultiFactorAuthPresent", one: func(p *pair) (string, bool) {
		return strconv.FormatBool(!p.Caller.MFA.IsZero()), p.Caller.Temporary
	}},
	{key: "aws:MultiFactorAuthAge", one: func(p *pair) (string, bool) {
		return strconv.FormatInt(int64(p.Trace.At.Sub(p.Caller.MFA)/time.Second), 10), p.Caller.Temporary && !p.Caller.MFA.IsZero()
	}},
	{key: "aws:SourceIdentity", one: func(p *pair) (string, bool) { return p.Caller.SourceIdentity, p.Caller.SourceIdentity != "" }},
	// The resource.
	{key: "aws:ResourceAccount", one: func(p *pair) (string, bool) { return p.account, p.account != "" }},
	{key: "aws:ResourceOrgID", one: func(p *pair) (string, bool) { return p.orgID(p.account) }},
	{key: "aws:ResourceOrgPaths", many: func(p *pair) []string { return p.orgPaths(p.account) }},
}

func header(name string) func(*pair) (string, bool) {
	return func(p *pair) (string, bool) { return p.Header.Get(name), p.Sent(name) }
}

// private says whether the request came through a VPC endpoint.
func (p *pair) private() bool { return p.endpoint.ID != "" }

func (p *pair) region() (string, bool) {
	switch {
	case p.called() && p.Trace.Authentication != nil:
		return p.Trace.Authentication.Region, true
	case p.bucket != nil:
		return p.bucket.Region, true
	}
	return p.World.Region(), true
}

// principalARN is the caller's ARN, of a session that of its role.
func (p *pair) principalARN() (string, bool) {
	if p.Caller.Kind == "role" {
		if role, ok := p.World.Principal(p.Caller.Account, "role", p.Caller.Name); ok {
			return role.ARN, true
		}
	}
	return p.Caller.ARN, !p.Anonymous && !p.service()
}

// service says whether an AWS service asks for itself, as the log service does.
func (p *pair) service() bool { return p.Caller.Kind == "service" }

// principalTypes are the words of aws:PrincipalType. (IAM User Guide, principal key values)
var principalTypes = map[string]string{"root": "Account", "user": "User", "role": "AssumedRole", "federated-user": "FederatedUser", "service": "AWSService"}

func (p *pair) principalType() (string, bool) {
	if p.Anonymous {
		return "Anonymous", true
	}
	return principalTypes[p.Caller.Kind], true
}

func (p *pair) userID() (string, bool) {
	if p.Anonymous {
		return "anonymous", true
	}
	return p.Caller.UserID, p.Caller.UserID != ""
}

func (p *pair) orgID(account string) (string, bool) {
	org, _, ok := p.World.OrgOf(account)
	if !ok {
		return "", false
	}
	return org.ID, true
}

func (p *pair) orgPaths(account string) []string {
	if _, path, ok := p.World.OrgOf(account); ok {
		return []string{path}
	}
	return nil
}
