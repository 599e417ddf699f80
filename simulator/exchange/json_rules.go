package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// constraints are what a member may be, as its aws tag says.
type constraints struct {
	required, secret bool
	min, max         int      // 0: none
	enum             []string // of a list, what each of its members may be
}

// constraintsOf reads a tag. Tags are ours: one that cannot be read is a mistake of ours.
func constraintsOf(tag string) (c constraints) {
	for part := range strings.SplitSeq(tag, ",") {
		name, value, _ := strings.Cut(part, "=")
		var err error
		switch name {
		case "":
		case "required":
			c.required = true
		case "secret":
			c.secret = true
		case "min":
			c.min, err = strconv.Atoi(value)
		case "max":
			c.max, err = strconv.Atoi(value)
		case "enum":
			c.enum = strings.Split(value, "|")
		default:
			panic("exchange: the aws tag " + tag)
		}
		must(err)
	}
	return c
}

func (r *jsonReader) text(c constraints, text, at string) {
	if c.enum != nil && !slices.Contains(c.enum, text) {
		r.add(c, "'"+text+"'", at, "Member must satisfy enum value set: ["+strings.Join(c.enum, ", ")+"]")
		return
	}
	r.length(c, text, utf8.RuneCountInString(text), at)
}

func (r *jsonReader) length(c constraints, shown string, length int, at string) {
	if length < c.min {
		r.add(c, "'"+shown+"'", at, fmt.Sprintf("Member must have length greater than or equal to %d", c.min))
	}
	if c.max > 0 && length > c.max {
		r.add(c, "'"+shown+"'", at, fmt.Sprintf("Member must have length less than or equal to %d", c.max))
	}
}

func (r *jsonReader) number(c constraints, n int, at string) {
	shown := "'" + strconv.Itoa(n) + "'"
	if c.min > 0 && n < c.min {
		r.add(c, shown, at, fmt.Sprintf("Member must have value greater than or equal to %d", c.min))
	}
	if c.max > 0 && n > c.max {
		r.add(c, shown, at, fmt.Sprintf("Member must have value less than or equal to %d", c.max))
	}
}

// add keeps a problem in AWS's words. (recorded: localstack's KMS snapshots, 2024 to 2026)
func (r *jsonReader) add(c constraints, shown, at, constraint string) {
	if c.secret {
		shown = ""
	} else {
		shown += " "
	}
	r.problems = append(r.problems, "Value "+shown+"at '"+at+"' failed to satisfy constraint: "+constraint)
}
