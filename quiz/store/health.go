package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// health is what the check after an unclean stop found.
type health struct {
	mu     sync.Mutex
	damage error
}

// Damage returns ErrDamaged with what was found when the check after an unclean stop found something; nil otherwise,
// and while it still runs.
func (s *Store) Damage() error {
	s.health.mu.Lock()
	defer s.health.mu.Unlock()
	return s.health.damage
}

// quickCheck runs in the background after an unclean stop: a quarter of a second on 30 MB that no start should wait
// for, since such a database is nearly always sound.
func (s *Store) quickCheck(ctx context.Context) {
	found, err := s.pragmaCheck(ctx, "quick_check")
	switch {
	case ctx.Err() != nil: // closing
	case err != nil:
		s.log.Error("the database could not be checked after an unclean stop", "error", err)
	case len(found) > 0:
		s.health.mu.Lock()
		s.health.damage = fmt.Errorf("%w: %s", ErrDamaged, found[0])
		s.health.mu.Unlock()
		s.log.Error("the database is damaged; restore a backup", "found", found)
	default:
		s.log.Info("the database is sound after an unclean stop")
	}
}

// Check reads the whole database and lists what is wrong; an empty list means sound. ErrNotHere on PostgreSQL.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	if s.dialect.name != sqliteDialect.name {
		return nil, ErrNotHere
	}
	return s.pragmaCheck(ctx, "integrity_check")
}

func (s *Store) pragmaCheck(ctx context.Context, pragma string) (found []string, err error) {
	rows, err := s.read.QueryContext(ctx, `PRAGMA `+pragma)
	if err == nil {
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return nil, err
			}
			if line != "ok" {
				found = append(found, line)
			}
		}
		err = rows.Err()
	}
	if err = s.dialect.explain(err); errors.Is(err, ErrDamaged) {
		return append(found, err.Error()), nil
	}
	return found, err
}
