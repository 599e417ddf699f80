package view

import (
	"strings"

	"keyhole/simulator/exchange"
)

// lockGate is what protected the version that a request would have removed, replaced or unprotected.
func lockGate(t *exchange.Trace) (State, string) {
	g := t.Guard
	switch {
	case g == nil:
		return Skip, "not consulted"
	case !g.Allowed && t.Fault == nil: // a list goes on after what it may not remove
		return Pass, "kept some"
	case !g.Allowed:
		return Stop, g.By
	case strings.HasPrefix(g.What, "change"):
		return Pass, "may be changed"
	}
	for _, r := range g.Ladder {
		switch r.State {
		case "lifted":
			return Pass, "bypassed"
		case "over":
			return Pass, "over"
		}
	}
	return Skip, "no lock"
}

func wouldLock(t *exchange.Trace) (State, string) {
	switch {
	case t.Shadow == nil:
		return "", ""
	case t.Shadow.Guard == nil:
		return Pass, "not consulted"
	case !t.Shadow.Guard.Allowed:
		return Stop, "would stop"
	}
	return Pass, "would pass"
}

// protection is the deciding evidence when a lock ended the request: what holds the version, and who could lift it.
func protection(t *exchange.Trace) (p Pair, ok bool) {
	g := t.Guard
	if g == nil || g.Allowed {
		return Pair{}, false
	}
	for _, r := range g.Ladder {
		if r.State == "holds" {
			return Pair{"Kept by the " + r.Name, r.Say, "Could be lifted by", g.Lifter}, true
		}
	}
	return Pair{}, false
}
