package world

import (
	"encoding/json"
	"maps"
	"slices"

	"keyhole/simulator/policy"
)

// PoliciesOf are the identity policies of a caller, the permissions boundary and the session policy; nil where there is
// none. A role session has the policies of its role, a user those of its groups too, a federated user those of the user
// who asked for the session, and root has none.
func (w *World) PoliciesOf(id Identity) (identity []policy.Attached, boundary, session *policy.Attached) {
	kind := id.Kind
	if kind == "federated-user" {
		kind = "user"
	}
	session = w.sessionPolicy(id)
	if kind == "federated-user" && id.Name == "" || kind == "root" {
		return nil, nil, session
	}
	p, ok := w.Principal(id.Account, kind, id.Name)
	if !ok {
		return nil, nil, session
	}
	identity, boundary = w.PrincipalPolicies(p)
	return identity, boundary, session
}

// PrincipalPolicies are the identity policies of a user or role and its permissions boundary.
func (w *World) PrincipalPolicies(p Principal) (identity []policy.Attached, boundary *policy.Attached) {
	source := p.Kind + " " + p.Name
	identity = w.collect(nil, source, p.Policies, p.Managed)
	for _, name := range p.Groups {
		if g, ok := w.Group(p.Account, name); ok {
			identity = w.collect(identity, "group "+name, g.Policies, g.Managed)
		}
	}
	if m, ok := w.ManagedPolicy(p.Boundary); ok && p.Boundary != "" {
		boundary = w.attach(m.Name, source, m.Document())
	}
	return identity, boundary
}

// collect appends inline policies by name and then managed ones in the order they were attached.
func (w *World) collect(out []policy.Attached, source string, inline map[string]json.RawMessage, managed []string) []policy.Attached {
	for _, name := range slices.Sorted(maps.Keys(inline)) {
		if a := w.attach(name, source, inline[name]); a != nil {
			out = append(out, *a)
		}
	}
	for _, arn := range managed {
		if m, ok := w.ManagedPolicy(arn); ok {
			if a := w.attach(m.Name, source, m.Document()); a != nil {
				out = append(out, *a)
			}
		}
	}
	return out
}

// SCPs are the service control policies that bind an account, level by level from the root; nil for an account in no
// organization and for the management account.
func (w *World) SCPs(account string) [][]policy.Attached {
	return w.control(account, func(l level) []NamedPolicy { return l.scps })
}

// RCPs are the resource control policies that bind the resources of an account, likewise.
func (w *World) RCPs(account string) [][]policy.Attached {
	return w.control(account, func(l level) []NamedPolicy { return l.rcps })
}

func (w *World) control(account string, of func(level) []NamedPolicy) [][]policy.Attached {
	if w.org == nil || w.org.Management == account {
		return nil
	}
	var out [][]policy.Attached
	for _, l := range w.org.levels(account) {
		at := []policy.Attached{}
		for _, p := range of(l) {
			if a := w.attach(p.Name, l.source, p.Document); a != nil {
				at = append(at, *a)
			}
		}
		out = append(out, at)
	}
	return out
}

// BucketPolicy is the policy of a bucket; nil when it has none.
func (w *World) BucketPolicy(b *Bucket) *policy.Attached {
	return w.attach("bucket policy", "bucket "+b.Name, b.Policy)
}

// TrustPolicy is the trust policy of a role; nil when it has none.
func (w *World) TrustPolicy(p Principal) *policy.Attached {
	return w.attach("trust policy", "role "+p.Name, p.Trust)
}

// EndpointPolicy is the policy of a VPC endpoint; nil when it has the default one, which allows everything, and for an
// id that is none.
func (w *World) EndpointPolicy(id string) *policy.Attached {
	e, _ := w.Endpoint(id)
	return w.attach("endpoint policy", "endpoint "+id, e.Policy)
}
