package iam

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/simulator/world"
)

// The texts of MalformedPolicyDocument. (recorded: localstack snapshots of 2026; the one about principals from memory)
const (
	syntaxErrors     = "Syntax errors in policy."
	oldVersion       = "Policy document must be version 2012-10-17 or greater."
	noActions        = "Policy statement must contain actions."
	noResources      = "Policy statement must contain resources."
	noVendor         = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	twoColons        = "Actions/Condition can contain only one colon."
	hasPrincipal     = "Policy document should not specify a principal."
	sidsRepeat       = "Statement IDs (SID) in a single policy must be unique."
	wildVendor       = "Resource vendor must be fully qualified and cannot contain regexes."
	hasResource      = "Has prohibited field Resource"
	otherActions     = "AssumeRole policy may only specify STS AssumeRole actions."
	missingPrincipal = "Missing required field Principal"
)

// malformed is a 400 with a place in the document, which only we tell.
func malformed(message, say string, at policy.Position) *exchange.Fault {
	if at.Line > 0 {
		say = fmt.Sprintf("%s Line %d, column %d.", say, at.Line, at.Column)
	}
	return exchange.Err(400, "MalformedPolicyDocument", message).Told(say)
}

// identityDocument refuses what is no policy for a user, group or role, or a managed policy, which needs the new version.
func identityDocument(x *exchange.Exchange, text string, managed bool) *exchange.Fault {
	fault := IdentityDocument(x, text)
	if fault != nil || !managed {
		return fault
	}
	if d, err := policy.Decode([]byte(text)); err == nil && !d.Variables {
		return malformed(oldVersion, "A managed policy needs the newer version.", policy.Position{})
	}
	if world.PolicySize([]byte(text)) > world.MaxManagedPolicySize {
		return quota("PolicySize", strconv.Itoa(world.MaxManagedPolicySize))
	}
	return nil
}

// IdentityDocument refuses what is no policy that can be attached to an identity, or passed with a session.
func IdentityDocument(x *exchange.Exchange, text string) *exchange.Fault {
	d, err := policy.Decode([]byte(text))
	if err != nil {
		return undecoded(err, syntaxErrors)
	}
	sids := map[string]bool{}
	for i := range d.Statements {
		s := &d.Statements[i]
		switch {
		case s.Principal != nil:
			ours(x)
			return malformed(hasPrincipal, "Here the principal is who it is attached to.", s.Principal.At)
		case s.Resource == nil:
			return malformed(noResources, "Every statement needs a Resource.", s.From)
		case s.Sid != "" && sids[s.Sid]:
			return malformed(sidsRepeat, "Two statements have one Sid.", s.From)
		}
		sids[s.Sid] = true
		if fault := checkActions(s); fault != nil {
			return fault
		}
		for _, r := range s.Resource.Entries {
			if message := wrongResource(r.Text); message != "" {
				return malformed(message, "A Resource is an ARN or a star.", r.At)
			}
		}
	}
	return reviewed(review.IdentityPolicy(d))
}

// undecoded is the refusal of a text that is no policy at all.
func undecoded(err error, otherwise string) *exchange.Fault {
	var m *policy.Malformed
	if !errors.As(err, &m) {
		return malformed(otherwise, "This is no policy.", policy.Position{})
	}
	message := otherwise
	switch {
	case strings.Contains(m.Message, "field Action"):
		message = noActions
	case strings.Contains(m.Say, "Resource must not be an empty list"):
		message = noResources
	case strings.Contains(m.Say, "Action must not be an empty list"):
		message = noActions
	}
	return malformed(message, m.Say, m.Position)
}

func reviewed(m *policy.Malformed) *exchange.Fault {
	if m == nil {
		return nil
	}
	return malformed(m.Message, m.Say, m.Position)
}

func checkActions(s *policy.Statement) *exchange.Fault {
	for _, a := range s.Action.Entries {
		vendor, _, colon := strings.Cut(a.Text, ":")
		switch {
		case a.Text == "*":
		case !colon:
			return malformed(noVendor, "An action is service, colon, name.", a.At)
		case strings.Count(a.Text, ":") > 1:
			return malformed(twoColons, "An action has one colon.", a.At)
		case strings.ContainsFunc(vendor, notOfVendor) || vendor == "":
			return malformed("Vendor "+vendor+" is not valid", "There is no such service.", a.At)
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
func wrongResource(resource string) string {
	if resource == "*" {
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

// trustDocument refuses what is no trust policy of a role.
func trustDocument(x *exchange.Exchange, text string) *exchange.Fault {
	d, err := policy.Decode([]byte(text))
	if err != nil {
		var m *policy.Malformed
		errors.As(err, &m)
		return malformed(m.Message, m.Say, m.Position)
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		switch {
		case s.Resource != nil:
			return malformed(hasResource, "The resource of a trust policy is its role.", s.Resource.At)
		case s.Principal == nil:
			ours(x)
			return malformed(missingPrincipal, "A trust policy names who may assume the role.", s.From)
		}
		for _, a := range s.Action.Entries {
			if name := strings.ToLower(a.Text); !strings.HasPrefix(name, "sts:") {
				return malformed(otherActions, "A trust policy allows actions of STS only.", a.At)
			}
		}
		if fault := knownPrincipals(x, s.Principal); fault != nil {
			return fault
		}
	}
	if world.PolicySize([]byte(text)) > world.MaxTrustPolicySize {
		return quota("ACLSizePerRole", strconv.Itoa(world.MaxTrustPolicySize))
	}
	return reviewed(review.TrustPolicy(d))
}

// knownPrincipals refuses a principal that does not exist: IAM keeps its unique id, so it has to be there.
// Principals of accounts that this sandbox does not have are taken as they are.
func knownPrincipals(x *exchange.Exchange, list *policy.PrincipalList) *exchange.Fault {
	for _, e := range list.Entries {
		parts := strings.SplitN(e.Value, ":", 6)
		if e.Type != "AWS" || len(parts) != 6 || parts[2] != "iam" {
			continue
		}
		if _, here := x.World.Account(parts[4]); !here {
			continue
		}
		kind, rest, _ := strings.Cut(parts[5], "/")
		name := rest[strings.LastIndexByte(rest, '/')+1:]
		p, ok := x.World.Principal(parts[4], kind, name)
		if parts[5] != "root" && (!ok || p.ARN != e.Value) {
			return malformed(fmt.Sprintf("Invalid principal in policy: %q:%q", e.Type, e.Value), "Nobody has that ARN.", e.At)
		}
	}
	return nil
}
