package review

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// Texts of MalformedPolicyDocument. All but the last were recorded from AWS (localstack snapshots); the last is versitygw's.
const (
	noResources      = "Policy statement must contain resources."
	noVendor         = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	twoColons        = "Actions/Condition can contain only one colon."
	wildVendor       = "Resource vendor must be fully qualified and cannot contain regexes."
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
			m := refuse(s.Principal.At, hasPrincipal, "Here the principal is whom the policy is attached to.")
			m.Modelled = true
			return m
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
			if message := wrongResource(r.Text, d.Variables); message != "" {
				return refuse(r.At, message, "A Resource is an ARN or a star.")
			}
		}
	}
	return nil
}

func checkVendor(l *policy.PatternList) *policy.Malformed {
	for _, a := range l.Entries {
		vendor, name, colon := strings.Cut(a.Text, ":")
		switch {
		case a.Text == "*":
		case !colon || name == "":
			return refuse(a.At, noVendor, "An action is the service, a colon and a name.")
		case strings.Contains(name, ":"):
			return refuse(a.At, twoColons, "An action has one colon.")
		case vendor == "" || strings.ContainsFunc(vendor, notOfVendor):
			return refuse(a.At, "Vendor "+vendor+" is not valid", "There is no such service.")
		}
	}
	return nil
}

func notOfVendor(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
}

var (
	partitions = []string{"aws", "aws-cn", "aws-us-gov", "*"}
	iamPaths   = []string{"user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
		"sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/"}
)

// wrongResource is why IAM does not take a resource; "" when it does.
func wrongResource(resource string, variables bool) string {
	if resource == "*" || variables && strings.HasPrefix(resource, "${") {
		return ""
	}
	parts := strings.SplitN(resource, ":", 6)
	if parts[0] != "arn" || len(parts) == 1 {
		return "Resource " + resource + ` must be in ARN format or "*".`
	}
	for len(parts) < 6 {
		parts = append(parts, "*")
	}
	partition, vendor, region, path := parts[1], parts[2], parts[3], parts[5]
	switch {
	case !slices.Contains(partitions, partition):
		return fmt.Sprintf("Partition %q is not valid for resource %q.", partition, strings.Join(parts, ":"))
	case vendor != "*" && strings.ContainsAny(vendor, "*?"):
		return wildVendor
	case vendor == "iam" && region != "":
		return "IAM resource " + resource + " cannot contain region information."
	case vendor == "s3" && region != "" && !strings.HasPrefix(path, "accesspoint/"):
		return "Resource " + resource + " can not contain region information."
	case vendor == "iam" && path != "*" && path != "root" && !strings.HasPrefix(path, "*") && !slices.ContainsFunc(iamPaths, func(p string) bool { return strings.HasPrefix(path, p) }):
		return `IAM resource path must either be "*", root, or start with ` + strings.Join(iamPaths, ", ") + "."
	}
	return ""
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
			m.Modelled = s.Principal == nil
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
