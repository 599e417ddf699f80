package review

import (
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/policy"
)

// each calls f for every condition of a statement but Null tests.
func each(s *policy.Statement, f func(c *policy.Condition) *hit) []hit {
	var out []hit
	for i := range s.Conditions {
		if c := &s.Conditions[i]; !isBase(c, "Null") {
			if h := f(c); h != nil {
				if h.at == (policy.Position{}) {
					h.at = c.At
				}
				out = append(out, *h)
			}
		}
	}
	return out
}

func unknownKey(_ *judge, s *policy.Statement) []hit {
	var out []hit
	for i := range s.Conditions {
		c := &s.Conditions[i]
		service, _, _ := strings.Cut(strings.ToLower(c.Key), ":")
		if service == "aws" || slices.Contains(services, service) || !strings.Contains(c.Key, ":") {
			if !KeyKnown(c.Key) {
				out = append(out, hit{at: c.At, title: "tests " + clip(c.Key) + ", which is no condition key",
					text: "No request has that key, so " + code(c.Operator) + " always " + alwaysWithout(c) + ". Look its name up."})
			}
		}
	}
	return out
}

// alwaysWithout says how a condition comes out when its key is never there.
func alwaysWithout(c *policy.Condition) string {
	if c.Negated() || c.IfExists() || c.Set() == "ForAllValues" || isBase(c, "Null") && holdsValue(c, "true") {
		return "holds"
	}
	return "fails"
}

// spelling is what a wrong value of the encryption header most likely means.
var spelling = map[string]string{"aes-256": "AES256", "aes256": "AES256", "aes_256": "AES256", "aws:kms": "aws:kms", "awskms": "aws:kms", "kms": "aws:kms",
	"aws-kms": "aws:kms", "sse-kms": "aws:kms", "aws:kms:dsse": "aws:kms:dsse"}

const encryptionKey = "s3:x-amz-server-side-encryption"

func unknownEncryption(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		if !strings.EqualFold(c.Key, encryptionKey) || !isBase(c, "StringEquals") && !isBase(c, "StringNotEquals") {
			return nil
		}
		for _, v := range c.Values {
			if slices.Contains([]string{"AES256", "aws:kms", "aws:kms:dsse"}, v.Text) || strings.Contains(v.Text, "${") {
				continue
			}
			h := &hit{at: v.At, title: "waits for an encryption that no request names",
				text: "The header `x-amz-server-side-encryption` is `AES256`, `aws:kms` or `aws:kms:dsse`, in these letters; " + code(v.Text) + " never equals it."}
			if right := spelling[strings.ToLower(v.Text)]; right != "" && !holds(c, right) {
				h.label = "Write " + right
				h.edit = func(d *draft) { d.swap(d.conditionValue(s.Index, c), v.Text, right) }
			}
			return h
		}
		return nil
	})
}

func holds(c *policy.Condition, value string) bool {
	return slices.ContainsFunc(c.Values, func(v policy.ConditionValue) bool { return v.Text == value })
}

// impossibleValue finds values that are not of the operator's type, so that they equal nothing.
func impossibleValue(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		base := strings.ToLower(c.Base())
		for _, v := range c.Values {
			wrong := ""
			switch {
			case strings.HasPrefix(base, "numeric"):
				if _, err := strconv.ParseFloat(v.Text, 64); err != nil {
					wrong = "a number"
				}
			case base == "bool":
				if !strings.EqualFold(v.Text, "true") && !strings.EqualFold(v.Text, "false") && !strings.Contains(v.Text, "${") {
					wrong = "`true` or `false`"
				}
			case strings.HasSuffix(base, "ipaddress"):
				if !isNetwork(v.Text) {
					wrong = "an address or a range such as `203.0.113.0/24`"
				}
			}
			if wrong != "" {
				return &hit{at: v.At, title: "compares with a value that nothing equals",
					text: code(c.Operator) + " needs " + wrong + "; " + code(v.Text) + " is none, so it equals no request."}
			}
		}
		return nil
	})
}

// likeForms are the operators that read wildcards, for those that do not.
var likeForms = map[string]string{"stringequals": "StringLike", "stringnotequals": "StringNotLike"}

func literalStar(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		base := strings.ToLower(c.Base())
		if !strings.HasPrefix(base, "stringequals") && !strings.HasPrefix(base, "stringnotequals") {
			return nil
		}
		for _, v := range c.Values {
			if !strings.Contains(withoutVariables(v.Text), "*") {
				continue
			}
			h := &hit{at: v.At, title: "compares with a star, not with anything",
				text: "Under " + code(c.Operator) + " a `*` is the character itself. A pattern needs `StringLike` or `StringNotLike`."}
			if like := likeForms[base]; like != "" && v.Text != "*" {
				to := strings.Replace(c.Operator, c.Base(), like, 1)
				h.label = "Use " + to
				h.edit = func(d *draft) { d.operator(d.statement(s.Index), c.Operator, to) }
			}
			return h
		}
		return nil
	})
}

// withoutVariables drops what stands in ${…}: ${*} is a star on purpose.
func withoutVariables(s string) string {
	for {
		head, rest, ok := strings.Cut(s, "${")
		if !ok {
			return s
		}
		_, tail, _ := strings.Cut(rest, "}")
		s = head + tail
	}
}

func starValue(_ *judge, s *policy.Statement) []hit {
	return each(s, func(c *policy.Condition) *hit {
		base := strings.ToLower(c.Base())
		if base != "stringlike" && base != "stringnotlike" && !strings.HasPrefix(base, "arn") || !holds(c, "*") {
			return nil
		}
		if c.Negated() {
			return &hit{title: "asks for a " + clip(c.Key) + " that nothing has", text: "`*` is like every value, so " + code(c.Operator) + " holds only when the key is absent. Say that with `Null` `true`."}
		}
		return &hit{title: "does not narrow anything by " + clip(c.Key),
			text: "`*` is like every value, so the condition only asks that the key is there. Compare with the values that are meant, or use `Null` `false` to say so."}
	})
}

func oldVariable(j *judge, s *policy.Statement) []hit {
	if j.d.Variables {
		return nil
	}
	at, text := firstVariable(s)
	if text == "" {
		return nil
	}
	return []hit{{at: at, title: "spells a variable that is plain text here",
		text:  code(text) + " stands for a value only under `\"Version\": \"2012-10-17\"`; under 2008-10-17, which also applies when Version is absent, the letters themselves are compared.",
		label: "Set Version 2012-10-17",
		edit: func(d *draft) {
			if d.root.Get("Version") != nil {
				d.set(d.root, "Version", "2012-10-17")
				return
			}
			first := d.root.Members[0]
			lead := d.old[d.root.At+1 : first.At]
			d.put(first.At, first.At, `"Version": "2012-10-17",`+or(lead, " "))
		}}}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func firstVariable(s *policy.Statement) (policy.Position, string) {
	if s.Resource != nil {
		for _, p := range s.Resource.Entries {
			if strings.Contains(p.Text, "${") {
				return p.At, p.Text
			}
		}
	}
	for i := range s.Conditions {
		for _, v := range s.Conditions[i].Values {
			if strings.Contains(v.Text, "${") {
				return v.At, v.Text
			}
		}
	}
	return policy.Position{}, ""
}
