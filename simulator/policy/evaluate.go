package policy

// Evaluate judges every statement of every layer, every element of each, and keeps why. It is safe for concurrent use.
func Evaluate(r Request, l Layers) Decision {
	d := Decision{Request: r, Layers: l}
	e := newEvaluation(&d.Request, &d.Layers)
	e.trace = &d.Trace
	e.layers()
	e.conclude()
	e.tell()
	d.Verdict, d.By, d.Rule, d.Ref, d.Steps = e.verdict, e.by, e.rule, e.ref, e.meter.steps
	return d
}

// Decide is the verdict of Evaluate without its reasons, and without allocating. The two judge by the same code and
// charge the same steps: Evaluate spends what it looks at beyond the first failed element from another budget.
func Decide(r *Request, l *Layers) Verdict {
	e := newEvaluation(r, l)
	e.layers()
	e.conclude()
	return e.verdict
}

// evaluation is one request on its way to its verdict.
type evaluation struct {
	request *Request
	given   *Layers
	subject subject
	meter   meter
	extra   meter         // of what only an explanation looks at
	trace   *[]LayerTrace // nil: only the verdict is wanted

	denied  finding // by the first layer, in their order, that has a Deny
	scp     finding // Deny apart: the first level without an Allow
	allow   [layerCount]finding
	how     reach // the strongest way in which an Allow of the resource policy means the caller
	public  bool  // RestrictPublicBuckets stops it
	grant   int   // index of the grant that allows; -1: none
	acl     reach
	aclLine int

	verdict Verdict
	by      Layer
	rule    Rule
	ref     *Ref
}

// finding is a statement that was found, by its place in the trace.
type finding struct {
	found bool
	layer Layer
	ref   Ref // without a trace only the indexes of policy and statement are true
}

// slot numbers the layers whose Allow counts.
type slot int

const (
	endpointSlot slot = iota
	resourceSlot
	identitySlot
	boundarySlot
	sessionSlot
	layerCount
)

func newEvaluation(r *Request, l *Layers) evaluation {
	e := evaluation{request: r, given: l, grant: -1, aclLine: -1}
	e.subject.whole = r.Resource
	e.subject.parts, e.subject.isARN = splitARN(r.Resource)
	return e
}

// layers goes through all of them in the order of the Layer constants.
func (e *evaluation) layers() {
	p := &e.request.Principal
	owned := p.Account != ""
	e.levels(SCP, e.given.SCPs, owned)
	e.levels(RCP, e.given.RCPs, true)
	e.single(Endpoint, endpointSlot, e.given.Endpoint, true)
	e.single(Resource, resourceSlot, e.given.Resource, true)
	e.grants()
	e.acls()
	e.several(Identity, identitySlot, e.given.Identity, owned && p.Kind != RootUser)
	e.single(Boundary, boundarySlot, e.given.Boundary, owned && p.Kind != RootUser)
	e.single(Session, sessionSlot, e.given.Session, owned)
	e.blockPublic()
}

// levels judges SCPs or RCPs. A level of SCPs needs an Allow of its own; RCPs have one on every level.
func (e *evaluation) levels(layer Layer, levels [][]Attached, applies bool) {
	if len(levels) == 0 || !applies {
		e.skip(layer)
		return
	}
	for i, level := range levels {
		at := e.open(layer, i)
		var allow finding
		e.policies(at, layer, level, &allow)
		if layer == SCP && !allow.found && !e.scp.found {
			e.scp = finding{found: true, layer: SCP, ref: Ref{Layer: at}}
		}
		e.close(at, allow.found)
	}
}

func (e *evaluation) several(layer Layer, s slot, list []Attached, applies bool) {
	if len(list) == 0 || !applies {
		e.skip(layer)
		return
	}
	at := e.open(layer, 0)
	e.policies(at, layer, list, &e.allow[s])
	e.close(at, e.allow[s].found)
}

func (e *evaluation) single(layer Layer, s slot, a *Attached, applies bool) {
	if a == nil || !applies {
		e.skip(layer)
		return
	}
	at := e.open(layer, 0)
	e.policy(at, 0, layer, a, &e.allow[s])
	e.close(at, e.allow[s].found)
}

func (e *evaluation) policies(at int, layer Layer, list []Attached, allow *finding) {
	for i := range list {
		e.policy(at, i, layer, &list[i], allow)
	}
}

