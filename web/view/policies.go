package view

import (
	"fmt"
	"net/url"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
)

// PolicyKind is one of the places a document can stand in: a field of the form, a layer of the decision.
type PolicyKind struct {
	ID     string // name of the form's field
	Title  string // "Bucket policy"
	The    string // "the bucket policy"
	Hint   string // what it is for, one sentence
	Layer  policy.Layer
	Review review.Kind
}

// PolicyKinds are all documents of a situation, the main one first. A key or trust policy takes the place of the bucket
// policy when the question is about a key or a role.
var PolicyKinds = []PolicyKind{
	{"bucket", "Bucket policy", "the bucket policy", "Belongs to the bucket, and names who may come.", policy.Resource, review.BucketPolicyKind},
	{"identity", "Identity policy", "the identity policy", "Belongs to the user or role that asks.", policy.Identity, review.IdentityPolicyKind},
	{"boundary", "Permissions boundary", "the permissions boundary", "The most a user or role can have. It grants nothing.", policy.Boundary, review.BoundaryKind},
	{"session", "Session policy", "the session policy", "Passed when the role was taken. It grants nothing.", policy.Session, review.IdentityPolicyKind},
	{"scp", "Service control policy", "the service control policy", "Of the caller's organization. One without any Allow stands beside FullAWSAccess, as AWS attaches it.", policy.SCP, review.SCPKind},
	{"rcp", "Resource control policy", "the resource control policy", "Of the owner's organization. RCPFullAWSAccess always stands beside it, so only its Deny statements count.", policy.RCP, review.SCPKind},
	{"vpce", "VPC endpoint policy", "the VPC endpoint policy", "Counts when the request comes from a VPC endpoint.", policy.Endpoint, review.EndpointKind},
	{"key", "Key or trust policy", "the key policy", "Of the KMS key that encrypts the object, or of the role that is to be taken.", policy.Resource, review.KeyPolicyKind},
}

// PolicyKindOf finds a kind by its id.
func PolicyKindOf(id string) PolicyKind {
	for _, k := range PolicyKinds {
		if k.ID == id {
			return k
		}
	}
	return PolicyKind{ID: id}
}

// PolicyQuestion is one situation as it stands in the form, and in the address.
type PolicyQuestion struct {
	Who, Action, On, Over, From, Sending string
	Owner                                string // 12 digits: the account that owns the resource
	Restrict                             bool   // Block Public Access: RestrictPublicBuckets is on
	Conditions                           string // further context, a line each
	Documents                            map[string]string
}

// Choices of the three selects: value and what is shown.
var (
	PolicyOver    = [][2]string{{"https", "HTTPS"}, {"http", "HTTP"}}
	PolicyFrom    = [][2]string{{"internet", "the internet"}, {"vpce", "a VPC endpoint"}}
	PolicySending = [][2]string{{"", "no header"}, {"AES256", "AES256"}, {"aws:kms", "aws:kms"}, {"aws:kms:dsse", "aws:kms:dsse"}}
)

// Query is the situation as an address; what is empty is left out.
func (q PolicyQuestion) Query() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("who", q.Who)
	set("do", q.Action)
	set("on", q.On)
	set("over", q.Over)
	set("from", q.From)
	set("sending", q.Sending)
	set("owner", q.Owner)
	set("conditions", q.Conditions)
	if q.Restrict {
		v.Set("restrict", "on")
	}
	for _, k := range PolicyKinds {
		set(k.ID, q.Documents[k.ID])
	}
	return v
}

// method of the form: what is long does not go into an address.
func (p PolicyPage) method() string {
	if p.Long {
		return "post"
	}
	return "get"
}

// PolicyPage is everything the screen shows.
type PolicyPage struct {
	Question PolicyQuestion
	Long     bool              // too long for an address
	Faults   map[string]string // field to what is wrong with it: nothing was judged
	Examples []PolicyExample
	Example  string // slug of the one that is shown; "" when none is
	About    string // what the example shows
	Actions  []string
	Callers  []string

	Answer       *PolicyAnswer // nil: nothing could be judged
	Notes        []string      // remarks on the question: "s3:ListBucket acts on the bucket"
	Main         PolicyDoc
	Others       []PolicyDoc
	Findings     []PolicyFinding
	FindingsMore int    // beyond those that are told
	Fixed        string // label of the fix that was just applied
	Edits        []simulator.Edit
	Pairs        []PolicyPair
	Context      []policy.Values // the whole context of the request
	Sent         *PolicySent     // nil: it was not asked for
}

// PolicyExample is one entry of the examples menu.
type PolicyExample struct{ Slug, Title string }

// PolicyAnswer is the one answer.
type PolicyAnswer struct {
	Verdict policy.Verdict
	Say     review.Sentence
}

