package review

import (
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// mayBeAbsent says whether a request that the statement means can arrive without the key. Keys about the caller are
// there for every caller who signs, tags apart.
func mayBeAbsent(s *policy.Statement, key string) bool {
	lower := strings.ToLower(key)
	switch {
	case alwaysPresent[lower]:
		return false
	case strings.HasPrefix(lower, "aws:principaltag/"):
		return true
	case strings.HasPrefix(lower, "aws:principal"):
		return s.Allow && everybody(s.Principal)
	}
	return true
}

// presenceAsked says that the statement asks elsewhere that the key is there.
func presenceAsked(s *policy.Statement, c *policy.Condition) bool {
	if nullTest(s, c.Key, "false") {
		return true
	}
	return slices.ContainsFunc(s.Conditions, func(o policy.Condition) bool {
		return strings.EqualFold(o.Key, c.Key) && !isBase(&o, "Null") && !o.Negated() && !o.IfExists() && o.Set() != "ForAllValues"
	})
}

func requirePresence(s *policy.Statement, key string) func(*draft) {
	return func(d *draft) { d.require(d.statement(s.Index), "Null", key, "false") }
}

func forAllAlone(_ *judge, s *policy.Statement) []hit {
	if !s.Allow {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if c.Set() != "ForAllValues" || presenceAsked(s, c) {
			return nil
		}
		return &hit{title: "allows requests without " + clip(c.Key),
			text:  "`ForAllValues` holds over nothing, so a request that lacks the key meets the condition. Ask with `Null` `false` that the key is there.",
			label: "Ask that the key is there", edit: requirePresence(s, c.Key)}
	})
}

func absentAllowed(_ *judge, s *policy.Statement) []hit {
	if !s.Allow {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if !c.Negated() || c.Set() != "" || !mayBeAbsent(s, c.Key) || presenceAsked(s, c) {
			return nil
		}
		return &hit{title: "allows requests without " + clip(c.Key),
			text:  "A negated operator such as " + code(c.Operator) + " holds when its key is absent. Ask with `Null` `false` that the key is there, or name the values that may pass.",
			label: "Ask that the key is there", edit: requirePresence(s, c.Key)}
	})
}

// ofRequest are keys that say what is in a request, not who sends it from where. Those have rules of their own.
func ofRequest(key string) bool {
	lower := strings.ToLower(key)
	return strings.HasPrefix(lower, "s3:") && lower != "s3:resourceaccount" || strings.HasPrefix(lower, "kms:") ||
		strings.HasPrefix(lower, "aws:requesttag/") || lower == "aws:tagkeys" || strings.HasPrefix(lower, "aws:principaltag/")
}

func absentDenied(j *judge, s *policy.Statement) []hit {
	if s.Allow {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		lower := strings.ToLower(c.Key)
		surely := c.Negated() || c.IfExists() || c.Set() == "ForAllValues"
		if !surely || !ofRequest(c.Key) || alwaysPresent[lower] || lower == "s3:tlsversion" || c.Set() == "ForAnyValue" ||
			presenceAsked(s, c) || nullTest(s, c.Key, "true") || len(withoutKey(j, s, c.Key)) > 0 {
			return nil
		}
		h := &hit{title: "denies requests without " + clip(c.Key) + " too",
			text: code(c.Operator) + " holds when its key is absent, so a request that does not carry it is denied. To spare such requests, add `Null` `false` for the key; IfExists does not spare them."}
		if lower == encryptionKey {
			h.title = "denies uploads without an encryption header too"
			h.text = "An upload without `x-amz-server-side-encryption` has no such key, and " + code(c.Operator) + " holds without it, whatever the bucket's default encryption would do. To spare such uploads, add `Null` `false` for the key; IfExists does not spare them."
		}
		return h
	})
}

// withoutKey are actions of the statement whose requests can never carry a key of their service.
func withoutKey(j *judge, s *policy.Statement, key string) []string {
	service, _, _ := strings.Cut(strings.ToLower(key), ":")
	if s.Action.Not || !slices.Contains(services, service) || !KeyKnown(key) {
		return nil
	}
	var out []string
	for _, a := range j.meant(s) {
		if !a.Carries(key) {
			out = append(out, a.Name)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return familiar[b] - familiar[a] })
	return out
}

// familiar actions are told before others.
var familiar = map[string]int{"s3:GetObject": 4, "s3:DeleteObject": 3, "s3:PutObject": 2, "s3:ListBucket": 2, "kms:Decrypt": 1}

