package store

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keyhole/migrations"
	"keyhole/quiz/progress"
)

// BenchmarkDurableAnswers is answers acknowledged after fsync, 64 at a time.
func BenchmarkDurableAnswers(b *testing.B) {
	s := open(b, Options{Now: time.Now, Dir: b.TempDir()})
	people(b, s, "ann")
	var n atomic.Int64
	b.SetParallelism(64 / runtime.GOMAXPROCS(0)) // RunParallel multiplies again
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := s.Append(b.Context(), answer("ann", fmt.Sprint("k", n.Add(1)))); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}

// BenchmarkOneAnswer is one learner alone: every answer waits for its own fsync.
func BenchmarkOneAnswer(b *testing.B) {
	s := open(b, Options{Now: time.Now, Dir: b.TempDir()})
	people(b, s, "ann")
	for i := 0; b.Loop(); i++ {
		if _, _, err := s.Append(b.Context(), answer("ann", fmt.Sprint("k", i))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEntries reads a journal of 1,000 answers, as the Progress page does.
func BenchmarkEntries(b *testing.B) {
	s := open(b, Options{Now: time.Now, Dir: b.TempDir()})
	people(b, s, "ann")
	fill(b, s, 1000)
	for b.Loop() {
		if entries, err := s.Entries(b.Context(), progress.Filter{Learner: "ann"}); err != nil || len(entries) != 1000 {
			b.Fatal(len(entries), err)
		}
	}
}

// BenchmarkStart opens and closes an existing database of 30 MB and answers one query.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	s := open(b, Options{Now: time.Now, Dir: dir})
	people(b, s, "ann")
	fill(b, s, 80_000)
	must(b, s.Close())
	info, err := os.Stat(filepath.Join(dir, FileName))
	must(b, err)
	b.ResetTimer()
	for range b.N {
		s, err := Open(b.Context(), Options{Now: time.Now, Dir: dir})
		must(b, err)
		if _, err := s.Learner(b.Context(), "ann"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		must(b, s.Close())
		b.StartTimer()
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

// BenchmarkGoose is what asking goose itself would add to every start.
func BenchmarkGoose(b *testing.B) {
	s := open(b, Options{Now: time.Now, Dir: b.TempDir()})
	for b.Loop() {
		must(b, migrations.Up(b.Context(), s.write, s.dialect.name))
	}
}

func fill(b *testing.B, s *Store, n int) {
	b.Helper()
	detail := []byte(`{"chosen":["a"],"order":["d","a","c","b"],"confidence":"fairly","ms":12345,"note":"` + strings.Repeat("x", 80) + `"}`)
	done := make(chan error, 64)
	for worker := range 64 {
		go func() {
			var err error
			for i := worker; i < n && err == nil; i += 64 {
				e := answer("ann", fmt.Sprint("k", i))
				e.Detail = detail
				_, _, err = s.Append(b.Context(), e)
			}
			done <- err
		}()
	}
	for range 64 {
		must(b, <-done)
	}
}
