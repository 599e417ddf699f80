package policy

import "fmt"

// kinds name a layer in a denial. (facts/policy.md section 8, s3-wire 5.7)
var kinds = map[Layer][2]string{ // with an explicit deny in …; because no … allows
	SCP:      {"a service control policy", "service control policy"},
	RCP:      {"a resource control policy", "resource control policy"},
	Endpoint: {"a VPC endpoint policy", "VPC endpoint policy"},
	Resource: {"a resource-based policy", "resource-based policy"},
	Public:   {"a resource-based policy", "resource-based policy"},
	Identity: {"an identity-based policy", "identity-based policy"},
	Boundary: {"a permissions boundary", "permissions boundary"},
	Session:  {"a session policy", "session policy"},
}

// Text is AWS's sentence for a denial, as a caller of the same account or organization gets it; "" when it is allowed.
func (d *Decision) Text() string {
	if d.Verdict == Allowed {
		return ""
	}
	r := &d.Request
	head := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %q", r.Principal.ARN, r.Action, r.Resource)
	kind, known := kinds[d.By]
	switch {
	case !known:
		return head
	case d.Verdict == ExplicitlyDenied:
		return head + " with an explicit deny in " + kind[0]
	}
	return head + " because no " + kind[1] + " allows the " + r.Action + " action"
}
