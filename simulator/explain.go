package simulator

import "keyhole/simulator/policy"

// EditKind is what an edit changes.
type EditKind string

// The kinds of edits, in the order they are offered: the request first, then the caller, then the policies. (UI.md 4.6)
const (
	EditHeader     EditKind = "header"     // one header, or one query parameter, changed, added or left out
	EditTransport  EditKind = "transport"  // HTTPS, plain HTTP, another version of TLS
	EditNetwork    EditKind = "network"    // another address, or through an endpoint
	EditTime       EditKind = "time"       // the clock moved
	EditPrincipal  EditKind = "principal"  // another caller, or the same one with MFA or a tag
	EditResource   EditKind = "resource"   // a tag of what is stored
	EditPermission EditKind = "permission" // one Allow added
	EditStatement  EditKind = "statement"  // one statement off, or one switch of Block Public Access
)

// Edit is one single change of a request that the engine has really evaluated.
type Edit struct {
	Kind     EditKind
	Say      string // "Send x-amz-server-side-encryption: aws:kms"
	Note     string // why it does not help, or what is lost by it; "" when there is nothing to say
	Result   policy.Verdict
	Helps    bool // it was refused, and with this edit it is allowed
	Weakens  bool // caution: it loosens a control
	Tempting bool // the one that looks as if it helped and does not
	Order    int  // of the list, from 1
}

// CounterfactualsOf are the edits that change the answer of one decision, and the most tempting one that does not.
func CounterfactualsOf(d *policy.Decision) []Edit {
	return Counterfactuals([]*policy.Decision{d}, Alternatives{})
}

// Alternatives are what an explanation may try beside what the decisions themselves name.
type Alternatives struct {
	Endpoints  []Way // VPC endpoints of the world, and the internet
	Principals []Who // other callers of the sandbox

	// Headers are, for each decision, the header that made it necessary ("x-amz-tagging"), or "": without it the decision
	// is not asked for. nil: every decision stays.
	Headers []string
}

// Way is another network a request could come through.
type Way struct {
	Say   string // "through the endpoint vpce-1a2b3c4d"
	Apply func(*policy.Request, *policy.Layers)
}

// Who is another caller.
type Who struct {
	Say     string // "as the role auditor"
	Weakens bool
	Apply   func(*policy.Request, *policy.Layers)
}

// Table says who may do what with a bucket, or an object in it.
type Table struct {
	Bucket, Key string
	Actions     []string // columns: "s3:GetObject"
	Rows        []TableRow
}

// TableRow is one principal.
type TableRow struct {
	Principal string // "alice", "role app", "root", "anonymous"
	Account   string // 12 digits; "" when anonymous
	Own       bool   // of the account that owns the bucket
	Cells     []Cell // one for each action
}

// Cell is one answer with what decided it.
type Cell struct {
	Verdict  policy.Verdict
	By       policy.Layer
	Where    string // "TlsOnly, line 14 of the bucket policy"; "Nothing allows this."
	Decision *policy.Decision
}
