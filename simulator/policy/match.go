package policy

// reach is how a principal was meant by an entry, which decides what an Allow to it does (facts/policy.md section 1).
type reach byte

const (
	notMeant  reach = iota
	byService       // the service itself
	byAccount       // its account: delegates to the identity policies
	byRole          // the role of the session, or the user behind a federated session: limited by boundary and session policy
	byName          // this very user or session
	byStar          // everybody
)

// direct says that an Allow in the same account needs nothing else, and is not limited by what boundary and session leave out.
func (r reach) direct() bool { return r == byName || r == byStar || r == byService }

// means says how an entry means a principal.
func (e *PrincipalEntry) means(p *Principal) reach {
	switch {
	case e.Type == "*", e.Type == "AWS" && e.Value == "*":
		return byStar
	case e.Type == "Service":
		if p.Kind == Service && e.Value == p.ARN {
			return byService
		}
		return notMeant
	case p.Account == "":
		return notMeant
	case e.Type == "CanonicalUser":
		if p.CanonicalID != "" && e.Value == p.CanonicalID {
			return byAccount
		}
		return notMeant
	case e.Type != "AWS":
		return notMeant
	case e.account != "":
		if e.account == p.Account {
			return byAccount
		}
		return notMeant
	case e.Value == p.ARN, p.ID != "" && e.Value == p.ID:
		return byName
	case p.Kind == RoleSession && e.of == RoleSession && e.name == p.Name && e.in == p.Account,
		p.Kind == FederatedUser && e.of == User && e.name == p.Name && e.in == p.Account:
		return byRole
	}
	return notMeant
}

// judge finds the entry that means the principal. For NotPrincipal the statement matches when none does.
func (l *PrincipalList) judge(p *Principal, m *meter) (matched bool, entry int, how reach) {
	entry = -1
	for i := range l.Entries {
		if !m.charge(1) {
			return false, -1, notMeant
		}
		if r := l.Entries[i].means(p); r > how {
			entry, how = i, r
		}
	}
	if l.Not {
		// Everybody else is meant, so an Allow would be one to everybody. (AWS refuses it when the policy is put.)
		return entry < 0, entry, byStar
	}
	return entry >= 0, entry, how
}

// judgeActions finds the pattern that covers the action.
func (l *PatternList) judgeAction(action string, c *Context, m *meter) (matched bool, entry int) {
	for i := range l.Entries {
		if l.Entries[i].action.match(action, c, true, m) {
			return !l.Not, i
		}
	}
	return l.Not && !m.spent, -1
}

// judgeResource finds the pattern that covers the resource. "*" is the resource of an action that has none, which a
// pattern for everything of the service covers too: arn:aws:s3:::* for s3:ListAllMyBuckets.
func (l *PatternList) judgeResource(s *subject, c *Context, m *meter) (matched bool, entry int) {
	for i := range l.Entries {
		p := &l.Entries[i]
		if !m.charge(1) {
			return false, -1
		}
		if p.resource.all || s.whole == "*" && p.everything {
			return !l.Not, i
		}
		if ok, _ := p.resource.match(s.whole, &s.parts, s.isARN, c, m); ok {
			return !l.Not, i
		}
	}
	return l.Not && !m.spent, -1
}

// subject is the resource of a request, taken apart once.
type subject struct {
	whole string
	parts arn
	isARN bool
}
