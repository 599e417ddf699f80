// Package totp counts the six digits that a virtual MFA device shows (RFC 6238, as authenticator apps do it).
package totp

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"time"
)

// RootDevice is the name of the MFA device of an account's root user: every account's has this one.
const RootDevice = "root-account-mfa-device"

// Devices count in steps of half a minute.
const (
	Step       = 30 * time.Second
	tolerance  = 1 // steps that a code may be early or late
	enableSpan = 4 // steps the first of two codes may be early or late when a device is enabled
)

// Code is the six digits a device with this seed shows at a moment.
func Code(seed []byte, at time.Time) string { return codeOf(seed, at.Unix()/int64(Step/time.Second)) }

func codeOf(seed []byte, count int64) string {
	mac := hmac.New(sha1.New, seed) // the RFC's default, and what the apps use
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(count)))
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xF
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:from+4])&0x7FFFFFFF%1_000_000)
}

// Shows says whether a device may show the code at a moment.
func Shows(seed []byte, code string, at time.Time) bool {
	now, ok := at.Unix()/int64(Step/time.Second), false
	for i := -int64(tolerance); i <= tolerance; i++ {
		ok = hmac.Equal([]byte(codeOf(seed, now+i)), []byte(code)) || ok
	}
	return ok
}

// ShowsBoth says whether a device shows the two codes one after the other, about a moment.
func ShowsBoth(seed []byte, first, second string, at time.Time) bool {
	now := at.Unix() / int64(Step/time.Second)
	for i := -int64(enableSpan); i <= enableSpan; i++ {
		if hmac.Equal([]byte(codeOf(seed, now+i)), []byte(first)) && hmac.Equal([]byte(codeOf(seed, now+i+1)), []byte(second)) {
			return true
		}
	}
	return false
}
