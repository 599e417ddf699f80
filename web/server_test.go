package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// everyPage lists an address of every screen, for a learner who has answered something.
func everyPage(a *app, v *visitor) []string {
	a.Helper()
	q := a.library.Questions[0]
	action, form := v.get("/practice/"+q.ID).form(a.T, "form[data-question]")
	form["option"] = wrong(q)
	result := v.post(action, form)
	pages := []string{"/", "/notes", "/practice", "/practice/" + q.ID, result.path, "/progress", "/labs", "/nowhere", "/practice/none/x"}
	for _, n := range a.library.Notes {
		pages = append(pages, "/notes/"+n.Slug)
		for _, id := range n.Proofs {
			pages = append(pages, "/notes/"+n.Slug+"?proof="+id)
		}
	}
	for _, id := range q.Proofs {
		pages = append(pages, result.path+"?proof="+id+"&step=1&over=http", result.path+"?proof="+id+"&control=1")
	}
	return pages
}

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func TestEveryPage(t *testing.T) {
	a := start(t)
	for _, who := range []string{"ana", "ben"} { // one who has begun and one who has not
		v := a.visit(who)
		pages := []string{"/", "/notes", "/progress", "/labs"}
		if who == "ana" {
			pages = everyPage(a, v)
		}
		for _, path := range pages {
			t.Run(who+" "+path, func(t *testing.T) {
				p := v.get(path)
				want := http.StatusOK
				if strings.HasPrefix(path, "/nowhere") || strings.HasPrefix(path, "/practice/none") {
					want = http.StatusNotFound
				}
				if p.status != want {
					t.Fatalf("status %d, want %d", p.status, want)
				}
				headers(t, p.header)
				wellFormed(t, p)
				nothingInline(t, p.Document)
			})
		}
	}
}

func headers(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if h.Get("Content-Length") == "" || h.Get("X-Request-Id") == "" {
		t.Errorf("no length or no request id: %v", h)
	}
}

// wellFormed checks what every page must have: one h1, landmarks, labels, ids once, links that lead somewhere.
func wellFormed(t *testing.T, p page) {
	t.Helper()
	for selector, n := range map[string]int{"h1": 1, "main#main": 1, "nav[aria-label=Main]": 1, "a.skip[href='#main']": 1, "title": 1, "html[lang=en]": 1} {
		if got := p.Find(selector).Length(); got != n {
			t.Errorf("%d × %s, want %d", got, selector, n)
		}
	}
	seen := map[string]bool{}
	p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("id %q twice", id)
		}
		seen[id] = true
	})
	p.Find("label[for], [aria-labelledby], [aria-describedby]").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"for", "aria-labelledby", "aria-describedby"} {
			if id, ok := s.Attr(attr); ok && !seen[id] {
				t.Errorf("%s=%q names nothing", attr, id)
			}
		}
	})
	p.Find("a[href^='#']").Each(func(_ int, s *goquery.Selection) {
		if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[id] {
			t.Errorf("link to #%s leads nowhere", id)
		}
	})
	if strings.Contains(p.text, "%!") || strings.Contains(p.text, "about:invalid") {
		t.Error("a value was formatted wrongly, or a link was refused")
	}
}

// forbidden are the features that a strict policy breaks or that need code in attributes.
var forbidden = regexp.MustCompile(`(?i)\sstyle=|\shx-on|\shx-vars|javascript:|[\s"'=]js:|hx-trigger="[^"]*\[|\son[a-z]+=|hx-sse=`)

func nothingInline(t *testing.T, doc *goquery.Document) {
	t.Helper()
	if n := doc.Find("[style], style").Length(); n > 0 {
		t.Errorf("%d inline styles", n)
	}
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		if _, ok := s.Attr("src"); !ok && s.AttrOr("type", "") != "application/json" {
			t.Error("an inline script")
		}
	})
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if forbidden.MatchString(" " + a.Key + `="` + a.Val + `"`) {
				t.Errorf("forbidden attribute %s=%q", a.Key, a.Val)
			}
		}
	})
}

