package progress

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"keyhole/quiz"
)

var monday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// story writes entries as a learner would tell them, one a minute: "q1+C4" right, "q1-C4:MC07" wrong by MC07,
// "q1+C4!certain" said to be certain, and other kinds as "kind item".
func story(lines ...string) []Entry {
	var entries []Entry
	for i, line := range lines {
		e := Entry{Learner: "ann", Key: line + string(rune('a'+i)), At: monday.Add(time.Duration(i) * time.Minute)}
		if kind, item, ok := strings.Cut(line, " "); ok {
			e.Kind, e.Item = Kind(kind), item
			entries = append(entries, e)
			continue
		}
		rest, said, _ := strings.Cut(line, "!")
		at := strings.IndexAny(rest, "+-")
		objective, tag, _ := strings.Cut(rest[at+1:], ":")
		d := AnswerDetail{Confidence: quiz.Confidence(said), Objectives: []string{objective}}
		if tag != "" {
			d.Misconceptions = []string{tag}
		}
		e.Kind, e.Item, e.Right, e.Detail = Answered, QuestionItem(rest[:at]), rest[at] == '+', d.Encode()
		entries = append(entries, e)
	}
	return entries
}

func TestShareOf(t *testing.T) {
	// Wilson intervals computed independently (R: prop.test without correction, conf.level 0.8).
	for _, c := range []struct {
		right, of int
		low, high float64
		known     bool
	}{
		{0, 0, 0, 1, false},
		{0, 1, 0, 0.6216, false},
		{1, 2, 0.1643, 0.8357, false},
		{3, 3, 0.6462, 1, true},
		{5, 10, 0.3122, 0.6878, true},
	} {
		s := ShareOf(c.right, c.of)
		if math.Abs(s.Low-c.low) > 5e-4 || math.Abs(s.High-c.high) > 5e-4 || s.Known != c.known {
			t.Errorf("%d of %d: %.4f to %.4f known %v, want %.4f to %.4f %v", c.right, c.of, s.Low, s.High, s.Known, c.low, c.high, c.known)
		}
	}
}

func TestOverviewCountsFirstAnswersOnly(t *testing.T) {
	o := NewOverview(story("q1-C4", "q1+C4", "q2+C4", "q3+C4", "q4+E1", "q1+C4"))
	if o.Answers != 6 || o.First.Right != 3 || o.First.Of != 4 || o.Last.Right != 4 {
		t.Errorf("answers %d first %+v last %+v", o.Answers, o.First, o.Last)
	}
	if len(o.Topics) != 2 || o.Topics[0].Objective != "C4" || !o.Topics[0].First.Known || o.Topics[0].First.Right != 2 {
		t.Errorf("C4 is 2 of 3 and known: %+v", o.Topics)
	}
	if o.Topics[1].First.Known {
		t.Errorf("E1 has one answer and is called known: %+v", o.Topics[1])
	}
	q := o.Questions["q1"]
	if q.Attempts != 3 || q.FirstRight || !q.LastRight || !q.LastAt.Equal(monday.Add(5*time.Minute)) {
		t.Errorf("q1: %+v", q)
	}
}

func TestOverviewOfLabsNotesAndCalibration(t *testing.T) {
	entries := story("step-passed lab/lg05#see", "step-passed lab/lg05#see", "hint-taken lab/lg05#unblock", "predicted lab/lg05#unblock",
		"note-read note/sse-c", "proof-run q/q1", "q1-C4!certain", "q2+C4!certain", "q3+C4!guess", "mystery lab/x")
	entries[3].Right = true
	o := NewOverview(entries)
	lab := o.Labs["lg05"]
	if len(lab.Steps) != 1 || lab.Hints != 1 || lab.Passed || lab.Predictions.Right != 1 || lab.Predictions.Of != 1 {
		t.Errorf("lab: %+v", lab)
	}
	if len(o.Labs) != 1 || len(o.NotesRead) != 1 || o.ProofsRun != 1 {
		t.Errorf("labs %d notes %d proofs %d", len(o.Labs), len(o.NotesRead), o.ProofsRun)
	}
	if len(o.Sure) != 2 || o.Sure[0].Said != quiz.Guess || o.Sure[1].Share.Right != 1 || o.Sure[1].Share.Of != 2 {
		t.Errorf("calibration: %+v", o.Sure)
	}
	if !NewOverview(nil).New() || o.New() {
		t.Error("who is new is mixed up")
	}
}

func TestStripCountsCalendarDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data here")
	}
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, zone) // a Wednesday; the strip crosses the clock change of October 25
	entries := []Entry{
		{Kind: Answered, Item: "q/a", At: time.Date(2026, 10, 24, 23, 30, 0, 0, time.UTC)}, // October 25 in Berlin
		{Kind: Answered, Item: "q/a", At: time.Date(2026, 10, 25, 22, 59, 0, 0, time.UTC)}, // still October 25
		{Kind: Answered, Item: "q/a", At: now},
		{Kind: HintTaken, Item: "lab/a", At: now}, // a hint alone is no study
		{Kind: Answered, Item: "q/a", At: now.AddDate(0, 0, -90)},
	}
	days := Strip(entries, now)
	if len(days) != 84 || days[0].Date.Weekday() != time.Monday || days[83].Date.Weekday() != time.Sunday {
		t.Fatalf("%d days from %v", len(days), days[0].Date.Weekday())
	}
	total := 0
	for _, d := range days {
		total += d.Count
		switch d.Date.Format("01-02") {
		case "10-25":
			if d.Count != 2 {
				t.Errorf("October 25 counts %d, want 2", d.Count)
			}
		case "11-25":
			if d.Count != 1 || d.Ahead {
				t.Errorf("today: %+v", d)
			}
		case "11-26":
			if !d.Ahead {
				t.Error("tomorrow is not ahead")
			}
		}
	}
	if total != 3 {
		t.Errorf("%d in all, want 3", total)
	}
}

var bank = []quiz.Question{
	{ID: "q1", Objectives: []string{"C4"}, Options: []quiz.Option{{ID: "a", Correct: true}, {ID: "b", Misconception: "MC07"}}},
	{ID: "q2", Objectives: []string{"C4"}, Options: []quiz.Option{{ID: "a", Correct: true}, {ID: "b", Misconception: "MC07"}}},
	{ID: "q3", Objectives: []string{"C4"}},
	{ID: "q4", Objectives: []string{"E1"}},
}

func TestIdeas(t *testing.T) {
	for _, c := range []struct {
		name string
		told []string
		want string // tags
		hits int
	}{
		{"once is a slip", []string{"q1-C4:MC07"}, "", 0},
		{"twice is an idea", []string{"q1-C4:MC07", "q2-C4:MC07"}, "MC07", 2},
		{"one right answer is not enough", []string{"q1-C4:MC07", "q2-C4:MC07", "q1+C4"}, "MC07", 2},
		{"two right answers retire it", []string{"q1-C4:MC07", "q2-C4:MC07", "q1+C4", "q2+C4"}, "", 0},
		{"right answers elsewhere do not count", []string{"q1-C4:MC07", "q2-C4:MC07", "q3+C4", "q3+C4"}, "MC07", 2},
		{"retired, one more slip", []string{"q1-C4:MC07", "q2-C4:MC07", "q1+C4", "q2+C4", "q1-C4:MC07"}, "", 0},
		{"retired, and it came back", []string{"q1-C4:MC07", "q2-C4:MC07", "q1+C4", "q2+C4", "q1-C4:MC07", "q1-C4:MC07"}, "MC07", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tags []string
			hits := 0
			for _, i := range Ideas(story(c.told...), bank) {
				tags, hits = append(tags, i.Tag), i.Hits
			}
			if got := strings.Join(tags, " "); got != c.want || hits != c.hits {
				t.Errorf("%q with %d hits, want %q with %d", got, hits, c.want, c.hits)
			}
		})
	}
}

