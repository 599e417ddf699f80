package view

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
)

// Decisive is the decision that a request stood or fell with: the first that was refused, else the first. nil when no policy
// was asked, or something else ended the request.
func Decisive(t *exchange.Trace) *policy.Decision {
	if a := decisivePair(t); a != nil {
		return a.Decision
	}
	return nil
}

func decisivePair(t *exchange.Trace) *exchange.Authorization {
	pick := func(want func(*exchange.Authorization) bool) *exchange.Authorization {
		for i := range t.Authorization {
			if a := &t.Authorization[i]; a.Decision != nil && len(a.Decision.Trace) > 0 && want(a) {
				return a
			}
		}
		return nil
	}
	refused := func(a *exchange.Authorization) bool { return !a.Allowed && !a.Asked }
	switch {
	case !Refused(t):
		if a := pick(refused); a != nil { // one of several things was refused, and the answer lists it
			return a
		}
		return pick(func(a *exchange.Authorization) bool { return !a.Asked })
	case t.Stopped != "authorize" && t.Response.Status != 403 && (t.Fault == nil || t.Fault.Status != 403), otherRefusal(t):
		return nil
	}
	if a := pick(refused); a != nil {
		return a
	}
	return pick(func(a *exchange.Authorization) bool { return !a.Allowed })
}

// otherRefusal says that a key, an encryption setting or a lock ended the request. Where policies kept a KMS key from the
// caller, they did.
func otherRefusal(t *exchange.Trace) bool {
	if slices.ContainsFunc(t.Authorization, func(a exchange.Authorization) bool {
		return strings.HasPrefix(a.Action, "kms:") && !a.Allowed && !a.Asked
	}) {
		return false
	}
	return t.Seal != nil && t.Seal.Refusal != nil || t.Open != nil && t.Open.Refusal != nil || t.Guard != nil && t.Guard.Refusal != nil
}

// Culprit is the line that decided, in its document.
type Culprit struct {
	Where     string // "bucket policy, line 19"
	Statement string // Sid, "" when it has none
	Text      PolicyText
	Few, All  Marks // the line with its neighbours; the document
}

// CulpritOf finds the line; ok is false when no statement decided.
func CulpritOf(d *policy.Decision) (c Culprit, ok bool) {
	p, st := d.DecidingPolicy(), d.Deciding()
	if p == nil || st == nil {
		if d.By == policy.Public && d.Layers.Resource != nil {
			return publicCulprit(d)
		}
		return Culprit{}, false
	}
	kind := "deny"
	if st.Statement.Allow {
		kind = "allow"
	}
	return culprit(simulator.PolicyWords(d.By, p.Attached, d), p.Document, st.Statement, st.Why(&d.Request).At, kind), true
}

// publicCulprit is the statement that makes a bucket policy public.
func publicCulprit(d *policy.Decision) (Culprit, bool) {
	doc := d.Layers.Resource.Document
	public, st := policy.IsPublic(doc)
	if !public || st == nil || st.Principal == nil {
		return Culprit{}, false
	}
	return culprit("the bucket policy", doc, st, st.Principal.At, "deny"), true
}

func culprit(name string, doc *policy.Document, st *policy.Statement, at policy.Position, kind string) Culprit {
	const around = 1 // lines beside the culprit that are shown at once
	text := ShowPolicy(doc.Text)
	line, from, to := text.Line(at), text.Line(st.From), text.Line(st.To)
	hits := []Hit{{from, to, kind}, {line, line, "culprit"}}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "the "), "a ")
	return Culprit{
		Where: fmt.Sprintf("%s, line %d", name, line), Statement: st.Sid, Text: text,
		Few: Marks{Label: "Deciding line of the " + name, Hits: hits, From: max(from, line-around), To: min(to, line+around)},
		All: Marks{Label: "The whole " + name, Hits: hits},
	}
}

// verbs complete "Denied when it …" by the operator's base.
var whyVerbs = map[string]string{
	"stringlike": "is like", "stringnotlike": "is like", "arnequals": "is like", "arnlike": "is like", "arnnotequals": "is like", "arnnotlike": "is like",
	"ipaddress": "is in", "notipaddress": "is in",
	"numericlessthan": "is less than", "numericlessthanequals": "is at most", "numericgreaterthan": "is more than", "numericgreaterthanequals": "is at least",
	"datelessthan": "is before", "datelessthanequals": "is at or before", "dategreaterthan": "is after", "dategreaterthanequals": "is at or after",
}

