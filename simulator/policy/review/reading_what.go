package review

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// nouns are what actions act on, in the order they are told.
var nouns = []string{"object", "bucket", "key", "role", "user", "policy", ""}

// nounOf is the noun of an action; "" when it has none of its own.
func nounOf(a *ActionInfo) string {
	for _, noun := range nouns {
		if noun != "" && a.On(noun) {
			return noun
		}
	}
	return ""
}

// whatOf is what may be done, and to what: "put and get any object".
func whatOf(s *policy.Statement) Sentence {
	if s.Action.Not {
		return join(plain("do anything except "), enumerate(names(s.Action), "and"), plain(" to "), things(s, ""))
	}
	if service := wholeService(s); service != "" {
		return plain("do anything in " + service)
	}
	if slices.ContainsFunc(s.Action.Entries, func(p policy.Pattern) bool { return p.Text == "*" }) || allActions(s) && len(s.Action.Entries) == 1 {
		return join(plain("do anything to "), things(s, ""))
	}
	groups := map[string][]Sentence{}
	for i := range s.Action.Entries {
		text := s.Action.Entries[i].Text
		a, ok := Action(text)
		switch {
		case ok:
			groups[nounOf(&a)] = append(groups[nounOf(&a)], verb(&a))
		case strings.HasSuffix(text, ":*") && !wild(strings.TrimSuffix(text, "*")):
			groups[""] = append(groups[""], join(plain("use every "), coded(strings.TrimSuffix(text, ":*")), plain(" action on")))
		case wild(text):
			groups[nounOfAll(text)] = append(groups[nounOfAll(text)], join(plain("use every "), coded(text), plain(" on")))
		default:
			groups[""] = append(groups[""], join(plain("use "), coded(text), plain(" on")))
		}
	}
	var out []Sentence
	for _, noun := range nouns {
		if len(groups[noun]) > 0 {
			out = append(out, join(enumerate(groups[noun], and(s)), plain(" "), things(s, noun)))
		}
	}
	return enumerate(out, and(s))
}

// serviceNames are services as people call them, by the prefix of their actions.
var serviceNames = map[string]string{"s3": "S3", "kms": "KMS", "iam": "IAM", "sts": "STS"}

// wholeService is the service when every action of one is meant, on everything; "" otherwise.
func wholeService(s *policy.Statement) string {
	if len(s.Action.Entries) != 1 || s.Resource == nil || s.Resource.Not || len(s.Resource.Entries) != 1 || s.Resource.Entries[0].Text != anyType {
		return ""
	}
	service, all := strings.CutSuffix(s.Action.Entries[0].Text, ":*")
	if !all {
		return ""
	}
	return serviceNames[strings.ToLower(service)]
}

// and joins what may be done; what nobody may do is joined by "or".
func and(s *policy.Statement) string {
	if s.Allow {
		return "and"
	}
	return "or"
}

// nounOfAll is the noun of all actions a pattern covers; "" when they differ.
func nounOfAll(pattern string) string {
	noun := ""
	for i, a := range Expand(pattern) {
		n := nounOf(&a)
		if i > 0 && n != noun {
			return ""
		}
		noun = n
	}
	return noun
}

func names(l *policy.PatternList) []Sentence {
	out := make([]Sentence, 0, len(l.Entries))
	for _, p := range l.Entries {
		out = append(out, coded(bare(p.Text)))
	}
	return out
}

// bare is a resource without what S3's ARNs have in common.
func bare(arn string) string { return strings.TrimPrefix(arn, "arn:aws:s3:::") }

// things are the resources of one noun; "" means all resources of the statement.
func things(s *policy.Statement, noun string) Sentence {
	own := s.Principal != nil // a resource policy means its own bucket, key or role
	l := s.Resource
	switch {
	case l == nil && noun == "":
		return plain("this role")
	case l == nil:
		return plain("this " + noun)
	case l.Not:
		return join(plain("anything except "), enumerate(names(l), "and"))
	case noun == "" && twoOfOne(l):
		return join(plain("the bucket"), ofName(l, own), plain(" and its objects"))
	}
	var parts []Sentence
	for _, p := range l.Entries {
		kind := noun
		types := TypesOf(p.Text)
		if kind == "" && len(types) == 1 {
			kind = types[0]
		}
		if noun != "" && !slices.Contains(types, noun) && !slices.Contains(types, anyType) {
			continue
		}
		parts = append(parts, thing(p.Text, kind, own, s.Allow, noun == ""))
	}
	if len(parts) == 0 { // the actions act on none of the resources; findings say so
		parts = names(l)
	}
	return enumerate(parts, and(s))
}

// twoOfOne says that the resources are one bucket and all its objects.
func twoOfOne(l *policy.PatternList) bool {
	if len(l.Entries) != 2 {
		return false
	}
	a, b := l.Entries[0].Text, l.Entries[1].Text
	return strings.HasPrefix(a, "arn:aws:s3:::") && !wild(a) && b == a+"/*" || strings.HasPrefix(b, "arn:aws:s3:::") && !wild(b) && a == b+"/*"
}

func ofName(l *policy.PatternList, own bool) Sentence {
	if own {
		return nil
	}
	return join(plain(" "), coded(strings.TrimSuffix(bare(l.Entries[0].Text), "/*")))
}

// thing is one resource in words. any: everything may be done to it, so that plain objects are "objects".
func thing(arn, kind string, own, allow, any bool) Sentence {
	switch kind {
	case "object":
		return object(arn, own, allow, any)
	case "bucket":
		name := bare(arn)
		switch {
		case arn == anyType || name == "*":
			return plain("any bucket")
		case wild(name) || strings.Contains(name, "$"):
			return join(plain("any bucket like "), coded(name))
		case own:
			return plain("the bucket")
		}
		return join(plain("the bucket "), coded(name))
	case "key", "role", "user", "policy":
		id := arn[strings.LastIndexByte(arn, '/')+1:]
		switch {
		case arn == anyType && own:
			return plain("this " + kind)
		case id == "*":
			return plain("any " + kind)
		case wild(id):
			return join(plain("any "+kind+" like "), coded(id))
		}
		return join(plain("the "+kind+" "), coded(id))
	}
	if arn == anyType {
		return plain("anything")
	}
	return coded(bare(arn))
}

func object(arn string, own, allow, any bool) Sentence {
	noun := plain("any object")
	switch {
	case any && !allow:
		noun = plain("objects")
	case !allow:
		noun = plain("an object")
	}
	if arn == anyType {
		return noun
	}
	bucket, key, found := strings.Cut(bare(arn), "/")
	place := Sentence(nil)
	if bucket == "*" {
		return noun
	}
	if !own {
		place = join(plain(" of "), coded(bucket))
	}
	prefix, isPrefix := strings.CutSuffix(key, "*")
	switch {
	case !found || key == "*":
		return join(noun, place)
	case !wild(key):
		return join(plain("the object "), coded(key), place)
	case isPrefix && !wild(prefix) && strings.HasSuffix(prefix, "/"):
		return join(noun, plain(" under "), coded(prefix), place)
	}
	return join(noun, plain(" like "), coded(key), place)
}
