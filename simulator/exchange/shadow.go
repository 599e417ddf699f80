package exchange

import (
	"net/http"

	"keyhole/simulator/lock"
	"keyhole/simulator/sse"
)

// Shadow is what would have happened after the stage that stopped a request. Nothing of it took effect.
type Shadow struct {
	Stages []Stage // the stages after the stop: Passed is "would pass", Stopped "would stop"
	Seal   *sse.SealDecision
	Open   *sse.OpenDecision
	Guard  *lock.Decision
	Fault  *Fault   // what it would have been answered; nil: it would have worked
	Would  []string // what it would have changed, in words
}

// Imagine is a copy of the exchange with a trace of its own, for a handler to run on without leaving anything in the real one.
func (x *Exchange) Imagine() *Exchange {
	t := *x.Trace
	t.Stages, t.Authorization, t.Seal, t.Open, t.Guard, t.Fault, t.Effects, t.Notes, t.Stopped = nil, nil, nil, nil, nil, nil, nil, nil, ""
	c := *x
	c.Trace, c.Answer, c.done = &t, Answer{Header: http.Header{}}, nil
	return &c
}
