package quiz

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// two of four are right: a and b.
func sample() Question {
	return Question{ID: "q1", Type: Multiple, Choose: 2, Stem: "Which two?", Objectives: []string{"C4"}, Options: []Option{
		{ID: "a", Text: "one", Correct: true, Why: "yes"},
		{ID: "b", Text: "two", Correct: true, Why: "yes"},
		{ID: "c", Text: "three", Why: "no", Misconception: "MC07"},
		{ID: "d", Text: "four", Why: "no", Misconception: "MC07"},
	}}
}

func TestGrade(t *testing.T) {
	single := Question{ID: "s", Type: Single, Choose: 1, Options: []Option{{ID: "a", Correct: true}, {ID: "b", Misconception: "MC01"}}}
	for _, c := range []struct {
		name   string
		q      Question
		chosen string
		right  bool
		score  float64
		tags   string
		err    error
	}{
		{"both right, in any order", sample(), "b a", true, 1, "", nil},
		{"one right and one wrong cancel out", sample(), "a c", false, 0, "MC07", nil},
		{"both wrong never go below zero, a tag counts once", sample(), "c d", false, 0, "MC07", nil},
		{"single choice right", single, "a", true, 1, "", nil},
		{"single choice wrong", single, "b", false, 0, "MC01", nil},
		{"nothing chosen", sample(), "", false, 0, "", ErrCount},
		{"one of two chosen", sample(), "a", false, 0, "", ErrCount},
		{"three of two chosen", sample(), "a b c", false, 0, "", ErrCount},
		{"an option of another question", sample(), "a z", false, 0, "", ErrUnknownOption},
		{"the same option twice", sample(), "a a", false, 0, "", ErrTwice},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Grade(c.q, strings.Fields(c.chosen))
			if !errors.Is(err, c.err) || (c.err == nil && err != nil) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if r.Right != c.right || r.Score != c.score {
				t.Errorf("right %v score %v, want %v %v", r.Right, r.Score, c.right, c.score)
			}
			if got := strings.Join(r.Misconceptions(), " "); got != c.tags {
				t.Errorf("misconceptions %q, want %q", got, c.tags)
			}
			if err == nil && len(r.Options) != len(c.q.Options) {
				t.Errorf("%d options judged, want %d", len(r.Options), len(c.q.Options))
			}
		})
	}
}

func TestPartialScore(t *testing.T) {
	q := sample()
	q.Choose = 3
	q.Options[2].Correct = true
	r, err := Grade(q, []string{"a", "b", "d"})
	if err != nil || r.Right || r.Score != 1.0/3 {
		t.Errorf("two right and one wrong of three: %+v, %v; want a third", r, err)
	}
}

func TestGradeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Question{ID: "q", Options: make([]Option, rapid.IntRange(2, 6).Draw(t, "options"))}
		for i := range q.Options {
			q.Options[i] = Option{ID: string(rune('a' + i)), Correct: rapid.Bool().Draw(t, "correct")}
			if q.Options[i].Correct {
				q.Choose++
			}
		}
		chosen := rapid.Permutation(IDs(q.Options)).Draw(t, "chosen")[:q.Choose]
		r, err := Grade(q, chosen)
		if err != nil {
			t.Fatal(err)
		}
		if r.Score < 0 || r.Score > 1 {
			t.Fatalf("score %v is outside 0 to 1", r.Score)
		}
		if q.Choose > 0 && r.Right != (r.Score == 1) {
			t.Fatalf("right %v with score %v", r.Right, r.Score)
		}
	})
}

func TestShuffleIsStablePerAttempt(t *testing.T) {
	q := sample()
	first := IDs(Shuffle(q, "attempt-1"))
	slices.Reverse(q.Options)
	if again := IDs(Shuffle(q, "attempt-1")); !slices.Equal(first, again) {
		t.Errorf("the same attempt shows %v, then %v", first, again)
	}
	places := map[string]int{}
	const attempts = 2000
	for i := range attempts {
		order := IDs(Shuffle(q, "attempt"+string(rune(i+1))))
		places[order[0]]++
		sorted := slices.Sorted(slices.Values(order))
		if !slices.Equal(sorted, []string{"a", "b", "c", "d"}) {
			t.Fatalf("options lost or doubled: %v", order)
		}
	}
	for id, n := range places {
		if n < attempts/4*8/10 || n > attempts/4*12/10 {
			t.Errorf("option %s stands first %d of %d times; want about a quarter", id, n, attempts)
		}
	}
}

