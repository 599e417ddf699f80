package lock

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// The headers in which a write brings its own protection, in the order S3 judges them.
const (
	ModeHeader  = "x-amz-object-lock-mode"
	UntilHeader = "x-amz-object-lock-retain-until-date"
	HoldHeader  = "x-amz-object-lock-legal-hold"
)

// LiftHeader asks to pass a GOVERNANCE retention by.
const LiftHeader = "x-amz-bypass-governance-retention"

// Headers are the three of a write.
var Headers = []string{ModeHeader, UntilHeader, HoldHeader}

// Asked is what the headers of a write say about protection.
type Asked struct {
	Retention Retention // zero: none was sent
	Hold      string    // "", On or Off
}

// Sent says whether one of the headers is there, empty or not.
func Sent(h http.Header) bool {
	return slices.ContainsFunc(Headers, func(name string) bool { return has(h, name) })
}

func has(h http.Header, name string) bool {
	_, sent := h[http.CanonicalHeaderKey(name)]
	return sent
}

// BypassAsked says whether a request asks to bypass GOVERNANCE: the header says true.
func BypassAsked(h http.Header) bool { return strings.EqualFold(h.Get(LiftHeader), "true") }

// Read reads the headers of a write. They are judged by themselves, before anybody looks whether the bucket has a lock;
// now is the simulated time. (s3-wire 6.2)
func Read(h http.Header, now time.Time) (Asked, *Refusal) {
	var a Asked
	mode, until := has(h, ModeHeader), has(h, UntilHeader)
	switch {
	case mode && !until:
		return a, both(UntilHeader)
	case until && !mode:
		return a, both(ModeHeader)
	case mode:
		a.Retention.Mode = h.Get(ModeHeader)
		if !Mode(a.Retention.Mode) {
			return a, invalid("Unknown wormMode directive.", "A mode is GOVERNANCE or COMPLIANCE.", ModeHeader, a.Retention.Mode)
		}
		moment, ok := ParseDate(h.Get(UntilHeader))
		if !ok {
			return a, invalid("The retain until date must be provided in ISO 8601 format", "That is not a date.", UntilHeader, h.Get(UntilHeader))
		}
		if !moment.After(now) {
			return a, Past(UntilHeader, h.Get(UntilHeader))
		}
		a.Retention.Until = moment
	}
	if has(h, HoldHeader) {
		if a.Hold = h.Get(HoldHeader); !Hold(a.Hold) {
			return a, invalid("Legal Hold must be either of 'ON' or 'OFF'", "A legal hold is ON or OFF.", HoldHeader, a.Hold)
		}
	}
	return a, nil
}

// both is the refusal when one of the two headers of a retention is missing. S3 leaves its value out.
func both(missing string) *Refusal {
	return &Refusal{Status: 400, Code: "InvalidArgument", Message: UntilHeader + " and " + ModeHeader + " must both be supplied",
		Extra: [][2]string{{"ArgumentName", missing}}, Say: "A retention needs a mode and a date."}
}

// Past is the refusal of a date that is over.
func Past(name, value string) *Refusal {
	return invalid("The retain until date must be in the future!", "That date is over on the simulated clock.", name, value)
}

func invalid(message, say, name, value string) *Refusal {
	return &Refusal{Status: 400, Code: "InvalidArgument", Message: message, Say: say,
		Extra: [][2]string{{"ArgumentName", name}, {"ArgumentValue", value}}}
}

// Mode says whether a text is one of the two modes.
func Mode(s string) bool { return s == Governance || s == Compliance }

// Hold says whether a text is a state of a legal hold.
func Hold(s string) bool { return s == On || s == Off }

// dates are the forms of ISO 8601 that clients send: with and without a fraction, separators and a zone other than UTC.
var dates = []string{time.RFC3339, "20060102T150405Z0700", "2006-01-02T15:04:05Z0700"}

// lastYear is the last year that has four digits wherever it is printed, in any zone.
const lastYear = 9000

// ParseDate reads a date and time in ISO 8601, to the millisecond. ok is false for anything else.
func ParseDate(s string) (t time.Time, ok bool) {
	for _, form := range dates {
		if t, err := time.Parse(form, s); err == nil {
			t = t.UTC().Truncate(time.Millisecond)
			return t, t.Year() >= 1 && t.Year() <= lastYear
		}
	}
	return time.Time{}, false
}
