package policy

// conclude draws the verdict from what the layers said. (facts/policy.md section 1)
func (e *evaluation) conclude() {
	p := &e.request.Principal
	switch {
	case e.denied.found:
		e.end(ExplicitlyDenied, e.denied.layer, DenyWins, &e.denied)
	case e.meter.spent:
		e.end(ImplicitlyDenied, Resource, BudgetExhausted, nil)
	case e.public:
		e.end(ExplicitlyDenied, Public, RestrictPublic, nil)
	case e.scp.found:
		e.end(ImplicitlyDenied, SCP, SCPMustAllow, nil)
	case e.given.Endpoint != nil && !e.allow[endpointSlot].found:
		e.end(ImplicitlyDenied, Endpoint, EndpointMustAllow, nil)
	case p.Kind == Anonymous:
		e.resourceOnly(AnonymousNeedsAllow)
	case p.Kind == Service:
		e.resourceOnly(ServiceNeedsPolicy)
	case !e.sameAccount():
		e.otherAccount()
	case e.needsResourcePolicy():
		e.keyAccount()
	default:
		e.ownAccount()
	}
}

func (e *evaluation) end(v Verdict, by Layer, rule Rule, at *finding) {
	e.verdict, e.by, e.rule = v, by, rule
	if at != nil && e.trace != nil {
		ref := at.ref
		e.ref = &ref
	}
}

// resourceSide is what the resource's side allows, and in which way the caller is meant. An Allow of a bucket policy does
// not cover an object that belongs to another account than the bucket.
func (e *evaluation) resourceSide() (how reach, layer Layer, at *finding) {
	if r := &e.allow[resourceSlot]; r.found && e.owner() == e.request.ResourceAccount {
		how, layer, at = e.how, Resource, r
	}
	if e.grant >= 0 && !how.direct() {
		how, layer, at = byName, Grants, nil
	}
	if e.acl > how {
		how, layer, at = e.acl, ACLs, nil
	}
	return how, layer, at
}

var sideRules = map[Layer]Rule{Grants: GrantAllows, ACLs: ACLAllows}

func (e *evaluation) resourceOnly(missing Rule) {
	if how, layer, at := e.resourceSide(); how != notMeant {
		e.end(Allowed, layer, missing, at)
		return
	}
	e.end(ImplicitlyDenied, Resource, missing, nil)
}

// identitySide is whether the caller's own policies allow it, and which of them does or is missing.
func (e *evaluation) identitySide() (ok bool, layer Layer, rule Rule, at *finding) {
	p := &e.request.Principal
	scoped := p.Kind != FederatedUser || e.given.Session != nil
	switch {
	case p.Kind == RootUser:
		ok, layer, rule = true, Account, RootMayAll
	case !scoped:
		return false, Identity, FederatedNeedsScope, nil
	case !e.allow[identitySlot].found:
		return false, Identity, NothingAllows, nil
	default:
		ok, layer, at = true, Identity, &e.allow[identitySlot]
	}
	if limit, missing, limited := e.limits(); limited {
		return false, limit, missing, nil
	}
	return ok, layer, rule, at
}

// limits says whether the boundary or the session policy leaves the action out.
func (e *evaluation) limits() (layer Layer, rule Rule, limited bool) {
	if e.request.Principal.Kind != RootUser && e.given.Boundary != nil && !e.allow[boundarySlot].found {
		return Boundary, BoundaryMustAllow, true
	}
	if e.given.Session != nil && !e.allow[sessionSlot].found {
		return Session, SessionMustAllow, true
	}
	if e.given.Session == nil && e.request.Principal.Kind == FederatedUser {
		return Session, FederatedNeedsScope, true // a policy that names the user behind it does not name this session
	}
	return "", "", false
}

// otherAccount needs both sides.
func (e *evaluation) otherAccount() {
	how, layer, at := e.resourceSide()
	if how == notMeant {
		e.end(ImplicitlyDenied, Resource, BothSidesNeeded, nil)
		return
	}
	if layer == Grants { // modelled: AWS asks for a grant or an IAM policy in the caller's account
		e.end(Allowed, layer, GrantAllows, nil)
		return
	}
	if ok, missing, rule, _ := e.identitySide(); !ok {
		if missing == Identity && rule == NothingAllows {
			rule = BothSidesNeeded
		}
		e.end(ImplicitlyDenied, missing, rule, nil)
		return
	}
	e.end(Allowed, layer, BothSidesAllow, at)
}

// needsResourcePolicy is true of KMS keys and roles: the identity side counts only if their own policy lets it. An alias of
// a key has no policy of its own.
func (e *evaluation) needsResourcePolicy() bool {
	parts := &e.subject.parts
	return parts[2] == "kms" && !prefixed(parts[5], "alias/", false) || parts[2] == "iam" && prefixed(e.request.Action, "sts:", true)
}

func (e *evaluation) keyAccount() {
	how, layer, at := e.resourceSide()
	switch {
	case how == notMeant:
		e.end(ImplicitlyDenied, Resource, KeyPolicyMustAllow, nil)
	case how.direct():
		e.end(Allowed, layer, direct(layer), at)
	default:
		e.delegated(how, layer, at)
	}
}

// delegated is an Allow that reaches the caller through its account or its role.
func (e *evaluation) delegated(how reach, layer Layer, at *finding) {
	if how == byRole {
		if limit, rule, limited := e.limits(); limited {
			e.end(ImplicitlyDenied, limit, rule, nil)
			return
		}
		e.end(Allowed, layer, OneSideIsEnough, at)
		return
	}
	ok, side, rule, own := e.identitySide()
	switch {
	case !ok:
		e.end(ImplicitlyDenied, side, rule, nil)
	case rule == RootMayAll:
		e.end(Allowed, layer, rule, at)
	default:
		e.end(Allowed, side, OneSideIsEnough, own)
	}
}

func direct(layer Layer) Rule {
	if rule, ok := sideRules[layer]; ok {
		return rule
	}
	return DirectGrant
}

// ownAccount needs one side: an identity Allow within boundary and session policy, or a resource policy that means the
// caller by more than its account.
func (e *evaluation) ownAccount() {
	how, layer, at := e.resourceSide()
	ok, side, rule, own := e.identitySide()
	switch {
	case rule == RootMayAll && e.repairs():
		e.end(Allowed, Account, RootKeepsPolicy, nil)
	case ok && rule == RootMayAll:
		e.end(Allowed, Account, RootMayAll, nil)
	case how.direct():
		e.end(Allowed, layer, direct(layer), at)
	case ok:
		e.end(Allowed, side, OneSideIsEnough, own)
	case how == byRole:
		e.delegated(how, layer, at)
	default:
		e.end(ImplicitlyDenied, side, rule, nil)
	}
}