func TestArrange(t *testing.T) {
	for _, c := range []struct{ name, order, want string }{
		{"the recorded order", "d b a c", "d b a c"},
		{"an option that is gone", "d gone b a c", "d b a c"},
		{"an option that is new", "d b", "d b a c"},
		{"nothing recorded", "", "a b c d"},
	} {
		if got := strings.Join(IDs(Arrange(sample(), strings.Fields(c.order))), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFlaws(t *testing.T) {
	if flaws := sample().Flaws(); len(flaws) > 0 {
		t.Fatalf("a sound question has flaws: %v", flaws)
	}
	for _, c := range []struct {
		name  string
		spoil func(*Question)
		field string
	}{
		{"choose differs from the key", func(q *Question) { q.Choose = 3 }, "choose"},
		{"two options with one id", func(q *Question) { q.Options[2].ID = "a" }, "options[2].id"},
		{"an option without id", func(q *Question) { q.Options[1].ID = "" }, "options[1].id"},
		{"an option without a reason", func(q *Question) { q.Options[3].Why = " \n" }, "options[3].why"},
		{"an option without words", func(q *Question) { q.Options[3].Text = "" }, "options[3].text"},
		{"two options with the same words", func(q *Question) { q.Options[3].Text = "three " }, "options[3].text"},
		{"single choice with two keys", func(q *Question) { q.Type = Single }, "choose"},
		{"multiple response with one key", func(q *Question) { q.Options[0].Correct = false; q.Choose = 1 }, "choose"},
		{"an unknown type", func(q *Question) { q.Type = "essay" }, "type"},
		{"everything is right", func(q *Question) { q.Options[2].Correct, q.Options[3].Correct, q.Choose = true, true, 4 }, "options"},
		{"one option only", func(q *Question) { q.Options = q.Options[:1]; q.Choose = 1; q.Type = Single }, "options"},
		{"no stem", func(q *Question) { q.Stem = "" }, "stem"},
		{"no id", func(q *Question) { q.ID = "" }, "id"},
		{"a right option with a misconception", func(q *Question) { q.Options[0].Misconception = "MC01" }, "options[0].misconception"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := sample()
			c.spoil(&q)
			flaws := q.Flaws()
			if !slices.ContainsFunc(flaws, func(f Flaw) bool { return f.Field == c.field && f.Text != "" }) {
				t.Errorf("flaws %v name no %s", flaws, c.field)
			}
		})
	}
}

func TestPick(t *testing.T) {
	bank := []Question{
		{ID: "a1", Objectives: []string{"A"}}, {ID: "a2", Objectives: []string{"A"}},
		{ID: "b1", Objectives: []string{"B"}}, {ID: "b2", Objectives: []string{"B"}},
	}
	for _, c := range []struct{ name, past, want string }{ // "-x" means x was missed
		{"nothing seen: the first of the bank", "", "a1"},
		{"unseen and another objective", "a1", "b1"},
		{"back to the first objective", "a1 b1", "a2"},
		{"unseen goes before missed", "-a1 -b1 -a2", "b2"},
		{"a miss returns after three others", "-a1 b1 a2 b2", "a1"},
		{"a miss rests first: the oldest known of another objective", "a1 b1 a2 -b2", "a1"},
		{"all known: the oldest of another objective", "b1 a1 b2 a2", "b1"},
		{"the older of two misses", "-a1 -a2 b1 b2 b1 b2", "a1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var past []Answer
			for _, word := range strings.Fields(c.past) {
				id, missed := strings.CutPrefix(word, "-")
				past = append(past, Answer{id, !missed})
			}
			if got, ok := Pick(bank, past); !ok || got.ID != c.want {
				t.Errorf("after %q: %q, want %q", c.past, got.ID, c.want)
			}
		})
	}
	if _, ok := Pick(nil, nil); ok {
		t.Error("an empty bank gives a question")
	}
	if q, ok := Pick(bank[:1], []Answer{{"a1", true}}); !ok || q.ID != "a1" {
		t.Error("a bank of one gives nothing")
	}
}

func TestPickReachesEveryQuestion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bank []Question
		for i := range rapid.IntRange(1, 12).Draw(t, "size") {
			bank = append(bank, Question{ID: string(rune('a' + i)), Objectives: []string{rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "objective")}})
		}
		var past []Answer
		for range bank {
			q, _ := Pick(bank, past)
			for _, a := range past {
				if a.Question == q.ID {
					t.Fatalf("%s asked again while others were unseen: %v", q.ID, past)
				}
			}
			past = append(past, Answer{q.ID, rapid.Bool().Draw(t, "right")})
		}
	})
}
