package s3

import "keyhole/simulator/exchange"

var controlOperations []exchange.Operation

// ControlOperations are the operations of S3 Control, which name an account and no bucket. Do not change them.
func ControlOperations() []exchange.Operation { return controlOperations }
