package simulator

import (
	"runtime/debug"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
)

// shadow runs what comes after a refusal on a copy of the request and takes everything back, so that a learner who removes one
// obstacle knows whether a second one waits. (UI.md 4.6) The world is locked.
func (s *Simulator) shadow(v *visit, stopped string) {
	if stopped != "authorize" || v.Op == nil || v.Op.Handle == nil {
		return
	}
	x := v.Imagine()
	sh := &exchange.Shadow{}
	v.World.Pretend(func() {
		defer func() {
			if p := recover(); p != nil {
				v.Note("panic in the shadow run: %v at %s", p, caller(debug.Stack()))
				sh.Fault = exchange.Internal()
			}
		}()
		sh.Fault = v.Op.Handle(x)
	})
	perform := exchange.Stage{Name: "perform", Verdict: exchange.Passed, Say: v.Op.Name + " would be done"}
	answer := exchange.Stage{Name: "answer", Verdict: exchange.Passed, Say: "the request would work"}
	if sh.Fault != nil {
		perform.Verdict, perform.Say = exchange.Stopped, sh.Fault.Say
		if perform.Say == "" {
			perform.Say = sh.Fault.Message
		}
		answer = exchange.Stage{Name: "answer", Verdict: exchange.Unreached}
	} else {
		sh.Would = x.Done()
	}
	sh.Stages = []exchange.Stage{perform, answer}
	sh.Seal, sh.Open, sh.Guard = x.Trace.Seal, x.Trace.Open, x.Trace.Guard
	for _, note := range x.Trace.Notes { // of the others it would be untrue that they happened
		if strings.HasPrefix(note, "modelled: ") && !slices.Contains(v.Trace.Notes, note) {
			v.Note("%s", note)
		}
	}
	v.Trace.Shadow = sh
}
