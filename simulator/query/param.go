package query

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/exchange"
)

// Kind is what a parameter holds.
type Kind int

// The kinds of parameters.
const (
	Text   Kind = iota // a string
	Number             // a whole number; Min and Max bound its value
	Flag               // true or false
	List               // of strings, each as Of says; Max bounds how many
	TagSet             // a list of Key and Value
)

// Param is one parameter of an operation: its name and what it may hold. (Constraints: botocore's service models.)
type Param struct {
	Name     string // "UserName"
	Kind     Kind
	Required bool
	Min, Max int      // characters, or the value of a Number; Max 0: no bound
	Like     *Pattern // nil: anything
	OneOf    []string // nil: anything
	Of       *Param   // what the members of a List hold
}

// Needed is p as a parameter that has to be sent.
func (p Param) Needed() Param { p.Required = true; return p }

// Named is p under another name.
func (p Param) Named(name string) Param { p.Name = name; return p }

// Pattern is a regular expression as AWS writes and shows it. It has to match the whole value.
type Pattern struct {
	shown string
	whole *regexp.Regexp
}

var escaped = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// Like compiles a pattern of AWS's; a pattern that is none is a mistake of the caller and panics.
func Like(pattern string) *Pattern {
	return &Pattern{pattern, regexp.MustCompile(`(?s)^(?:` + escaped.ReplaceAllString(pattern, `\x{$1}`) + `)$`)}
}

// Bounds of tags. (IAM and STS quotas)
const (
	MaxTags     = 50
	MaxTagKey   = 128 // characters
	MaxTagValue = 256 // characters
)

var (
	tagKey   = Param{Name: "Key", Required: true, Min: 1, Max: MaxTagKey, Like: Like(`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`)}
	tagValue = Param{Name: "Value", Required: true, Max: MaxTagValue, Like: Like(`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`)}

	// RequestTags are the tags of a request, TagKeys the keys of tags to remove.
	RequestTags = Param{Name: "Tags", Kind: TagSet, Max: MaxTags}
	TagKeys     = Param{Name: "TagKeys", Kind: List, Max: MaxTags, Of: &tagKey}
)

// Check refuses a form whose parameters are not what they may be, all of them in one answer as AWS does. shown says
// whether the answer repeats values: STS does, IAM does not. (recorded: localstack snapshots of 2026 for IAM, of 2024 for STS)
func Check(x *exchange.Exchange, shown bool, params ...Param) *exchange.Fault {
	c := checker{form: x.Form, shown: shown}
	for _, p := range params {
		c.param(p)
	}
	if len(c.problems) == 0 {
		return nil
	}
	if c.ours {
		x.Note("modelled: how AWS words that a parameter is missing or of another type")
	}
	plural := ""
	if len(c.problems) > 1 {
		plural = "s"
	}
	return Invalid(fmt.Sprintf("%d validation error%s detected: %s", len(c.problems), plural, strings.Join(c.problems, "; "))).
		Told("A parameter is not what it may be.")
}

// Invalid is a 400 ValidationError.
func Invalid(message string) *exchange.Fault { return exchange.Err(400, "ValidationError", message) }

// The constraints whose texts nobody recorded of the query services.
const (
	missing  = "Member must not be null"
	notWhole = "Member must be a whole number"
	notYesNo = "Member must be true or false"
)

var notRecorded = []string{missing, notWhole, notYesNo}

type checker struct {
	form     url.Values
	shown    bool
	problems []string
	ours     bool // one of the texts was never recorded
}

func (c *checker) param(p Param) {
	switch p.Kind {
	case List, TagSet:
		items := Items(c.form, p.Name)
		if p.Required && len(items) == 0 && !Sent(c.form, p.Name) {
			c.add(p.Name, "", false, missing)
		}
		if p.Max > 0 && len(items) > p.Max {
			c.add(p.Name, "", false, fmt.Sprintf("Member must have length less than or equal to %d", p.Max))
		}
		for i, prefix := range items {
			at := fmt.Sprintf("%s.%d.member", p.Name, i+1)
			if p.Kind == TagSet {
				c.value(tagKey, at+".key", prefix+".Key")
				c.value(tagValue, at+".value", prefix+".Value")
			} else if p.Of != nil {
				c.member(*p.Of, p.Name, at, prefix)
			}
		}
	default:
		c.value(p, p.Name, p.Name)
	}
}

// member checks a string of a list. IAM tells all the constraints of the members at once. (recorded for tagKeys)
func (c *checker) member(p Param, list, at, name string) {
	if c.shown || p.Like == nil {
		c.value(p, at, name)
		return
	}
	inner := checker{form: c.form}
	inner.value(p, at, name)
	if len(inner.problems) > 0 {
		c.add(list, "", false, fmt.Sprintf("Member must satisfy constraint: [Member must have length less than or equal to %d, "+
			"Member must have length greater than or equal to %d, Member must satisfy regular expression pattern: %s, Member must not be null]", p.Max, p.Min, p.Like.shown))
	}
}

// value checks one value that is sent under name and told as at.
func (c *checker) value(p Param, at, name string) {
	if !Sent(c.form, name) {
		if p.Required {
			c.add(at, "", false, missing)
		}
		return
	}
	value := c.form.Get(name)
	switch p.Kind {
	case Number:
		n, err := strconv.Atoi(value)
		switch {
		case err != nil:
			c.add(at, value, true, notWhole)
		case n < p.Min:
			c.add(at, value, true, fmt.Sprintf("Member must have value greater than or equal to %d", p.Min))
		case p.Max > 0 && n > p.Max:
			c.add(at, value, true, fmt.Sprintf("Member must have value less than or equal to %d", p.Max))
		}
		return
	case Flag:
		if value != "true" && value != "false" {
			c.add(at, value, true, notYesNo)
		}
		return
	case Text, List, TagSet:
	}
	if p.OneOf != nil {
		for _, one := range p.OneOf {
			if one == value {
				return
			}
		}
		c.add(at, value, true, "Member must satisfy enum value set"+c.set(p.OneOf))
		return
	}
	if p.Like != nil && !p.Like.whole.MatchString(value) {
		c.add(at, value, true, "Member must satisfy regular expression pattern: "+p.Like.shown)
	}
	length := utf8.RuneCountInString(value)
	if length < p.Min {
		c.add(at, value, true, fmt.Sprintf("Member must have length greater than or equal to %d", p.Min))
	}
	if p.Max > 0 && length > p.Max {
		c.add(at, value, true, fmt.Sprintf("Member must have length less than or equal to %d", p.Max))
	}
}

func (c *checker) set(values []string) string {
	if !c.shown {
		return ""
	}
	return ": [" + strings.Join(values, ", ") + "]"
}

func (c *checker) add(at, value string, sent bool, constraint string) {
	c.ours = c.ours || slices.Contains(notRecorded, constraint)
	shown := ""
	switch {
	case c.shown && sent:
		shown = "'" + value + "' "
	case c.shown:
		shown = "null "
	}
	c.problems = append(c.problems, fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: %s", shown, lowerFirst(at), constraint))
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
