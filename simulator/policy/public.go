package policy

import (
	"net/netip"
	"strings"
)

// IsPublic says whether a bucket policy is public as Block Public Access judges it, and by which statement. A policy is
// taken for public unless every Allow is to fixed principals or needs a fixed value of one of a few keys. (s3-wire 5.6)
func IsPublic(d *Document) (public bool, by *Statement) {
	for i := range d.Statements {
		if s := &d.Statements[i]; s.Allow && !s.fixedPrincipals() && !s.fixedCondition() {
			return true, s
		}
	}
	return false, nil
}

// fixedPrincipals: named accounts, users, roles and services. Federated principals count as public.
func (s *Statement) fixedPrincipals() bool {
	if s.Principal == nil || s.Principal.Not {
		return false
	}
	for i := range s.Principal.Entries {
		e := &s.Principal.Entries[i]
		if e.Type == "*" || e.Type == "Federated" || strings.ContainsAny(e.Value, "*?") {
			return false
		}
	}
	return true
}

// fixedKeys are the keys whose fixed value makes an Allow to everybody not public.
var fixedKeys = map[string]bool{
	"aws:principalorgid": true, "aws:principalorgpaths": true, "aws:principalaccount": true, "aws:principalarn": true,
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true, "aws:sourceowner": true, "aws:sourceaccount": true,
	"aws:sourceorgid": true, "aws:sourceorgpaths": true, "aws:userid": true,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": true, "s3:dataaccesspointarn": true, "s3:dataaccesspointaccount": true,
}

// positive string operators that pin a value. IfExists does not: the key may be absent.
func (o operator) pins() bool {
	return !o.negated && !o.ifExists && o.set != forAll && o.compare == equal &&
		(o.class == stringClass || o.class == likeClass || o.class == arnClass || o.class == ipClass)
}

func (s *Statement) fixedCondition() bool {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if !c.op.pins() || len(c.Values) == 0 {
			continue
		}
		fixed := true
		for _, v := range c.Values {
			fixed = fixed && fixedValue(c, v.Text)
		}
		if fixed {
			return true
		}
	}
	return false
}

func fixedValue(c *Condition, text string) bool {
	switch {
	case c.key == "aws:sourceip":
		return c.op.class == ipClass && narrow(text)
	case !fixedKeys[c.key], strings.Contains(text, "${"), text == "":
		return false
	case c.op.class == stringClass:
		return c.key != "aws:userid" || !strings.HasSuffix(text, ":*")
	case c.key == "s3:dataaccesspointarn": // the name may be a wildcard when the account is fixed
		a, ok := splitARN(text)
		return ok && accountID(a[4])
	}
	return !strings.ContainsAny(text, "*?")
}

// narrow: not broader than /8 of IPv4 or /32 of IPv6. Private ranges do not make a policy public.
func narrow(text string) bool {
	p, ok := parseNetwork(text)
	if !ok {
		return false
	}
	if p.Addr().IsPrivate() && p.Bits() >= privateBits(p.Addr()) {
		return true
	}
	if p.Addr().Is4() {
		return p.Bits() >= 8
	}
	return p.Bits() >= 32
}

func privateBits(a netip.Addr) int {
	switch {
	case a.Is6():
		return 7
	case a.As4()[0] == 10:
		return 8
	case a.As4()[0] == 172:
		return 12
	}
	return 16
}
