package totp

import (
	"testing"
	"time"
)

// The seed and the moments are those of RFC 6238, appendix B; six digits are the last six of its eight.
func TestTheCodesOfTheRFC(t *testing.T) {
	seed := []byte("12345678901234567890")
	for _, c := range []struct {
		at   int64
		code string
	}{{59, "287082"}, {1111111109, "081804"}, {1234567890, "005924"}, {20000000000, "353130"}} {
		at := time.Unix(c.at, 0)
		if got := Code(seed, at); got != c.code {
			t.Errorf("at %d %s, want %s", c.at, got, c.code)
		}
		if !Shows(seed, c.code, at.Add(Step)) || Shows(seed, c.code, at.Add(3*Step)) {
			t.Errorf("a code is good for a step more, not for three")
		}
	}
	at := time.Unix(59, 0)
	if !ShowsBoth(seed, Code(seed, at), Code(seed, at.Add(Step)), at) || ShowsBoth(seed, Code(seed, at), Code(seed, at), at) {
		t.Error("two codes are those of two steps in a row")
	}
}
