package simulator

import "keyhole/simulator/policy"

// Counterfactuals evaluates single edits of a request that needs all of the decisions to be Allowed.
func Counterfactuals(all []*policy.Decision, o Alternatives) []Edit { return nil }
