package lock

import (
	"fmt"
	"time"
)

// Protected is what protects one version.
type Protected struct {
	Version   string // its id
	Marker    bool   // a delete marker: those are never protected
	Retention Retention
	Hold      string // "", Off or On
}

// Bypass is x-amz-bypass-governance-retention: whether the request sent true, and whether its caller has
// s3:BypassGovernanceRetention.
type Bypass struct{ Asked, Permitted bool }

func (b Bypass) works() bool { return b.Asked && b.Permitted }

// State is what one rung of the ladder means for the request.
type State string

// The states of a rung.
const (
	None   State = "none"   // there is nothing of the kind
	Holds  State = "holds"  // it keeps the version as it is
	Over   State = "over"   // its time has passed, or it was switched off
	Lifted State = "lifted" // it would hold, and this request may pass it by
)

// Rung is one thing that could hold a version.
type Rung struct {
	Name  string // "legal hold", "retention", "bypass"
	State State
	Say   string // "GOVERNANCE until 2026-07-01 00:00:00 UTC: holds"
}

// Decision is whether a version may be removed or its retention changed, and why.
type Decision struct {
	What    string    // "remove", "replace", "change the retention", "re-encrypt"
	Version string    // id of the version it is about
	Allowed bool      // nothing holds it
	By      string    // what holds it: "legal hold", Compliance or Governance; "" when nothing does
	Until   time.Time // when that ends by itself; zero: never, or nothing holds it
	Lifter  string    // who could lift it, in words; "" when nothing holds it
	Bypass  Bypass
	Ladder  []Rung // every reason in the order it was looked at
	Say     string // one sentence
	Refusal *Refusal
}

// Refusal is an S3 error in this package's words; the exchange makes a Fault of it.
type Refusal struct {
	Status        int
	Code, Message string
	Extra         [][2]string // ArgumentName, ArgumentValue
	Say           string
}

// denied is what S3 answers for every kind of protection. (s3-wire 6.4)
func denied(say string) *Refusal {
	return &Refusal{Status: 403, Code: "AccessDenied", Message: "Access Denied because object protected by object lock.", Say: say}
}

// Remove decides whether a version may be removed for good, or replaced, at a moment. what says which: "remove".
func Remove(p Protected, what string, now time.Time, b Bypass) Decision {
	d := Decision{What: what, Version: p.Version, Bypass: b}
	if p.Marker {
		d.rung("delete marker", None, "a delete marker has no content, so nothing protects it")
		return d.allow("A delete marker is never protected.")
	}
	held := d.hold(p.Hold)
	kept := d.keep(p.Retention, now)
	switch {
	case held:
		return d.refuse("legal hold", time.Time{}, holdLifter, "A legal hold keeps this version, with no end.")
	case kept:
		return d.refuse(p.Retention.Mode, p.Retention.Until, lifter(p.Retention.Mode), fmt.Sprintf("%s keeps this version until %s.", p.Retention.Mode, moment(p.Retention.Until)))
	case p.Retention.Active(now):
		return d.allow("GOVERNANCE holds this version, and the caller may bypass it and asked to.")
	case p.Retention.Set():
		return d.allow("The retention is over.")
	}
	return d.allow("Nothing protects this version.")
}

// Change decides whether the retention of a version may become another. to zero: it is taken away. Whether to lies in the
// future is judged before, with the document. A legal hold has no say: it is a protection of its own.
func Change(p Protected, to Retention, now time.Time, b Bypass) Decision {
	d := Decision{What: "change the retention", Version: p.Version, Bypass: b}
	from := p.Retention
	if !from.Active(now) {
		d.keep(from, now)
		return d.allow("No retention holds this version now, so any may be set.")
	}
	if to.Mode == from.Mode && !to.Until.Before(from.Until) {
		d.rung("retention", Lifted, fmt.Sprintf("%s until %s, and the new one ends no earlier", from.Mode, moment(from.Until)))
		return d.allow("A retention may always be made longer.")
	}
	if !d.keep(from, now) {
		return d.allow("GOVERNANCE holds this version, and the caller may bypass it and asked to.")
	}
	return d.refuse(from.Mode, from.Until, lifter(from.Mode), fmt.Sprintf("%s until %s may only be made longer.", from.Mode, moment(from.Until)))
}

// hold adds the rung of the legal hold and says whether it holds.
func (d *Decision) hold(status string) bool {
	switch status {
	case On:
		d.rung("legal hold", Holds, "ON: it holds until somebody with s3:PutObjectLegalHold switches it off; no bypass lifts it")
		return true
	case Off:
		d.rung("legal hold", Over, "OFF: it was switched off")
		return false
	}
	d.rung("legal hold", None, "never set")
	return false
}

// keep adds the rungs of the retention and of the bypass, and says whether the retention holds.
func (d *Decision) keep(r Retention, now time.Time) bool {
	switch {
	case !r.Set():
		d.rung("retention", None, "none")
		return false
	case !r.Active(now):
		d.rung("retention", Over, fmt.Sprintf("%s until %s: over", r.Mode, moment(r.Until)))
		return false
	case r.Mode == Compliance:
		d.rung("retention", Holds, fmt.Sprintf("COMPLIANCE until %s: holds for everybody, the root user too", moment(r.Until)))
		if d.Bypass.Asked {
			d.rung("bypass", None, "asked for, but it only lifts GOVERNANCE")
		}
		return true
	case d.Bypass.works():
		d.rung("retention", Lifted, fmt.Sprintf("GOVERNANCE until %s: it would hold", moment(r.Until)))
		d.rung("bypass", Lifted, "asked for, and the caller has s3:BypassGovernanceRetention")
		return false
	}
	d.rung("retention", Holds, fmt.Sprintf("GOVERNANCE until %s: holds", moment(r.Until)))
	if d.Bypass.Asked {
		d.rung("bypass", None, "asked for, but the caller has no s3:BypassGovernanceRetention")
	} else {
		d.rung("bypass", None, "not asked for: x-amz-bypass-governance-retention was not true")
	}
	return true
}

func (d *Decision) rung(name string, s State, say string) {
	d.Ladder = append(d.Ladder, Rung{name, s, say})
}

func (d Decision) allow(say string) Decision {
	d.Allowed, d.Say = true, say
	return d
}

func (d Decision) refuse(by string, until time.Time, lifter, say string) Decision {
	d.By, d.Until, d.Lifter, d.Say = by, until, lifter, say
	d.Refusal = denied(headlines[by])
	return d
}

// headlines are at most nine words for each thing that can hold a version.
var headlines = map[string]string{
	"legal hold": "A legal hold keeps this version.",
	Compliance:   "COMPLIANCE: nobody may, not even the root user.",
	Governance:   "GOVERNANCE keeps this version, and nothing bypassed it.",
}

const holdLifter = "who has s3:PutObjectLegalHold switches the hold off"

// lifter says who could lift a retention of a mode.
func lifter(mode string) string {
	if mode == Compliance {
		return "nobody before its date, the root user neither"
	}
	return "who has s3:BypassGovernanceRetention and sends x-amz-bypass-governance-retention: true"
}

// moment is a time as sentences print it.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
