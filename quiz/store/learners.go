package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"keyhole/quiz/progress"
)

// Learner implements progress.Store.
func (s *Store) Learner(ctx context.Context, id string) (progress.Learner, error) {
	l := progress.Learner{ID: id}
	var created int64
	if err := s.askOne(ctx, `SELECT name, created FROM learners WHERE id = $1`, []any{id}, &l.Name, &created); err != nil {
		return progress.Learner{}, missing(err, "read learner "+id)
	}
	l.Created = fromMilliseconds(created)
	return l, nil
}

// Learners lists all learners, oldest first: for admin commands, never for a learner's page.
func (s *Store) Learners(ctx context.Context) ([]progress.Learner, error) {
	rows, err := s.ask(ctx, `SELECT id, name, created FROM learners ORDER BY created, id`)
	if err != nil {
		return nil, fmt.Errorf("list the learners: %w", err)
	}
	defer rows.Close()
	var all []progress.Learner
	for rows.Next() {
		var l progress.Learner
		var created int64
		if err := rows.Scan(&l.ID, &l.Name, &created); err != nil {
			return nil, fmt.Errorf("list the learners: %w", err)
		}
		l.Created = fromMilliseconds(created)
		all = append(all, l)
	}
	return all, rows.Err()
}

// CreateLearner implements progress.Store.
func (s *Store) CreateLearner(ctx context.Context, l progress.Learner) error {
	if err := errors.Join(checkText("id", l.ID), checkText("name", l.Name)); err != nil {
		return fmt.Errorf("create a learner: %w", err)
	}
	if l.Created.IsZero() {
		l.Created = s.now()
	}
	err := s.apply(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO learners (id, name, created) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
			l.ID, l.Name, milliseconds(l.Created))
		if err == nil && n == 0 {
			return progress.ErrExists
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("create learner %s: %w", l.ID, err)
	}
	return nil
}

// Setting implements progress.Store.
func (s *Store) Setting(ctx context.Context, learner, name string) (string, error) {
	var value string
	err := s.askOne(ctx, `SELECT value FROM settings WHERE learner = $1 AND name = $2`, []any{learner, name}, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read setting %s of learner %s: %w", name, learner, err)
	}
	return value, nil
}

// SetSetting implements progress.Store.
func (s *Store) SetSetting(ctx context.Context, learner, name, value string) error {
	err := errors.Join(checkText("learner", learner), checkText("name", name))
	switch {
	case err != nil:
	case len(value) > maxValue:
		err = fmt.Errorf("it has %d bytes, at most %d are kept", len(value), maxValue)
	case !plain(value):
		err = errors.New("it is not plain text")
	default:
		at := milliseconds(s.now())
		err = s.apply(ctx, func(t *tx) error {
			_, err := t.exec(`
				INSERT INTO settings (learner, name, value, at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (learner, name) DO UPDATE SET value = excluded.value, at = excluded.at`, learner, name, value, at)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keep setting %s of learner %s: %w", name, learner, err)
	}
	return nil
}
