package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// answeredOnce answers a question and returns its result page.
func answeredOnce(t *testing.T, v *visitor, id string) page {
	t.Helper()
	q, ok := v.library.Question(id)
	if !ok {
		t.Fatalf("no question %s", id)
	}
	action, form := v.get("/practice/"+id).form(t, "form[data-question]")
	form["option"] = right(q)
	return v.post(action, form)
}

func TestALearnerEditsAHeaderAndRunsAgain(t *testing.T) {
	a := start(t)
	v := a.visit("")
	result := answeredOnce(t, v, "ssec-key-per-version")
	result.says(t, ".proof .verdict__code", "200 OK")

	// The form of the deciding step, as a browser without scripts sends it.
	action, form := result.form(t, "details[data-deciding] form")
	select9 := result.Find("details[data-deciding] select[name=v] option[value='${key:k9}']")
	if select9.Length() != 1 {
		t.Fatal("no other key is offered")
	}
	at := -1
	for i, name := range form["h"] {
		if strings.HasSuffix(strings.ToLower(name), "customer-key") {
			at = i
		}
	}
	if at < 0 {
		t.Fatalf("the key's header is not offered: %v", form["h"])
	}

	form["v"][at] = "${key:k9}"
	path, _, _ := strings.Cut(action, "#")
	edited := v.get(path + "?" + form.Encode())
	if edited.status != http.StatusOK {
		t.Fatalf("status %d", edited.status)
	}
	edited.says(t, ".proof__top h2", "Your version")
	edited.says(t, ".proof .verdict__code", "400") // the MD5 is still that of the right key
	edited.says(t, ".proof .note", "another answer now")
	edited.says(t, ".proof .btn--primary", "Run it as written")
	if again := edited.Find(".proof .btn--primary").AttrOr("href", ""); again == "" {
		t.Error("no way back")
	}

	form["drop"] = []string{form["h"][at]}
	v.get(path+"?"+form.Encode()).says(t, ".proof__top h2", "version")
}

func TestTheControlAnswersDifferently(t *testing.T) {
	a := start(t)
	v := a.visit("")
	result := answeredOnce(t, v, "ssec-key-per-version")
	href := result.Find(".proof .btn--primary").AttrOr("href", "")
	path, _, _ := strings.Cut(href, "#")
	control := v.get(path)
	control.says(t, ".proof__top h2", "The control")
	control.says(t, ".proof .verdict__code", "403 AccessDenied")
	if got := control.Find(".proof .gate[data-state=stop]").Length(); got != 1 {
		t.Errorf("%d gates stop, want 1", got)
	}
	control.says(t, ".proof .pair", "md5")
}

func TestEditsThatCannotBeSent(t *testing.T) {
	a := start(t)
	v := a.visit("")
	result := answeredOnce(t, v, "ssec-key-per-version")
	const proof = "ssec-key-per-version.own-key"
	for _, c := range []struct {
		name  string
		query url.Values
		say   string
	}{
		{"a header of the signature", url.Values{"step": {"1"}, "h": {"Authorization"}, "v": {"x"}}, "stays as it is"},
		{"a line break in a value", url.Values{"step": {"1"}, "h": {"x-amz-meta-a"}, "v": {"a\r\nb: c"}}, "not printable"},
		{"a step that does not exist", url.Values{"step": {"99"}, "h": {"x-amz-meta-a"}, "v": {"a"}}, "no such step"},
		{"somebody unknown", url.Values{"step": {"1"}, "as": {"nobody"}, "over": {"https"}}, "nobody of that name"},
		{"the bytes of a key", url.Values{"step": {"1"}, "h": {"x-amz-server-side-encryption-customer-key"}, "v": {"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IDMyYnl0ZXM="}}, "no place in an address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.query.Set("proof", proof)
			p := v.get(result.path + "?" + c.query.Encode())
			if p.status != http.StatusOK {
				t.Fatalf("status %d", p.status)
			}
			p.says(t, ".proof [role=alert]", c.say)
			p.says(t, ".proof .verdict__code", "200 OK") // as it is written
			if strings.Contains(p.text, "c2VjcmV0") {
				t.Error("the page shows the key")
			}
		})
	}
	if p := v.get(result.path + "?proof=sse-c.blocked-by-default"); p.status != http.StatusNotFound {
		t.Errorf("a proof of another page: %d, want 404", p.status)
	}
}

func TestNoPageShowsACustomerKey(t *testing.T) {
	a := start(t)
	v := a.visit("")
	result := answeredOnce(t, v, "ssec-key-per-version")
	result.Find(".hdrs tr").Each(func(_ int, s *goquerySelection) {
		if strings.HasSuffix(strings.ToLower(s.Find("th").Text()), "customer-key") && s.Find("em").Length() == 0 {
			t.Errorf("a customer key is not redacted: %s", s.Text())
		}
	})
}

func TestNotesAreReadAndProved(t *testing.T) {
	a := start(t)
	v := a.visit("")
	for _, n := range a.library.Notes {
		p := v.get("/notes/" + n.Slug)
		p.says(t, "h1", n.Title)
		for _, id := range n.Proofs {
			run := v.post("/notes/"+n.Slug+"/prove/"+id, nil)
			if run.status != http.StatusOK || !strings.Contains(run.path, "proof=") {
				t.Fatalf("%s: %d at %s", id, run.status, run.path)
			}
			run.says(t, ".proof .verdict__body", "The claim holds.")
		}
		action, form := p.form(t, "form[action$='/read']")
		v.post(action, form).says(t, "article", "Read")
	}
	v.get("/notes").says(t, ".rowlink__end", "Read")
	if len(a.entries("solo")) < len(a.library.Notes) {
		t.Error("reading left no trace in the journal")
	}
}
