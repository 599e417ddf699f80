package policy_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// The naive evaluator reads the same documents with encoding/json and regular expressions, one rule a line, and is slow.
// It knows what the generator of law_test.go makes, not all of the language.

type naiveStatement struct {
	Effect                                   string
	Principal, NotPrincipal                  any
	Action, NotAction, Resource, NotResource any
	Condition                                map[string]map[string]any
}

func naiveDocument(text string) []naiveStatement {
	var d struct{ Statement []naiveStatement }
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		panic(err)
	}
	return d.Statement
}

func texts(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, item.(string))
		}
		return out
	}
	panic("not a text")
}

func wild(pattern, s string, fold bool) bool {
	e := regexp.QuoteMeta(pattern)
	e = strings.ReplaceAll(strings.ReplaceAll(e, `\*`, `.*`), `\?`, `.`)
	if fold {
		e = "(?i)" + e
	}
	return regexp.MustCompile(`(?s)^` + e + `$`).MatchString(s)
}

func anyWild(v any, s string, fold bool) bool {
	return slices.ContainsFunc(texts(v), func(p string) bool { return wild(p, s, fold) })
}

// naiveMeans gives "", "account", "role", "name" or "star", the strongest.
func naiveMeans(v any, p policy.Principal) string {
	if v == "*" {
		return "star"
	}
	best := ""
	for _, name := range texts(v.(map[string]any)["AWS"]) {
		got := ""
		switch {
		case name == "*":
			got = "star"
		case p.Account == "":
		case name == p.ARN:
			got = "name"
		case name == p.Account || name == "arn:aws:iam::"+p.Account+":root":
			got = "account"
		case p.Kind == policy.RoleSession && name == "arn:aws:iam::"+p.Account+":role/"+p.Name:
			got = "role"
		}
		order := []string{"", "account", "role", "name", "star"}
		if slices.Index(order, got) > slices.Index(order, best) {
			best = got
		}
	}
	return best
}

func (s naiveStatement) matches(r policy.Request, boundary bool) (how string, ok bool) {
	how = "name"
	switch {
	case s.Principal != nil:
		if how = naiveMeans(s.Principal, r.Principal); how == "" {
			return "", false
		}
	case s.NotPrincipal != nil:
		if how = "star"; naiveMeans(s.NotPrincipal, r.Principal) != "" && !(boundary && s.Effect == "Deny" && r.Principal.Account != "") {
			return "", false
		}
	}
	if s.Action != nil && !anyWild(s.Action, r.Action, true) || s.NotAction != nil && anyWild(s.NotAction, r.Action, true) {
		return "", false
	}
	if s.Resource != nil && !anyWild(s.Resource, r.Resource, false) || s.NotResource != nil && anyWild(s.NotResource, r.Resource, false) {
		return "", false
	}
	for operator, keys := range s.Condition {
		for key, wanted := range keys {
			v, present := r.Context.Get(key)
			if !naiveCondition(operator, texts(wanted), v.List, present) {
				return "", false
			}
		}
	}
	return how, true
}

func naiveCondition(operator string, wanted, values []string, present bool) bool {
	if operator == "Null" {
		return wanted[0] == "true" && !present || wanted[0] == "false" && present
	}
	base, ifExists := strings.CutSuffix(operator, "IfExists")
	negated := strings.Contains(base, "Not")
	if !present {
		return ifExists || negated
	}
	hit := slices.ContainsFunc(wanted, func(w string) bool {
		switch base {
		case "StringLike", "StringNotLike":
			return wild(w, values[0], false)
		case "Bool":
			return strings.EqualFold(w, values[0])
		}
		return w == values[0]
	})
	return hit != negated
}

// naive decides one request over layers whose documents are given as text.
func naive(r policy.Request, l naiveLayers) policy.Verdict {
	p := r.Principal
	root := p.Kind == policy.RootUser
	boundary := l.boundary != ""
	scan := func(text string) (deny bool, allow string) {
		for _, s := range naiveDocument(text) {
			if how, ok := s.matches(r, boundary); ok && s.Effect == "Deny" {
				deny = true
			} else if ok {
				order := []string{"", "account", "role", "name", "star"}
				if slices.Index(order, how) > slices.Index(order, allow) {
					allow = how
				}
			}
		}
		return deny, allow
	}
	denied, scpMissing := false, false
	look := func(text string, applies bool) string {
		if text == "" || !applies {
			return ""
		}
		deny, allow := scan(text)
		denied = denied || deny
		return allow
	}
	for _, level := range l.scps {
		scpMissing = look(level, p.Account != "") == "" && p.Account != "" || scpMissing
	}
	look(l.rcp, true)
	endpoint := look(l.endpoint, true)
	resource := look(l.resource, true)
	identity := look(l.identity, p.Account != "" && !root) != "" || root
	inBoundary := l.boundary == "" || root || look(l.boundary, p.Account != "") != ""
	inSession := l.session == "" || look(l.session, p.Account != "") != ""
	own := identity && inBoundary && inSession
	switch {
	case denied:
		return policy.ExplicitlyDenied
	case scpMissing, l.endpoint != "" && endpoint == "":
		return policy.ImplicitlyDenied
	}
	allowed := false
	switch {
	case p.Kind == policy.Anonymous:
		allowed = resource != ""
	case p.Account != r.ResourceAccount:
		allowed = resource != "" && own
	default:
		allowed = own || resource == "name" || resource == "star" || resource == "role" && inBoundary && inSession
	}
	if allowed {
		return policy.Allowed
	}
	return policy.ImplicitlyDenied
}

type naiveLayers struct {
	scps                                                 []string
	rcp, endpoint, resource, identity, boundary, session string
}
