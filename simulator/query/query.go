// Package query reads the forms of AWS's query protocol, which IAM and STS speak: what a parameter may hold, lists, and pages.
package query

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Items are the prefixes of the members of a list parameter in the order of their numbers: for "Tags" they are
// "Tags.member.1", "Tags.member.2". A list that was not sent, or sent empty, has none.
func Items(form url.Values, list string) []string {
	type item struct {
		n      int
		prefix string
	}
	var found []item
	seen := map[int]bool{}
	for name := range form {
		rest, ok := strings.CutPrefix(name, list+".member.")
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || seen[n] {
			continue
		}
		seen[n] = true
		found = append(found, item{n, list + ".member." + digits})
	}
	slices.SortFunc(found, func(a, b item) int { return cmp.Compare(a.n, b.n) })
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = f.prefix
	}
	return out
}

// Strings are the members of a list of strings.
func Strings(form url.Values, list string) []string {
	var out []string
	for _, prefix := range Items(form, list) {
		out = append(out, form.Get(prefix))
	}
	return out
}

// Tag is one tag as it was sent.
type Tag struct{ Key, Value string }

// Tags are the tags of a request in the order they were sent.
func Tags(form url.Values) []Tag {
	var out []Tag
	for _, prefix := range Items(form, "Tags") {
		out = append(out, Tag{form.Get(prefix + ".Key"), form.Get(prefix + ".Value")})
	}
	return out
}

// Sent says whether a parameter was sent, empty or not.
func Sent(form url.Values, name string) bool { _, sent := form[name]; return sent }

// Whole is a parameter that is a whole number, or otherwise when it was not sent. Check has refused what is none.
func Whole(form url.Values, name string, otherwise int) int {
	n, err := strconv.Atoi(form.Get(name))
	if err != nil {
		return otherwise
	}
	return n
}
