package view

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"keyhole/simulator"
	"keyhole/simulator/policy"
)

// Rows of a field for a document.
const (
	fewestRows = 6
	mostRows   = 30
)

func (d PolicyDoc) rows() string {
	return fmt.Sprint(min(max(strings.Count(d.Text, "\n")+2, fewestRows), mostRows))
}

// shown is the document as it is laid out for reading.
func (d PolicyDoc) shown() PolicyText { return ShowPolicy(d.Text) }

// faultLine is the line on which a malformed document goes wrong, as it is shown.
func (d PolicyDoc) faultLine() int {
	return min(max(d.shown().Line(d.Fault.Position), 1), max(len(d.shown().Lines), 1))
}

// documents are all of them, the main one first.
func (p PolicyPage) documents() []PolicyDoc { return append([]PolicyDoc{p.Main}, p.Others...) }

// faultOrder is the order in which faults of the question are told.
var faultOrder = []string{"who", "do", "on", "over", "from", "sending", "owner", "conditions", "documents"}

// faulty marks a field that could not be read.
func faulty(v PolicyPage, field string) templ.Attributes {
	if v.Faults[field] == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}

// layerName names a layer of a trace; the resource policy after what it belongs to.
func layerName(l policy.LayerTrace) string {
	name := layerNames[l.Layer]
	if l.Layer == policy.Resource && len(l.Policies) > 0 && l.Policies[0].Name != "" {
		return l.Policies[0].Name
	}
	return name
}

func statementName(s *policy.Statement) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("statement %d", s.Index+1)
}

func statementSaid(s policy.StatementTrace) policy.Outcome {
	switch {
	case !s.Matched:
		return policy.SaysNothing
	case s.Statement.Allow:
		return policy.SaysAllow
	}
	return policy.SaysDeny
}

func (p PolicyPair) decides(layer, doc, statement int) bool {
	return p.Decides && p.Decision.Ref != nil && *p.Decision.Ref == policy.Ref{Layer: layer, Policy: doc, Statement: statement}
}

// editSays is what an edit comes to: "Then yes."
func editSays(e simulator.Edit) string {
	say := "Then no."
	switch {
	case e.Result == policy.Allowed:
		say = "Then yes."
	case e.Tempting:
		say = "Still no."
	}
	if e.Note != "" {
		say += " " + e.Note
	}
	return say
}
