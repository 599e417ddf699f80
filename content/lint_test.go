package content

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"keyhole/quiz"
)

var today = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestTheMaterialHasNoLintErrors(t *testing.T) {
	problems := Lint(source(t), today)
	for _, p := range problems {
		if p.Severity == Error {
			t.Error(p.Detail())
		} else {
			t.Log(p)
		}
	}
}

// wellMade is a question that no rule of the linter objects to.
func wellMade() (quiz.Question, Meta) {
	why := "It says in a dozen words or more why this option is what it is, and which idea stands behind it for the reader."
	return quiz.Question{
		ID: "well-made", Type: quiz.Single, Choose: 1, Title: "Well made",
		Stem: "An application stores a file in a new bucket and sends no header about encryption. Which answer does it get from S3?",
		Options: []quiz.Option{
			{ID: "a", Text: "200, and the object is under SSE-S3 from the floor", Correct: true, Why: why},
			{ID: "b", Text: "200, and the object is stored without encryption", Why: why, Misconception: "MC51"},
			{ID: "c", Text: "400, since a new bucket asks for a method first", Why: why, Misconception: "MC51"},
			{ID: "d", Text: "403, since nobody has set a default for the bucket", Why: why, Misconception: "MC51"},
		},
		Keep: "Nothing has to be switched on.", Explain: "The floor applies to each new object, whatever the bucket says.",
		AsOf: "2026-11-23", References: []quiz.Reference{{Title: "A page", URL: "https://example.com", Checked: "2026-11-23"}},
		Proofs: []string{"well-made.shown"},
	}, Meta{Status: "current", Source: "original", File: "questions/well-made.yaml"}
}

func lintOne(q quiz.Question, m Meta) []string {
	l := &Library{Questions: []quiz.Question{q}, Meta: map[string]Meta{q.ID: m}, places: map[string]place{}}
	l.reindex()
	var rules []string
	for _, p := range Lint(l, today) {
		rules = append(rules, p.Rule)
	}
	return rules
}

func TestAWellMadeQuestionPasses(t *testing.T) {
	if rules := lintOne(wellMade()); len(rules) > 0 {
		t.Errorf("rules object to it: %v", rules)
	}
}

