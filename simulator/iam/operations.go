// Package iam is the IAM service: its table of operations, and the handlers of those that are imitated.
package iam

import "keyhole/simulator/exchange"

var operations []exchange.Operation

// Operations are the operations of IAM; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }
