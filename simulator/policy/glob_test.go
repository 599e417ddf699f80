package policy

import (
	"regexp"
	"strings"
	"testing"
)

// asRegexp is the same pattern for the regexp package; s flag: a dot is any character.
func asRegexp(pattern string) *regexp.Regexp {
	e := regexp.QuoteMeta(pattern)
	return regexp.MustCompile(`(?s)^` + strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(e) + `$`)
}

// FuzzGlob: the iterative matcher says what a regular expression says.
func FuzzGlob(f *testing.F) {
	f.Add("a*b?c", "aXXbYc")
	f.Add("*é?*", "aéb")
	f.Add(strings.Repeat("*a", 20)+"b", strings.Repeat("a", 60))
	f.Fuzz(func(t *testing.T, pattern, subject string) {
		if len(pattern) > 200 || len(subject) > 500 || !valid(pattern) || !valid(subject) {
			return
		}
		var m meter
		got := parseGlob(pattern, syntax{wildcards: true}).match(subject, &Context{}, false, &m)
		if m.spent {
			t.Skip("the step budget ended")
		}
		if want := asRegexp(pattern).MatchString(subject); got != want {
			t.Fatalf("%q on %q: %v, want %v", pattern, subject, got, want)
		}
	})
}

// FuzzARN: an ARN pattern covers an ARN when each of the six components does.
func FuzzARN(f *testing.F) {
	f.Add("arn:aws:s3:::vault/*", "arn:aws:s3:::vault/a:b/c")
	f.Add("arn:*:iam::*:role/a?", "arn:aws:iam::111122223333:role/ab")
	f.Add("arn:aws:s3", "arn:aws:s3:::b")
	f.Fuzz(func(t *testing.T, pattern, subject string) {
		if len(pattern) > 200 || len(subject) > 500 || !valid(pattern) || !valid(subject) || pattern == "*" {
			return
		}
		a, isARN := splitARN(subject)
		var m meter
		g := parseARNGlob(pattern, syntax{wildcards: true})
		got, failed := g.match(subject, &a, isARN, &Context{}, &m)
		if m.spent {
			t.Skip("the step budget ended")
		}
		wanted, six := splitARN(pattern)
		want := isARN && six
		for i := range 6 {
			want = want && asRegexp(wanted[i]).MatchString(a[i])
		}
		if got != want || got && failed != -1 {
			t.Fatalf("%q on %q: %v, want %v (component %d)", pattern, subject, got, want, failed)
		}
	})
}

func valid(s string) bool { return strings.ToValidUTF8(s, "") == s }
