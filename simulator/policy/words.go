package policy

import (
	"fmt"
	"strings"
)

// Reason is one element of a statement in words.
type Reason struct {
	Element Element
	Matched bool
	At      Position // of what the sentence speaks of, in the document
	Say     string   // "s3:Put* covers s3:PutObject."
}

// Reasons are why the deciding statement matched, element by element; empty exactly when no statement decided.
func (d *Decision) Reasons() []Reason {
	t := d.Deciding()
	if t == nil {
		return nil
	}
	return t.Reasons(&d.Request)
}

// Reasons are the elements of a statement in words, one for each and one for each condition.
func (t *StatementTrace) Reasons(r *Request) []Reason {
	s := t.Statement
	out := make([]Reason, 0, 3+len(t.Conditions))
	if s.Principal != nil {
		out = append(out, Reason{PrincipalElement, t.Principal.Matched, s.Principal.at(t.Principal.Entry), t.whyPrincipal(r)})
	}
	out = append(out, Reason{ActionElement, t.Action.Matched, s.Action.at(t.Action.Entry), t.whyAction(r)})
	if s.Resource != nil {
		out = append(out, Reason{ResourceElement, t.Resource.Matched, s.Resource.at(t.Resource.Entry), t.whyResource(r)})
	}
	for i := range t.Conditions {
		c := &t.Conditions[i]
		out = append(out, Reason{ConditionElement, c.Result, c.At(), c.Why()})
	}
	return out
}

// Why is the reason that counts: of the first element that failed, or of the most telling one of a match.
func (t *StatementTrace) Why(r *Request) Reason {
	all := t.Reasons(r)
	if !t.Matched {
		for _, reason := range all {
			if !reason.Matched {
				return reason
			}
		}
		return Reason{PrincipalElement, false, t.Statement.From, "The statement has no Principal, so it means nobody here."}
	}
	for _, reason := range all {
		if reason.Element == ConditionElement {
			return reason
		}
	}
	for _, reason := range all {
		if reason.Element == ActionElement {
			return reason
		}
	}
	return all[0]
}

func (l *PrincipalList) at(entry int) Position {
	if entry >= 0 {
		return l.Entries[entry].At
	}
	return l.At
}

func (l *PatternList) at(entry int) Position {
	if entry >= 0 {
		return l.Entries[entry].At
	}
	return l.At
}

// At is the place of the value that was hit, or of the key.
func (c *ConditionTrace) At() Position {
	if c.Hit >= 0 {
		return c.Condition.Values[c.Hit].At
	}
	return c.Condition.At
}

// String is what a person calls the principal: its ARN, or "an anonymous caller".
func (p *Principal) String() string {
	if p.Kind == Anonymous {
		return "an anonymous caller"
	}
	return p.ARN
}

func (t *StatementTrace) whyPrincipal(r *Request) string {
	l := t.Statement.Principal
	entry := ""
	if t.Principal.Entry >= 0 {
		entry = l.Entries[t.Principal.Entry].Value
	}
	switch {
	case l.Not && entry != "" && t.Principal.Matched:
		return "NotPrincipal lists " + entry + ", but a Deny with NotPrincipal always hits a principal with a permissions boundary."
	case l.Not && entry != "":
		return "NotPrincipal leaves out " + entry + "."
	case l.Not:
		return "NotPrincipal does not list " + r.Principal.String() + ", so it is meant."
	case entry == "*":
		return "It means everybody."
	case entry != "" && entry == r.Principal.ARN:
		return "It names " + entry + "."
	case entry != "":
		return entry + " covers " + r.Principal.String() + "."
	}
	names := make([]string, len(l.Entries))
	for i, e := range l.Entries {
		names[i] = e.Value
	}
	return "It names " + some(names) + ", not " + r.Principal.String() + "."
}

func (t *StatementTrace) whyAction(r *Request) string {
	return whyPattern(t.Statement.Action, t.Action, "NotAction", r.Action)
}

func whyPattern(l *PatternList, t ElementTrace, not, subject string) string {
	names := make([]string, len(l.Entries))
	for i, p := range l.Entries {
		names[i] = p.Text
	}
	switch {
	case l.Not && t.Entry >= 0:
		return not + " leaves out " + l.Entries[t.Entry].Text + ", which covers " + subject + "."
	case l.Not:
		return subject + " is not among what " + not + " leaves out."
	case t.Entry >= 0:
		return l.Entries[t.Entry].Text + " covers " + subject + "."
	case len(names) == 1:
		return names[0] + " does not cover " + subject + "."
	}
	return "None of " + some(names) + " covers " + subject + "."
}

