package review

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

func duplicateSid(j *judge, s *policy.Statement) []hit {
	if s.Sid == "" {
		return nil
	}
	used := map[string]bool{}
	first := s.Index
	for i := range j.d.Statements {
		used[j.d.Statements[i].Sid] = true
		if j.d.Statements[i].Sid == s.Sid {
			first = min(first, i)
		}
	}
	if first == s.Index {
		return nil
	}
	free := 2
	for used[fmt.Sprint(s.Sid, free)] {
		free++
	}
	name := fmt.Sprint(s.Sid, free)
	return []hit{{at: s.From, title: "is the name of two statements",
		text:  fmt.Sprintf("Statement %d has the same Sid, so a message that names it is ambiguous, and IAM refuses the policy. Give each its own.", first+1),
		label: "Call it " + name,
		edit:  func(d *draft) { d.set(d.statement(s.Index), "Sid", name) }}}
}

// shadowed finds an Allow all of which another statement denies without any condition.
func shadowed(j *judge, s *policy.Statement) []hit {
	if !s.Allow {
		return nil
	}
	for i := range j.d.Statements {
		d := &j.d.Statements[i]
		if d.Allow || len(d.Conditions) > 0 || !within(s.Action, d.Action, true) || !within(s.Resource, d.Resource, false) || !meansAll(d.Principal, s.Principal) {
			continue
		}
		return []hit{{at: s.From, title: "allows nothing", text: fmt.Sprintf("%s denies all of it without a condition, and a Deny always wins. Remove one of the two, or narrow the Deny.", code(label(d)))}}
	}
	return nil
}

// within says that each pattern of a is covered by one of b. It compares texts, so that it may miss, and never claims too much.
func within(a, b *policy.PatternList, fold bool) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if a.Not || b.Not {
		return false
	}
	return !slices.ContainsFunc(a.Entries, func(p policy.Pattern) bool {
		return !slices.ContainsFunc(b.Entries, func(q policy.Pattern) bool {
			narrow, wide := p.Text, q.Text
			if fold {
				narrow, wide = strings.ToLower(narrow), strings.ToLower(wide)
			}
			return narrow == wide || !strings.Contains(wide, "?") && !strings.Contains(wide, "${") && matches(wide, narrow)
		})
	})
}

// meansAll says that whoever is meant by b is meant by a.
func meansAll(a, b *policy.PrincipalList) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if everybody(a) {
		return true
	}
	if a.Not || b.Not {
		return false
	}
	return !slices.ContainsFunc(b.Entries, func(p policy.PrincipalEntry) bool {
		return !slices.ContainsFunc(a.Entries, func(q policy.PrincipalEntry) bool { return p.Type == q.Type && p.Value == q.Value })
	})
}
