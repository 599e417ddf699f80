package store

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"keyhole/quiz/progress"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		child(dir)
	}
	code := m.Run()
	stopPostgres()
	os.Exit(code)
}

// each runs a test on SQLite always, and on PostgreSQL where it is installed. reopen closes the store and opens the
// same data again.
func each(t *testing.T, test func(t *testing.T, s *Store, reopen func() *Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { run(t, Options{Now: time.Now, Dir: t.TempDir()}, test) })
	t.Run("PostgreSQL", func(t *testing.T) { run(t, Options{Now: time.Now, DSN: postgresDatabase(t)}, test) })
}

func run(t *testing.T, o Options, test func(t *testing.T, s *Store, reopen func() *Store)) {
	s := open(t, o)
	people(t, s, "ann", "bob")
	test(t, s, func() *Store {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return open(t, o)
	})
}

func open(t testing.TB, o Options) *Store {
	t.Helper()
	if testing.Verbose() {
		o.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func people(t testing.TB, s *Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := s.CreateLearner(t.Context(), progress.Learner{ID: id, Name: strings.ToUpper(id)}); err != nil {
			t.Fatal(err)
		}
	}
}

func answer(learner, key string) progress.Entry {
	return progress.Entry{Learner: learner, Key: key, Kind: progress.Answered, Item: "q/" + key, Revision: "1-abc", Right: true, Score: 0.5,
		At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Detail: []byte(`{"chosen": ["a"]}`)}
}

func keys(t testing.TB, s *Store, f progress.Filter) string {
	t.Helper()
	entries, err := s.Entries(context.WithoutCancel(t.Context()), f)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Key)
	}
	return strings.Join(all, " ")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
