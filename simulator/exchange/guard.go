package exchange

import (
	"strings"

	"keyhole/simulator/lock"
	"keyhole/simulator/world"
)

// Guard decides whether a version may be removed, replaced or encrypted anew now, and leaves the decision in the trace.
// bypass: the request asks to pass GOVERNANCE by, and its caller was allowed s3:BypassGovernanceRetention.
func (x *Exchange) Guard(v *world.Version, bypass bool) *Fault {
	return x.guarded(lock.Remove(Protection(v), x.deed(), x.World.Now(), x.bypass(bypass)))
}

// GuardChange decides whether the retention of a version may become another; zero takes it away.
func (x *Exchange) GuardChange(v *world.Version, to lock.Retention, bypass bool) *Fault {
	return x.guarded(lock.Change(Protection(v), to, x.World.Now(), x.bypass(bypass)))
}

// Protection is what protects a version.
func Protection(v *world.Version) lock.Protected {
	return lock.Protected{Version: v.ID, Marker: v.DeleteMarker, Retention: v.Retention, Hold: v.Hold}
}

func (x *Exchange) bypass(permitted bool) lock.Bypass {
	return lock.Bypass{Asked: lock.BypassAsked(x.Header), Permitted: permitted}
}

// guarded keeps a decision. Of the many versions of one DeleteObjects the trace keeps the first that was held, else the last.
func (x *Exchange) guarded(d lock.Decision) *Fault {
	if x.Trace.Guard == nil || x.Trace.Guard.Allowed {
		x.Trace.Guard = &d
	}
	return Refused(d.Refusal)
}

// deed is what the operation would do to a version.
func (x *Exchange) deed() string {
	switch {
	case x.Op == nil || strings.HasPrefix(x.Op.Name, "Delete"):
		return "remove"
	case x.Op.Name == "UpdateObjectEncryption":
		return "re-encrypt"
	}
	return "replace"
}
