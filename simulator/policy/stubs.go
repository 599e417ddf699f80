package policy

import "encoding/json"

type glob struct{}
type operator struct{}
type operand struct{}

// MaxSteps is the budget of one evaluation.
const MaxSteps = 2_000_000

// Malformed is why a document is refused.
type Malformed struct {
	Position        // where, in the document
	Message  string // AWS's text of MalformedPolicy
	Say      string // ours: what was expected there, in one sentence
}

func (m *Malformed) Error() string { return m.Message }

// Decode reads a policy document strictly. The error is a *Malformed.
func Decode(text []byte) (*Document, error) { return nil, &Malformed{} }

// Evaluate judges every statement of every layer.
func Evaluate(r Request, l Layers) Decision { return Decision{} }

// Decide is the verdict of Evaluate without its reasons, and without allocating.
func Decide(r *Request, l *Layers) Verdict { return ImplicitlyDenied }

// Text is AWS's sentence for a denial, as a caller of the same account or organization gets it; "" when allowed.
func (d *Decision) Text() string { return "" }

// IsPublic says whether a bucket policy is public as Block Public Access judges it, and names the statement that makes it so.
func IsPublic(d *Document) (public bool, by *Statement) { return false, nil }

// Case is one line of the neutral case format (JSON Lines; see testdata/FORMAT).
type Case struct {
	ID, Title, Reason string
	Tags              []string
	Request           Request
	Layers            Layers
	Expected          Verdict // "" when the line has none
}

// ParseCase reads one line. Errors name the field, and of a policy the line and column.
func ParseCase(line []byte) (*Case, error) { return nil, nil }

var _ json.RawMessage
