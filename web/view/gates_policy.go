package view

import (
	"fmt"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

// Three gates stand for the one stage "authorize": whether something denied the request, whether something allowed it, and
// whether Block Public Access kept it out. They are read from the decisions, never from the words of the stage.

// stands are the decisions that the request stood or fell with.
func stands(t *exchange.Trace) []*policy.Decision {
	var out []*policy.Decision
	for i := range t.Authorization {
		if a := &t.Authorization[i]; a.Decision != nil && a.Decision.Verdict != "" && !a.Asked {
			out = append(out, a.Decision)
		}
	}
	return out
}

// stoppedHere says whether the stage that the three gates stand for ended the request.
func stoppedHere(t *exchange.Trace) bool { return t.Stopped == "authorize" }

func denied(t *exchange.Trace) (State, string) {
	all := stands(t)
	if len(all) == 0 {
		return Skip, "nothing asked"
	}
	if stoppedHere(t) {
		for _, d := range all {
			if d.Verdict == policy.ExplicitlyDenied && d.By != policy.Public {
				return Stop, denierOf(d)
			}
		}
	}
	return Pass, "no Deny"
}

// denierOf names the statement, or the layer, that denied.
func denierOf(d *policy.Decision) string {
	if st := d.Deciding(); st != nil && st.Statement.Sid != "" {
		return st.Statement.Sid
	}
	return strings.ToLower(layerShort[d.By])
}

// layerShort are layers in one or two words, for the strip.
var layerShort = map[policy.Layer]string{
	policy.SCP: "SCP", policy.RCP: "RCP", policy.Endpoint: "Endpoint", policy.Resource: "Bucket policy", policy.Grants: "Grant", policy.ACLs: "ACL",
	policy.Identity: "Own policy", policy.Boundary: "Boundary", policy.Session: "Session", policy.Public: "Public block", policy.Account: "Root",
}

func allowed(t *exchange.Trace) (State, string) {
	all := stands(t)
	if stoppedHere(t) {
		for _, d := range all {
			if d.Verdict == policy.ImplicitlyDenied {
				return Stop, missingOf(d)
			}
		}
		if len(all) == 0 {
			return Stop, code(t)
		}
	}
	switch len(all) {
	case 0:
		return Pass, "nothing needed"
	case 1:
		if name := shortAction(all[0].Request.Action); len(name) <= shortName {
			return Pass, name
		}
		return Pass, "allowed"
	}
	return Pass, fmt.Sprintf("%d permissions", len(all))
}

// shortName is how many letters of a name fit below a gate.
const shortName = 12

func shortAction(action string) string {
	_, name, found := strings.Cut(action, ":")
	if !found {
		return action
	}
	return name
}

// missingOf says in two or three words which Allow is missing.
func missingOf(d *policy.Decision) string {
	if say, ok := missingWords[d.Rule]; ok {
		return say
	}
	return "no Allow"
}

var missingWords = map[policy.Rule]string{
	policy.BothSidesNeeded: "one account only", policy.SCPMustAllow: "not in an SCP", policy.EndpointMustAllow: "not by the endpoint",
	policy.BoundaryMustAllow: "not in the boundary", policy.SessionMustAllow: "not in the session", policy.AnonymousNeedsAllow: "not for anyone",
	policy.KeyPolicyMustAllow: "not by the key", policy.BudgetExhausted: "too long to judge",
}

func public(t *exchange.Trace) (State, string) {
	skip := true
	for _, d := range stands(t) {
		if d.By == policy.Public && stoppedHere(t) {
			return Stop, "blocked"
		}
		for i := range d.Trace {
			if l := &d.Trace[i]; l.Layer == policy.Public && l.Outcome != policy.SaysSkip {
				skip = false
			}
		}
	}
	if skip {
		return Skip, "not public"
	}
	return Pass, "not public"
}

// What would have come after a stop. The state is empty when nothing was tried.

func wouldAllow(t *exchange.Trace) (State, string) {
	all := stands(t)
	if len(all) == 0 || !stoppedHere(t) {
		return "", ""
	}
	for _, d := range all {
		if after := simulator.Undenied(d); after.Verdict == policy.ImplicitlyDenied {
			return Stop, "would stop"
		}
	}
	return Pass, "would pass"
}

func wouldBePublic(t *exchange.Trace) (State, string) {
	all := stands(t)
	if len(all) == 0 || !stoppedHere(t) {
		return "", ""
	}
	for _, d := range all {
		if after := simulator.Undenied(d); after.By == policy.Public {
			return Stop, "would stop"
		}
	}
	return Pass, "would pass"
}

func wouldSeal(t *exchange.Trace) (State, string) {
	sh := t.Shadow
	switch {
	case sh == nil:
		return "", ""
	case sh.Seal != nil && sh.Seal.Refusal != nil, sh.Open != nil && sh.Open.Refusal != nil:
		return Stop, "would stop"
	case sh.Seal != nil:
		return Pass, method(string(sh.Seal.Method))
	case sh.Open != nil:
		return Pass, method(string(sh.Open.Stored))
	}
	return Pass, "not consulted"
}

func wouldAct(t *exchange.Trace) (State, string) {
	switch {
	case t.Shadow == nil:
		return "", ""
	case t.Shadow.Fault != nil && t.Shadow.Fault.Code != "":
		return Stop, "would be " + t.Shadow.Fault.Code
	case t.Shadow.Fault != nil:
		return Stop, "would stop"
	}
	return Pass, "would work"
}