func (t *StatementTrace) whyResource(r *Request) string {
	l := t.Statement.Resource
	say := whyPattern(l, t.Resource, "NotResource", r.Resource)
	if t.Resource.Entry >= 0 || len(l.Entries) != 1 {
		return say
	}
	p := &l.Entries[0]
	if key := p.resource.unresolved(&r.Context); key != "" {
		return p.Text + " matches nothing: this request has no " + key + "."
	}
	if l.Not {
		return say
	}
	parts, isARN := splitARN(r.Resource)
	switch _, failed := p.resource.match(r.Resource, &parts, isARN, &r.Context, &meter{}); {
	case strings.Contains(p.Text, "${"):
		return say + " Variables have values only under Version 2012-10-17."
	case failed >= 0 && failed < 5:
		return fmt.Sprintf("%s The %s differs.", say, componentNames[failed])
	case r.Resource+"/*" == p.Text:
		return say + " It covers the objects, not the bucket itself."
	case strings.HasPrefix(r.Resource, p.Text+"/"):
		return say + " It covers the bucket itself, not its objects."
	}
	return say
}

// Why is the condition's result in one sentence.
func (c *ConditionTrace) Why() string {
	k := c.Condition
	wanted := make([]string, len(k.Values))
	for i, v := range k.Values {
		wanted[i] = quoted(v.Text)
	}
	switch c.Because {
	case ByIfExists:
		return k.Key + " is absent, and " + k.Operator + " holds without it."
	case ByEmptySet:
		if c.Result {
			return k.Key + " is absent: ForAllValues holds over nothing."
		}
		return k.Key + " is absent: ForAnyValue needs at least one value."
	case ByAbsence:
		return c.whyAbsent()
	case ByBudget:
		return "The step budget ended here, so nothing matches any more."
	}
	if k.op.class == nullClass {
		return fmt.Sprintf("%s is present, and Null asks for %s.", k.Key, presence(k))
	}
	verb := verbs[k.op.class][k.op.compare]
	if k.op.negated {
		verb = negations[k.op.class]
	}
	head := k.Key + " is " + c.actual()
	switch {
	case c.Because == ByVariable && c.Hit < 0:
		return head + ", and the variable in " + some(wanted) + " has no value: " + holds(c.Result) + "."
	case c.Because == ByType && c.Hit < 0:
		return head + ", which cannot be compared with " + some(wanted) + ": " + holds(c.Result) + "."
	}
	return fmt.Sprintf("%s; the condition wants one that %s %s: %s.", head, verb, some(wanted), holds(c.Result))
}

func (c *ConditionTrace) whyAbsent() string {
	k := c.Condition
	switch {
	case k.op.class == nullClass:
		return fmt.Sprintf("%s is absent, and Null asks for %s.", k.Key, presence(k))
	case c.Result:
		return k.Key + " is absent, and a negated operator holds without it."
	}
	return k.Key + " is absent, so " + k.Operator + " cannot hold."
}

func presence(c *Condition) string {
	for _, v := range c.Values {
		if v.want.yes {
			return "its absence"
		}
	}
	return "its presence"
}

func holds(yes bool) string {
	if yes {
		return "it holds"
	}
	return "it does not hold"
}

func (c *ConditionTrace) actual() string {
	values := make([]string, len(c.Actual))
	for i, v := range c.Actual {
		values[i] = quoted(v)
	}
	return some(values)
}

// verbs complete "the condition wants one that …".
var verbs = map[class]map[comparison]string{
	stringClass: {equal: "equals"}, likeClass: {equal: "is like"}, arnClass: {equal: "is like"}, boolClass: {equal: "is"},
	binaryClass: {equal: "equals"}, ipClass: {equal: "is in"},
	numericClass: {equal: "equals", less: "is less than", lessOrEqual: "is at most", greater: "is greater than", greaterOrEqual: "is at least"},
	dateClass:    {equal: "is", less: "is before", lessOrEqual: "is at or before", greater: "is after", greaterOrEqual: "is at or after"},
}

var negations = map[class]string{
	stringClass: "differs from", likeClass: "is not like", arnClass: "is not like", ipClass: "is outside",
	numericClass: "differs from", dateClass: "is not",
}

const shownValues = 3 // of a list, in a sentence

// some joins the first few of a list.
func some(list []string) string {
	if len(list) == 0 {
		return "an empty list"
	}
	if len(list) <= shownValues {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:shownValues], ", "), len(list)-shownValues)
}

const shownBytes = 120 // of one value, in a sentence

func quoted(s string) string {
	if len(s) > shownBytes {
		s = strings.ToValidUTF8(s[:shownBytes], "") + "…"
	}
	return `"` + s + `"`
}
