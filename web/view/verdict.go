package view

import (
	"fmt"
	"net/http"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

// Refused says whether a trace ended in an error answer.
func Refused(t *exchange.Trace) bool { return t.Fault != nil || t.Response.Status >= 400 }

func verdictOf(t *exchange.Trace) string {
	if Refused(t) {
		return "deny"
	}
	return "allow"
}

func verdictIcon(t *exchange.Trace) string {
	if Refused(t) {
		return "octagon-x"
	}
	return "circle-check"
}

// Outcome is the status with its code: "403 AccessDenied", "200 OK".
func Outcome(t *exchange.Trace) string {
	if t.Fault != nil && t.Fault.Code != "" {
		return fmt.Sprintf("%d %s", t.Fault.Status, t.Fault.Code)
	}
	return fmt.Sprintf("%d %s", t.Response.Status, http.StatusText(t.Response.Status))
}

// Headline says what happened in one short sentence.
func Headline(t *exchange.Trace) string {
	d := Decisive(t)
	switch {
	case d != nil && Refused(t) && d.Verdict != policy.Allowed && !asked(t):
		return simulator.Headline(d)
	case t.Fault != nil && t.Fault.Say != "":
		return t.Fault.Say
	case t.Fault != nil && t.Fault.Code == "NotImplemented":
		return "This simulator does not imitate that yet."
	case t.Fault != nil:
		return first(t.Fault.Message)
	case len(t.Effects) > 0:
		return "Every gate opened, and it was done."
	}
	return "Every gate opened."
}

// asked says whether the decision that counts was only asked for to choose between two answers.
func asked(t *exchange.Trace) bool {
	a := decisivePair(t)
	return a != nil && a.Asked
}

// first is the first sentence of a message.
func first(s string) string {
	if at := strings.Index(s, ". "); at > 0 {
		return s[:at+1]
	}
	return s
}

// Pair is the deciding evidence: what was there and what would have been needed.
type Pair struct {
	HadLabel, Had   string
	WantLabel, Want string
}

// Deciding finds the pair in the decision that stopped the request; ok is false when no two values decide it.
func Deciding(t *exchange.Trace) (p Pair, ok bool) {
	if t.Seal != nil && t.Seal.Blocked && t.Seal.Refusal != nil {
		return Pair{"You asked for", method(string(exchange.SSEC)), "This bucket blocks", "SSE-C"}, true
	}
	for _, checks := range [][]exchange.KeyCheck{sealChecks(t), openChecks(t)} {
		for _, c := range checks {
			if !c.Passed {
				return Pair{"You sent: " + c.Name, shown(c.Sent), "It takes", shown(c.Want)}, true
			}
		}
	}
	if p, held := protection(t); held && Refused(t) {
		return p, true
	}
	a := t.Authentication
	if a != nil && a.Refusal != nil && a.Calculated != "" && a.Calculated != a.Signature {
		return Pair{"Signature sent", shorten(a.Signature), "Signature calculated", shorten(a.Calculated)}, true
	}
	for _, z := range t.Authorization {
		if !z.Allowed && z.Decision == nil && Refused(t) {
			caller := t.Caller.Account
			if caller == "" {
				caller = "(nobody)"
			}
			return Pair{"Caller's account", caller, "Needed", z.Action + " on " + z.Resource}, true
		}
	}
	return Pair{}, false
}

func sealChecks(t *exchange.Trace) []exchange.KeyCheck {
	if t.Seal == nil {
		return nil
	}
	return t.Seal.Checks
}

func openChecks(t *exchange.Trace) []exchange.KeyCheck {
	if t.Open == nil {
		return nil
	}
	return t.Open.Checks
}

func shown(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

func shorten(s string) string {
	const keep = 16
	if len(s) > keep {
		return s[:keep] + "…"
	}
	return s
}

func stageIcon(v exchange.Verdict) string { return State(v).Icon() }
