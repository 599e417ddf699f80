package policy

import "strings"

// An ARN has six components; the last is everything after the fifth colon:
//
//	arn = "arn" ":" partition ":" service ":" region ":" account ":" resource
type arn [6]string

// splitARN cuts at the first five colons. ok is false when there are fewer.
func splitARN(s string) (a arn, ok bool) {
	for i := range 5 {
		var found bool
		if a[i], s, found = strings.Cut(s, ":"); !found {
			return arn{}, false
		}
	}
	a[5] = s
	return a, true
}

// arnGlob is an ARN pattern, component by component: a star does not run over one of the first five colons.
type arnGlob struct {
	all   bool    // a single "*"
	text  glob    // the whole, when it has fewer than six components (a variable may hold an ARN)
	parts [6]glob // otherwise
	six   bool
}

// parseARNGlob cuts at colons that are not inside a variable.
func parseARNGlob(text string, s syntax) arnGlob {
	if text == "*" {
		return arnGlob{all: true}
	}
	var parts [6]string
	n, from, inside := 0, 0, false
	for i := 0; i < len(text) && n < 5; i++ {
		switch {
		case s.variables && strings.HasPrefix(text[i:], "${"):
			inside = true
		case text[i] == '}':
			inside = false
		case text[i] == ':' && !inside:
			parts[n] = text[from:i]
			n, from = n+1, i+1
		}
	}
	if n < 5 {
		return arnGlob{text: parseGlob(text, s)}
	}
	parts[5] = text[from:]
	a := arnGlob{six: true}
	for i, part := range parts {
		a.parts[i] = parseGlob(part, s)
	}
	return a
}

// match compares with an ARN; failed is the first component that differs, -1 when the forms do.
func (g *arnGlob) match(whole string, a *arn, isARN bool, c *Context, m *meter) (ok bool, failed int) {
	switch {
	case g.all:
		return true, -1
	case !g.six:
		return g.variable() && g.text.match(whole, c, false, m), -1
	case !isARN:
		return false, -1
	}
	for i := range g.parts {
		if !g.parts[i].match(a[i], c, false, m) {
			return false, i
		}
	}
	return true, -1
}

// variable says whether the text begins with a variable, which may stand for a whole ARN.
func (g *arnGlob) variable() bool { return len(g.text) > 0 && g.text[0].kind == variable }

func (g *arnGlob) unresolved(c *Context) string {
	if !g.six {
		return g.text.unresolved(c)
	}
	for i := range g.parts {
		if key := g.parts[i].unresolved(c); key != "" {
			return key
		}
	}
	return ""
}

// componentNames name the components in an explanation.
var componentNames = arn{"the word arn", "partition", "service", "region", "account", "resource"}
