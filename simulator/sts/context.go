package sts

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

// Context adds the condition keys of an STS request: the sts: keys and request tags.
func Context(x *exchange.Exchange, c *policy.Context) {}
