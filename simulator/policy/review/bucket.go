package review

import (
	"net/netip"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// Texts of MalformedPolicy. (facts/policy.md 5, s3-wire 5.2)
const (
	missingPrincipal      = "Missing required field Principal"
	missingResource       = "Missing required field Resource"
	notPrincipalWithAllow = "Allow with NotPrincipal is not allowed."
	invalidPrincipal      = "Invalid principal in policy"
	invalidResource       = "Policy has invalid resource"
	invalidAction         = "Policy has invalid action"
	invalidKey            = "Policy has an invalid condition key"
	invalidAddress        = "Invalid IP address in Conditions"
	misplacedKey          = "Conditions do not apply to combination of actions and resources in statement"
	misplacedAction       = "Action does not apply to any resource(s) in statement"
)

// BucketPolicy is why S3 refuses d as the policy of a bucket; nil when it accepts it. What Decode refuses comes before.
// Then each statement in turn: Principal, Resource, Condition, Action. known says whether a principal exists (an ARN as
// written, an account as the ARN of its root, a canonical user id); nil knows everybody. An empty bucket name is any.
// modelled: the order (from versitygw), and that a wildcard in a Resource may follow the bucket's name only.
func BucketPolicy(d *policy.Document, bucket string, known func(principal string) bool) *policy.Malformed {
	for i := range d.Statements {
		s := &d.Statements[i]
		for _, check := range []func() *policy.Malformed{
			func() *policy.Malformed { return checkPrincipal(s, known) },
			func() *policy.Malformed { return checkBucketResource(s, bucket) },
			func() *policy.Malformed { return checkConditions(s) },
			func() *policy.Malformed { return checkBucketActions(s) },
		} {
			if m := check(); m != nil {
				return m
			}
		}
	}
	return nil
}

func checkBucketResource(s *policy.Statement, bucket string) *policy.Malformed {
	if s.Resource == nil {
		return refuse(s.From, missingResource, "A statement of a bucket policy needs a Resource.")
	}
	for _, r := range s.Resource.Entries {
		if !ofBucket(r.Text, bucket) {
			return refuse(r.At, invalidResource, "The resource must be this bucket or its objects: "+bucketARN(bucket)+" or "+objectsARN(bucket)+".")
		}
	}
	return nil
}

// ofBucket says whether a resource pattern is the bucket, its objects, or both.
func ofBucket(text, bucket string) bool {
	part := strings.SplitN(text, ":", 6)
	if len(part) < 6 || part[0] != "arn" || !strings.HasPrefix(part[1], "aws") || part[2] != "s3" || part[3] != "" || part[4] != "" {
		return false
	}
	if bucket == "" {
		return part[5] != "" && part[5] != "*"
	}
	rest, ok := strings.CutPrefix(part[5], bucket)
	return ok && (rest == "" || strings.IndexByte("/*?", rest[0]) >= 0)
}

func checkConditions(s *policy.Statement) *policy.Malformed {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if !KeyKnown(c.Key) {
			return refuse(c.At, invalidKey, "There is no condition key of that name.")
		}
		if m := checkAddresses(c); m != nil {
			return m
		}
		if a := notCarrying(s, c.Key); a != "" {
			return refuse(c.At, misplacedKey, "No request for "+a+" carries the key "+c.Key+".")
		}
	}
	return nil
}

func checkAddresses(c *policy.Condition) *policy.Malformed {
	key := strings.ToLower(c.Key)
	if key != "aws:sourceip" && key != "aws:vpcsourceip" || isBase(c, "Null") {
		return nil
	}
	for _, v := range c.Values {
		if !isNetwork(v.Text) {
			return refuse(v.At, invalidAddress, "This is neither an IP address nor a range such as 203.0.113.0/24.")
		}
	}
	return nil
}

func isNetwork(s string) bool {
	if _, err := netip.ParsePrefix(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

// notCarrying is the first action, named without a wildcard, whose requests do not carry a key; "" when all do.
func notCarrying(s *policy.Statement, key string) string {
	if s.Action.Not {
		return ""
	}
	for _, p := range s.Action.Entries {
		if a, ok := Action(p.Text); ok && !a.Carries(key) {
			return a.Name
		}
	}
	return ""
}

// noBucketYet are actions on no bucket that exists, so that no bucket's policy can hold them.
var noBucketYet = []string{"s3:createbucket", "s3:listallmybuckets"}

func checkBucketActions(s *policy.Statement) *policy.Malformed {
	for _, p := range s.Action.Entries {
		name := strings.ToLower(p.Text)
		if name == "*" {
			continue
		}
		if !strings.HasPrefix(name, "s3:") || slices.Contains(noBucketYet, name) || len(Expand(name)) == 0 {
			return refuse(p.At, invalidAction, "This is no S3 action on a bucket or an object. "+suggestion(p.Text))
		}
	}
	return checkPairs(s)
}

// checkPairs refuses an action that acts on none of the statement's resources.
func checkPairs(s *policy.Statement) *policy.Malformed {
	if p := unpaired(s); p != nil {
		return refuse(p.At, misplacedAction, p.Text+" does not act on "+kindsOf(s.Resource)+".")
	}
	return nil
}

// unpaired is the first action that acts on none of the statement's resources; nil when all have one.
func unpaired(s *policy.Statement) *policy.Pattern {
	if s.Action.Not || s.Resource == nil || s.Resource.Not {
		return nil
	}
	within := reachOf(s.Resource)
	for i := range s.Action.Entries {
		p := &s.Action.Entries[i]
		actions := Expand(p.Text)
		if len(actions) > 0 && !slices.ContainsFunc(actions, func(a ActionInfo) bool { return within.covers(&a) }) {
			return p
		}
	}
	return nil
}

// kindsOf names what a list of resources covers: "the bucket itself", "objects".
func kindsOf(l *policy.PatternList) string {
	kinds := map[string]bool{}
	for _, p := range l.Entries {
		for _, t := range TypesOf(p.Text) {
			kinds[t] = true
		}
	}
	switch {
	case len(kinds) == 1 && kinds["bucket"]:
		return "the bucket itself"
	case len(kinds) == 1 && kinds["object"]:
		return "objects"
	}
	return "these resources"
}

func isBase(c *policy.Condition, name string) bool { return strings.EqualFold(c.Base(), name) }
