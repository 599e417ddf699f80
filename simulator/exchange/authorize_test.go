package exchange

import (
	"testing"

	"keyhole/simulator/policy"
)

func TestATraceKeepsTheReasonsOfTheFirstPairsOnly(t *testing.T) {
	x := &Exchange{Trace: &Trace{}}
	x.Judge(func(action, resource, _, why string) Authorization {
		return Authorization{Action: action, Resource: resource, Why: why, Reason: "r", Decision: &policy.Decision{}}
	})
	for range KeptDecisions + 2 {
		if a := x.Authorize("s3:DeleteObject", "arn:aws:s3:::vault/a", "the list names it"); a.Decision == nil {
			t.Fatal("the handler has to see every decision")
		}
	}
	for i, a := range x.Trace.Authorization {
		if kept := a.Decision != nil; kept != (i < KeptDecisions) || a.Reason != "r" {
			t.Errorf("pair %d: kept %v, reason %q", i+1, kept, a.Reason)
		}
	}
	if n := len(x.Trace.Authorization); n != KeptDecisions+2 {
		t.Errorf("%d pairs", n)
	}
}
