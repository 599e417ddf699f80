package content

import (
	"context"
	"fmt"
	"slices"
	"time"

	"keyhole/simulator"
)

// Runner runs proofs, each in a fresh sandbox of its own. The zero Runner is ready.
type Runner struct {
	Now func() time.Time // real time; nil: it stands still at ProofClock, so that traces are the same each time
}

// ProofRun is what happened.
type ProofRun struct {
	Proof    Proof
	Steps    []StepRun
	Deciding int      // from 1
	Edited   bool     // an edit was made, so the expectations are those of the unedited proof
	Holds    bool     // every step met its expectation
	Problems []string // in words, one for each step that did not
}

// StepRun is one request of a run.
type StepRun struct {
	Step    Step             // as it was sent: edits made
	Command string           // the AWS CLI line that sends the same
	Trace   *simulator.Trace // nil when nothing was sent
	Skipped bool
	Met     bool
	Want    string // "403 AccessDenied"
	Got     string // "200"
}

// Run runs a proof with a learner's edits, if any. Errors: ErrEdit with a sentence for the learner, the context's, or
// that the sandbox could not be made.
func (r Runner) Run(ctx context.Context, p Proof, edits ...Edit) (ProofRun, error) {
	if len(edits) > EditsOfOneTrial {
		return ProofRun{}, fmt.Errorf("%w: at most %d edits at once", ErrEdit, EditsOfOneTrial)
	}
	for _, e := range edits {
		if err := e.Check(p); err != nil {
			return ProofRun{}, err
		}
	}
	return r.run(ctx, p, edits...)
}

// Control runs the proof with its own edit and holds when the deciding step answers as the control says.
func (r Runner) Control(ctx context.Context, p Proof) (ProofRun, error) {
	edited := p
	edited.Steps = slices.Clone(p.Steps)
	edited.Steps[p.Deciding-1].Expect = &p.Control.Expect
	run, err := r.run(ctx, edited, p.Edit())
	if err != nil {
		return run, err
	}
	decided := run.Steps[p.Deciding-1]
	run.Holds, run.Problems = decided.Met, nil
	if !decided.Met {
		run.Problems = []string{fmt.Sprintf("control, step %d: want %s, got %s", p.Deciding, decided.Want, decided.Got)}
	}
	return run, nil
}

func (r Runner) run(ctx context.Context, p Proof, edits ...Edit) (ProofRun, error) {
	box, err := r.sandbox(ctx, p)
	if err != nil {
		return ProofRun{}, fmt.Errorf("proof %s: %w", p.ID, err)
	}
	out := ProofRun{Proof: p, Deciding: p.Deciding, Edited: len(edits) > 0, Holds: true}
	for i, step := range p.Steps {
		skip := false
		for _, e := range edits {
			if e.Step == i+1 {
				step = e.apply(step)
				skip = skip || e.Skip
			}
		}
		if skip {
			out.Steps = append(out.Steps, StepRun{Step: step, Skipped: true, Met: true, Got: "left out"})
			continue
		}
		done, err := box.do(ctx, step)
		if err != nil {
			return out, fmt.Errorf("proof %s, step %d: %w", p.ID, i+1, err)
		}
		if !done.Met {
			out.Holds = false
			out.Problems = append(out.Problems, fmt.Sprintf("step %d: want %s, got %s", i+1, done.Want, done.Got))
		}
		out.Steps = append(out.Steps, done)
	}
	return out, nil
}
