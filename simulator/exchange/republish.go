package exchange

import "keyhole/simulator/sse"

// The decision types that packages outside the simulator show. They import this package and no mechanism.
type (
	KeyCheck  = sse.KeyCheck
	KeyChoice = sse.KeyChoice
	Rung      = sse.Rung
	Method    = sse.Method
)

// How a version is encrypted at rest.
const (
	SSES3 = sse.SSES3
	SSEC  = sse.SSEC
	KMS   = sse.SSEKMS
	DSSE  = sse.DSSE
)