func TestToday(t *testing.T) {
	catalogue := Catalogue{
		Questions: bank, Objectives: map[string]string{"C4": "Keys you bring"}, Misconceptions: map[string]string{"MC07": "The key belongs to the bucket."},
		Notes: []NoteInfo{{Slug: "sse-c", Title: "Customer keys", Objectives: []string{"C4"}, Minutes: 8}},
		Labs:  []LabInfo{{ID: "lg05", Title: "SSE-C by hand", Objectives: []string{"C4"}, Minutes: 20, Steps: []string{"see", "unblock", "store", "read"}}},
	}
	for _, c := range []struct {
		name     string
		told     []string
		headline string
		plan     string
	}{
		{"nothing done", nil, "", ""},
		{"one answer", []string{"q1+C4"}, "1 question so far: too early to tell what you know.", "new-questions start-lab"},
		{"a miss comes back first", []string{"q1-C4"}, "1 question so far: too early to tell what you know.", "retry-missed new-questions"},
		{"a weak topic brings its note", []string{"q1-C4", "q2-C4", "q3+C4"}, "Keys you bring is where you lose most: 1 of 3 right at first sight.", "retry-missed read-note new-questions"},
		{"a held idea speaks first", []string{"q1-C4:MC07", "q2-C4:MC07"}, "One idea has cost you 2 answers: “The key belongs to the bucket.”", "retry-missed new-questions"},
		{"an open lab goes on", []string{"step-passed lab/lg05#see"}, "SSE-C by hand is waiting after step 1 of 4.", "continue-lab new-questions"},
		{"all known, the lab is left", []string{"q1+C4", "q2+C4", "q3+C4", "q4+E1"}, "4 of 4 questions right at first sight, 4 of 4 by now.", "start-lab"},
		{"only read", []string{"note-read note/sse-c"}, "You have looked around; no question is answered yet.", "new-questions"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Today(story(c.told...), catalogue)
			var kinds []string
			minutes := 0
			for _, i := range p.Items {
				kinds = append(kinds, string(i.Kind))
				minutes += i.Minutes
				if i.Minutes < 1 || i.Title == "" || i.Why == "" {
					t.Errorf("an item without words or minutes: %+v", i)
				}
			}
			if p.Headline != c.headline {
				t.Errorf("headline %q, want %q", p.Headline, c.headline)
			}
			if got, want := strings.Join(kinds, " "), strings.TrimSuffix(c.plan, ""); got != want {
				t.Errorf("plan %q, want %q", got, c.plan)
			}
			if p.New != (len(c.told) == 0) || p.Minutes != minutes || p.Minutes > PlanMinutes {
				t.Errorf("new %v, %d minutes for %d", p.New, p.Minutes, minutes)
			}
		})
	}
}

func TestAnswerDetailRoundTrip(t *testing.T) {
	q := quiz.Question{ID: "q1", Rev: 2, Hash: "abcdef012345", Choose: 1, Objectives: []string{"C4"}, Options: bank[0].Options}
	r, err := quiz.Grade(q, []string{"b"})
	if err != nil {
		t.Fatal(err)
	}
	e := NewAnswer("ann", "key", q, r, AnswerDetail{Chosen: []string{"b"}, Order: []string{"b", "a"}, Confidence: quiz.Certain, Milliseconds: 1234})
	if e.Item != "q/q1" || e.Revision != "2-abcdef012345" || e.Right || e.Score != 0 {
		t.Errorf("entry: %+v", e)
	}
	want := AnswerDetail{[]string{"b"}, []string{"b", "a"}, quiz.Certain, 1234, []string{"MC07"}, []string{"C4"}}
	if got, err := DecodeAnswer(e.Detail); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("detail %+v, %v; want %+v", got, err, want)
	}
	if _, err := DecodeAnswer(json.RawMessage(`{"chosen":3}`)); err == nil {
		t.Error("a broken detail is read")
	}
}

func FuzzDecodeAnswer(f *testing.F) {
	f.Add([]byte(`{"chosen":["a"],"order":["b","a"],"confidence":"guess","ms":12}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := DecodeAnswer(text)
		if err != nil {
			return
		}
		again, err := DecodeAnswer(d.Encode())
		if err != nil || len(again.Chosen) != len(d.Chosen) || again.Milliseconds != d.Milliseconds {
			t.Errorf("%q reads as %+v, then as %+v, %v", text, d, again, err)
		}
	})
}