// Yes says whether the request may pass.
func (a PolicyAnswer) Yes() bool { return a.Verdict == policy.Allowed }

// PolicyDoc is one document with what it says.
type PolicyDoc struct {
	Kind       PolicyKind
	Text       string            // as it stands in the field
	Doc        *policy.Document  // nil: none, or malformed
	Fault      *policy.Malformed // why it is refused; nil
	Hits       []Hit
	Statements []PolicyStatement
	Decides    bool
	Said       string // what the layer said: "allow", "deny", "no-match", "skip"; "" when it was not asked
}

// Empty says whether the document is absent.
func (d PolicyDoc) Empty() bool { return strings.TrimSpace(d.Text) == "" }

// open says whether the document is unfolded.
func (d PolicyDoc) open() bool { return d.Decides || d.Fault != nil }

// PolicyStatement is one statement in plain words with its judgement.
type PolicyStatement struct {
	Name     string // Sid, or "statement 2"
	Allow    bool
	From, To int // lines
	Reading  review.Sentence
	Parts    []review.Part
	Outcome  string
	Matched  bool
	Decides  bool
}

// PolicyFinding is one thing a document misses.
type PolicyFinding struct {
	review.Finding
	Kind  PolicyKind
	Place int    // of the finding in its document
	Note  string // address of the note that has the fact; ""
	Line  int
}

// PolicyPair is one action on one resource that the request needs, with its decision.
type PolicyPair struct {
	Why      string // why it is needed beside the first; ""
	Decision policy.Decision
	Decides  bool
}

// PolicySent is what happened to the real request.
type PolicySent struct {
	Refused string // why it could not be sent; "" when it was
	Trace   *simulator.Trace
	Say     string // how the wire and the question agree
	Agrees  bool
}

// verdict of the answer for CSS.
func (p PolicyPage) verdict() string {
	switch {
	case p.Answer == nil:
		return "none"
	case p.Answer.Yes():
		return "allow"
	}
	return "deny"
}

func (s PolicyStatement) verdict() string {
	switch {
	case !s.Decides:
		return "none"
	case s.Allow:
		return "allow"
	}
	return "deny"
}

func effect(allow bool) (name, verdict string) {
	if allow {
		return "Allow", "allow"
	}
	return "Deny", "deny"
}

func lineSpan(from, to int) string {
	if from == to {
		return fmt.Sprintf("line %d", from)
	}
	return fmt.Sprintf("lines %d to %d", from, to)
}

// saidWords are the outcomes of a layer for people.
var saidWords = map[policy.Outcome]string{
	policy.SaysAllow: "allows it", policy.SaysDeny: "denies it", policy.SaysNothing: "says nothing about it", policy.SaysSkip: "does not apply",
}

func saidIcon(o policy.Outcome) string {
	switch o {
	case policy.SaysAllow:
		return "check"
	case policy.SaysDeny:
		return "x"
	case policy.SaysNothing:
		return "circle-dashed"
	}
	return "minus"
}

// layerNames are the layers as the lane calls them.
var layerNames = map[policy.Layer]string{
	policy.SCP: "Service control policy", policy.RCP: "Resource control policy", policy.Endpoint: "VPC endpoint policy",
	policy.Resource: "Resource policy", policy.Grants: "Grants of the key", policy.ACLs: "Access control list",
	policy.Identity: "Identity policy", policy.Boundary: "Permissions boundary", policy.Session: "Session policy",
	policy.Public: "Block Public Access", policy.Account: "Account",
}

// findingsTitle is the heading of the findings.
func findingsTitle(n, more int) string {
	n += more
	switch n {
	case 0:
		return "Nothing to find fault with"
	case 1:
		return "One thing this policy misses"
	}
	w := words(n) // a number from ten on
	return strings.ToUpper(w[:1]) + w[1:] + " things this policy misses"
}

func severityIcon(s review.Severity) string {
	if s == review.Style {
		return "info"
	}
	return "triangle-alert"
}

// slotSize is how wide a text field of the sentence is, in characters.
func slotSize(value string) string {
	return fmt.Sprint(min(max(len([]rune(value))+3, 10), 48))
}

// backticked takes a text with `code` in it apart.
func backticked(text string) review.Sentence {
	var out review.Sentence
	for i, piece := range strings.Split(text, "`") {
		if piece == "" {
			continue
		}
		kind := review.Plain
		if i%2 == 1 {
			kind = review.Code
		}
		out = append(out, review.Span{Text: piece, Kind: kind})
	}
	return out
}

func contextValue(v policy.Values) string {
	if v.Many {
		return "[" + strings.Join(v.List, ", ") + "]"
	}
	return strings.Join(v.List, ", ")
}

// SaidWords is an outcome of a layer for people: "allows it".
func SaidWords(o policy.Outcome) string { return saidWords[o] }
