package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"keyhole/content"
	"keyhole/quiz/progress"
	"keyhole/quiz/store"
	"keyhole/web"
)

// morning is when the tests happen.
var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// app is the whole study app over real content and a real store.
type app struct {
	*testing.T
	server  *httptest.Server
	store   *store.Store
	library *content.Library
}

// visitor is one browser without JavaScript.
type visitor struct {
	*app
	client *http.Client
	as     string
}

// learnerHeader lets a test say who asks; the product has no such header.
const learnerHeader = "X-Test-Learner"

func start(t *testing.T) *app {
	t.Helper()
	ctx := context.Background()
	library, err := content.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Now: func() time.Time { return morning }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, id := range []string{web.Solo, "ana", "ben"} {
		if err := db.CreateLearner(ctx, progress.Learner{ID: id, Name: id, Created: morning}); err != nil {
			t.Fatal(err)
		}
	}
	var ids atomic.Int64
	handler := web.New(web.Options{
		Library: library, Store: db,
		Now:   func() time.Time { return morning },
		NewID: func() string { return fmt.Sprintf("test-id-%06d", ids.Add(1)) },
		Learner: func(r *http.Request) string {
			if who := r.Header.Get(learnerHeader); who != "" {
				return who
			}
			return web.Solo
		},
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &app{T: t, server: server, store: db, library: library}
}

// visit opens a browser of somebody; "" is the solo learner.
func (a *app) visit(as string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.Fatal(err)
	}
	return &visitor{app: a, as: as, client: &http.Client{Jar: jar}}
}

// page is an answer that was read as HTML.
type page struct {
	*goquery.Document
	status int
	path   string // with query, after redirects
	header http.Header
	text   string
}

func (v *visitor) do(r *http.Request) page {
	v.Helper()
	if v.as != "" {
		r.Header.Set(learnerHeader, v.as)
	}
	answer, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		v.Fatal(err)
	}
	return page{doc, answer.StatusCode, answer.Request.URL.RequestURI(), answer.Header, string(body)}
}

func (v *visitor) get(path string) page {
	v.Helper()
	r, err := http.NewRequest(http.MethodGet, v.server.URL+path, nil)
	if err != nil {
		v.Fatal(err)
	}
	return v.do(r)
}

func (v *visitor) post(path string, form url.Values) page {
	v.Helper()
	r, err := http.NewRequest(http.MethodPost, v.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(r)
}

// form reads a form of a page as a browser would send it: hidden fields, defaults and what is chosen.
func (p page) form(t *testing.T, selector string) (action string, fields url.Values) {
	t.Helper()
	form := p.Find(selector).First()
	if form.Length() == 0 {
		t.Fatalf("%s: no form %q", p.path, selector)
	}
	fields = url.Values{}
	form.Find("input[name], select[name]").Each(func(_ int, in *goquery.Selection) {
		name, kind := in.AttrOr("name", ""), in.AttrOr("type", "text")
		_, checked := in.Attr("checked")
		switch {
		case goquery.NodeName(in) == "select":
			option := in.Find("option[selected]")
			if option.Length() == 0 {
				option = in.Find("option").First()
			}
			fields.Add(name, option.AttrOr("value", ""))
		case (kind == "radio" || kind == "checkbox") && !checked:
		default:
			fields.Add(name, in.AttrOr("value", ""))
		}
	})
	return form.AttrOr("action", ""), fields
}

// entries is what the store holds of a learner.
func (a *app) entries(learner string) []progress.Entry {
	a.Helper()
	all, err := a.store.Entries(context.Background(), progress.Filter{Learner: learner})
	if err != nil {
		a.Fatal(err)
	}
	return all
}

func (p page) says(t *testing.T, selector, want string) {
	t.Helper()
	if got := strings.Join(strings.Fields(p.Find(selector).Text()), " "); !strings.Contains(got, want) {
		t.Errorf("%s: %s says %q, want %q in it", p.path, selector, got, want)
	}
}

// goquerySelection is part of a page.
type goquerySelection = goquery.Selection
