package labs

import (
	"context"
	"time"
)

// Store keeps runs and their sandboxes. quiz/store satisfies it; it uses basic types only so that neither knows the other.
// Every method names the learner: a store never returns a row of another learner.
type Store interface {
	// SaveRun writes the run document (CBOR: steps passed, home folder, console lines, predictions).
	SaveRun(ctx context.Context, learner, run, lab string, doc []byte, at time.Time) error
	// Run returns the newest open run of a lab; found is false when there is none.
	Run(ctx context.Context, learner, lab string) (run string, doc []byte, found bool, err error)
	// RunIDs lists every open run as (run, learner, lab): the index from access keys to sandboxes is built from it.
	RunIDs(ctx context.Context) ([][3]string, error)
	// CloseRun ends a run (reset): its sandbox is deleted with it.
	CloseRun(ctx context.Context, learner, run string) error

	// AppendEffects stores one batch of effects under the next sequence number and the new blobs, all or nothing, durably.
	AppendEffects(ctx context.Context, learner, run string, seq int64, effects []byte, blobs map[string][]byte) error
	// SaveSnapshot replaces the snapshot; effects with a sequence number up to seq are dropped.
	SaveSnapshot(ctx context.Context, learner, run string, seq int64, snapshot []byte) error
	// Sandbox returns the snapshot and the effects after it, oldest first.
	Sandbox(ctx context.Context, learner, run string) (snapshot []byte, seq int64, effects [][]byte, err error)
	// Blob returns ciphertext by its SHA-256 in hex.
	Blob(ctx context.Context, learner, run, hash string) ([]byte, error)
}
