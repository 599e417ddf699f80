// Package lock decides whether a version may be removed or its protection changed, and keeps the reasons.
package lock

import "time"

// The two modes of a retention. Empty is none.
const (
	Governance = "GOVERNANCE" // who has s3:BypassGovernanceRetention and says so may lift it
	Compliance = "COMPLIANCE" // nobody lifts or shortens it, the root user neither
)

// On and Off are the states of a legal hold. Empty: never set, which readers are not told of.
const (
	On  = "ON"
	Off = "OFF"
)

// Retention keeps a version until a moment. The zero value is none.
type Retention struct {
	Mode  string    `cbor:"1,keyasint,omitempty"` // Governance or Compliance
	Until time.Time `cbor:"2,keyasint,omitzero"`
}

// Set says whether there is a retention, over or not.
func (r Retention) Set() bool { return r.Mode != "" }

// Active says whether it still holds at a moment: it ends with its last second.
func (r Retention) Active(now time.Time) bool { return r.Set() && r.Until.After(now) }

// Default is the retention a bucket gives to every new version that brings none. The zero value gives none.
// Of Days and Years one is set.
type Default struct {
	Mode  string `cbor:"1,keyasint,omitempty"`
	Days  int    `cbor:"2,keyasint,omitempty"`
	Years int    `cbor:"3,keyasint,omitempty"`
}

// Set says whether there is a rule.
func (d Default) Set() bool { return d.Mode != "" }

// Longest rules. (s3-wire 6.1)
const (
	MaxDays  = 36_500
	MaxYears = 100
)

// From is what the rule gives a version created at a moment: exactly so many days or calendar years later, to the
// second.
func (d Default) From(created time.Time) Retention {
	if !d.Set() {
		return Retention{}
	}
	return Retention{Mode: d.Mode, Until: created.UTC().AddDate(d.Years, 0, d.Days).Truncate(time.Second)}
}
