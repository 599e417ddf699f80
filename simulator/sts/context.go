package sts

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/policy"
	"keyhole/simulator/query"
)

// Context adds the condition keys of an STS request: the sts: keys, the tags of the request and of the role, and that an
// MFA code came with it. (Service Authorization Reference, STS)
func Context(x *exchange.Exchange, c *policy.Context) {
	iam.RequestTags(x, c)
	for key, name := range map[string]string{
		"sts:ExternalId": "ExternalId", "sts:RoleSessionName": "RoleSessionName", "sts:SourceIdentity": "SourceIdentity",
	} {
		if value := x.Form.Get(name); value != "" {
			c.Set(key, value)
		}
	}
	if keys := query.Strings(x.Form, "TransitiveTagKeys"); len(keys) > 0 {
		c.SetList("sts:TransitiveTagKeys", keys)
	}
	if role, ok := roleOf(x); ok {
		iam.ResourceTags(role.Tags, c)
	}
	if serial, code := x.Form.Get("SerialNumber"), x.Form.Get("TokenCode"); serial != "" && code != "" && iam.CheckMFA(x, serial, code) == nil {
		c.Set("aws:MultiFactorAuthPresent", "true")
		c.Set("aws:MultiFactorAuthAge", "0")
	}
}
