package iam

import (
	"time"

	"keyhole/simulator/totp"
)

const (
	tick      = totp.Step
	seedBytes = 40 // 64 characters of base 32, as long as AWS's
)

// Code is the six digits a device with this seed shows at a moment.
func Code(seed []byte, at time.Time) string { return totp.Code(seed, at) }
