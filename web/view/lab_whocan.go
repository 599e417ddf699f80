package view

import (
	"keyhole/simulator"
	"keyhole/simulator/policy"
)

// canWord is a cell of the table in a word; the icon and the word say it, never the colour alone.
func canWord(c simulator.Cell) string {
	return map[policy.Verdict]string{policy.Allowed: "yes", policy.ExplicitlyDenied: "denied", policy.ImplicitlyDenied: "no"}[c.Verdict]
}

func canIcon(c simulator.Cell) string {
	return map[policy.Verdict]string{policy.Allowed: "check", policy.ExplicitlyDenied: "ban", policy.ImplicitlyDenied: "minus"}[c.Verdict]
}

func canClass(c simulator.Cell) string {
	return map[policy.Verdict]string{policy.Allowed: "allow", policy.ExplicitlyDenied: "deny", policy.ImplicitlyDenied: "none"}[c.Verdict]
}
