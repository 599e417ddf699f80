// Package quiz holds questions and grades answers: values and pure functions, no storage and no pages.
package quiz

// Type is a question's kind.
type Type string

const (
	Single   Type = "single"
	Multiple Type = "multiple"
)

// Question is one item of the bank. Text fields are Markdown.
type Question struct {
	ID         string // file name without extension; never reused
	Rev        int    // bumped when key or meaning changes
	Hash       string // first 12 hex digits of the file's SHA-256
	Type       Type
	Choose     int // how many options are right; told to the learner
	Title      string
	Stem       string
	Options    []Option // in source order; shown shuffled per attempt
	Keep       string   // the one line to keep
	Explain    string   // after the per-option reasons
	Objectives []string // "C4"
	Exams      []ExamRef
	Difficulty int    // 1 to 5
	AsOf       string // "2026-11-01"
	ThenNow    *ThenNow
	References []Reference
	Proofs     []string // ids of proofs, in the order shown; content holds them
	Facts      []string
}

// Option is one choice with its own reason.
type Option struct {
	ID            string
	Text          string
	Correct       bool
	Why           string
	Misconception string // "MC07"
	Facts         []string
	Proof         string // id of the proof that shows it; ""
}

type ExamRef struct{ Exam, Domain string }

// ThenNow is what changed about the answer and when.
type ThenNow struct {
	ThenWhen, Then string
	NowWhen, Now   string
}

type Reference struct{ Title, URL, Checked string }

// Confidence is asked before any sign of correctness; "" when the learner did not say.
type Confidence string

const (
	Guess   Confidence = "guess"
	Unsure  Confidence = "unsure"
	Fairly  Confidence = "fairly"
	Certain Confidence = "certain"
)

// Result is a graded answer.
type Result struct {
	Right   bool    // all or nothing
	Score   float64 // 0 to 1; partial credit shown in practice
	Options []Judged
}

// Judged is one option after grading.
type Judged struct {
	Option Option
	Chosen bool
}