func TestEachRuleObjectsToItsMistake(t *testing.T) {
	long := strings.Repeat("This sentence makes the stem a little longer than it should be. ", 12)
	tests := []struct {
		rule, name string
		spoil      func(q *quiz.Question, m *Meta)
	}{
		{"option-letter", "the explanation says that option B is wrong", func(q *quiz.Question, _ *Meta) { q.Explain = "Option B is wrong because of the floor." }},
		{"option-letter", "a reason speaks of the first answer", func(q *quiz.Question, _ *Meta) { q.Options[2].Why += " See the first answer." }},
		{"option-letter", "both A and C", func(q *quiz.Question, _ *Meta) { q.Options[3].Text = "Both A and C hold for such a bucket today" }},
		{"all-of-the-above", "all of the above", func(q *quiz.Question, _ *Meta) { q.Options[3].Text = "All of the above, depending on the age of it" }},
		{"says-how-many", "a single choice that says TWO", func(q *quiz.Question, _ *Meta) { q.Stem += " (Choose TWO.)" }},
		{"says-how-many", "a multiple response that does not say", func(q *quiz.Question, _ *Meta) { q.Type, q.Choose = quiz.Multiple, 2 }},
		{"says-how-many", "a multiple response that says THREE for two", func(q *quiz.Question, _ *Meta) { q.Type, q.Choose = quiz.Multiple, 2; q.Stem += " (Choose THREE.)" }},
		{"reference", "no source", func(q *quiz.Question, _ *Meta) { q.References = nil }},
		{"proof-or-waiver", "neither proof nor reason", func(q *quiz.Question, _ *Meta) { q.Proofs = nil }},
		{"age", "looked at two years ago", func(q *quiz.Question, _ *Meta) { q.AsOf = "2024-11-23" }},
		{"age", "a source read two years ago", func(q *quiz.Question, _ *Meta) { q.References[0].Checked = "2024-11-23" }},
		{"provenance", "from a dump", func(_ *quiz.Question, m *Meta) { m.SourceNote = "exam dump 2023" }},
		{"provenance", "imported from nowhere", func(_ *quiz.Question, m *Meta) { m.Source = "imported" }},
		{"dead-link", "a link to a note that does not exist", func(q *quiz.Question, _ *Meta) { q.Explain += " See [the note](/notes/nowhere)." }},
		{"key-longest", "the right option is a paragraph", func(q *quiz.Question, _ *Meta) {
			q.Options[0].Text += ", which encrypts each new object with a key of its own"
		}},
		{"length-spread", "one wrong option is a paragraph", func(q *quiz.Question, _ *Meta) {
			q.Options[1].Text += ", which is what happened before the floor came in 2023"
		}},
		{"negative-stem", "which is not", func(q *quiz.Question, _ *Meta) { q.Stem = "Which answer does S3 not give to this request?" }},
		{"long-stem", "more than 120 words", func(q *quiz.Question, _ *Meta) { q.Stem = long + "Which answer does it get?" }},
		{"no-question", "ends with a statement", func(q *quiz.Question, _ *Meta) { q.Stem = "The answer of S3 is:" }},
		{"reading-grade", "one endless sentence of long words", func(q *quiz.Question, _ *Meta) {
			q.Stem = "Considering organizational requirements regarding cryptographic infrastructure administration, accountability documentation, international regulatory classification, and operational availability expectations, which implementation architecture simultaneously facilitates comprehensive confidentiality?"
		}},
		{"no-misconception", "a wrong option without an idea", func(q *quiz.Question, _ *Meta) { q.Options[1].Misconception = "" }},
		{"absolute-words", "always stands in a wrong option only", func(q *quiz.Question, _ *Meta) { q.Options[1].Text = "200, and the object is always left without keys" }},
		{"key-echo", "a rare word leads to the right option", func(q *quiz.Question, _ *Meta) {
			q.Stem = "An application for accountants stores a file and sends no header. Which answer does it get?"
			q.Options[0].Text = "200, under SSE-S3, as accountants would expect"
		}},
		{"stray-service", "Macie comes out of nowhere", func(q *quiz.Question, _ *Meta) { q.Explain += " Macie would find it." }},
		{"explanation-length", "reasons of three words", func(q *quiz.Question, _ *Meta) {
			for i := range q.Options {
				q.Options[i].Why = "It just is."
			}
		}},
		{"wide-code", "a policy of one line", func(q *quiz.Question, _ *Meta) { q.Explain += "\n\n```\n" + strings.Repeat("x", 90) + "\n```\n" }},
	}
	covered := map[string]bool{}
	for _, tt := range tests {
		covered[tt.rule] = true
		t.Run(tt.rule+": "+tt.name, func(t *testing.T) {
			q, m := wellMade()
			tt.spoil(&q, &m)
			if rules := lintOne(q, m); !slices.Contains(rules, tt.rule) {
				t.Errorf("rules that object: %v", rules)
			}
		})
	}
	for _, r := range questionRules {
		if !covered[r.name] {
			t.Errorf("no case for the rule %s", r.name)
		}
	}
}

func TestARetiredQuestionMayBeOld(t *testing.T) {
	q, m := wellMade()
	q.AsOf, m.Status = "2019-01-01", "retired"
	if rules := lintOne(q, m); slices.Contains(rules, "age") {
		t.Errorf("rules object: %v", rules)
	}
}