// neverPresent finds keys that requests for some of the actions cannot carry.
func neverPresent(j *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		without := withoutKey(j, s, c.Key)
		if len(without) == 0 || presenceAsked(s, c) && c.Negated() {
			return nil
		}
		every := len(without) == len(j.meant(s))
		surely := alwaysWithout(c) == "holds"
		names := someCode(without)
		switch {
		case s.Allow && surely, !s.Allow && !surely && !every:
			return nil // the first allows as if the condition were not there, which IfExists often means; the second denies the rest
		case s.Allow && !every && slices.ContainsFunc(s.Action.Entries, func(p policy.Pattern) bool { return wild(p.Text) }):
			return nil // a wildcard also covers what is not meant
		case s.Allow:
			return &hit{title: "never allows " + some(without),
				text: "Requests for " + names + " never carry " + code(c.Key) + ", and " + code(c.Operator) + " fails without it. Give these actions a statement of their own."}
		case surely:
			h := &hit{title: "denies every " + some(without) + " too",
				text: "Requests for " + names + " never carry " + code(c.Key) + ", and " + code(c.Operator) + " holds without it. Name only actions that carry the key."}
			if strings.EqualFold(c.Key, encryptionKey) {
				h.label = "Deny uploads only"
				h.edit = func(d *draft) { d.set(d.statement(s.Index), "Action", "s3:PutObject") }
				h.probe = nil
				if bucket := bucketOfObjects(s); bucket != "" {
					h.probe = j.newProbe("A download", "s3:GetObject", bucketARN(bucket)+"/probe.txt")
				}
			}
			return h
		}
		return &hit{title: "never denies anything",
			text: "Requests for " + names + " never carry " + code(c.Key) + ", and " + code(c.Operator) + " fails without it. Use a key that these requests carry."}
	})
}

// bucketOfObjects is the bucket whose objects a resource of the statement covers; "" when none does.
func bucketOfObjects(s *policy.Statement) string {
	if s.Resource == nil || s.Resource.Not {
		return ""
	}
	for _, p := range s.Resource.Entries {
		if bucket, ok := strings.CutSuffix(p.Text, "/*"); ok && strings.HasPrefix(bucket, "arn:aws:s3:::") && !wild(bucket) {
			return strings.TrimPrefix(bucket, "arn:aws:s3:::")
		}
	}
	return ""
}

// nullAndValue finds a Null test that makes a comparison of the same key useless: both must hold.
func nullAndValue(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		if !nullTest(s, c.Key, "true") || nullTest(s, c.Key, "false") || !c.Negated() {
			return nil
		}
		return &hit{title: "never looks at the value of " + clip(c.Key),
			text: "Conditions of one statement must all hold: `Null` `true` wants the key absent, so a request with a wrong value is not met. Use two statements, or `Null` `false` to test those that carry it."}
	})
}

// neverMatches finds conditions that cannot all hold.
func neverMatches(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		positive := !c.Negated() && !c.IfExists() && c.Set() != "ForAllValues"
		if positive && len(c.Values) == 0 {
			return &hit{title: "can never match", text: code(c.Operator) + " has no value to compare " + code(c.Key) + " with, so it always fails."}
		}
		if positive && nullTest(s, c.Key, "true") && !nullTest(s, c.Key, "false") {
			return &hit{title: "can never match", text: "It wants " + code(c.Key) + " absent with `Null`, and a value of it with " + code(c.Operator) + ". Both cannot hold."}
		}
		for i := range s.Conditions {
			o := &s.Conditions[i]
			if o != c && o.At != c.At && exact(o) && exact(c) && strings.EqualFold(o.Key, c.Key) && c.Set() == "" && o.Set() == "" && before(o.At, c.At) && !shareValue(o, c) {
				return &hit{title: "can never match", text: code(c.Key) + " would have to be two things at once: the conditions of a statement must all hold."}
			}
		}
		return nil
	})
}

func exact(c *policy.Condition) bool {
	return !c.IfExists() && (isBase(c, "StringEquals") || isBase(c, "StringEqualsIgnoreCase") || isBase(c, "Bool")) && len(c.Values) > 0 &&
		!slices.ContainsFunc(c.Values, func(v policy.ConditionValue) bool { return strings.Contains(v.Text, "${") })
}

func before(a, b policy.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
}

func shareValue(a, b *policy.Condition) bool {
	return slices.ContainsFunc(a.Values, func(v policy.ConditionValue) bool { return holdsValue(b, v.Text) })
}

const shownNames = 2 // of a list of actions, in a sentence

// some joins the first few of a list.
func some(names []string) string {
	switch n := len(names) - shownNames; {
	case n <= 0:
		return strings.Join(names, " and ")
	default:
		return strings.Join(names[:shownNames], ", ") + " and others"
	}
}

func someCode(names []string) string {
	marked := make([]string, len(names))
	for i := range names {
		marked[i] = code(names[i])
	}
	return some(marked)
}
