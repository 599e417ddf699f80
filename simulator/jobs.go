package simulator

import (
	"fmt"
	"runtime/debug"
	"time"

	"keyhole/simulator/kms"
	"keyhole/simulator/s3"
	"keyhole/simulator/trail"
	"keyhole/simulator/world"
)

// jobKinds are what a world can have to do by itself, by the kind of the job. A row changes the world; whoever runs it takes
// the job off the list and keeps both together. An error undoes what the row changed, and the job is given up.
// What the row returns is what it did, a sentence each, for the journal.
var jobKinds = map[string]func(*Simulator, world.Job) ([]string, error){
	kms.JobDeletion: func(s *Simulator, j world.Job) ([]string, error) { return kms.RunJob(s.world, j) },
	kms.JobRotation: func(s *Simulator, j world.Job) ([]string, error) { return kms.RunJob(s.world, j) },
	s3.LifecycleJob: func(s *Simulator, j world.Job) ([]string, error) { return s3.RunLifecycle(s.world, j) },
	s3.ReplicateJob: (*Simulator).replicate,
	trail.JobKind:   (*Simulator).deliver,
	s3.LogJob:       (*Simulator).deliverLog,
	s3.RestoreJob: func(s *Simulator, j world.Job) ([]string, error) {
		return []string{"brought version " + j.Version + " of " + j.Key + " back"}, s3.FinishRestore(s.world, j)
	},
}

// Bounds of the work nobody asked for.
const (
	JobsPerWake    = 200    // jobs done before one request goes on; the rest wait for the next
	JobsPerAdvance = 50_000 // jobs done by one jump of the clock; the rest wait for the next request
	KeptDeeds      = 1_000  // entries of the journal
)

// Deed is one entry of the journal of what happened by itself.
type Deed struct {
	At      time.Time // when it was due, simulated
	Kind    string    // of the job: "lifecycle", "replicate", …
	Bucket  string
	Key     string
	Version string
	Say     string // what was done, or why it was not
	Failed  bool
}

// Journal is what happened by itself on the simulated clock, oldest first, at most KeptDeeds entries. It is kept in memory,
// as traces are.
func (s *Simulator) Journal() []Deed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Deed(nil), s.deeds...)
}

// due does what is due now, at most so many jobs, in the order of their time; jobs that a job adds come in where they belong.
// The caller holds s.mu.
func (s *Simulator) due(most int) {
	for ; most > 0; most-- { // always the first: a job may add others, and take others off the list
		j, ok := s.world.FirstDue(s.world.Now())
		if !ok || !s.do(j) {
			return
		}
	}
}

// do does one job and takes it off the list. What a failing job changed is undone; it is not tried again, so it never
// stands in the way of the others. false: nothing can be kept now, and the job waits for better times.
func (s *Simulator) do(j world.Job) (kept bool) {
	// Off the list first: it is the first change of this batch, so that Revert takes back this job and not the one before.
	if s.world.Apply(world.JobDone(j.ID)) != nil {
		return false
	}
	said, err := s.attempt(j)
	if err != nil {
		s.world.Revert()
		said = []string{fmt.Sprintf("given up: %v", err)}
		if s.world.Apply(world.JobDone(j.ID)) != nil {
			return false
		}
	}
	if s.commit() != nil {
		return false
	}
	for _, say := range said {
		s.note(Deed{At: j.Due, Kind: j.Kind, Bucket: j.Bucket, Key: j.Key, Version: j.Version, Say: say, Failed: err != nil})
	}
	return true
}

// attempt runs the row of a job's kind. A panic is an error of that job alone.
func (s *Simulator) attempt(j world.Job) (said []string, err error) {
	run := jobKinds[j.Kind]
	if run == nil {
		return nil, fmt.Errorf("nothing here does jobs of the kind %q", j.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v at %s", p, caller(debug.Stack()))
		}
	}()
	return run(s, j)
}

func (s *Simulator) note(d Deed) {
	if len(s.deeds) >= KeptDeeds {
		s.deeds = append(s.deeds[:0:0], s.deeds[len(s.deeds)-KeptDeeds/2:]...)
	}
	s.deeds = append(s.deeds, d)
}
