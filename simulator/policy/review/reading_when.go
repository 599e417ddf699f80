package review

import (
	"strings"

	"keyhole/simulator/policy"
)

// whenOf are the conditions of a statement: "when the request comes from 203.0.113.0/24", "unless the request says aws:kms",
// "over plain HTTP". All conditions must hold, so what a Deny asks in the negative is what saves a request from it.
func whenOf(s *policy.Statement) Sentence {
	if len(s.Conditions) == 0 {
		return nil
	}
	var how Sentence
	var when, unless []Sentence
	for i := range s.Conditions {
		c := &s.Conditions[i]
		switch {
		case strings.EqualFold(c.Key, "aws:SecureTransport") && isBase(c, "Bool") && len(c.Values) == 1 && !c.IfExists():
			if holdsValue(c, "true") {
				how = plain("over HTTPS")
			} else {
				how = plain("over plain HTTP")
			}
		case !s.Allow && c.Negated() && (c.Set() == "" || c.Set() == "ForAnyValue"):
			unless = append(unless, clause(s, c, false))
		default:
			when = append(when, clause(s, c, true))
		}
	}
	if len(unless) > 0 && (len(when) > 0 || len(how) > 0) { // a mixture reads as one list
		when = when[:0]
		for i := range s.Conditions {
			if c := &s.Conditions[i]; !strings.EqualFold(c.Key, "aws:SecureTransport") || !isBase(c, "Bool") || len(c.Values) != 1 || c.IfExists() {
				when = append(when, clause(s, c, true))
			}
		}
		unless = nil
	}
	out := how
	if len(when) > 0 {
		out = join(out, space(out), plain("when "), all(when, "and"))
	}
	if len(unless) > 0 {
		out = join(out, space(out), plain("unless "), all(unless, "or"))
	}
	return out
}

func space(s Sentence) Sentence {
	if len(s) == 0 {
		return nil
	}
	return plain(" ")
}

// all joins every clause: none may be left out, as all of them count.
func all(parts []Sentence, last string) Sentence {
	out := parts[0]
	for i, p := range parts[1:] {
		if i == len(parts)-2 {
			out = join(out, plain(" "+last+" "), p)
		} else {
			out = join(out, plain(", "), p)
		}
	}
	return out
}

// clause says one condition. told: as the operator stands; else without its negation.
func clause(s *policy.Statement, c *policy.Condition, told bool) Sentence {
	negated := c.Negated() && told
	out := clauseOf(c, negated)
	switch {
	case c.Negated() && !told: // an absent key is not saved
	case c.IfExists(), c.Set() == "ForAllValues":
		out = join(out, plain(" or there is no "), coded(c.Key))
	case negated && mayBeAbsent(s, c.Key) && c.Set() == "" && !presenceAsked(s, c):
		out = join(out, plain(", or says nothing of it"))
	}
	return out
}

func clauseOf(c *policy.Condition, negated bool) Sentence {
	key := strings.ToLower(c.Key)
	switch {
	case isBase(c, "Null"):
		return presenceOf(c, key)
	case isBase(c, "Bool") && len(c.Values) == 1 && switches[key] != [2]string{}:
		if holdsValue(c, "true") {
			return plain(switches[key][0])
		}
		return plain(switches[key][1])
	case len(c.Values) == 0:
		return join(subject(c.Key), plain(" is one of no values"))
	}
	w, ok := spoken(c.Key)
	switch {
	case c.Set() == "ForAllValues":
		return join(plain("every one of "), subject(c.Key), plain(" "+verbOf(c, negated)+" "), values(c))
	case c.Set() == "ForAnyValue":
		return join(plain("one of "), subject(c.Key), plain(" "+verbOf(c, negated)+" "), values(c))
	case ok && w.is != "" && negated:
		return join(plain(w.subject+" "+w.isNot+" "), values(c))
	case ok && w.is != "":
		return join(plain(w.subject+" "+w.is+" "), values(c))
	}
	return join(subject(c.Key), plain(" "+verbOf(c, negated)+" "), values(c))
}

func presenceOf(c *policy.Condition, key string) Sentence {
	absent := holdsValue(c, "true")
	switch words := presences[key]; {
	case absent && holdsValue(c, "false"):
		return join(coded(c.Key), plain(" is there or not"))
	case words[0] != "" && absent:
		return plain(words[1])
	case words[0] != "":
		return plain(words[0])
	case absent:
		return join(plain("the request has no "), coded(c.Key))
	}
	return join(plain("the request has "), coded(c.Key))
}

// comparisons by the end of an operator's name.
var comparisons = []struct{ suffix, numeric, date string }{
	{"lessthanequals", "is at most", "is at or before"}, {"lessthan", "is below", "is before"},
	{"greaterthanequals", "is at least", "is at or after"}, {"greaterthan", "is above", "is after"},
}

// verbOf is the verb of an operator: "is", "is not", "is like", "is below".
func verbOf(c *policy.Condition, negated bool) string {
	base := strings.ToLower(c.Base())
	for _, o := range comparisons {
		if strings.HasSuffix(base, o.suffix) {
			if strings.HasPrefix(base, "date") {
				return o.date
			}
			return o.numeric
		}
	}
	verb := "is"
	if negated {
		verb = "is not"
	}
	switch {
	case strings.HasSuffix(base, "ipaddress"):
		return verb + " in"
	case (strings.HasSuffix(base, "like") || strings.HasPrefix(base, "arn")) && patterned(c):
		return verb + " like"
	}
	return verb
}

func patterned(c *policy.Condition) bool {
	for _, v := range c.Values {
		if wild(v.Text) {
			return true
		}
	}
	return false
}

func values(c *policy.Condition) Sentence {
	parts := make([]Sentence, 0, len(c.Values))
	for _, v := range c.Values {
		parts = append(parts, value(v.Text))
	}
	return enumerate(parts, "or")
}

// value is one policy value; a variable is told as what it stands for.
func value(text string) Sentence {
	if key, ok := strings.CutPrefix(text, "${"); ok && strings.HasSuffix(key, "}") && !strings.Contains(key, ",") && strings.Count(key, "}") == 1 {
		if w, known := spoken(strings.TrimSuffix(key, "}")); known && w.is == "" {
			return Sentence{{w.subject, Mark}}
		}
	}
	if text == "" {
		return mark("nothing")
	}
	return mark(text)
}
