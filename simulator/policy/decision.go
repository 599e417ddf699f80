package policy

// Decision is one verdict with everything that led to it.
type Decision struct {
	Request Request
	Layers  Layers // as they were: an explanation evaluates them again with one edit

	Verdict Verdict
	By      Layer        // the layer that decided
	Rule    Rule         // the rule of evaluation that made it decide
	Ref     *Ref         // the statement that decided; nil when none did (something needed was missing, a grant, root)
	Trace   []LayerTrace // every layer, applicable or not, in the order of the Layer constants; SCPs and RCPs one a level
	Steps   int          // charged, of MaxSteps
}

// Ref points at one statement of a trace.
type Ref struct{ Layer, Policy, Statement int } // indexes into Trace, Policies, Statements

// Rule is a stable name of one rule of evaluation: the key to study pages and questions.
type Rule string

// The rules.
const (
	DenyWins            Rule = "deny-wins"                // a Deny statement matched
	NothingAllows       Rule = "implicit-deny"            // no identity or resource policy allows it
	OneSideIsEnough     Rule = "same-account-one-allow"   // same account: identity or resource policy
	BothSidesAllow      Rule = "cross-account-both-allow" // other account: both allow
	BothSidesNeeded     Rule = "cross-account-needs-both" // other account: one side is missing
	SCPMustAllow        Rule = "scp-level-needs-allow"    // a level without an Allow
	EndpointMustAllow   Rule = "endpoint-needs-allow"
	BoundaryMustAllow   Rule = "boundary-needs-allow"
	SessionMustAllow    Rule = "session-needs-allow"
	RootMayAll          Rule = "root-has-full-access"
	RootKeepsPolicy     Rule = "owner-root-keeps-bucket-policy" // Get, Put, DeleteBucketPolicy in spite of a Deny of the bucket policy
	KeyPolicyMustAllow  Rule = "key-policy-must-allow"          // an identity Allow counts only if the key (or trust) policy lets it
	GrantAllows         Rule = "kms-grant-allows"
	ACLAllows           Rule = "acl-grants"
	RestrictPublic      Rule = "restrict-public-buckets"
	FederatedNeedsScope Rule = "federated-user-needs-session-policy"
	ServiceNeedsPolicy  Rule = "service-needs-resource-policy"
	AnonymousNeedsAllow Rule = "anonymous-needs-resource-policy"
	DirectGrant         Rule = "resource-policy-names-the-caller" // not limited by an implicit deny of boundary or session policy
	BudgetExhausted     Rule = "step-budget-exhausted"            // never an Allow
)

// Outcome is what one layer said.
type Outcome string

// The outcomes of a layer.
const (
	SaysAllow   Outcome = "allow"
	SaysDeny    Outcome = "deny"
	SaysNothing Outcome = "no-match" // it applies and no statement of it matched
	SaysSkip    Outcome = "skip"     // it does not apply; Why says why not
)

// LayerTrace is what one layer said.
type LayerTrace struct {
	Layer    Layer
	Level    int // of SCPs and RCPs, from 0 at the root
	Outcome  Outcome
	Why      string // one sentence: why it does not apply, or what its outcome means here
	Policies []PolicyTrace
}

// PolicyTrace is one document of a layer.
type PolicyTrace struct {
	Attached
	Statements []StatementTrace // one for each statement of the document, in its order
}

// Element is a part of a statement.
type Element string

// The elements, in the order they are judged.
const (
	PrincipalElement Element = "principal"
	ActionElement    Element = "action"
	ResourceElement  Element = "resource"
	ConditionElement Element = "condition"
)

// StatementTrace is why one statement matched, or which element failed first.
type StatementTrace struct {
	Statement  *Statement
	Matched    bool
	Failed     Element // first element that did not match; "" when all did
	Principal  ElementTrace
	Action     ElementTrace
	Resource   ElementTrace
	Conditions []ConditionTrace
}

// ElementTrace is the judgement of Principal, Action or Resource. Every element is judged, after a failed one too.
type ElementTrace struct {
	Absent  bool // the statement has no such element, which matches
	Matched bool
	Entry   int // the entry (of Entries) that hit: for a Not-element the one that excludes; -1: none
}

// Because says why a condition came out as it did.
type Because string

// The reasons of a condition.
const (
	ByValue     Because = "value"            // the values were compared
	ByAbsence   Because = "missing-key"      // positive operators fail, negated ones hold
	ByIfExists  Because = "if-exists"        // the key is absent and the operator ends in IfExists
	ByEmptySet  Because = "empty-set"        // ForAllValues over nothing holds, ForAnyValue fails
	ByVariable  Because = "unresolved"       // a variable of the policy value has no value
	ByType      Because = "not-comparable"   // a value is not of the operator's type
	ByManyOfOne Because = "many-without-set" // several values and no ForAllValues or ForAnyValue
	ByBudget    Because = "budget-exhausted" // the step budget ended
)

// ConditionTrace is one operator and key of a statement.
type ConditionTrace struct {
	Condition *Condition
	Present   bool
	Actual    []string // the request's values; empty when absent
	Result    bool
	Because   Because
	Hit       int // index of the policy value that equalled a request value; -1: none
}

// Deciding is the trace of the statement that decided; nil when none did.
func (d *Decision) Deciding() *StatementTrace {
	if d.Ref == nil {
		return nil
	}
	return &d.Trace[d.Ref.Layer].Policies[d.Ref.Policy].Statements[d.Ref.Statement]
}

// DecidingPolicy is the document that holds the deciding statement; nil when none did.
func (d *Decision) DecidingPolicy() *PolicyTrace {
	if d.Ref == nil {
		return nil
	}
	return &d.Trace[d.Ref.Layer].Policies[d.Ref.Policy]
}
