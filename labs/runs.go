package labs

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"sync"

	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// Runs are the lab runs of all learners, with the sandboxes of those that are in use. A run's id is the lower-case tag
// of its world, so that an access key id names the run.
type Runs struct {
	o    Options
	labs map[string]*Lab // by id

	opening sync.Mutex // one run is opened or reset at a time

	mu     sync.Mutex // guards what follows
	owners map[string]owner
	runs   map[[2]string]string // learner and lab to run
	live   map[string]*sandbox
	turn   uint64 // grows with every use: the sandbox used longest ago is let go first
}

// owner says whose a run is.
type owner struct{ learner, lab string }

// NewRuns reads which runs there are. Sandboxes are loaded when they are first used.
func NewRuns(ctx context.Context, o Options) (*Runs, error) {
	if o.Limits.Live <= 0 {
		o.Limits.Live = DefaultLive
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Record == nil {
		o.Record = func(context.Context, string, string, string, string, bool, float64, any) error { return nil }
	}
	if o.Endpoints == nil {
		o.Endpoints = func() Endpoints { return Endpoints{} }
	}
	rs := &Runs{o: o, labs: map[string]*Lab{}, owners: map[string]owner{}, runs: map[[2]string]string{}, live: map[string]*sandbox{}}
	for i := range o.Labs {
		rs.labs[o.Labs[i].ID] = &o.Labs[i]
	}
	rows, err := o.Store.RunIDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("labs: list the runs: %w", err)
	}
	for _, row := range rows {
		if rs.labs[row[2]] != nil { // a lab that is not there any more keeps its run, unseen
			rs.admit(row[0], row[1], row[2])
		}
	}
	return rs, nil
}

func (rs *Runs) admit(run, learner, lab string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.owners[run] = owner{learner, lab}
	rs.runs[[2]string{learner, lab}] = run
}

// Has says whether a learner has a run of a lab to resume.
func (rs *Runs) Has(learner, lab string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	_, ok := rs.runs[[2]string{learner, lab}]
	return ok
}

// Open resumes the learner's run of a lab, or starts one. Errors: ErrNoLab, and what the store returns.
func (rs *Runs) Open(ctx context.Context, learner, lab string) (*Run, error) {
	l := rs.labs[lab]
	if l == nil {
		return nil, fmt.Errorf("%w: %q", ErrNoLab, lab)
	}
	rs.opening.Lock()
	defer rs.opening.Unlock()
	rs.mu.Lock()
	id, ok := rs.runs[[2]string{learner, lab}]
	rs.mu.Unlock()
	if ok {
		return &Run{rs: rs, id: id, learner: learner, lab: l}, nil
	}
	return rs.start(ctx, learner, l)
}

// start makes a run with a sandbox of its own. The caller holds rs.opening.
func (rs *Runs) start(ctx context.Context, learner string, l *Lab) (*Run, error) {
	seed := rs.o.Rand(32)
	w, err := simulator.ParseWorld(l.Start, rs.worldOptions(seed))
	if err != nil {
		return nil, fmt.Errorf("labs: the start of %s: %w", l.ID, err)
	}
	id := strings.ToLower(w.Tag())
	rs.mu.Lock()
	_, taken := rs.owners[id]
	rs.mu.Unlock()
	if taken { // two seeds of 256 bits with one tag of 40: it may happen once in a very long while
		return nil, fmt.Errorf("labs: the run id %s is taken; try again", id)
	}
	snapshot, err := w.Snapshot()
	if err != nil {
		return nil, fmt.Errorf("labs: the start of %s: %w", l.ID, err)
	}
	d := &document{Seed: seed, Opened: rs.o.Now().UTC(), Profile: l.Principals[0].Profile, Home: *shell.NewHome(nil)}
	for _, f := range l.Files {
		d.Home.Files[f.Name] = given(seed, f)
	}
	d.fill()
	doc, err := d.encode()
	if err != nil {
		return nil, err
	}
	// The document comes first: a snapshot belongs to a run, and a run without one starts over.
	if err := rs.o.Store.SaveRun(ctx, learner, id, l.ID, doc, rs.o.Now().UTC()); err != nil {
		return nil, fmt.Errorf("labs: save the run: %w", err)
	}
	if err := rs.o.Store.SaveSnapshot(ctx, learner, id, 0, snapshot); err != nil {
		return nil, fmt.Errorf("labs: save the sandbox: %w", err)
	}
	rs.admit(id, learner, l.ID)
	return &Run{rs: rs, id: id, learner: learner, lab: l}, nil
}

func (rs *Runs) worldOptions(seed []byte) world.Options {
	return world.Options{
		Seed: hex.EncodeToString(seed), Now: rs.o.Now,
		Limits: world.Limits{ObjectBytes: rs.o.Limits.ObjectBytes, SandboxBytes: rs.o.Limits.SandboxBytes},
	}
}

// acquire returns the sandbox of a run, loaded, and keeps it in memory until release is called.
func (rs *Runs) acquire(ctx context.Context, id string) (sb *sandbox, release func(), err error) {
	rs.mu.Lock()
	o, ok := rs.owners[id]
	if !ok {
		rs.mu.Unlock()
		return nil, nil, fmt.Errorf("%w: %s", ErrNoRun, id)
	}
	sb = rs.live[id]
	if sb == nil {
		sb = &sandbox{rs: rs, id: id, learner: o.learner, lab: rs.labs[o.lab]}
		rs.live[id] = sb
	}
	sb.pins++
	rs.turn++
	sb.used = rs.turn
	rs.mu.Unlock()

	release = func() { rs.release(sb) }
	if err := sb.load(ctx); err != nil {
		rs.mu.Lock()
		if rs.live[id] == sb {
			delete(rs.live, id)
		}
		rs.mu.Unlock()
		return nil, nil, err
	}
	return sb, release, nil
}

// release lets the sandbox go when there are too many.
func (rs *Runs) release(sb *sandbox) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	sb.pins--
	if len(rs.live) <= rs.o.Limits.Live {
		return
	}
	idle := make([]*sandbox, 0, len(rs.live))
	for _, one := range rs.live {
		if one.pins == 0 {
			idle = append(idle, one)
		}
	}
	sort.Slice(idle, func(i, j int) bool { return idle[i].used < idle[j].used })
	for _, one := range idle {
		if len(rs.live) <= rs.o.Limits.Live {
			return
		}
		if err := one.flush(context.Background()); err != nil {
			rs.o.Logger.Error("a sandbox cannot be let go", "run", one.id, "error", err)
			continue
		}
		delete(rs.live, one.id)
	}
}

// forget drops a run that was closed.
func (rs *Runs) forget(id string) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	o := rs.owners[id]
	delete(rs.owners, id)
	delete(rs.runs, [2]string{o.learner, o.lab})
	delete(rs.live, id)
}

// Live is how many sandboxes are in memory.
func (rs *Runs) Live() int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.live)
}

// Close writes a snapshot of every sandbox in memory. Nothing would be lost without it; the next start is faster.
func (rs *Runs) Close() error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var errs []error
	for id, sb := range rs.live {
		errs = append(errs, sb.flush(context.Background()))
		delete(rs.live, id)
	}
	return errors.Join(errs...)
}

// Find returns the learner's run of a lab, if there is one.
func (rs *Runs) Find(learner, lab string) (*Run, bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	id, ok := rs.runs[[2]string{learner, lab}]
	if !ok {
		return nil, false
	}
	return &Run{rs: rs, id: id, learner: learner, lab: rs.labs[lab]}, true
}
