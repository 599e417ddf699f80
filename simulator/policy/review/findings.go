package review

import "keyhole/simulator/policy"

// Options say where a document is attached.
type Options struct {
	Bucket string // of a bucket policy; "" when it is not known
	Kind   Kind   // "" is an identity policy
	Owner  string // 12 digits of the account that owns the bucket, key or role; "" when it is not known
	Key    string // ARN of the KMS key a fix may pin; "" when none is known
}

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	Danger Severity = "danger" // it lets in or locks out whom the author did not mean
	Trap   Severity = "trap"   // it does something else than it seems to say
	Style  Severity = "style"  // it works, and could be said better
)

// Finding is one thing a document gets wrong.
type Finding struct {
	Rule      string // stable slug: "missing-bucket-arn"
	Statement int    // index; -1: the document
	At        policy.Position
	Title     string // a short sentence: "TlsOnly leaves the bucket itself open to HTTP"
	Text      string // one or two sentences with what to do; `…` is code
	Severity  Severity
	Fact      string // id of a fact of content/facts; "" when none fits
	Fix       *Fix   // nil when there is no single safe fix
}

// Fix is an edit that closes a finding. It was decoded and judged again before it is offered.
type Fix struct {
	Label string // what it does: "Name both ARNs"
	Text  string // the whole document, edited
	Proof string // what a request shows: "A listing over HTTP was allowed and is denied now."; "" when none was sent
}

// Findings are what d gets wrong, in the order of its statements.
func Findings(d *policy.Document, o Options) []Finding { return nil }
