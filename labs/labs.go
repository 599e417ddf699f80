// Package labs is hands-on work: lab definitions, a learner's runs, and checks that grade behaviour.
package labs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"keyhole/simulator/world"
)

// Limits of runs and their sandboxes; zero values take the defaults.
type Limits struct {
	ObjectBytes  int64 // one object; DefaultObjectBytes
	SandboxBytes int64 // all versions and parts of a sandbox; DefaultSandboxBytes
	Live         int   // sandboxes in memory at once; DefaultLive
}

// Defaults of Limits.
const (
	DefaultObjectBytes  = world.ObjectBytes
	DefaultSandboxBytes = world.SandboxBytes
	DefaultLive         = 64
)

// What a run keeps.
const (
	// MaxLine is the longest console line, bytes.
	MaxLine = 16 << 10
	// MaxBlocks is how many console lines with their output a run keeps.
	MaxBlocks = 100
	// MaxOutput is how many bytes of each output stream a block keeps.
	MaxOutput = 16 << 10
	// KeptRequests is how many requests can be looked at while the sandbox is in memory.
	KeptRequests = 500
	// SavedRequests is how many of them are there again after a restart.
	SavedRequests = 60
	// LineTime is how long one console line may take.
	LineTime = 10 * time.Second
	// MaxJump is the furthest one jump of the clock goes.
	MaxJump = 10 * 366 * 24 * time.Hour

	snapshotEvery = 64 // batches of effects
)

// Options are what Runs needs.
type Options struct {
	Labs      []Lab
	Store     Store
	Record    Recorder
	Now       func() time.Time   // the real clock
	Rand      func(n int) []byte // crypto/rand: seeds of sandboxes
	Limits    Limits
	Endpoints func() Endpoints // where the AWS listeners are; nil: there are none
	Logger    *slog.Logger     // nil: silent
}

// Recorder tells the journal what a learner did. The same key again stores nothing. kind is one of the kinds below,
// item "lab/lg05" or "lab/lg05#unblock", score between 0 and 1.
type Recorder func(ctx context.Context, learner, kind, item, key string, right bool, score float64, detail any) error

// The kinds of journal entries, as quiz/progress names them.
const (
	kindStepPassed = "step-passed"
	kindLabPassed  = "lab-passed"
	kindHintTaken  = "hint-taken"
	kindPredicted  = "predicted"
)

// Endpoints is where a learner's own tools find the sandboxes.
type Endpoints struct {
	HTTP, TLS string // "http://127.0.0.1:9000", "https://127.0.0.1:9443"
	CA        string // path of the CA file
	Data      string // the data folder, for `keyhole credentials`
	Binary    string // path of the keyhole binary
}

// Errors of this package.
var (
	ErrNoLab      = errors.New("no such lab")
	ErrNoRun      = errors.New("no such lab run, or it was reset")
	ErrNoStep     = errors.New("no such step")
	ErrNoOption   = errors.New("no such prediction")
	ErrNoHint     = errors.New("no further hint")
	ErrPrincipal  = errors.New("nobody of that name in this lab")
	ErrNetwork    = errors.New("no such network or VPC endpoint in this lab")
	ErrNoQuestion = errors.New("no such question")
	ErrClock      = errors.New("the clock only goes forward, at most ten years at once")
	ErrLineLength = errors.New("the line is too long")
)
