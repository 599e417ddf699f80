package labs

import (
	"context"
	"fmt"
	"time"

	"keyhole/simulator"
)

// Run is a learner's run of a lab. It stays valid while its sandbox is let go and loaded again; after a reset its
// methods return ErrNoRun. Its methods may be called at any time from anywhere.
type Run struct {
	rs      *Runs
	id      string
	learner string
	lab     *Lab
}

// ID is the run's id: the lower-case tag of its access keys.
func (r *Run) ID() string { return r.id }

// Lab is what the run is a run of.
func (r *Run) Lab() *Lab { return r.lab }

// with runs f with the sandbox in memory and locked.
func (r *Run) with(ctx context.Context, f func(sb *sandbox) error) error {
	sb, release, err := r.rs.acquire(ctx, r.id)
	if err != nil {
		return err
	}
	defer release()
	sb.mu.Lock()
	defer sb.mu.Unlock()
	return f(sb)
}

// Exec runs one console line, or several, as the principal the learner acts as; profile overrides that for this line
// when it is not "". What the line did is durable before Exec returns. Errors: ErrLineLength, ErrPrincipal, ErrNoRun.
func (r *Run) Exec(ctx context.Context, line, profile string) (b Block, err error) {
	if len(line) > MaxLine {
		return Block{}, fmt.Errorf("%w: %d bytes, at most %d", ErrLineLength, len(line), MaxLine)
	}
	if _, ok := r.lab.Principal(profile); !ok && profile != "" {
		return Block{}, fmt.Errorf("%w: %q", ErrPrincipal, profile)
	}
	err = r.with(ctx, func(sb *sandbox) error {
		b, err = sb.exec(ctx, line, profile)
		return err
	})
	return b, err
}

// exec runs a line; the caller holds sb.mu.
func (sb *sandbox) exec(ctx context.Context, line, profile string) (Block, error) {
	own := sb.console.Profile
	if profile != "" {
		sb.console.Profile = profile
	}
	b := Block{Cmd: line, As: sb.console.Profile, At: sb.now()}
	sb.asked = nil
	bounded, cancel := context.WithTimeout(ctx, LineTime)
	out := sb.console.Run(bounded, line)
	cancel()
	if profile != "" && sb.console.Profile == profile {
		sb.console.Profile = own
	}
	b.Stdout, b.Stderr, b.Code = out.Stdout, out.Stderr, out.Code
	// The learner may be gone; what the line did still has to be kept.
	keep := context.WithoutCancel(ctx)
	sb.pull()
	for _, id := range sb.asked {
		for _, t := range sb.fresh {
			if t.ID == id {
				b.Requests = append(b.Requests, t.Number)
			}
		}
	}
	sb.doc.keep(b)
	return b, sb.settle(keep)
}

// ClearConsole forgets the console lines shown; files, requests and steps stay.
func (r *Run) ClearConsole(ctx context.Context) error {
	return r.with(ctx, func(sb *sandbox) error {
		sb.doc.Blocks = nil
		return sb.save(ctx)
	})
}

// Act makes the learner act as a principal from now on. Error: ErrPrincipal.
func (r *Run) Act(ctx context.Context, profile string) error {
	if _, ok := r.lab.Principal(profile); !ok {
		return fmt.Errorf("%w: %q", ErrPrincipal, profile)
	}
	return r.with(ctx, func(sb *sandbox) error {
		sb.console.Profile = profile
		return sb.save(ctx)
	})
}

// Advance moves the simulated clock forward. Error: ErrClock.
func (r *Run) Advance(ctx context.Context, d time.Duration) error {
	return r.with(ctx, func(sb *sandbox) error {
		if err := sb.jump(d); err != nil {
			return err
		}
		return sb.settle(context.WithoutCancel(ctx))
	})
}

func (sb *sandbox) jump(d time.Duration) error {
	if d <= 0 || d > MaxJump {
		return ErrClock
	}
	return sb.sim.Advance(d)
}