// PairOf is what a condition compared: what the request had, and what the policy asks for.
func PairOf(c *policy.ConditionTrace, allow bool) Pair {
	k := c.Condition
	p := Pair{HadLabel: "The request has " + k.Key, Had: strings.Join(c.Actual, ", ")}
	if _, ok := sentAs(k.Key); ok {
		p.HadLabel = "You sent" // the line above says which header
	}
	if !c.Present {
		p.Had = "nothing"
	}
	values := make([]string, len(k.Values))
	for i, v := range k.Values {
		values[i] = v.Text
		if strings.EqualFold(k.Base(), "null") {
			values[i] = map[bool]string{true: "absent", false: "present"}[strings.EqualFold(v.Text, "true")]
		}
	}
	p.Want = strings.Join(values, " or ")
	verb := whyVerbs[strings.ToLower(k.Base())]
	if verb == "" {
		verb = "is"
	}
	switch {
	case allow && k.Negated():
		p.WantLabel = "Allowed unless it " + verb
	case allow:
		p.WantLabel = "Allowed only if it " + verb
	case k.Negated():
		p.WantLabel = "Denied unless it " + verb
	default:
		p.WantLabel = "Denied when it " + verb
	}
	return p
}

// sentAs is the header behind a condition key.
func sentAs(key string) (string, bool) {
	low := strings.ToLower(key)
	name, ok := strings.CutPrefix(low, "s3:")
	switch {
	case strings.HasPrefix(low, "s3:requestobjecttag"):
		return "x-amz-tagging", true
	case ok && strings.HasPrefix(name, "x-amz-"):
		return name, true
	case ok && strings.HasPrefix(name, "object-lock-"):
		return "x-amz-" + name, true
	}
	return "", false
}

// decisivePairOf is the pair of the deciding condition, or of the Allow that was missed by one; ok is false when no condition
// decides.
func decisivePairOf(d *policy.Decision) (Pair, bool) {
	if d.Verdict == policy.Allowed {
		return Pair{}, false
	}
	if st := d.Deciding(); st != nil {
		for i := range st.Conditions {
			return PairOf(&st.Conditions[i], st.Statement.Allow), true
		}
		return Pair{}, false
	}
	for _, m := range Searched(d) {
		if m.trace.Failed == policy.ConditionElement {
			for i := range m.trace.Conditions {
				if c := &m.trace.Conditions[i]; !c.Result {
					return PairOf(c, true), true
				}
			}
		}
	}
	return Pair{}, false
}

// Miss is one Allow that was looked at and did not match.
type Miss struct {
	Layer policy.Layer
	Where string // "Write, line 3 of s3 of user alice"
	Why   string
	trace *policy.StatementTrace
}

// needed are the layers that a rule found no Allow in.
var needed = map[policy.Rule][]policy.Layer{
	policy.NothingAllows:       {policy.Identity, policy.Resource, policy.Grants, policy.ACLs},
	policy.BothSidesNeeded:     {policy.Identity, policy.Resource, policy.ACLs},
	policy.AnonymousNeedsAllow: {policy.Resource, policy.ACLs},
	policy.ServiceNeedsPolicy:  {policy.Resource},
	policy.SCPMustAllow:        {policy.SCP},
	policy.EndpointMustAllow:   {policy.Endpoint},
	policy.BoundaryMustAllow:   {policy.Boundary},
	policy.SessionMustAllow:    {policy.Session},
	policy.FederatedNeedsScope: {policy.Session},
	policy.KeyPolicyMustAllow:  {policy.Resource, policy.Grants},
}

// Searched are the Allows that did not match, in the layers where one was missing.
func Searched(d *policy.Decision) []Miss {
	var out []Miss
	for i := range d.Trace {
		l := &d.Trace[i]
		if !slices.Contains(needed[d.Rule], l.Layer) || l.Outcome != policy.SaysNothing {
			continue
		}
		for j := range l.Policies {
			p := &l.Policies[j]
			for k := range p.Statements {
				st := &p.Statements[k]
				if !st.Statement.Allow || st.Matched {
					continue
				}
				why := st.Why(&d.Request)
				out = append(out, Miss{
					l.Layer, fmt.Sprintf("%s, line %d of %s", statementTitle(st.Statement), ShowPolicy(p.Document.Text).Line(why.At), simulator.PolicyWords(l.Layer, p.Attached, d)),
					why.Say, st,
				})
			}
		}
	}
	return out
}

// Side is one of the two accounts whose policies must allow a request.
type Side struct {
	Title, Account string
	Allows         bool
	Why            string
	Where          string // the statement that allows
}