// policy judges the statements of one document.
func (e *evaluation) policy(at, index int, layer Layer, a *Attached, allow *finding) {
	var traces []StatementTrace
	if e.trace != nil {
		traces = make([]StatementTrace, len(a.Document.Statements))
	}
	for i := range a.Document.Statements {
		s := &a.Document.Statements[i]
		var t *StatementTrace
		if traces != nil {
			t = &traces[i]
		}
		matched, how := e.statement(layer, s, t)
		if !matched {
			continue
		}
		f := finding{true, layer, Ref{at, index, i}}
		switch {
		case !s.Allow && !e.spared(layer):
			if !e.denied.found {
				e.denied = f
			}
		case s.Allow && layer == Resource && how > e.how:
			e.how = how
			*allow = f
		case s.Allow && !allow.found:
			*allow = f
		}
	}
	if e.trace != nil {
		layer := &(*e.trace)[at]
		layer.Policies = append(layer.Policies, PolicyTrace{*a, traces})
	}
}

// statement judges the elements in their order and stops at the first that fails. With a trace it looks at the others too.
func (e *evaluation) statement(layer Layer, s *Statement, t *StatementTrace) (matched bool, how reach) {
	ctx := &e.request.Context
	ok, entry, how := e.principal(layer, s)
	if t != nil {
		t.Statement = s
		t.note(PrincipalElement, &t.Principal, s.Principal == nil, ok, entry)
	}
	if !ok && t == nil {
		return false, notMeant
	}
	m := e.next(ok)
	acts, entry := s.Action.judgeAction(e.request.Action, ctx, m)
	if t != nil {
		t.note(ActionElement, &t.Action, false, acts, entry)
	}
	if ok = ok && acts; !ok && t == nil {
		return false, notMeant
	}
	m = e.next(ok)
	on, entry := s.Resource == nil, -1
	if !on {
		on, entry = s.Resource.judgeResource(&e.subject, ctx, m)
	}
	if t != nil {
		t.note(ResourceElement, &t.Resource, s.Resource == nil, on, entry)
		if len(s.Conditions) > 0 {
			t.Conditions = make([]ConditionTrace, len(s.Conditions))
		}
	}
	if ok = ok && on; !ok && t == nil {
		return false, notMeant
	}
	for i := range s.Conditions {
		c := &s.Conditions[i]
		r := c.judge(ctx, e.next(ok))
		if t != nil {
			v, present := ctx.keys[c.key]
			t.Conditions[i] = ConditionTrace{c, present && len(v.List) > 0, v.List, r.holds, r.because, r.hit}
			if !r.holds && t.Failed == "" {
				t.Failed = ConditionElement
			}
		}
		if ok = ok && r.holds; !ok && t == nil {
			return false, notMeant
		}
	}
	if t != nil {
		t.Matched = ok
	}
	return ok, how
}

// next is the budget for the next element: the real one while everything matched so far.
func (e *evaluation) next(sofar bool) *meter {
	if sofar {
		return &e.meter
	}
	return &e.extra
}

// principal judges who is meant. Documents without a Principal mean whoever they are attached to; a resource policy's
// statement without one means nobody.
func (e *evaluation) principal(layer Layer, s *Statement) (ok bool, entry int, how reach) {
	if s.Principal == nil {
		return layer != Resource, -1, byName
	}
	ok, entry, how = s.Principal.judge(&e.request.Principal, &e.meter)
	if !ok && s.Principal.Not && !s.Allow && e.given.Boundary != nil && e.request.Principal.Account != "" {
		// A Deny with NotPrincipal always hits a principal with a boundary. (facts/policy.md section 1, documented)
		return true, entry, how
	}
	return ok, entry, how
}

// spared says whether a Deny of this layer does not count: the root user of the bucket's owner can always repair the policy.
func (e *evaluation) spared(layer Layer) bool {
	return layer == Resource && e.repairs()
}

func (e *evaluation) repairs() bool {
	if e.request.Principal.Kind != RootUser || !e.sameAccount() || e.subject.parts[2] != "s3" {
		return false
	}
	for _, action := range [...]string{"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"} {
		if len(action) == len(e.request.Action) && prefixed(e.request.Action, action, true) {
			return true
		}
	}
	return false
}

func (e *evaluation) sameAccount() bool { return e.request.Principal.Account == e.owner() }

// owner is the account whose permission is asked for: the object's, where an object belongs to another than its bucket.
func (e *evaluation) owner() string {
	if e.given.ACL != nil && e.given.ACL.Owner != "" {
		return e.given.ACL.Owner
	}
	return e.request.ResourceAccount
}

func (t *StatementTrace) note(which Element, to *ElementTrace, absent, matched bool, entry int) {
	*to = ElementTrace{absent, matched, entry}
	if !matched && t.Failed == "" {
		t.Failed = which
	}
}
