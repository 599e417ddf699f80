package view

import (
	"fmt"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/policy"
)

// layerTitles name the layers of the lane.
var layerTitles = map[policy.Layer]string{
	policy.SCP: "Service control policies", policy.RCP: "Resource control policies", policy.Endpoint: "VPC endpoint policy",
	policy.Grants: "Grants on the key", policy.ACLs: "Access control list", policy.Identity: "Identity policies",
	policy.Boundary: "Permissions boundary", policy.Session: "Session policy", policy.Public: "Block Public Access", policy.Account: "Account",
}

// LayerTitle is a layer's name in the lane: "Bucket policy", "Service control policies, level 2".
func LayerTitle(l *policy.LayerTrace, d *policy.Decision) string {
	switch l.Layer {
	case policy.Resource:
		name := strings.TrimPrefix(simulator.PolicyWords(l.Layer, policy.Attached{}, d), "the ")
		return strings.ToUpper(name[:1]) + name[1:]
	case policy.SCP, policy.RCP:
		return fmt.Sprintf("%s, level %d", layerTitles[l.Layer], l.Level+1)
	}
	return layerTitles[l.Layer]
}

// outcomes are what a layer said, in two or three words, with the verdict that colours it and its icon.
var outcomes = map[policy.Outcome]struct{ Say, Verdict, Icon string }{
	policy.SaysAllow:   {"Allow", "allow", "check"},
	policy.SaysDeny:    {"Deny", "deny", "x"},
	policy.SaysNothing: {"no match", "", "minus"},
	policy.SaysSkip:    {"skipped", "", "minus"},
}

// layerOut is the outcome of a layer, with what became of it.
func layerOut(l *policy.LayerTrace, d *policy.Decision) string {
	say := outcomes[l.Outcome].Say
	switch {
	case l.Outcome != policy.SaysAllow || d.Verdict == policy.Allowed || l.Layer != policy.Identity && l.Layer != policy.Resource:
		return say
	case d.Verdict == policy.ExplicitlyDenied:
		return say + ", outranked"
	}
	return say + ", not enough"
}

// lane are the layers that have a say, and skipped the others.
func lane(d *policy.Decision) (say, skipped []*policy.LayerTrace) {
	for i := range d.Trace {
		if l := &d.Trace[i]; l.Outcome == policy.SaysSkip {
			skipped = append(skipped, l)
		} else {
			say = append(say, l)
		}
	}
	return say, skipped
}

func skippedTitles(list []*policy.LayerTrace, d *policy.Decision) string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = layerTitles[l.Layer]
		if l.Layer == policy.Resource {
			names[i] = LayerTitle(l, d)
		}
	}
	return strings.Join(names, ", ")
}

// decided says whether a layer, by its place in the trace, is the one that decided.
func decided(l *policy.LayerTrace, d *policy.Decision) bool {
	if d.Ref != nil {
		return l == &d.Trace[d.Ref.Layer]
	}
	return d.By == l.Layer && l.Outcome != policy.SaysAllow
}

// countStatements is the size of a layer: "3 statements", "2 policies, 5 statements".
func countStatements(l *policy.LayerTrace) string {
	n := 0
	for _, p := range l.Policies {
		n += len(p.Statements)
	}
	switch {
	case len(l.Policies) == 0:
		return ""
	case len(l.Policies) == 1:
		return count(n, "statement")
	}
	return policyCount(len(l.Policies)) + ", " + count(n, "statement")
}

func policyCount(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}

// shownStatements is how many statements of a document are listed beside those that matched.
const shownStatements = 24

// listed are the statements to show: those that matched and the first of the others; left is how many are not.
func listed(p *policy.PolicyTrace) (out []*policy.StatementTrace, left int) {
	for i := range p.Statements {
		st := &p.Statements[i]
		if st.Matched || len(out) < shownStatements {
			out = append(out, st)
			continue
		}
		left++
	}
	return out, left
}

// cell is one element of a statement: what it asks and whether the request fits.
type cell struct {
	Title, Say string
	OK         bool
}

// cells are the elements of a statement in words. The version says whether variables are read.
func cells(st *policy.StatementTrace, doc *policy.Document, r *policy.Request) []cell {
	titles := map[policy.Element]string{
		policy.PrincipalElement: "Who", policy.ActionElement: "Action", policy.ResourceElement: "Resource", policy.ConditionElement: "When",
	}
	var out []cell
	if st.Principal.Absent {
		out = append(out, cell{"Who", "No Principal: it means whoever it is attached to.", st.Principal.Matched})
	}
	for _, reason := range st.Reasons(r) {
		out = append(out, cell{titles[reason.Element], reason.Say, reason.Matched})
	}
	if len(st.Conditions) == 0 {
		out = append(out, cell{"When", "No condition: always.", true})
	}
	version := doc.Version + ": variables such as ${aws:username} are read."
	if !doc.Variables {
		version = shown(doc.Version) + ": ${…} is plain text."
	}
	return append(out, cell{"Version", version, true})
}

// statementMeta is one line about a statement: "Deny, all parts match", "Allow, the action differs".
func statementMeta(st *policy.StatementTrace) string {
	if st.Matched {
		return st.Statement.Effect() + ", all parts match"
	}
	return st.Statement.Effect() + map[policy.Element]string{
		policy.PrincipalElement: ", another principal", policy.ActionElement: ", another action",
		policy.ResourceElement: ", another resource", policy.ConditionElement: ", a condition fails",
	}[st.Failed]
}

// statementVerdict colours a statement that matched.
func statementVerdict(st *policy.StatementTrace) string {
	switch {
	case !st.Matched:
		return ""
	case st.Statement.Allow:
		return "allow"
	}
	return "deny"
}

func statementIcon(st *policy.StatementTrace) string {
	return map[string]string{"": "minus", "allow": "check", "deny": "x"}[statementVerdict(st)]
}

// conditionWords are the cells of a row of the condition table.
func conditionValues(c *policy.Condition) string {
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = v.Text
	}
	return strings.Join(values, ", ")
}

func conditionActual(c *policy.ConditionTrace) string {
	if !c.Present {
		return "absent"
	}
	return strings.Join(c.Actual, ", ")
}

func conditionResult(c *policy.ConditionTrace) string {
	if c.Result {
		return "holds"
	}
	return "fails"
}

// contextRow is one key of the request.
type contextRow struct {
	Name, Value  string
	Used, Absent bool
}

// contextRows are the keys of the request, and those that some statement asked for in vain.
func contextRows(d *policy.Decision) []contextRow {
	used, names := map[string]bool{}, map[string]string{}
	for _, l := range d.Trace {
		for _, p := range l.Policies {
			for _, st := range p.Statements {
				for _, c := range st.Conditions {
					low := strings.ToLower(c.Condition.Key)
					used[low], names[low] = true, c.Condition.Key
				}
			}
		}
	}
	var rows, rest []contextRow
	for _, v := range d.Request.Context.Keys() {
		low := strings.ToLower(v.Name)
		row := contextRow{Name: v.Name, Value: strings.Join(v.List, ", "), Used: used[low]}
		if row.Used {
			rows = append(rows, row)
		} else {
			rest = append(rest, row)
		}
		delete(names, low)
	}
	for _, low := range sortedKeys(names) {
		rows = append(rows, contextRow{Name: names[low], Value: "absent", Used: true, Absent: true})
	}
	return append(rows, rest...)
}
