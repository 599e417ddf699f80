package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"keyhole/quiz/progress"
)

// AppendEffects stores one batch of effects and its new blobs, all or nothing. seq must be above every number kept
// so far (progress.ErrExists otherwise). ErrNotFound when the run is closed or another learner's.
func (s *Store) AppendEffects(ctx context.Context, learner, run string, seq int64, effects []byte, blobs map[string][]byte) error {
	err := s.applyTo(ctx, learner, run, func(t *tx) error {
		n, err := t.exec(`
			INSERT INTO sandbox_effects (learner, run, seq, effects)
			SELECT $1, $2, CAST($3 AS bigint), $4
			WHERE NOT EXISTS (SELECT 1 FROM sandbox_effects WHERE learner = $1 AND run = $2 AND seq >= $3)
			  AND NOT EXISTS (SELECT 1 FROM sandbox_snapshots WHERE learner = $1 AND run = $2 AND seq >= $3)`,
			learner, run, seq, some(effects))
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("batch %d: %w", seq, progress.ErrExists)
		}
		for hash, data := range blobs {
			if _, err := t.exec(`
				INSERT INTO sandbox_blobs (learner, run, hash, data) VALUES ($1, $2, $3, $4)
				ON CONFLICT (learner, run, hash) DO NOTHING`, learner, run, hash, some(data)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep effects of run %s: %w", run, err)
	}
	return nil
}

// SaveSnapshot replaces the snapshot and drops the effects up to seq. An older snapshot than the one kept changes
// nothing. ErrNotFound when the run is closed or another learner's.
func (s *Store) SaveSnapshot(ctx context.Context, learner, run string, seq int64, snapshot []byte) error {
	err := s.applyTo(ctx, learner, run, func(t *tx) error {
		n, err := t.exec(`
			INSERT INTO sandbox_snapshots (learner, run, seq, data) VALUES ($1, $2, $3, $4)
			ON CONFLICT (learner, run) DO UPDATE SET seq = excluded.seq, data = excluded.data
			WHERE sandbox_snapshots.seq <= excluded.seq`, learner, run, seq, some(snapshot))
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(`DELETE FROM sandbox_effects WHERE learner = $1 AND run = $2 AND seq <= $3`, learner, run, seq)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the snapshot of run %s: %w", run, err)
	}
	return nil
}

// applyTo applies a change to the sandbox of an open run of the learner; ErrNotFound for any other run.
func (s *Store) applyTo(ctx context.Context, learner, run string, change func(*tx) error) error {
	if err := errors.Join(checkText("learner", learner), checkText("run", run)); err != nil {
		return err
	}
	return s.apply(ctx, func(t *tx) error {
		if err := t.owns(learner, run); err != nil {
			return err
		}
		return change(t)
	})
}

// owns refuses a closed run and a run of another learner. A run that is not saved yet is its sandbox's owner's.
func (t *tx) owns(learner, run string) error {
	var owner string
	var closed sql.NullInt64
	err := t.row(`SELECT learner, closed FROM runs WHERE id = $1`, run).Scan(&owner, &closed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && (owner != learner || closed.Valid) {
		return progress.ErrNotFound
	}
	return err
}

// Sandbox returns the snapshot with its number and the effects after it, oldest first. A sandbox that was never
// stored is empty, with number 0.
func (s *Store) Sandbox(ctx context.Context, learner, run string) (snapshot []byte, seq int64, effects [][]byte, err error) {
	fail := func(err error) ([]byte, int64, [][]byte, error) {
		return nil, 0, nil, fmt.Errorf("read the sandbox of run %s: %w", run, s.dialect.explain(err))
	}
	// One statement sees one state: a snapshot taken between two would leave a gap. SaveSnapshot has already removed
	// the effects it covers.
	rows, err := s.ask(ctx, `
		SELECT 0 AS part, seq, data FROM sandbox_snapshots WHERE learner = $1 AND run = $2
		UNION ALL
		SELECT 1 AS part, seq, effects FROM sandbox_effects WHERE learner = $1 AND run = $2
		ORDER BY part, seq`, learner, run)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		var part, at int64
		var data []byte
		if err := rows.Scan(&part, &at, &data); err != nil {
			return fail(err)
		}
		if part == 0 {
			snapshot, seq = some(data), at
		} else {
			effects = append(effects, some(data))
		}
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	return snapshot, seq, effects, nil
}

// Blob returns ciphertext by its SHA-256 in hex. ErrNotFound when the learner's run has none; ErrDamaged when the
// bytes are no longer those of the hash: SQLite itself would not notice.
func (s *Store) Blob(ctx context.Context, learner, run, hash string) ([]byte, error) {
	var data []byte
	err := s.askOne(ctx, `SELECT data FROM sandbox_blobs WHERE learner = $1 AND run = $2 AND hash = $3`, []any{learner, run, hash}, &data)
	if err != nil {
		return nil, missing(err, "read blob "+hash)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("read blob %s: %w", hash, ErrDamaged)
	}
	return some(data), nil
}
