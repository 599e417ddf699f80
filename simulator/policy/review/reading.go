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

func plain(text string) Sentence  { return Sentence{{text, Plain}} }
func strong(text string) Sentence { return Sentence{{text, Strong}} }
func mark(text string) Sentence   { return Sentence{{clip(text), Mark}} }
func coded(text string) Sentence  { return Sentence{{clip(text), Code}} }

const shownRunes = 120 // of one name or value, in a sentence

func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > shownRunes {
			return s[:i] + "…"
		}
	}
	return s
}

// join puts sentences together; neighbouring plain pieces become one.
func join(parts ...Sentence) Sentence {
	var out Sentence
	for _, p := range parts {
		for _, span := range p {
			if n := len(out); span.Kind == Plain && n > 0 && out[n-1].Kind == Plain {
				out[n-1].Text += span.Text
			} else if span.Text != "" {
				out = append(out, span)
			}
		}
	}
	return out
}

const listed = 3 // entries of a list in a sentence; of the rest the number is told

// enumerate joins a list with commas and a last word: "a, b and c".
func enumerate(parts []Sentence, last string) Sentence {
	var out Sentence
	for i, p := range parts {
		switch {
		case i == listed && len(parts) > listed+1:
			return join(out, plain(" "+last+" "+number(len(parts)-listed)+" more"))
		case i > 0 && (i == len(parts)-1):
			out = join(out, plain(" "+last+" "))
		case i > 0:
			out = join(out, plain(", "))
		}
		out = join(out, p)
	}
	return out
}

// Reading says a statement in plain words: who may or may not do what, and when.
func Reading(s *policy.Statement) Sentence {
	out := join(whoMay(s), whatOf(s))
	if when := whenOf(s); len(when) > 0 {
		out = join(out, plain(" "), when)
	}
	out = join(out, plain("."))
	out[0].Text = upper(out[0].Text) // every subject begins plain or strong
	return out
}

// upper begins a sentence.
func upper(s string) string {
	if s != "" && 'a' <= s[0] && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}
