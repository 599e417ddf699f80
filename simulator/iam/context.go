package iam

import (
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/query"
)

// Context adds the condition keys of an IAM request: the iam: keys, and the tags of the request and of what it is about.
// (Service Authorization Reference, IAM)
func Context(x *exchange.Exchange, c *policy.Context) {
	RequestTags(x, c)
	name := x.Op.Name
	if strings.HasPrefix(name, "Attach") || strings.HasPrefix(name, "Detach") {
		c.Set("iam:PolicyARN", x.Form.Get("PolicyArn"))
	}
	tags, boundary := subject(x)
	if sent := x.Form.Get("PermissionsBoundary"); sent != "" {
		boundary = sent // of the request; else the one the user or role has
	}
	if boundary != "" {
		c.Set("iam:PermissionsBoundary", boundary)
	}
	ResourceTags(tags, c)
}

// subject is the user, role or policy a request is about: its tags and its permissions boundary.
func subject(x *exchange.Exchange) (tags map[string]string, boundary string) {
	for _, of := range []struct{ kind, name string }{{"user", x.Form.Get("UserName")}, {"role", x.Form.Get("RoleName")}} {
		if p, ok := x.World.Principal(x.Caller.Account, of.kind, of.name); ok {
			return p.Tags, p.Boundary
		}
	}
	if p, ok := x.World.ManagedPolicy(x.Form.Get("PolicyArn")); ok {
		return p.Tags, ""
	}
	return nil, ""
}

// RequestTags sets aws:RequestTag/… and aws:TagKeys from the tags, or the keys of tags, that a form sends.
func RequestTags(x *exchange.Exchange, c *policy.Context) {
	keys := query.Strings(x.Form, "TagKeys")
	for _, t := range query.Tags(x.Form) {
		c.Set("aws:RequestTag/"+t.Key, t.Value)
		keys = append(keys, t.Key)
	}
	if len(keys) > 0 {
		c.SetList("aws:TagKeys", keys)
	}
}

// ResourceTags sets aws:ResourceTag/… and iam:ResourceTag/….
func ResourceTags(tags map[string]string, c *policy.Context) {
	for key, value := range tags {
		c.Set("aws:ResourceTag/"+key, value)
		c.Set("iam:ResourceTag/"+key, value)
	}
}
