package content

import (
	"context"
	"strings"
)

// Proved counts what Prove did.
type Proved struct {
	Proofs, Steps, Held int
	Waived              int // questions without a proof, which say why
}

// Prove runs every proof and its control and reports those that do not hold.
func Prove(ctx context.Context, l *Library, r Runner) ([]Problem, Proved, error) {
	var problems []Problem
	var count Proved
	for _, q := range l.Questions {
		if len(q.Proofs) == 0 {
			count.Waived++
		}
	}
	for _, p := range l.Proofs {
		count.Proofs++
		count.Steps += len(p.Steps)
		found, err := proveOne(ctx, l, r, p)
		if err != nil {
			if ctx.Err() != nil {
				return problems, count, ctx.Err()
			}
			found = append(found, l.problem("proof:"+p.ID, "", "proof", err.Error()))
		}
		if len(found) == 0 {
			count.Held++
		}
		problems = append(problems, found...)
	}
	return sortProblems(problems), count, nil
}

func proveOne(ctx context.Context, l *Library, r Runner, p Proof) ([]Problem, error) {
	var found []Problem
	for _, try := range []func(context.Context, Proof) (ProofRun, error){
		func(ctx context.Context, p Proof) (ProofRun, error) { return r.Run(ctx, p) },
		r.Control,
	} {
		run, err := try(ctx, p)
		if err != nil {
			return found, err
		}
		if !run.Holds {
			found = append(found, l.problem("proof:"+p.ID, "", "proof", p.ID+" does not hold: "+strings.Join(run.Problems, "; ")))
		}
	}
	return found, nil
}

// problem makes an error at a place that was remembered while loading; fallback is the file when nothing was.
func (l *Library) problem(at, fallback, rule, text string) Problem {
	return l.problemOf(at, fallback, rule, text, Error)
}

func (l *Library) problemOf(at, fallback, rule, text, severity string) Problem {
	where, ok := l.places[at]
	for !ok {
		cut := strings.LastIndexAny(at, ".[#")
		if cut < 0 {
			break
		}
		at = at[:cut]
		where, ok = l.places[at]
	}
	if where.File == "" {
		where.File = fallback
	}
	if where.File == "" {
		where.File, _, _ = strings.Cut(at, "#")
	}
	return Problem{File: where.File, Line: where.Line, Column: where.Column, Rule: rule, Text: text, Severity: severity, Snippet: where.snippet}
}
