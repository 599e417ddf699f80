package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"keyhole/simulator/policy"
)

// shownColumns is how much of a long line an excerpt shows.
const shownColumns = 110

// shownLines is how much of a statement an excerpt shows around its marked line.
const shownLines = 24

// inWords answers one question for a terminal: the verdict, what decided it with its line, what each layer said, and
// AWS's own sentence.
func inWords(w io.Writer, d *policy.Decision) {
	r := &d.Request
	may, verdict := "may", "Allowed"
	switch d.Verdict {
	case policy.ExplicitlyDenied:
		may, verdict = "may not", "Denied by a Deny"
	case policy.ImplicitlyDenied:
		may, verdict = "may not", "Denied for want of an Allow"
	}
	fmt.Fprintf(w, "%s: %s %s %s on %s.\n", verdict, printable(r.Principal.String()), may, printable(r.Action), printable(r.Resource))
	if s := d.Deciding(); s != nil {
		fmt.Fprintf(w, "\n%s decides:\n", nameOf(d.DecidingPolicy(), s))
		excerpt(w, d.DecidingPolicy().Document.Text, s.Statement, s.Why(r))
		for _, reason := range d.Reasons() {
			fmt.Fprintf(w, "  %-10s %s\n", reason.Element, printable(reason.Say))
		}
	} else if d.Verdict != policy.Allowed {
		fmt.Fprintf(w, "\nMissing: %s\n", printable(missing(d)))
		nearest(w, d)
	}
	fmt.Fprintln(w, "\nLayers:")
	for i := range d.Trace {
		t := &d.Trace[i]
		if t.Outcome == policy.SaysSkip {
			continue
		}
		name := string(t.Layer)
		if t.Layer == policy.SCP || t.Layer == policy.RCP {
			name = fmt.Sprintf("%s %d", t.Layer, t.Level+1)
		}
		fmt.Fprintf(w, "  %-10s %-9s %s\n", name, t.Outcome, printable(t.Why))
	}
	if d.By == policy.Account {
		fmt.Fprintln(w, "  account    allow     The root user of an account may do everything in it that no policy denies.")
	}
	if d.Verdict != policy.Allowed {
		fmt.Fprintln(w)
		for _, line := range awsSays(d) {
			fmt.Fprintln(w, printable(line))
		}
	}
}

// awsSays is the text of the denial as this caller reads it: the long one stays inside the account or organization.
func awsSays(d *policy.Decision) []string {
	switch p := &d.Request.Principal; {
	case p.Kind == policy.Anonymous:
		return []string{"AWS says: Access Denied"}
	case p.Account == d.Request.ResourceAccount:
		return []string{"AWS says: " + d.Text()}
	}
	return []string{"AWS says, inside one organization: " + d.Text(), "AWS says, to anybody else: Access Denied"}
}

// missing says what would have to be there, by the rule that decided.
func missing(d *policy.Decision) string {
	r := &d.Request
	allow := fmt.Sprintf("an Allow for %s on %s", r.Action, r.Resource)
	switch d.Rule {
	case policy.SCPMustAllow:
		return allow + " in a service control policy of every level."
	case policy.EndpointMustAllow:
		return allow + " in the policy of the VPC endpoint."
	case policy.BoundaryMustAllow:
		return allow + " in the permissions boundary; a boundary grants nothing, it has to leave the action in."
	case policy.SessionMustAllow:
		return allow + " in the session policy; it grants nothing, it has to leave the action in."
	case policy.KeyPolicyMustAllow:
		return allow + " in the policy of the key or role itself: a caller's own policy counts only if that policy lets the account in."
	case policy.FederatedNeedsScope:
		return "a session policy: a federated user without one has no permissions."
	case policy.AnonymousNeedsAllow:
		return allow + " to everybody in the resource's policy; an anonymous caller has no policy of its own."
	case policy.ServiceNeedsPolicy:
		return allow + " to this service in the resource's policy."
	case policy.BudgetExhausted:
		return "an end: the documents are so large that the step budget ran out, which is never an Allow."
	case policy.BothSidesNeeded:
		if d.By == policy.Identity {
			return allow + " in a policy of the caller; the resource belongs to another account, so both sides have to allow it."
		}
		return allow + " to this caller in the resource's policy; the resource belongs to another account, so both sides have to allow it."
	}
	return allow + ", in a policy of the caller or of the resource."
}

// nearest shows the Allow that came closest: the one whose first failed element is the latest.
func nearest(w io.Writer, d *policy.Decision) {
	order := map[policy.Element]int{policy.PrincipalElement: 1, policy.ActionElement: 2, policy.ResourceElement: 3, policy.ConditionElement: 4}
	var best *policy.StatementTrace
	var where *policy.PolicyTrace
	for i := range d.Trace {
		t := &d.Trace[i]
		// The layer that fell short comes first; where the resource's side is asked too, its near miss counts as well.
		if t.Layer != d.By && (d.By != policy.Identity || t.Layer != policy.Resource) {
			continue
		}
		for j := range t.Policies {
			for k := range t.Policies[j].Statements {
				s := &t.Policies[j].Statements[k]
				if s.Statement.Allow && !s.Matched && (best == nil || order[s.Failed] > order[best.Failed]) {
					best, where = s, &t.Policies[j]
				}
			}
		}
	}
	if best == nil {
		return
	}
	reason := best.Why(&d.Request)
	fmt.Fprintf(w, "\n%s comes closest, but its %s does not match:\n", nameOf(where, best), reason.Element)
	excerpt(w, where.Document.Text, best.Statement, reason)
	fmt.Fprintf(w, "  %-10s %s\n", reason.Element, printable(reason.Say))
}

func nameOf(p *policy.PolicyTrace, s *policy.StatementTrace) string {
	name := fmt.Sprintf("%s, statement %d", p.Name, s.Statement.Index+1)
	if s.Statement.Sid != "" {
		name += fmt.Sprintf(" %q", s.Statement.Sid)
	}
	return printable(name) + " (" + s.Statement.Effect() + ")"
}

// excerpt prints the lines of a statement with their numbers, and marks the place a reason speaks of.
func excerpt(w io.Writer, text string, s *policy.Statement, reason policy.Reason) {
	lines := strings.Split(text, "\n")
	first, last := s.From.Line, min(s.To.Line, len(lines))
	if last-first >= shownLines {
		first = max(first, reason.At.Line-shownLines/2)
		last = min(last, first+shownLines-1)
	}
	for n := max(first, 1); n <= last; n++ {
		line, column := []rune(printable(strings.TrimSuffix(lines[n-1], "\r"))), reason.At.Column
		from := 0
		if len(line) > shownColumns {
			from = max(0, min(column-shownColumns/2, len(line)-shownColumns))
			if n != reason.At.Line {
				from = 0
			}
			line = line[from:min(len(line), from+shownColumns)]
		}
		mark := " "
		if n == reason.At.Line {
			mark = ">"
		}
		fmt.Fprintf(w, "%s %4d | %s\n", mark, n, strings.TrimRight(string(line), " "))
		if n == reason.At.Line {
			fmt.Fprintf(w, "       | %s^\n", strings.Repeat(" ", max(0, column-1-from)))
		}
	}
}

// printable keeps foreign text from speaking to the terminal: one character for each, so that columns stay right.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return '·'
	}, s)
}