// bank makes a library of n questions.
func bank(n int, change func(i int, q *quiz.Question, m *Meta)) *Library {
	l := &Library{Meta: map[string]Meta{}, places: map[string]place{}}
	for i := range n {
		q, m := wellMade()
		q.ID = fmt.Sprintf("q%d", i)
		q.Stem = strings.Repeat(fmt.Sprintf("w%c%c ", 'a'+i/20, 'a'+i%20), 12) + "is what?"
		q.Options = slices.Clone(q.Options)
		change(i, &q, &m)
		l.Questions = append(l.Questions, q)
		l.Meta[q.ID] = m
	}
	l.reindex()
	return l
}

func TestRulesOfTheWholeLibrary(t *testing.T) {
	same := func(int, *quiz.Question, *Meta) {}
	tests := []struct {
		rule, name string
		lib        *Library
		want       bool
	}{
		{"near-duplicate", "two stems are one", bank(2, func(_ int, q *quiz.Question, _ *Meta) {
			q.Stem = "The very same words stand in this stem, are they not the same?"
		}), true},
		{"near-duplicate", "each stem has its own words", bank(2, same), false},
		{"key-longest-share", "the right option is the longest in all of 20", bank(20, func(_ int, q *quiz.Question, _ *Meta) { q.Options[0].Text += " and on" }), true},
		{"key-longest-share", "in none of 20", bank(20, func(_ int, q *quiz.Question, _ *Meta) { q.Options[1].Text += " and on and on" }), false},
		{"key-position", "20 times in the first place", bank(20, same), true},
		{"key-position", "five times in each place", bank(20, func(i int, q *quiz.Question, _ *Meta) {
			q.Options[0], q.Options[i%4] = q.Options[i%4], q.Options[0]
		}), false},
		{"bank-proofs", "half of 20 waived", bank(20, func(i int, q *quiz.Question, m *Meta) {
			if i%2 == 0 {
				q.Proofs, m.ProofWaiver = nil, "It is a matter of judgement."
			}
		}), true},
		{"bank-proofs", "a waiver beside a proof counts as proven", bank(20, func(_ int, _ *quiz.Question, m *Meta) { m.ProofWaiver = "The rest of it." }), false},
		{"lonely-fact", "one question asks a fact", bank(1, same), true},
		{"unused-fact", "nothing cites a fact", bank(1, same), true},
		{"old-source", "a source of 2020", bank(1, same), true},
		{"note-length", "a note of ten words", bank(1, same), true},
		{"note-proof", "a note that runs and asks nothing", bank(1, same), true},
	}
	covered := map[string]bool{}
	for _, tt := range tests {
		covered[tt.rule] = true
		t.Run(tt.rule+": "+tt.name, func(t *testing.T) {
			l := tt.lib
			l.Facts = []Fact{
				{ID: "a.asked", Source: Source{Checked: "2026-11-23"}},
				{ID: "a.unused", Source: Source{Checked: "2020-01-01"}},
			}
			l.Questions[0].Facts = []string{"a.asked"}
			l.Notes = []Note{{Slug: "short", Words: 10, AsOf: "2026-11-23"}}
			l.reindex()
			got := slices.ContainsFunc(Lint(l, today), func(p Problem) bool { return p.Rule == tt.rule })
			if got != tt.want {
				t.Errorf("objects: %v, want %v", got, tt.want)
			}
		})
	}
	for _, r := range libraryRules {
		if !covered[r.name] {
			t.Errorf("no case for the rule %s", r.name)
		}
	}
}

func TestLintNamesThePlaceInTheFile(t *testing.T) {
	file := "questions/sse-s3-who-decrypts.yaml"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := strings.Replace(string(data), "No key leaves S3.", "Option B is wrong.", 1)
	l, problems := Overlay(source(t), fstest.MapFS{file: {Data: []byte(spoiled)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	line := 1 + strings.Count(spoiled[:strings.Index(spoiled, "why: Option B")], "\n")
	for _, p := range Lint(l, today) {
		if p.Rule == "option-letter" {
			if p.File != file || p.Line != line || p.Snippet == "" {
				t.Errorf("reported at %s, want line %d", p, line)
			}
			return
		}
	}
	t.Error("not reported")
}
