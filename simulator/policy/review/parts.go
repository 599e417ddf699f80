package review

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// Part is one cell of a statement's judgement.
type Part struct {
	Name    string // "Who", "Action", "Object", "Bucket" or "Resource", "When"
	Matched bool
	Say     Sentence // a few words: "dev-ana is not ledger-writer"
}

// Parts are the cells of a judged statement, in the order they are judged; an element the statement does not have has none.
// The request is the one that was judged: its caller is named.
func Parts(t *policy.StatementTrace, r *policy.Request) []Part {
	s := t.Statement
	var out []Part
	if s.Principal != nil {
		out = append(out, Part{"Who", t.Principal.Matched, cellWho(t, r)})
	}
	out = append(out, Part{"Action", t.Action.Matched, cellPattern(s.Action, t.Action, r.Action)})
	if s.Resource != nil {
		out = append(out, Part{kindName(r.Resource), t.Resource.Matched, cellPattern(s.Resource, t.Resource, r.Resource)})
	}
	if len(t.Conditions) > 0 {
		matched, say := cellWhen(t)
		out = append(out, Part{"When", matched, say})
	}
	return out
}

// kindName is what the resource of a request is called.
func kindName(arn string) string {
	types := TypesOf(arn)
	switch {
	case slices.Equal(types, []string{"object"}), slices.Equal(types, []string{"accesspointobject"}):
		return "Object"
	case slices.Equal(types, []string{"bucket"}):
		return "Bucket"
	}
	return "Resource"
}

func cellWho(t *policy.StatementTrace, r *policy.Request) Sentence {
	l := t.Statement.Principal
	caller := "an anonymous caller"
	if r.Principal.Kind != policy.Anonymous {
		caller = short(r.Principal.ARN)
		if r.Principal.Kind == policy.RoleSession && r.Principal.Name != "" {
			caller = clip(r.Principal.Name)
		}
	}
	switch {
	case l.Not && t.Principal.Matched:
		return plain(caller + " is not left out")
	case l.Not:
		return plain(caller + " is left out")
	case t.Principal.Matched && t.Principal.Entry >= 0:
		return plain(short(l.Entries[t.Principal.Entry].Value))
	case t.Principal.Matched:
		return plain(caller)
	case len(l.Entries) == 1:
		name := short(l.Entries[0].Value)
		if who(l.Entries[0].Value).kind == "account" {
			return plain(caller + " is not of account " + name)
		}
		if name == caller {
			name = clip(l.Entries[0].Value) // of another account
		}
		return plain(caller + " is not " + name)
	}
	return plain(caller + " is none of " + number(len(l.Entries)))
}

func cellPattern(l *policy.PatternList, t policy.ElementTrace, subject string) Sentence {
	subject = clip(bare(subject))
	entry := ""
	if t.Entry >= 0 {
		entry = clip(bare(l.Entries[t.Entry].Text))
	}
	switch {
	case l.Not && entry != "":
		return plain(entry + " is left out")
	case l.Not:
		return plain(subject + " is not left out")
	case entry != "":
		return plain(entry)
	case len(l.Entries) == 1:
		return plain(subject + " is not " + clip(bare(l.Entries[0].Text)))
	}
	return plain(subject + " is none of " + number(len(l.Entries)))
}

// cellWhen tells the condition that fails, or all that hold.
func cellWhen(t *policy.StatementTrace) (matched bool, say Sentence) {
	var parts []Sentence
	for i := range t.Conditions {
		c := &t.Conditions[i]
		if !c.Result {
			return false, cellCondition(c)
		}
		parts = append(parts, cellCondition(c))
	}
	return true, enumerate(parts, "and")
}

// facts about a request, for keys that are true or false.
var facts = map[string][2]string{
	"aws:securetransport":        {"this request used HTTPS", "this request used plain HTTP"},
	"aws:multifactorauthpresent": {"the caller used MFA", "the caller used no MFA"},
	"aws:viaawsservice":          {"an AWS service asks for somebody", "the caller asks directly"},
	"aws:principalisawsservice":  {"the caller is an AWS service", "the caller is no AWS service"},
}

func cellCondition(t *policy.ConditionTrace) Sentence {
	c := t.Condition
	switch {
	case t.Because == policy.ByBudget:
		return plain("the step budget ended")
	case !t.Present || len(t.Actual) == 0:
		return join(plain("the request has no "), coded(c.Key))
	case isBase(c, "Null"):
		return join(plain("the request has "), coded(c.Key))
	}
	words, known := facts[strings.ToLower(c.Key)]
	if known && len(t.Actual) == 1 {
		if strings.EqualFold(t.Actual[0], "true") {
			return plain(words[0])
		}
		return plain(words[1])
	}
	actual := make([]Sentence, 0, len(t.Actual))
	for _, v := range t.Actual {
		actual = append(actual, coded(v))
	}
	wanted := make([]Sentence, 0, len(c.Values))
	for i, v := range c.Values {
		if t.Hit < 0 || t.Hit == i {
			wanted = append(wanted, coded(v.Text))
		}
	}
	if len(wanted) == 0 {
		return join(enumerate(actual, "and"), plain(" has nothing to be compared with"))
	}
	if ordered(c) && !t.Result {
		return join(enumerate(actual, "and"), plain(" is not "+strings.TrimPrefix(verbOf(c, false), "is ")+" "), enumerate(wanted, "or"))
	}
	differs := t.Result == c.Negated() // it equals none of them
	return join(enumerate(actual, "and"), plain(" "+verbOf(c, differs)+" "), enumerate(wanted, "or"))
}

// ordered says that an operator compares by size.
func ordered(c *policy.Condition) bool {
	base := strings.ToLower(c.Base())
	return strings.Contains(base, "lessthan") || strings.Contains(base, "greaterthan")
}

// Outcome says what the statement did to the request. deciding: it is the one that decided.
func Outcome(t *policy.StatementTrace, deciding bool) string {
	if !t.Matched {
		return "Does not apply to this request"
	}
	s := t.Statement
	n := 1 // the action
	for _, has := range []bool{s.Principal != nil, s.Resource != nil, len(s.Conditions) > 0} {
		if has {
			n++
		}
	}
	match := "All " + number(n) + " parts match"
	if n == 1 {
		match = "Its only part matches"
	}
	if n == 2 {
		match = "Both parts match"
	}
	switch {
	case deciding:
		return match + ", so this decides it"
	case s.Allow:
		return match + ", so it allows the request; something else decides"
	}
	return match + ", so it denies the request too"
}
