package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// FormPolicy is what the signer of a form allows to be sent with it, until when.
type FormPolicy struct {
	Expiration time.Time
	conditions []formCondition
}

// formCondition is one condition: eq and starts-with on a field, content-length-range on the file.
type formCondition struct {
	operator, field string // "$key" as it was spelt; without the dollar sign it never holds
	value           string
	least, most     int64
	ranged          bool   // least and most are numbers
	shown           string // as S3 reprints it
}

// ParseFormPolicy reads a policy field. (texts: s3-wire 3.5)
func ParseFormPolicy(encoded string) (FormPolicy, *Refusal) {
	var p FormPolicy
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return p, invalidPolicy("invalid Base64 encoding.")
	}
	var document map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(dollars(text)))
	if d.Decode(&document) != nil || d.More() || document == nil {
		return p, invalidPolicy("Invalid JSON.")
	}
	for name := range document {
		if name != "expiration" && name != "conditions" {
			return p, invalidPolicy("Unexpected: '" + name + "'")
		}
	}
	if document["expiration"] == nil {
		return p, invalidPolicy("Policy missing expiration.")
	}
	var when string
	err = json.Unmarshal(document["expiration"], &when)
	if err == nil {
		p.Expiration, err = time.Parse("2006-01-02T15:04:05Z", when)
	}
	if err != nil {
		return p, invalidPolicy("Invalid 'expiration' value: '" + strings.Trim(string(document["expiration"]), `"`) + "'")
	}
	if document["conditions"] == nil {
		return p, invalidPolicy("Policy missing conditions.")
	}
	var list []json.RawMessage
	if json.Unmarshal(document["conditions"], &list) != nil || list == nil {
		return p, invalidPolicy("Invalid 'conditions' value: must be a List.")
	}
	for _, one := range list {
		c, refusal := parseFormCondition(one)
		if refusal != nil {
			return p, refusal
		}
		p.conditions = append(p.conditions, c)
	}
	return p, nil
}

// dollars undoes \$, which policies may write for a dollar sign and JSON does not know.
func dollars(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if text[i+1] != '$' {
				out = append(out, text[i])
			}
			i++
		}
		out = append(out, text[i])
	}
	return out
}

func parseFormCondition(text json.RawMessage) (c formCondition, refusal *Refusal) {
	switch text[0] {
	case '{':
		var simple map[string]any
		if json.Unmarshal(text, &simple) != nil || len(simple) != 1 {
			return c, invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for name, value := range simple {
			s, ok := value.(string)
			if !ok {
				return c, invalidPolicy("Invalid Simple-Condition: value must be a string.")
			}
			c = formCondition{operator: "eq", field: "$" + name, value: s}
		}
	case '[':
		var list []any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if d.Decode(&list) != nil {
			return c, invalidPolicy("Invalid JSON.")
		}
		if c, refusal = listCondition(list); refusal != nil {
			return c, refusal
		}
	default:
		return c, invalidPolicy("Invalid condition test: must be a List or Object.")
	}
	if c.operator != "content-length-range" {
		shown := c.value
		if secret[strings.ToLower(c.field)] {
			shown = "(redacted)"
		}
		c.shown = fmt.Sprintf("[%s, %s, %s]", quote(c.operator), quote(c.field), quote(shown))
	}
	return c, nil
}

// listCondition reads [operator, first, second].
func listCondition(list []any) (c formCondition, refusal *Refusal) {
	if len(list) == 0 {
		return c, invalidPolicy("Invalid Condition: missing operation identifier.")
	}
	operator, ok := list[0].(string)
	c.operator = strings.ToLower(operator)
	switch {
	case !ok || c.operator != "eq" && c.operator != "starts-with" && c.operator != "content-length-range":
		return c, invalidPolicy("Invalid Condition: unknown operation '" + fmt.Sprint(list[0]) + "'.")
	case len(list) != 3:
		return c, invalidPolicy("Invalid " + c.operator + ": wrong number of arguments.")
	case c.operator == "content-length-range":
		least, a := number(list[1])
		most, b := number(list[2])
		c.least, c.most, c.ranged = least, most, a && b
		c.shown = fmt.Sprintf("[%s, %s, %s]", quote(c.operator), quote(list[1]), quote(list[2]))
		return c, nil
	}
	field, isText := list[1].(string)
	value, isValue := list[2].(string)
	if !isText || !isValue {
		return c, invalidPolicy("Invalid " + c.operator + ": a field and a string are expected.")
	}
	c.field, c.value = field, value
	return c, nil
}

// number reads a bound, which may be written as a string.
func number(v any) (int64, bool) {
	n, err := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return n, err == nil && n >= 0
}

// quote prints a value as JSON, without the escapes for HTML.
func quote(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return `""`
	}
	return strings.TrimSpace(b.String())
}

// secret are the fields whose values no answer repeats.
var secret = map[string]bool{"$x-amz-security-token": true, "$x-amz-server-side-encryption-customer-key": true}

// exempt are the fields that need no condition; so does everything that begins with x-ignore-.
var exempt = map[string]bool{"x-amz-signature": true, "signature": true, "awsaccesskeyid": true, "policy": true, "file": true}

// Check holds a form against the policy: its end, each condition, and that no field came that no condition is about.
// Names are compared without case, values with it.
func (p FormPolicy) Check(f *Form, bucket string, now time.Time) *Refusal {
	if now.After(p.Expiration) {
		return formDenied("Policy expired.", "The form's policy has expired.")
	}
	covered := map[string]bool{}
	for _, c := range p.conditions {
		name, dollar := strings.CutPrefix(strings.ToLower(c.field), "$")
		covered[name] = true
		value, sent := f.Field(name)
		if name == "bucket" {
			value, sent = bucket, true
		}
		sent = sent && dollar
		held := sent && value == c.value
		switch c.operator {
		case "starts-with":
			held = sent && strings.HasPrefix(value, c.value)
		case "content-length-range":
			held = c.ranged
		}
		if !held {
			return formDenied("Policy Condition failed: "+c.shown, "The form is not what its policy allows.")
		}
	}
	for _, name := range f.Names {
		lower := strings.ToLower(name)
		if !covered[lower] && !exempt[lower] && !strings.HasPrefix(lower, "x-ignore-") {
			return formDenied("Extra input fields: "+lower, "The form's policy says nothing about a field.")
		}
	}
	return p.checkSize(int64(len(f.File)))
}

func (p FormPolicy) checkSize(size int64) *Refusal {
	for _, c := range p.conditions {
		switch {
		case c.operator != "content-length-range":
		case size > c.most:
			return tooLarge(size, c.most)
		case size < c.least:
			return refuse(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", "The file is smaller than the policy allows.",
				[2]string{"ProposedSize", strconv.FormatInt(size, 10)}, [2]string{"MinSizeAllowed", strconv.FormatInt(c.least, 10)})
		}
	}
	return nil
}

func invalidPolicy(detail string) *Refusal {
	return refuse(400, "InvalidPolicyDocument", "Invalid Policy: "+detail, "The form's policy cannot be used.")
}

func formDenied(detail, say string) *Refusal {
	return refuse(403, "AccessDenied", "Invalid according to Policy: "+detail, say)
}
