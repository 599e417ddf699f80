package iam

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

// Context adds the condition keys of an IAM request: the iam: keys, request and resource tags.
func Context(x *exchange.Exchange, c *policy.Context) {}
