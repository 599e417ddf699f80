package review

import (
	"strings"

	"keyhole/simulator/policy"
)

// Texts of MalformedPolicyDocument. All but the last were recorded from AWS (localstack snapshots); the last is versitygw's.
const (
	noResources      = "Policy statement must contain resources."
	noVendor         = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	sidsRepeat       = "Statement IDs (SID) in a single policy must be unique."
	hasPrincipal     = "Policy document should not specify a principal."
	hasResource      = "Has prohibited field Resource"
	otherActions     = "AssumeRole policy may only specify STS AssumeRole actions."
	noTrustResources = "AssumeRole policy must not contain resources."
)

// IdentityPolicy is why IAM refuses d as a policy of a user, group or role; nil when it accepts it. IAM does not look
// whether actions or condition keys exist: a misspelt one is accepted and means nothing.
func IdentityPolicy(d *policy.Document) *policy.Malformed {
	sids := map[string]bool{}
	for i := range d.Statements {
		s := &d.Statements[i]
		switch {
		case s.Principal != nil:
			return refuse(s.Principal.At, hasPrincipal, "Here the principal is whom the policy is attached to.")
		case s.Resource == nil:
			return refuse(s.From, noResources, "Every statement needs a Resource.")
		case s.Sid != "" && sids[s.Sid]:
			return refuse(s.From, sidsRepeat, "Two statements have one Sid.")
		}
		sids[s.Sid] = true
		if m := checkVendor(s.Action); m != nil {
			return m
		}
		for _, r := range s.Resource.Entries {
			if r.Text != "*" && !strings.HasPrefix(r.Text, "arn:") && !(d.Variables && strings.HasPrefix(r.Text, "${")) {
				return refuse(r.At, "Resource "+r.Text+` must be in ARN format or "*".`, "A Resource is an ARN or a star.")
			}
		}
	}
	return nil
}

func checkVendor(l *policy.PatternList) *policy.Malformed {
	for _, p := range l.Entries {
		if service, name, ok := strings.Cut(p.Text, ":"); p.Text != "*" && (!ok || service == "" || name == "") {
			return refuse(p.At, noVendor, "An action is the service, a colon and a name.")
		}
	}
	return nil
}

// TrustPolicy is why IAM refuses d as the trust policy of a role; nil when it accepts it.
func TrustPolicy(d *policy.Document) *policy.Malformed {
	for i := range d.Statements {
		s := &d.Statements[i]
		switch {
		case s.Resource != nil && s.Resource.Not:
			return refuse(s.Resource.At, noTrustResources, "The resource of a trust policy is its role.")
		case s.Resource != nil:
			return refuse(s.Resource.At, hasResource, "The resource of a trust policy is its role.")
		}
		if m := checkPrincipal(s, nil); m != nil {
			return m
		}
		for _, p := range s.Action.Entries {
			if !strings.HasPrefix(strings.ToLower(p.Text), "sts:") {
				return refuse(p.At, otherActions, "A trust policy is about actions of STS only.")
			}
		}
	}
	return nil
}

// EndpointPolicy is why EC2 refuses d as the policy of a VPC endpoint; nil when it accepts it. KMS asks the same of a key
// policy. modelled: that Principal and Resource are required is documented, the texts are those of S3.
func EndpointPolicy(d *policy.Document) *policy.Malformed {
	for i := range d.Statements {
		s := &d.Statements[i]
		if m := checkPrincipal(s, nil); m != nil {
			return m
		}
		if s.Resource == nil {
			return refuse(s.From, missingResource, "Every statement needs a Resource.")
		}
		if m := checkVendor(s.Action); m != nil {
			return m
		}
	}
	return nil
}
