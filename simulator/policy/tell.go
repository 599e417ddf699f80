package policy

// open adds a layer to the trace and returns its index there.
func (e *evaluation) open(layer Layer, level int) int {
	if e.trace == nil {
		return 0
	}
	if *e.trace == nil {
		*e.trace = make([]LayerTrace, 0, 12)
	}
	*e.trace = append(*e.trace, LayerTrace{Layer: layer, Level: level})
	return len(*e.trace) - 1
}

func (e *evaluation) skip(layer Layer) {
	if e.trace != nil {
		(*e.trace)[e.open(layer, 0)].Outcome = SaysSkip
	}
}

// close gives an applicable layer its outcome.
func (e *evaluation) close(at int, allows bool) {
	if e.trace == nil {
		return
	}
	t := &(*e.trace)[at]
	t.Outcome = SaysNothing
	if allows {
		t.Outcome = SaysAllow
	}
	for i := range t.Policies {
		for j := range t.Policies[i].Statements {
			if s := &t.Policies[i].Statements[j]; s.Matched && !s.Statement.Allow && !e.spared(t.Layer) {
				t.Outcome = SaysDeny
			}
		}
	}
	if t.Layer == Public && e.public {
		t.Outcome = SaysDeny
	}
}

// tell says of each layer why it does not apply, or what its outcome means for this caller.
func (e *evaluation) tell() {
	for i := range *e.trace {
		t := &(*e.trace)[i]
		switch t.Outcome {
		case SaysSkip:
			t.Why = e.whySkipped(t.Layer)
		case SaysDeny:
			t.Why = "A Deny matches, and a Deny always wins."
			if t.Layer == Public {
				t.Why = "The bucket policy is public and RestrictPublicBuckets is on, so only the owner's account and AWS services get in."
			}
		case SaysAllow:
			t.Why = e.whyAllows(t.Layer)
		case SaysNothing:
			t.Why = e.whyNothing(t.Layer)
		}
	}
}

func (e *evaluation) whySkipped(layer Layer) string {
	p := &e.request.Principal
	switch {
	case layer == SCP && p.Account == "":
		return "Service control policies bind the principals of member accounts, not services or anonymous callers."
	case (layer == Identity || layer == Boundary || layer == Session) && p.Kind == Anonymous:
		return "An anonymous caller has no policies of its own."
	case (layer == Identity || layer == Boundary || layer == Session) && p.Kind == Service:
		return "An AWS service has no identity policies; the resource policy alone decides."
	case (layer == Identity || layer == Boundary) && p.Kind == RootUser:
		return "The root user of an account needs no identity policy and has no boundary."
	case layer == Public && e.given.RestrictPublicBuckets && e.given.Resource == nil:
		return "There is no bucket policy that could be public."
	}
	return skipTexts[layer]
}

var skipTexts = map[Layer]string{
	SCP:      "The caller's account has no service control policies: no organization, or its management account.",
	RCP:      "The resource's account has no resource control policies.",
	Endpoint: "The request did not come through a VPC endpoint with a policy.",
	Resource: "The resource has no policy of its own.",
	Grants:   "There are no grants: only KMS keys have them.",
	ACLs:     "Access control lists have no say here.",
	Identity: "No policy is attached to the caller.",
	Boundary: "The caller has no permissions boundary.",
	Session:  "No session policy was passed.",
	Public:   "RestrictPublicBuckets is off.",
}

func (e *evaluation) whyAllows(layer Layer) string {
	switch layer {
	case Resource:
		return e.whyResourceAllows()
	case SCP, RCP:
		return "This level lets the action pass; it grants nothing by itself."
	case Endpoint:
		return "The endpoint lets the request pass; it grants nothing by itself."
	case Boundary, Session:
		return "It leaves the action in; it grants nothing by itself."
	case Identity:
		if p := &e.request.Principal; p.Kind == FederatedUser && e.given.Session == nil {
			return "It allows the action, but a federated user without a session policy gets nothing from it."
		}
		if !e.sameAccount() {
			return "It allows the action; the account that owns the resource must allow it too."
		}
		return "It allows the action."
	case Grants:
		return "A grant allows the operation."
	case ACLs:
		return "The access control list grants it."
	}
	return ""
}

func (e *evaluation) whyResourceAllows() string {
	switch {
	case e.owner() != e.request.ResourceAccount:
		return "It allows the action, but the object belongs to another account than the bucket: an Allow of the bucket policy does not cover it."
	case !e.sameAccount() && e.request.Principal.Account != "":
		return "It lets the other account in; the caller's own policies must allow the action too."
	case e.how == byAccount:
		return "It names the account, which hands the decision on to the identity policies."
	case e.how == byRole:
		return "It names the role behind the session, so boundary and session policy still limit it."
	case e.how == byStar:
		return "It allows everybody, which is enough in the same account."
	}
	return "It names the caller, which is enough in the same account, whatever boundary and session policy leave out."
}

func (e *evaluation) whyNothing(layer Layer) string {
	switch layer {
	case SCP:
		return "No statement on this level allows the action, and each level must."
	case RCP:
		return "No Deny matches; RCPFullAWSAccess allows the rest."
	case Endpoint:
		return "The endpoint policy does not allow the action."
	case Boundary, Session:
		if e.verdict == Allowed {
			return "It leaves the action out, but the resource policy names the caller directly, which it does not limit."
		}
		return "It leaves the action out, which cuts it off."
	case Public:
		return "RestrictPublicBuckets is on, and it does not bind this request."
	case ACLs:
		if e.given.ACL.IgnorePublic {
			return "No grant covers the caller; public grants are ignored."
		}
		return "No grant covers the caller."
	case Grants:
		return "No grant covers this caller and operation."
	}
	return "No statement allows it."
}
