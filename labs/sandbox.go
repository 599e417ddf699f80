package labs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

// sandbox is a run in memory: its simulator, its console and its document.
type sandbox struct {
	rs      *Runs
	id      string
	learner string
	lab     *Lab

	pins int    // users; guarded by rs.mu
	used uint64 // guarded by rs.mu

	loading sync.Mutex // one load at a time
	loaded  bool

	sim *simulator.Simulator
	seq int64 // last batch of effects that was stored; guarded by the simulator's lock, under which persist runs

	mu       sync.Mutex // guards what follows; never taken while the simulator's lock is held
	doc      *document
	console  *shell.Session
	taken    map[int]bool       // numbers of the simulator's traces that are in the log
	snapshot int64              // batch the stored snapshot stands at
	fresh    []*simulator.Trace // in the log, but not yet looked at for the steps
	asked    []string           // ids of the answers the console got during this line
}

// load reads the run from the store, once.
func (sb *sandbox) load(ctx context.Context) error {
	sb.loading.Lock()
	defer sb.loading.Unlock()
	if sb.loaded {
		return nil
	}
	store := sb.rs.o.Store
	id, raw, found, err := store.Run(ctx, sb.learner, sb.lab.ID)
	if err != nil {
		return fmt.Errorf("labs: read run %s: %w", sb.id, err)
	}
	if !found || id != sb.id {
		return fmt.Errorf("%w: %s", ErrNoRun, sb.id)
	}
	if sb.doc, err = decodeDocument(raw); err != nil {
		return err
	}
	w, seq, at, err := restore(ctx, store, sb.rs.worldOptions(sb.doc.Seed), sb.lab, sb.learner, sb.id)
	if err != nil {
		return err
	}
	sb.seq, sb.snapshot = seq, at
	sb.sim = simulator.New(simulator.Options{World: w, Persist: sb.persist, After: sb.doc.Next - 1, KeepTraces: KeptRequests})
	sb.console = &shell.Session{
		Home: &sb.doc.Home, Env: sb.doc.Env, Dir: sb.doc.Dir, Profile: sb.doc.Profile,
		Open: sb.client, Verbs: sb.verbs(), Now: sb.now, Rand: sb.rs.o.Rand,
	}
	sb.loaded = true
	// A crash between an effect and the document leaves steps that are done but not marked.
	sb.mu.Lock()
	defer sb.mu.Unlock()
	return sb.settle(ctx)
}

// restore reads a world: the snapshot and the effects after it. at is the batch the snapshot stands at, seq the last one.
func restore(ctx context.Context, store Store, o world.Options, l *Lab, learner, run string) (w *world.World, seq, at int64, err error) {
	snapshot, at, effects, err := store.Sandbox(ctx, learner, run)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("labs: read the sandbox of run %s: %w", run, err)
	}
	if len(snapshot) == 0 { // the run was saved, and the process ended before its first snapshot was
		w, err := simulator.ParseWorld(l.Start, o)
		return w, 0, 0, err
	}
	blob := func(hash string) ([]byte, error) {
		return store.Blob(context.WithoutCancel(ctx), learner, run, hash)
	}
	if w, err = world.Restore(snapshot, effects, blob, o); err != nil {
		return nil, 0, 0, fmt.Errorf("labs: restore the sandbox of run %s: %w", run, err)
	}
	return w, at + int64(len(effects)), at, nil
}

// persist stores one batch of effects before the request that made them is answered.
func (sb *sandbox) persist(effects []byte, blobs map[string][]byte) error {
	if err := sb.rs.o.Store.AppendEffects(context.Background(), sb.learner, sb.id, sb.seq+1, effects, blobs); err != nil {
		sb.rs.o.Logger.Error("effects could not be stored", "run", sb.id, "error", err)
		return err
	}
	sb.seq++
	return nil
}

// takeSnapshot replaces the stored snapshot when it is more than a number of batches behind.
func (sb *sandbox) takeSnapshot(ctx context.Context, behind int64) error {
	var data []byte
	var seq int64
	var err error
	sb.sim.View(func(w *world.World) {
		if seq = sb.seq; seq-sb.snapshot >= behind {
			data, err = w.Snapshot()
		}
	})
	if err != nil || data == nil {
		return err
	}
	if err := sb.rs.o.Store.SaveSnapshot(ctx, sb.learner, sb.id, seq, data); err != nil {
		return err
	}
	sb.snapshot = seq
	return nil
}

// flush writes what makes the next load fast. Nobody uses the sandbox any more.
func (sb *sandbox) flush(ctx context.Context) error {
	if !sb.loaded {
		return nil
	}
	sb.mu.Lock()
	defer sb.mu.Unlock()
	return errors.Join(sb.takeSnapshot(ctx, 1), sb.save(ctx))
}

// save writes the document. The caller holds sb.mu.
func (sb *sandbox) save(ctx context.Context) error {
	sb.doc.Dir, sb.doc.Env, sb.doc.Profile = sb.console.Dir, sb.console.Env, sb.console.Profile
	doc, err := sb.doc.encode()
	if err != nil {
		return err
	}
	if err := sb.rs.o.Store.SaveRun(ctx, sb.learner, sb.id, sb.lab.ID, doc, sb.rs.o.Now().UTC()); err != nil {
		return fmt.Errorf("labs: save run %s: %w", sb.id, err)
	}
	return nil
}

// now is the simulated time.
func (sb *sandbox) now() (t time.Time) {
	sb.sim.View(func(w *world.World) { t = w.Now() })
	return t
}

// pull takes new traces into the log. Requests of several clients may end in another order than they began, so what is
// new is told by what was taken before and not by the highest number. The caller holds sb.mu.
func (sb *sandbox) pull() {
	kept := map[int]bool{}
	for _, t := range sb.sim.Traces() {
		kept[t.Number] = true
		if sb.taken[t.Number] {
			continue
		}
		sb.fresh = append(sb.fresh, t)
		sb.doc.Log = append(sb.doc.Log, t)
		sb.doc.Next = max(sb.doc.Next, t.Number+1)
	}
	sb.taken = kept
	slices.SortStableFunc(sb.doc.Log, func(a, b *simulator.Trace) int { return a.Number - b.Number })
	if over := len(sb.doc.Log) - KeptRequests; over > 0 {
		sb.doc.Log = append([]*simulator.Trace(nil), sb.doc.Log[over:]...)
	}
}

// notebook is a transport that remembers the ids of the answers, so that a console line knows its requests.
type notebook struct {
	sb   *sandbox
	next http.RoundTripper
}

func (n notebook) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := n.next.RoundTrip(r)
	if answer != nil {
		if id := answer.Header.Get("x-amz-request-id"); id != "" {
			n.sb.asked = append(n.sb.asked, id)
		}
	}
	return answer, err
}
