package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"keyhole/quiz"
)

// wrong and right pick option ids of a question.
func wrong(q quiz.Question) []string { return pick(q, false) }
func right(q quiz.Question) []string { return pick(q, true) }

func pick(q quiz.Question, correct bool) []string {
	var ids []string
	for _, o := range q.Options {
		if o.Correct == correct && len(ids) < q.Choose {
			ids = append(ids, o.ID)
		}
	}
	for _, o := range q.Options { // too few wrong ones: fill up
		if len(ids) < q.Choose && o.Correct != correct {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

func TestQuestionIsAFormWithoutScripts(t *testing.T) {
	a := start(t)
	p := a.visit("").get("/practice")
	if p.status != http.StatusOK || !strings.Contains(p.path, "?a=") {
		t.Fatalf("practice leads to %s with %d", p.path, p.status)
	}
	for _, c := range []struct{ selector, why string }{
		{"form[method=post] fieldset legend", "options have a legend"},
		{"form[data-question] input[name=key][type=hidden]", "the attempt has a key"},
		{"form[data-question] button[type=submit]", "there is a Check button"},
		{".sure input[value=certain]", "confidence is offered"},
		{"h1.stem", "the stem is the heading"},
	} {
		if p.Find(c.selector).Length() == 0 {
			t.Errorf("no %s: %s", c.selector, c.why)
		}
	}
	if p.Find(".option[data-state]").Length() > 0 || strings.Contains(p.text, "Correct") {
		t.Error("the page gives the answer away")
	}
	p.Find(".option input").Each(func(i int, in *goquerySelection) {
		if kind := in.AttrOr("type", ""); kind != "radio" && kind != "checkbox" {
			t.Errorf("option %d is an input of type %q", i, kind)
		}
	})
}

func TestAnsweringEveryQuestion(t *testing.T) {
	a := start(t)
	v := a.visit("")
	for _, q := range a.library.Questions {
		t.Run(q.ID, func(t *testing.T) {
			for _, c := range []struct {
				name   string
				chosen []string
				say    string
			}{{"wrong", wrong(q), "Not"}, {"right", right(q), "Right."}} {
				action, form := v.get("/practice/"+q.ID).form(t, "form[data-question]")
				form["option"], form["sure"] = c.chosen, []string{"certain"}
				p := v.post(action, form)
				if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/practice/"+q.ID+"/") {
					t.Fatalf("%s: %d at %s", c.name, p.status, p.path)
				}
				p.says(t, ".finding", c.say)
				p.says(t, "aside", "certain")
				if n := p.Find(".option__why").Length(); n != len(q.Options) {
					t.Errorf("%d reasons for %d options", n, len(q.Options))
				}
				if n := p.Find(".option[data-state=right]").Length(); n != q.Choose {
					t.Errorf("%d options marked right, %d are", n, q.Choose)
				}
				if len(q.Proofs) > 0 {
					p.says(t, ".proof .verdict__body", "The claim holds.")
					if p.Find(".proof .gate").Length() < 7 {
						t.Error("the proof shows no gates")
					}
				}
			}
		})
	}
}

func TestAnAttemptIsAnsweredOnce(t *testing.T) {
	a := start(t)
	v := a.visit("")
	first := v.get("/practice")
	action, form := first.form(t, "form[data-question]")
	q, _ := a.library.Question(strings.TrimPrefix(action, "/practice/"))
	form["option"] = wrong(q)

	result := v.post(action, form)
	for name, again := range map[string]func() page{
		"the same form sent again":          func() page { return v.post(action, form) },
		"reload of the result":              func() page { return v.get(result.path) },
		"back to the question":              func() page { return v.get(first.path) },
		"another choice with the same form": func() page { form["option"] = right(q); return v.post(action, form) },
	} {
		p := again()
		if p.path != result.path || p.status != http.StatusOK {
			t.Errorf("%s: %d at %s, want %s", name, p.status, p.path, result.path)
		}
		p.says(t, ".finding", "Not")
	}
	if n := len(a.entries("solo")); n != 1 {
		t.Errorf("%d answers are recorded, want 1", n)
	}
}

func TestDoubleClick(t *testing.T) {
	a := start(t)
	v := a.visit("")
	action, form := v.get("/practice").form(t, "form[data-question]")
	q, _ := a.library.Question(strings.TrimPrefix(action, "/practice/"))
	form["option"] = right(q)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			r, _ := http.NewRequest(http.MethodPost, a.server.URL+action, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				t.Errorf("status %d", answer.StatusCode)
			}
		})
	}
	wait.Wait()
	if n := len(a.entries("solo")); n != 1 {
		t.Errorf("%d answers are recorded, want 1", n)
	}
}

func TestBrokenAnswers(t *testing.T) {
	a := start(t)
	v := a.visit("")
	q := a.library.Questions[0]
	for _, c := range []struct {
		name   string
		form   url.Values
		status int
	}{
		{"nothing chosen", url.Values{"key": {"test-key-1"}}, 422},
		{"too many chosen", url.Values{"key": {"test-key-2"}, "option": quiz.IDs(q.Options)}, 422},
		{"an option that does not exist", url.Values{"key": {"test-key-3"}, "option": {"zz"}}, 422},
		{"an option twice", url.Values{"key": {"test-key-4"}, "option": {q.Options[0].ID, q.Options[0].ID}}, 422},
		{"no key", url.Values{"option": right(q)}, 422},
		{"a key with odd signs", url.Values{"key": {"../../../etc/passwd"}, "option": right(q)}, 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			if p := v.post("/practice/"+q.ID, c.form); p.status != c.status {
				t.Errorf("status %d, want %d", p.status, c.status)
			}
		})
	}
	if n := len(a.entries("solo")); n != 0 {
		t.Errorf("%d answers are recorded, want none", n)
	}
}

func TestTooFewChosenKeepsTheForm(t *testing.T) {
	a := start(t)
	v := a.visit("")
	var q quiz.Question
	for _, q = range a.library.Questions {
		if q.Choose > 1 {
			break
		}
	}
	if q.Choose < 2 {
		t.Skip("no question asks for two options")
	}
	action, form := v.get("/practice/"+q.ID).form(t, "form[data-question]")
	form["option"], form["sure"] = right(q)[:1], []string{"unsure"}
	p := v.post(action, form)
	p.says(t, "#problem", "1 chosen so far")
	if got := p.Find(".options input[checked]").AttrOr("value", ""); got != form["option"][0] {
		t.Errorf("the choice was lost: %q", got)
	}
	if got := p.Find(".sure input[checked]").AttrOr("value", ""); got != "unsure" {
		t.Errorf("the confidence was lost: %q", got)
	}
	action, form = p.form(t, "form[data-question]")
	form["option"] = right(q)
	v.post(action, form).says(t, ".finding", "Right.")
}