func TestErrorsAndFilesCarryTheHeaders(t *testing.T) {
	a := start(t)
	v := a.visit("")
	css, _ := v.get("/").Find("link[rel=stylesheet]").Attr("href")
	for _, c := range []struct {
		name, method, path, host, contentType, body string
		header                                      map[string]string
		status                                      int
	}{
		{name: "a file", method: "GET", path: css, status: 200},
		{name: "health", method: "GET", path: "/healthz", status: 200},
		{name: "a page by HEAD", method: "HEAD", path: "/", status: 200},
		{name: "no such page", method: "GET", path: "/x", status: 404},
		{name: "no such file", method: "GET", path: "/static/../server.go", status: 404},
		{name: "wrong method", method: "DELETE", path: "/practice", status: 405},
		{name: "another host name", method: "GET", path: "/", host: "evil.example", status: 421},
		{name: "a host name that only starts right", method: "GET", path: "/", host: "127.0.0.1.evil.example:8080", status: 421},
		{name: "a host name with a user", method: "GET", path: "/", host: "localhost@evil.example", status: 421},
		{name: "a form of another site", method: "POST", path: "/settings/theme", contentType: "application/x-www-form-urlencoded", body: "theme=dark", header: map[string]string{"Origin": "https://evil.example"}, status: 403},
		{name: "a form of a sibling site", method: "POST", path: "/settings/theme", contentType: "application/x-www-form-urlencoded", body: "theme=dark", header: map[string]string{"Sec-Fetch-Site": "same-site"}, status: 403},
		{name: "a form of our own", method: "POST", path: "/settings/theme", contentType: "application/x-www-form-urlencoded", body: "theme=dark", header: map[string]string{"Sec-Fetch-Site": "same-origin"}, status: 303},
		{name: "JSON instead of a form", method: "POST", path: "/settings/theme", contentType: "application/json", body: `{}`, status: 415},
		{name: "no content type", method: "POST", path: "/settings/theme", body: "theme=dark", status: 415},
		{name: "a form of a megabyte", method: "POST", path: "/settings/theme", contentType: "application/x-www-form-urlencoded", body: "theme=" + strings.Repeat("a", 1<<20), status: 413},
		{name: "a theme that does not exist", method: "POST", path: "/settings/theme", contentType: "application/x-www-form-urlencoded", body: "theme=pink", status: 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest(c.method, a.server.URL+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.host != "" {
				r.Host = c.host
			}
			if c.contentType != "" {
				r.Header.Set("Content-Type", c.contentType)
			}
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			answer, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != c.status {
				t.Errorf("status %d, want %d", answer.StatusCode, c.status)
			}
			if got := answer.Header.Get("Content-Security-Policy"); got != csp {
				t.Errorf("policy %q", got)
			}
			if answer.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("no nosniff")
			}
		})
	}
}

func TestTheme(t *testing.T) {
	a := start(t)
	v := a.visit("")
	if _, set := v.get("/").Find("html").Attr("data-theme"); set {
		t.Error("a theme is set before anybody chose one")
	}
	for _, want := range []string{"light", "dark", ""} {
		action, form := v.get("/notes").form(t, "form[action='/settings/theme']")
		form.Set("theme", v.get("/notes").Find("button[name=theme]").AttrOr("value", ""))
		p := v.post(action, form)
		if p.path != "/notes" {
			t.Errorf("back at %s, want /notes", p.path)
		}
		if got := p.Find("html").AttrOr("data-theme", ""); got != want {
			t.Errorf("theme %q, want %q", got, want)
		}
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""} {
		r, _ := http.NewRequest(http.MethodPost, a.server.URL+"/settings/theme", strings.NewReader(url.Values{"theme": {"dark"}, "back": {back}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if got := answer.Header.Get("Location"); got != "/" {
			t.Errorf("back=%q leads to %q, want /", back, got)
		}
		if cookie := answer.Header.Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("cookie %q", cookie)
		}
	}
}

func TestNoLearnerSeesAnother(t *testing.T) {
	a := start(t)
	ana, ben := a.visit("ana"), a.visit("ben")
	q := a.library.Questions[0]
	action, form := ana.get("/practice/"+q.ID).form(t, "form[data-question]")
	form["option"] = wrong(q)
	result := ana.post(action, form)
	if result.status != http.StatusOK {
		t.Fatalf("status %d", result.status)
	}
	if p := ben.get(result.path); p.status != http.StatusNotFound {
		t.Errorf("Ben reads Ana's answer: %d", p.status)
	}
	ben.get("/progress").says(t, "main", "Nothing to measure yet")
	ben.get("/").says(t, "h1", "Six questions")
	if p := ben.post(action, form); p.path == result.path { // the same key of another learner is another attempt
		t.Errorf("Ben was led to Ana's answer")
	}
	if na, nb := len(a.entries("ana")), len(a.entries("ben")); na != 1 || nb != 1 {
		t.Errorf("%d and %d answers, want 1 each", na, nb)
	}
}
