package simulator

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/world"
)

// withJobs is a simulator whose world has jobs of kinds that only this test does, due one second apart from one second on.
func withJobs(t *testing.T, kinds ...string) *Simulator {
	t.Helper()
	s := New(Options{World: NewWorld(WorldOptions{})})
	for i, kind := range kinds {
		j := s.world.NewJob(kind, s.world.Now().Add(time.Duration(i+1)*time.Second))
		j.Key = fmt.Sprint(i)
		if err := s.world.Apply(world.JobAdded(j)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.commit(); err != nil {
		t.Fatal(err)
	}
	return s
}

// kind adds a row to the table of jobs for one test.
func kind(t *testing.T, name string, run func(*Simulator, world.Job) ([]string, error)) {
	jobKinds[name] = run
	t.Cleanup(func() { delete(jobKinds, name) })
}

func said(s *Simulator) string {
	var out []string
	for _, d := range s.Journal() {
		out = append(out, d.Say)
	}
	return strings.Join(out, "; ")
}

func TestJobsAreDoneInTheirOrderAndOnlyWhenDue(t *testing.T) {
	kind(t, "say", func(_ *Simulator, j world.Job) ([]string, error) { return []string{"did " + j.Key}, nil })
	s := withJobs(t, "say", "say", "say")
	if err := s.Advance(2 * time.Second); err != nil {
		t.Fatal(err)
	}
	if got := said(s); got != "did 0; did 1" {
		t.Fatalf("after two seconds: %s", got)
	}
	if err := s.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := said(s); got != "did 0; did 1; did 2" {
		t.Fatalf("in the end: %s", got)
	}
}

func TestAJobThatAJobAddsComesWhereItBelongs(t *testing.T) {
	kind(t, "say", func(_ *Simulator, j world.Job) ([]string, error) { return []string{j.Key}, nil })
	kind(t, "again", func(s *Simulator, j world.Job) ([]string, error) {
		next := s.world.NewJob("say", j.Due.Add(500*time.Millisecond))
		next.Key = "between"
		return []string{j.Key}, s.world.Apply(world.JobAdded(next))
	})
	s := withJobs(t, "again", "say")
	if err := s.Advance(time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := said(s); got != "0; between; 1" {
		t.Fatal(got)
	}
}

func TestAFailingJobIsUndoneAndBlocksNobody(t *testing.T) {
	change := func(s *Simulator) {
		if err := s.world.Apply(world.BucketMade(s.world.NewBucket("half-done", world.DefaultAccount))); err != nil {
			t.Fatal(err)
		}
	}
	kind(t, "fail", func(s *Simulator, _ world.Job) ([]string, error) { change(s); return nil, errors.New("no luck") })
	kind(t, "panic", func(s *Simulator, _ world.Job) ([]string, error) { change(s); panic("oh") })
	kind(t, "say", func(*Simulator, world.Job) ([]string, error) { return []string{"still here"}, nil })
	s := withJobs(t, "fail", "panic", "nobody does this", "say")
	if err := s.Advance(time.Minute); err != nil {
		t.Fatal(err)
	}
	s.View(func(w *World) {
		if _, there := w.Bucket("half-done"); there {
			t.Error("what the failing job made is there")
		}
		if left := w.Jobs(""); len(left) > 0 {
			t.Errorf("%d jobs are left", len(left))
		}
	})
	journal := s.Journal()
	if len(journal) != 4 || !journal[0].Failed || !journal[1].Failed || !journal[2].Failed || journal[3].Say != "still here" || journal[3].Failed {
		t.Errorf("%+v", journal)
	}
}

func TestARequestNeverWaitsForThousandsOfJobs(t *testing.T) {
	done := 0
	kind(t, "count", func(*Simulator, world.Job) ([]string, error) { done++; return nil, nil })
	kinds := make([]string, 2*JobsPerWake+1)
	for i := range kinds {
		kinds[i] = "count"
	}
	s := withJobs(t, kinds...)
	if err := s.world.Jump(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{JobsPerWake, 2 * JobsPerWake, 2*JobsPerWake + 1, 2*JobsPerWake + 1} {
		s.mu.Lock()
		s.wake()
		s.mu.Unlock()
		if done != want {
			t.Fatalf("%d jobs are done, want %d", done, want)
		}
	}
}

func TestAJobThatCannotBeKeptWaits(t *testing.T) {
	kind(t, "say", func(_ *Simulator, j world.Job) ([]string, error) { return []string{"did " + j.Key}, nil })
	s := withJobs(t, "say")
	broken := true
	s.persist = func([]byte, map[string][]byte) error {
		if broken {
			return errors.New("the store is full")
		}
		return nil
	}
	if err := s.world.Jump(time.Minute); err != nil {
		t.Fatal(err)
	}
	broken = false
	if err := s.commit(); err != nil {
		t.Fatal(err)
	}
	broken = true
	s.mu.Lock()
	s.wake()
	s.mu.Unlock()
	if got := said(s); got != "" {
		t.Fatalf("told of what was not kept: %s", got)
	}
	broken = false
	s.mu.Lock()
	s.wake()
	s.mu.Unlock()
	if got := said(s); got != "did 0" {
		t.Fatal(got)
	}
}

func TestTheJournalIsBounded(t *testing.T) {
	s := New(Options{World: NewWorld(WorldOptions{})})
	for range 3 * KeptDeeds {
		s.note(Deed{})
	}
	if n := len(s.Journal()); n > KeptDeeds {
		t.Fatalf("%d entries", n)
	}
}

// What happened by itself is kept like everything else: the snapshot and the batches after it are the world again.
func TestWhatHappensByItselfIsKept(t *testing.T) {
	s := newScript(t, "2026")
	var first []byte
	s.simulator.View(func(w *World) { first, _ = w.Snapshot() })
	var batches [][]byte
	kept := map[string][]byte{}
	s.simulator.persist = func(effects []byte, blobs map[string][]byte) error {
		batches = append(batches, effects)
		for hash, b := range blobs {
			kept[hash] = b
		}
		return nil
	}
	s.request("PUT /vault")
	s.request("PUT /vault?versioning\n\n<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	s.request("PUT /vault?lifecycle\n\n<LifecycleConfiguration><Rule><ID>r</ID><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>")
	s.request("PUT /vault/a.txt\n\nhello")
	before := len(batches)
	s.jump("96h")
	if len(batches) < before+2 {
		t.Fatal("the rules did nothing")
	}
	again, err := world.Restore(first, batches, func(hash string) ([]byte, error) { return kept[hash], nil }, WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.simulator.View(func(w *World) {
		if again.Hash() != w.Hash() {
			t.Error("what was kept is not the world that is")
		}
	})
}
