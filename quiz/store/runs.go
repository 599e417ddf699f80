package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"keyhole/quiz/progress"
)

// MaxDocument is the most bytes a run's document may have: home folder (4 MiB) and console lines included.
const MaxDocument = 16 << 20

// SaveRun writes a run's document. ErrNotFound when the run is closed or another learner's.
func (s *Store) SaveRun(ctx context.Context, learner, run, lab string, doc []byte, at time.Time) error {
	err := errors.Join(checkText("learner", learner), checkText("run", run), checkText("lab", lab))
	if err == nil && len(doc) > MaxDocument {
		err = fmt.Errorf("the document has %d bytes, at most %d are kept", len(doc), MaxDocument)
	}
	if err == nil {
		err = s.apply(ctx, func(t *tx) error {
			n, err := t.exec(`
				INSERT INTO runs (id, learner, lab, doc, opened, at) VALUES ($1, $2, $3, $4, $5, $5)
				ON CONFLICT (id) DO UPDATE SET doc = excluded.doc, at = excluded.at
				WHERE runs.learner = excluded.learner AND runs.lab = excluded.lab AND runs.closed IS NULL`,
				run, learner, lab, some(doc), milliseconds(at))
			if err == nil && n == 0 {
				return progress.ErrNotFound
			}
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save run %s: %w", run, err)
	}
	return nil
}

// Run returns the newest open run of a lab; found is false when there is none.
func (s *Store) Run(ctx context.Context, learner, lab string) (run string, doc []byte, found bool, err error) {
	err = s.askOne(ctx, `
		SELECT id, doc FROM runs WHERE learner = $1 AND lab = $2 AND closed IS NULL
		ORDER BY opened DESC, id DESC LIMIT 1`, []any{learner, lab}, &run, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, false, nil
	}
	if err != nil {
		return "", nil, false, fmt.Errorf("read the run of lab %s: %w", lab, err)
	}
	return run, doc, true, nil
}

// RunIDs lists every open run of every learner as (run, learner, lab), oldest first.
func (s *Store) RunIDs(ctx context.Context) ([][3]string, error) {
	rows, err := s.ask(ctx, `SELECT id, learner, lab FROM runs WHERE closed IS NULL ORDER BY opened, id`)
	if err != nil {
		return nil, fmt.Errorf("list the runs: %w", err)
	}
	defer rows.Close()
	var all [][3]string
	for rows.Next() {
		var r [3]string
		if err := rows.Scan(&r[0], &r[1], &r[2]); err != nil {
			return nil, fmt.Errorf("list the runs: %w", err)
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// CloseRun ends a run and deletes its document and sandbox. ErrNotFound when the learner has no such open run.
func (s *Store) CloseRun(ctx context.Context, learner, run string) error {
	at := milliseconds(s.now())
	err := s.apply(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE runs SET closed = $1, doc = $2 WHERE id = $3 AND learner = $4 AND closed IS NULL`, at, []byte{}, run, learner)
		if err != nil {
			return err
		}
		if n == 0 {
			return progress.ErrNotFound
		}
		for _, query := range []string{
			`DELETE FROM sandbox_effects WHERE learner = $1 AND run = $2`,
			`DELETE FROM sandbox_snapshots WHERE learner = $1 AND run = $2`,
			`DELETE FROM sandbox_blobs WHERE learner = $1 AND run = $2`,
		} {
			if _, err := t.exec(query, learner, run); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("close run %s: %w", run, err)
	}
	return nil
}

// some keeps an empty document from becoming NULL.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