// Predict records what the learner expects of a step. The first prediction counts, and only before the step is done;
// a later one changes nothing. Errors: ErrNoStep, ErrNoOption.
func (r *Run) Predict(ctx context.Context, step, option string) error {
	s, _, ok := r.lab.Step(step)
	if !ok || s.Predict == nil {
		return fmt.Errorf("%w: %q", ErrNoStep, step)
	}
	var chosen *Outcome
	for i := range s.Predict.Options {
		if s.Predict.Options[i].ID == option {
			chosen = &s.Predict.Options[i]
		}
	}
	if chosen == nil {
		return fmt.Errorf("%w: %q", ErrNoOption, option)
	}
	return r.with(ctx, func(sb *sandbox) error {
		if _, done := sb.doc.Steps[step]; done || sb.doc.Predictions[step] != "" {
			return nil
		}
		score := 0.0
		if chosen.Right {
			score = 1
		}
		err := sb.record(ctx, kindPredicted, step, sb.id+"/predict/"+step, chosen.Right, score, map[string]any{"chosen": option})
		if err != nil {
			return err
		}
		sb.doc.Predictions[step] = option
		return sb.save(ctx)
	})
}

// Hint shows the next hint of a step, at its cost, and returns it. Errors: ErrNoStep, ErrNoHint.
func (r *Run) Hint(ctx context.Context, step string) (h Hint, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		h, err = sb.hint(ctx, step)
		return err
	})
	return h, err
}

func (sb *sandbox) hint(ctx context.Context, step string) (Hint, error) {
	s, _, ok := sb.lab.Step(step)
	if !ok {
		return Hint{}, fmt.Errorf("%w: %q", ErrNoStep, step)
	}
	n := sb.doc.Hints[step]
	if n >= len(s.Hints) {
		return Hint{}, fmt.Errorf("%w for %q", ErrNoHint, step)
	}
	key := fmt.Sprintf("%s/hint/%s/%d", sb.id, step, n+1)
	if err := sb.record(ctx, kindHintTaken, step, key, false, 0, map[string]any{"hint": n + 1, "cost": s.Hints[n].Cost}); err != nil {
		return Hint{}, err
	}
	sb.doc.Hints[step] = n + 1
	return s.Hints[n], sb.save(ctx)
}

// Check asks every check and returns what came back. A lab whose checks all hold is passed, once.
func (r *Run) Check(ctx context.Context) (rep Report, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		rep, err = sb.check(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		return sb.save(context.WithoutCancel(ctx))
	})
	return rep, err
}

// Request returns a request of this run by its number; false when it was let go or never was.
func (r *Run) Request(ctx context.Context, number int) (t *simulator.Trace, ok bool, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		t, ok = sb.doc.request(number)
		return nil
	})
	return t, ok, err
}

// Reset ends the run and starts another one of the same lab: new accounts, keys and files. Access keys of the old run
// name nothing any more.
func (r *Run) Reset(ctx context.Context) (*Run, error) {
	r.rs.opening.Lock()
	defer r.rs.opening.Unlock()
	sb, release, err := r.rs.acquire(ctx, r.id)
	if err != nil {
		return nil, err
	}
	defer release()
	sb.mu.Lock()
	defer sb.mu.Unlock()
	if err := r.rs.o.Store.CloseRun(ctx, r.learner, r.id); err != nil {
		return nil, fmt.Errorf("labs: close run %s: %w", r.id, err)
	}
	r.rs.forget(r.id)
	return r.rs.start(ctx, r.learner, r.lab)
}

// record tells the journal, once for a key.
func (sb *sandbox) record(ctx context.Context, kind, step, key string, right bool, score float64, detail any) error {
	item := "lab/" + sb.lab.ID
	if step != "" {
		item += "#" + step
	}
	if err := sb.rs.o.Record(ctx, sb.learner, kind, item, "lab/"+key, right, score, detail); err != nil {
		return fmt.Errorf("labs: record %s of %s: %w", kind, item, err)
	}
	return nil
}

// File returns a file of the learner's home folder; false when there is none of that name.
func (r *Run) File(ctx context.Context, name string) (data []byte, ok bool, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		data, ok = sb.doc.Home.Files[name]
		return nil
	})
	return data, ok, err
}
