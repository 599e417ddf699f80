package labs

import (
	"context"
	"strings"
	"time"
)

// Report is what the checks of a lab found.
type Report struct {
	At      time.Time // simulated
	Passed  bool
	Results []Result
}

// Result is one check: what was asked, what came back, and a neutral sentence when it does not hold.
type Result struct {
	ID, Text string
	Kind     string // "state", "probe" or "lockout"
	OK       bool
	Asked    string // "app: GET /vault/secret.txt over https"
	Wanted   string // "403 AccessDenied"; "" for state checks
	Got      string // "200"
	Say      string // "" when it holds
}

// Result finds a result by its check's id.
func (r Report) Result(id string) (Result, bool) {
	for _, one := range r.Results {
		if one.ID == id {
			return one, true
		}
	}
	return Result{}, false
}

// check asks every check on a copy of the sandbox, so that it leaves nothing behind, and passes the lab when all hold.
// The caller holds sb.mu.
func (sb *sandbox) check(ctx context.Context) (Report, error) {
	rep := Report{At: sb.now(), Passed: true}
	for _, c := range sb.lab.Checks {
		res := sb.one(ctx, c)
		rep.Passed = rep.Passed && res.OK
		rep.Results = append(rep.Results, res)
	}
	sb.doc.Report = &rep
	if rep.Passed && sb.doc.Passed.IsZero() {
		cost := 0
		for _, s := range sb.lab.Steps {
			cost += sb.cost(s)
		}
		score := max(1-float64(cost)/100, 0)
		if err := sb.record(ctx, kindLabPassed, "", sb.id+"/passed", true, score, map[string]any{"hints_cost": cost}); err != nil {
			return rep, err
		}
		sb.doc.Passed = rep.At
	}
	return rep, nil
}

func (sb *sandbox) one(ctx context.Context, c Check) Result {
	res := Result{ID: c.ID, Text: c.Text, Kind: c.Kind}
	if c.Kind == StateCheck {
		res.Asked = "the state of the sandbox"
		if r := c.State.Read; r != nil {
			res.Asked = strings.TrimSpace("an observer: " + r.Do + " " + r.Path)
		}
		res.OK, res.Got = stateHolds(ctx, sb.prober(sb.sim), *c.State)
	} else {
		// Each probe has a copy of its own: the order of the checks cannot matter.
		res.probe(ctx, c, sb.prober(sb.sim.Clone()))
	}
	if !res.OK {
		res.Say = c.Fail
	}
	return res
}