// Sides are the caller's account and the owner's; nil when one account settles it by itself.
func Sides(d *policy.Decision) []Side {
	p := d.Request.Principal
	if p.Account == "" || p.Account == d.Request.ResourceAccount || d.Request.ResourceAccount == "" ||
		d.Rule != policy.BothSidesNeeded && d.Rule != policy.BothSidesAllow {
		return nil
	}
	caller := Side{Title: "The caller's account", Account: p.Account, Why: "No policy is attached to the caller."}
	owner := Side{Title: "The owner's account", Account: d.Request.ResourceAccount, Why: "The resource has no policy of its own."}
	if p.Kind == policy.RootUser {
		caller.Allows, caller.Why = true, "The root user needs no policy in its own account."
	}
	for i := range d.Trace {
		l := &d.Trace[i]
		side := &caller
		switch l.Layer {
		case policy.Resource, policy.ACLs, policy.Grants:
			side = &owner
		case policy.Identity:
		default:
			continue
		}
		if l.Outcome == policy.SaysSkip || side.Allows {
			continue
		}
		side.Allows, side.Why = l.Outcome == policy.SaysAllow, l.Why
		side.Where = allowingStatement(l, d)
	}
	return []Side{caller, owner}
}

func allowingStatement(l *policy.LayerTrace, d *policy.Decision) string {
	for j := range l.Policies {
		for k := range l.Policies[j].Statements {
			if st := &l.Policies[j].Statements[k]; st.Matched && st.Statement.Allow {
				return statementTitle(st.Statement) + " of " + simulator.PolicyWords(l.Layer, l.Policies[j].Attached, d)
			}
		}
	}
	return ""
}

// statementTitle is a statement's Sid, or its number.
func statementTitle(s *policy.Statement) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("statement %d", s.Index+1)
}

// PairWords says how many permissions a request needed, and which failed: "This PutObject needed 3 permissions; the third failed."
func PairWords(t *exchange.Trace) string {
	asked := needs(t)
	name := t.Operation
	if name == "" {
		name = "request"
	}
	say := fmt.Sprintf("This %s needed %d permissions", name, len(asked))
	var failed []string
	for i, a := range asked {
		if !a.Allowed {
			failed = append(failed, ordinal(i+1))
		}
	}
	switch len(failed) {
	case 0:
		return say + "; all are there."
	case 1:
		return say + "; the " + failed[0] + " failed."
	}
	return fmt.Sprintf("%s; %d failed.", say, len(failed))
}

// needs are the pairs that the request stood or fell with.
func needs(t *exchange.Trace) []exchange.Authorization {
	return slices.DeleteFunc(slices.Clone(t.Authorization), func(a exchange.Authorization) bool { return a.Asked })
}

func ordinal(n int) string {
	names := []string{"first", "second", "third", "fourth", "fifth", "sixth"}
	if n <= len(names) {
		return names[n-1]
	}
	return fmt.Sprintf("%dth", n)
}

// shownMisses is how many Allows that do not match are listed at once.
const shownMisses = 4

func firstMisses(list []Miss) []Miss { return list[:min(len(list), shownMisses)] }

// emptyLayers say why there was nothing to look at, in the layers where an Allow was missing.
func emptyLayers(d *policy.Decision) []string {
	var out []string
	for i := range d.Trace {
		if l := &d.Trace[i]; slices.Contains(needed[d.Rule], l.Layer) && l.Why != "" && l.Layer != policy.Grants && l.Layer != policy.ACLs {
			out = append(out, l.Why)
		}
	}
	if d.Request.Principal.Kind == policy.Anonymous {
		out = append([]string{"The request has no Authorization header, so nobody signed it."}, out...)
	}
	if len(out) == 0 {
		out = append(out, layerWhy(d))
	}
	return out
}

// layerWhy is why a decision came out without a statement.
func layerWhy(d *policy.Decision) string {
	switch d.Rule {
	case policy.RootMayAll:
		return "The root user may do everything in its own account."
	case policy.RootKeepsPolicy:
		return "The root user of the owner's account may always repair a bucket policy."
	case policy.BudgetExhausted:
		return "The step budget of an evaluation ended, which is never an Allow."
	}
	for i := range d.Trace {
		if l := &d.Trace[i]; l.Layer == d.By && l.Why != "" {
			return l.Why
		}
	}
	return simulator.Headline(d)
}

func flipAdvice(e simulator.Edit) string {
	switch {
	case e.Tempting:
		return "no"
	case e.Weakens:
		return "avoid"
	}
	return ""
}

func flipIcon(e simulator.Edit) string {
	switch {
	case e.Tempting:
		return "circle-x"
	case e.Weakens:
		return "triangle-alert"
	case e.Result == policy.Allowed:
		return "circle-check"
	}
	return "octagon-x"
}

func flipResult(e simulator.Edit) string {
	switch {
	case e.Tempting:
		return "still denied"
	case e.Result == policy.Allowed:
		return "allowed"
	}
	return "denied"
}

// sortedKeys are the names of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
