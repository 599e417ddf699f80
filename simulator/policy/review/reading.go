package review

import "keyhole/simulator/policy"

// Span is a piece of a sentence.
type Span struct {
	Text string
	Kind SpanKind
}

// SpanKind is how a piece is set.
type SpanKind string

// The kinds of pieces.
const (
	Plain  SpanKind = "plain"
	Strong SpanKind = "strong" // who
	Mark   SpanKind = "mark"   // the value a condition turns on
	Code   SpanKind = "code"
)

// Sentence is a sentence in pieces; its text is theirs, one after the other.
type Sentence []Span

// String is the sentence without its setting.
func (s Sentence) String() string {
	text := ""
	for _, span := range s {
		text += span.Text
	}
	return text
}

// Part is one cell of a statement's judgement.
type Part struct {
	Name    string // "Who", "Action", "Object", "Bucket" or "Resource", "When"
	Matched bool
	Say     Sentence // a few words: "dev-ana is not ledger-writer"
}

// Reading says a statement in plain words.
func Reading(s *policy.Statement) Sentence { return nil }

// Parts are the cells of a judged statement, in the order they are judged; an element the statement does not have has none.
// The request is the one that was judged: its caller is named.
func Parts(t *policy.StatementTrace, r *policy.Request) []Part { return nil }

// Outcome says what the statement did to the request. deciding: it is the one that decided.
func Outcome(t *policy.StatementTrace, deciding bool) string { return "" }
