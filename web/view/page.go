// Package view renders pages. Its components take domain values and hold no logic of their own.
package view

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"keyhole/content"
)

// Page is what the frame around every page needs.
type Page struct {
	Title  string // "Practice: Keys per version"
	Nav    string // id of the navigation entry that is current: "today", "practice", "labs", "policies", "progress", "notes"; "" none
	Theme  string // "light", "dark", or "" for the system's
	Here   string // path and query of this page: where the theme switch comes back to
	Body   string // class of the body: "is-lab" for a page that fills the window
	Bare   bool   // the page brings its own <main id="main"> and there is no footer
	Script []string
	// Version of the program, for the footer.
	Version string
}

// navEntry is one entry of the main navigation. Only pages that exist are listed.
type navEntry struct{ ID, Path, Icon, Title, Key string }

var navigation = []navEntry{
	{"today", "/", "house", "Today", "t"},
	{"practice", "/practice", "target", "Practice", "p"},
	{"labs", "/labs", "flask-conical", "Labs", "l"},
	{"policies", "/policies", "scan-search", "Policies", "o"},
	{"progress", "/progress", "chart-no-axes-column", "Progress", "r"},
}

type assetKey struct{}

// WithAssets gives components the addresses of static files: name in the sources to address.
func WithAssets(ctx context.Context, address func(name string) string) context.Context {
	return context.WithValue(ctx, assetKey{}, address)
}

func asset(ctx context.Context, name string) string {
	if address, ok := ctx.Value(assetKey{}).(func(string) string); ok {
		return address(name)
	}
	return "/static/" + name
}

// nextTheme is what the switch offers: system, light, dark, and round again.
func nextTheme(theme string) (next, icon, now, label string) {
	switch theme {
	case "light":
		return "dark", "sun", "Light", "Theme: light. Switch to dark"
	case "dark":
		return "system", "moon", "Dark", "Theme: dark. Switch to the system's"
	}
	return "light", "sun-moon", "System", "Theme: as the system. Switch to light"
}

// md renders a Markdown text of the library; content has made sure that no raw HTML is in it.
func md(l *content.Library, source string) templ.Component { return templ.Raw(l.HTML(source)) }

// inline is md without the paragraph.
func inline(l *content.Library, source string) templ.Component { return templ.Raw(l.Inline(source)) }

// letter names the option at a place: 0 is A.
func letter(i int) string {
	if i < 0 || i > 25 {
		return fmt.Sprint(i + 1)
	}
	return string(rune('A' + i))
}

var numberWords = []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// words writes small numbers out.
func words(n int) string {
	if n >= 0 && n < len(numberWords) {
		return numberWords[n]
	}
	return fmt.Sprint(n)
}

// count writes "1 question", "3 questions".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// day writes a date for people. Texts that are no date come back as they are.
func day(s string) string {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return s
	}
	return t.Format("2 Jan 2006")
}

func percent(v float64) string { return fmt.Sprintf("%.0f%%", v*100) }

// path joins escaped segments to an address.
func path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// joined puts sentences' parts into one.
func joined(parts []string) string { return strings.Join(parts, "; ") }

func labVerb(r LabEntry) string {
	switch {
	case r.Passed:
		return "Look again"
	case r.Begun:
		return "Resume"
	}
	return "Start"
}
