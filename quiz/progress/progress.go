// Package progress says who studies and what happened: the journal and the folds over it.
package progress

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Kind says what happened.
type Kind string

const (
	Answered   Kind = "answered"    // Item "q/ssec-versions"
	StepPassed Kind = "step-passed" // Item "lab/lg05#unblock"
	LabPassed  Kind = "lab-passed"  // Item "lab/lg05"
	HintTaken  Kind = "hint-taken"
	Predicted  Kind = "predicted"
	NoteRead   Kind = "note-read" // Item "note/sse-c"
	ProofRun   Kind = "proof-run"
)

// Entry is one thing that happened to one learner; never changed afterwards.
type Entry struct {
	ID       string // UUIDv7
	Learner  string
	Key      string // idempotency key, unique per learner; the same key again stores nothing and returns the first entry
	Kind     Kind
	Item     string
	Revision string // of the item
	Right    bool
	Score    float64
	At       time.Time
	Detail   json.RawMessage // chosen option ids, confidence, milliseconds, order shown
}

// Learner is a person. Solo mode has one.
type Learner struct {
	ID, Name string
	Created  time.Time // zero: the store's now
}

// Filter selects entries of one learner, oldest first.
type Filter struct {
	Learner string // required
	Kind    Kind   // "" all
	Item    string // "" all
	Limit   int    // 0 all; otherwise the newest Limit
}

var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already there")
	ErrNewer    = errors.New("the database was written by a newer version of Keyhole")
)

// Store keeps what must not be lost. Nothing is acknowledged before it is durable.
type Store interface {
	// Append stores e, or returns the entry already stored under the same learner and key with again=true.
	// Times are kept to the millisecond. ErrNotFound when the learner is not known.
	Append(ctx context.Context, e Entry) (stored Entry, again bool, err error)
	// Entries returns what matches, oldest first.
	Entries(ctx context.Context, f Filter) ([]Entry, error)
	// Learner returns ErrNotFound when there is none.
	Learner(ctx context.Context, id string) (Learner, error)
	// CreateLearner returns ErrExists when the id is taken.
	CreateLearner(ctx context.Context, l Learner) error
	// Setting of a learner, "" when never set.
	Setting(ctx context.Context, learner, name string) (string, error)
	// SetSetting returns ErrNotFound when the learner is not known.
	SetSetting(ctx context.Context, learner, name, value string) error
}
