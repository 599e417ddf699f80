package simulator

import (
	"strings"

	"keyhole/simulator/policy"
)

// Headline says what stopped or allowed a request in at most nine words. (UI.md 4.7)
func Headline(d *policy.Decision) string {
	service, _, _ := strings.Cut(strings.ToLower(d.Request.Action), ":")
	switch {
	case d.Verdict == policy.Allowed:
		return "This is allowed."
	case d.By == policy.Public:
		return "Public access is blocked on this bucket."
	case d.Verdict == policy.ExplicitlyDenied && d.By == policy.Identity:
		return "A Deny in your own permissions stopped this."
	case d.Verdict == policy.ExplicitlyDenied:
		return "A Deny in " + layerWords(d.By, d) + " stopped this."
	case d.Rule == policy.NothingAllows && service == "kms", d.Rule == policy.KeyPolicyMustAllow && service == "kms":
		return "The key said no."
	case d.Rule == policy.KeyPolicyMustAllow:
		return "The role does not trust this caller."
	case d.Rule == policy.BothSidesNeeded && !oneSide(d):
		return "Both accounts must allow this; neither does."
	}
	if say, ok := headlines[d.Rule]; ok {
		return say
	}
	return "Nothing allows this."
}

var headlines = map[policy.Rule]string{
	policy.NothingAllows:       "Nothing allows this.",
	policy.BothSidesNeeded:     "Both accounts must allow this; only one does.",
	policy.SCPMustAllow:        "No service control policy allows this.",
	policy.EndpointMustAllow:   "The endpoint policy does not allow this.",
	policy.BoundaryMustAllow:   "The permissions boundary does not allow this.",
	policy.SessionMustAllow:    "The session policy does not allow this.",
	policy.AnonymousNeedsAllow: "Anonymous callers are not allowed.",
	policy.ServiceNeedsPolicy:  "No resource policy allows this service.",
	policy.FederatedNeedsScope: "A federated user needs a session policy.",
	policy.BudgetExhausted:     "These policies are too long to judge.",
}

// oneSide says whether the caller's side or the owner's allows a request across accounts.
func oneSide(d *policy.Decision) bool {
	for _, l := range d.Trace {
		if (l.Layer == policy.Identity || l.Layer == policy.Resource || l.Layer == policy.ACLs) && l.Outcome == policy.SaysAllow {
			return true
		}
	}
	return d.Request.Principal.Kind == policy.RootUser
}

// layerWords is a layer as a person says it: "the bucket policy".
func layerWords(l policy.Layer, d *policy.Decision) string {
	switch l {
	case policy.SCP:
		return "a service control policy"
	case policy.RCP:
		return "a resource control policy"
	case policy.Endpoint:
		return "the endpoint policy"
	case policy.Resource:
		return "the " + resourcePolicy(d)
	case policy.Grants:
		return "the grants on the key"
	case policy.ACLs:
		return "the access control list"
	case policy.Identity:
		return "the caller's policies"
	case policy.Boundary:
		return "the permissions boundary"
	case policy.Session:
		return "the session policy"
	case policy.Public:
		return "Block Public Access"
	}
	return "the account"
}

// resourcePolicy is what the policy of the decision's resource is called.
func resourcePolicy(d *policy.Decision) string {
	parts := strings.SplitN(d.Request.Resource, ":", 6)
	if len(parts) == 6 {
		switch {
		case parts[2] == "kms":
			return "key policy"
		case parts[2] == "iam":
			return "trust policy"
		case parts[2] == "s3" && strings.HasPrefix(parts[5], "accesspoint/"):
			return "access point policy"
		}
	}
	return "bucket policy"
}

// PolicyWords names one document of a layer: "the bucket policy", "ReadLogs of group devs".
func PolicyWords(l policy.Layer, at policy.Attached, d *policy.Decision) string {
	switch l {
	case policy.Resource, policy.Boundary, policy.Session, policy.Endpoint:
		return layerWords(l, d)
	}
	switch {
	case at.Name == "":
		return layerWords(l, d)
	case at.Source == "":
		return at.Name
	}
	return at.Name + " of " + at.Source
}

// called is a caller in a few words: "alice", "role app", "everybody".
func called(p *policy.Principal) string {
	switch p.Kind {
	case policy.Anonymous:
		return "everybody"
	case policy.RootUser:
		return "account " + p.Account
	case policy.RoleSession:
		return "role " + p.Name
	case policy.Service:
		return p.ARN
	}
	return p.Name
}
