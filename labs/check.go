package labs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keyhole/labs/shell"
	"keyhole/simulator"
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
	Kind     string // "state" or "probe"
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
			cost += s.cost(sb.doc.Hints[s.ID])
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
		res.OK, res.Got = stateHolds(sb.sim, sb.lab, sb.doc.Seed, *c.State)
	} else {
		// Each probe has a copy of its own: the order of the checks cannot matter.
		res.probe(ctx, c, prober{sim: sb.sim.Clone(), lab: sb.lab, seed: sb.doc.Seed, rand: sb.rs.o.Rand})
	}
	if !res.OK {
		res.Say = c.Fail
	}
	return res
}

// probe sends the request of a check and compares status and code.
func (res *Result) probe(ctx context.Context, c Check, p prober) {
	secure := c.Transport != "http"
	over := "https"
	if !secure {
		over = "http"
	}
	res.Asked = fmt.Sprintf("%s: %s over %s", c.As, c.Do, over)
	res.Wanted = strings.TrimSpace(fmt.Sprintf("%d %s", c.Expect.Status, c.Expect.Code))
	in, err := p.values(ctx, c.As, c.In)
	if err != nil {
		res.Got = err.Error()
		return
	}
	client, err := connect(p.sim, p.lab, c.As, shell.Connect{Plain: !secure})
	if err != nil {
		res.Got = err.Error()
		return
	}
	out, err := client.Do(ctx, c.Do, in.(map[string]any))
	if err != nil {
		res.Got = err.Error()
		return
	}
	res.Got, res.OK = fmt.Sprint(out.Status), out.Status == c.Expect.Status
	if traces := p.sim.Traces(); len(traces) > 0 {
		last := traces[len(traces)-1]
		res.Got = Returned(last)
		res.Asked = fmt.Sprintf("%s: %s over %s", c.As, wireLine(last), over)
		// The code comes from the trace, because an answer to HEAD has no body.
		if c.Expect.Code != "" {
			res.OK = res.OK && last.Fault != nil && last.Fault.Code == c.Expect.Code
		}
	}
}

// wireLine is method and path of a request: "PUT /vault/secret.txt".
func wireLine(t *simulator.Trace) string {
	path, _, _ := strings.Cut(t.Request.Target, "?")
	return t.Request.Method + " " + path
}
