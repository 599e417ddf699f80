package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"keyhole/quiz/progress"
)

// Limits of what one row may hold: far above what pages write, far below what hurts.
const (
	maxText   = 512       // bytes of an id, key, item, name
	maxValue  = 64 << 10  // bytes of a setting
	maxDetail = 256 << 10 // bytes of an entry's detail
)

const entryColumns = `id, learner, idem_key, kind, item, revision, is_right, score, at, detail`

// Append implements progress.Store. An entry without ID or At gets them here.
func (s *Store) Append(ctx context.Context, e progress.Entry) (stored progress.Entry, again bool, err error) {
	if e.ID == "" {
		e.ID = s.newID()
	}
	if e.At.IsZero() {
		e.At = s.now()
	}
	e.At = fromMilliseconds(milliseconds(e.At))
	if err := checkEntry(e); err != nil {
		return progress.Entry{}, false, fmt.Errorf("append an entry: %w", err)
	}
	err = s.apply(ctx, func(t *tx) error {
		stored, again = e, false
		n, err := t.exec(`
			INSERT INTO journal (learner, seq, id, idem_key, kind, item, revision, is_right, score, at, detail)
			VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM journal WHERE learner = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (learner, idem_key) DO NOTHING`,
			e.Learner, e.ID, e.Key, string(e.Kind), e.Item, e.Revision, e.Right, e.Score, milliseconds(e.At), string(e.Detail))
		if err != nil || n == 1 {
			return err
		}
		again = true
		stored, err = scanEntry(t.row(`SELECT `+entryColumns+` FROM journal WHERE learner = $1 AND idem_key = $2`, e.Learner, e.Key))
		return err
	})
	if err != nil {
		return progress.Entry{}, false, fmt.Errorf("append an entry of learner %s: %w", e.Learner, err)
	}
	return stored, again, nil
}

// Entries implements progress.Store.
func (s *Store) Entries(ctx context.Context, f progress.Filter) ([]progress.Entry, error) {
	limit := int64(math.MaxInt64)
	if f.Limit > 0 {
		limit = int64(f.Limit)
	}
	rows, err := s.ask(ctx, `
		SELECT `+entryColumns+` FROM (
			SELECT * FROM journal
			WHERE learner = $1 AND ($2 = '' OR kind = $2) AND ($3 = '' OR item = $3)
			ORDER BY seq DESC LIMIT $4
		) AS newest ORDER BY seq`, f.Learner, string(f.Kind), f.Item, limit)
	if err != nil {
		return nil, fmt.Errorf("read the journal of learner %s: %w", f.Learner, err)
	}
	defer rows.Close()
	var entries []progress.Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, fmt.Errorf("read the journal of learner %s: %w", f.Learner, err)
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the journal of learner %s: %w", f.Learner, s.dialect.explain(err))
	}
	return entries, nil
}

func scanEntry(row interface{ Scan(...any) error }) (progress.Entry, error) {
	var e progress.Entry
	var kind, detail string
	var at int64
	err := row.Scan(&e.ID, &e.Learner, &e.Key, &kind, &e.Item, &e.Revision, &e.Right, &e.Score, &at, &detail)
	e.Kind, e.At = progress.Kind(kind), fromMilliseconds(at)
	if detail != "" {
		e.Detail = json.RawMessage(detail)
	}
	return e, err
}

func checkEntry(e progress.Entry) error {
	if len(e.Detail) > maxDetail {
		return fmt.Errorf("the detail has %d bytes, at most %d are kept", len(e.Detail), maxDetail)
	}
	if len(e.Detail) > 0 && (!json.Valid(e.Detail) || !utf8.Valid(e.Detail)) {
		return errors.New("the detail is not JSON")
	}
	if math.IsNaN(e.Score) || math.IsInf(e.Score, 0) {
		return errors.New("the score is not a number")
	}
	for _, f := range [...]struct{ name, value string }{
		{"learner", e.Learner}, {"key", e.Key}, {"kind", string(e.Kind)}, {"item", e.Item},
	} {
		if err := checkText(f.name, f.value); err != nil {
			return err
		}
	}
	if e.Revision == "" {
		return nil
	}
	return checkText("revision", e.Revision)
}

// checkText refuses what one of the databases would refuse or change: the other must not keep it either.
func checkText(name, value string) error {
	switch {
	case value == "":
		return fmt.Errorf("the %s is missing", name)
	case len(value) > maxText:
		return fmt.Errorf("the %s has %d bytes, at most %d are kept", name, len(value), maxText)
	case !plain(value):
		return fmt.Errorf("the %s is not plain text", name)
	}
	return nil
}

func plain(value string) bool { return utf8.ValidString(value) && !strings.ContainsRune(value, 0) }

func missing(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, progress.ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}
