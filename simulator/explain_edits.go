package simulator

import (
	"cmp"
	"slices"

	"keyhole/simulator/policy"
)

// MaxHelpful is how many edits that help are told, so that a person reads all of them.
const MaxHelpful = 6

// most is how many edits of a kind are told; the kinds stand in the order they are offered.
var most = []struct {
	kind EditKind
	n    int
}{
	{EditHeader, 3}, {EditTransport, 1}, {EditNetwork, 2}, {EditTime, 1}, {EditPrincipal, 2}, {EditResource, 1},
	{EditPermission, 2}, {EditStatement, 2},
}

// edit is an Edit with what it does to one pair.
type edit struct {
	Edit
	apply  func(r *policy.Request, l *policy.Layers) // to every pair
	key    string                                    // the condition key it changes; of its values the first that helps is told
	header string                                    // left out by it: what was only needed for that header is not asked for
	tempt  int                                       // how much it looks like the answer; 0: nobody would think so
}

// How much an edit looks like the answer.
const (
	temptDeny   = 1 + iota // one Deny less, where there are two
	temptOther             // another value, another network
	temptAllow             // one more Allow
	temptCaller            // the root user
	temptAbsent            // leave the header out
)

// situation is a request with all decisions it stands or falls with.
type situation struct {
	all     []*policy.Decision
	needs   []string
	verdict policy.Verdict
	denied  []*policy.Decision // those that are not Allowed
}

func newSituation(all []*policy.Decision, o Alternatives) situation {
	s := situation{all: all, needs: o.Headers, verdict: policy.Allowed}
	for _, d := range all {
		s.verdict = worse(s.verdict, d.Verdict)
		if d.Verdict != policy.Allowed {
			s.denied = append(s.denied, d)
		}
	}
	return s
}

// Counterfactuals evaluates single edits of a request that needs all of the decisions to be Allowed. Of a refused request
// they are the edits that make it allowed, and the most tempting one that does not; of an allowed one, those that close it.
func Counterfactuals(all []*policy.Decision, o Alternatives) []Edit {
	if len(all) == 0 {
		return nil
	}
	s := newSituation(all, o)
	refused := s.verdict != policy.Allowed
	var changing []edit
	var tempting *edit
	seen, helped := map[string]bool{}, map[string]bool{}
	for _, e := range s.edits(o) {
		if e.Say == "" || seen[e.Say] || helped[e.key] && e.tempt != temptAbsent {
			continue
		}
		seen[e.Say] = true
		var deciding *policy.Decision
		e.Result, deciding = s.try(e)
		e.Helps = refused && e.Result == policy.Allowed
		switch {
		case e.Helps, !refused && e.Result != policy.Allowed:
			changing = append(changing, e)
			helped[e.key] = e.key != ""
		case refused && e.tempt > 0 && (tempting == nil || e.tempt > tempting.tempt):
			e.Tempting, e.Weakens = true, false
			e.Note = stillDenied(e, deciding)
			one := e
			tempting = &one
		}
	}
	return s.told(changing, tempting)
}

// told chooses what a person reads, in order.
func (s *situation) told(changing []edit, tempting *edit) []Edit {
	var out []Edit
	for _, row := range most {
		left := row.n
		for _, e := range changing {
			if e.Kind == row.kind && left > 0 && len(out) < MaxHelpful {
				out = append(out, e.Edit)
				left--
			}
		}
	}
	if tempting != nil { // beside its like, so that a list of headers reads as one
		at := slices.IndexFunc(out, func(e Edit) bool { return place(e.Kind) > place(tempting.Kind) })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, tempting.Edit)
	}
	for i := range out {
		out[i].Order = i + 1
	}
	return out
}

func place(k EditKind) int {
	return slices.IndexFunc(most, func(row struct {
		kind EditKind
		n    int
	}) bool {
		return row.kind == k
	})
}

// edits are everything worth trying.
func (s *situation) edits(o Alternatives) []edit {
	list := slices.Concat(s.headerEdits(), s.requestEdits(), s.networkEdits(o))
	if s.verdict == policy.Allowed {
		return append(list, s.withoutDeciding()...)
	}
	return slices.Concat(list, s.callerEdits(o), s.allowEdits(), s.denyEdits())
}

// try evaluates all pairs with an edit; deciding is the one that settles it when it is refused.
func (s *situation) try(e edit) (v policy.Verdict, deciding *policy.Decision) {
	v = policy.Allowed
	for i, d := range s.all {
		if e.header != "" && i < len(s.needs) && s.needs[i] == e.header {
			continue
		}
		r, l := d.Request, d.Layers
		r.Context = r.Context.Clone()
		e.apply(&r, &l)
		one := policy.Decide(&r, &l)
		if worse(v, one) != v {
			full := policy.Evaluate(r, l)
			v, deciding = one, &full
		}
	}
	return v, deciding
}

// worse is the verdict of two that must both be Allowed: a Deny is told before an Allow that is missing.
func worse(a, b policy.Verdict) policy.Verdict {
	rank := map[policy.Verdict]int{policy.Allowed: 0, policy.ImplicitlyDenied: 1, policy.ExplicitlyDenied: 2}
	if cmp.Compare(rank[a], rank[b]) < 0 {
		return b
	}
	return a
}

// stillDenied says why a tempting edit does not help.
func stillDenied(e edit, d *policy.Decision) string {
	if d.Verdict == policy.ExplicitlyDenied {
		if t := d.Deciding(); t != nil && e.tempt == temptAbsent {
			for _, c := range t.Conditions {
				if c.Because == policy.ByAbsence && c.Condition.Negated() {
					return "A missing value is also not equal."
				}
			}
		}
		if e.Kind == EditPermission {
			return "A Deny wins over every Allow."
		}
		if e.Kind == EditPrincipal && d.By != policy.Public {
			return "The Deny means this caller too."
		}
	}
	return stillTexts[d.Rule]
}

var stillTexts = map[policy.Rule]string{
	policy.DenyWins:            "A Deny still matches.",
	policy.NothingAllows:       "Still nothing allows it.",
	policy.BothSidesNeeded:     "Both accounts must allow it.",
	policy.SCPMustAllow:        "A service control policy still leaves it out.",
	policy.EndpointMustAllow:   "The endpoint policy still leaves it out.",
	policy.BoundaryMustAllow:   "The permissions boundary still leaves it out.",
	policy.SessionMustAllow:    "The session policy still leaves it out.",
	policy.KeyPolicyMustAllow:  "The policy of the resource must allow it first.",
	policy.RestrictPublic:      "Public access stays blocked.",
	policy.AnonymousNeedsAllow: "An anonymous caller needs an Allow in the bucket policy.",
	policy.ServiceNeedsPolicy:  "A service needs an Allow in the bucket policy.",
	policy.FederatedNeedsScope: "A federated user needs a session policy.",
}
