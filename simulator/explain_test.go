package simulator

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

// eachCase runs over the cases of the neutral format.
func eachCase(t *testing.T, f func(c *policy.Case, all []*policy.Decision)) {
	t.Helper()
	files, err := filepath.Glob("policy/testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			c, err := policy.ParseCase(lines.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			_, _, decisions := c.Evaluate()
			all := make([]*policy.Decision, len(decisions))
			for i := range decisions {
				all[i] = &decisions[i]
			}
			f(c, all)
		}
		_ = file.Close()
	}
}

// What an edit claims is what the slow evaluation says of it, and no list is longer than a person reads.
func TestEditsKeepTheirPromise(t *testing.T) {
	helped, tempting, denied := 0, 0, 0
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		s := newSituation(all, Alternatives{})
		truth := map[string]policy.Verdict{}
		for _, e := range s.edits(Alternatives{}) {
			v := policy.Allowed
			for _, d := range all {
				r, l := d.Request, d.Layers
				r.Context = r.Context.Clone()
				e.apply(&r, &l)
				one := policy.Evaluate(r, l)
				v = worse(v, one.Verdict)
			}
			if _, twice := truth[e.Say]; !twice { // the first of a name is the one that is told
				truth[e.Say] = v
			}
		}
		edits := Counterfactuals(all, Alternatives{})
		if s.verdict != policy.Allowed {
			denied++
		}
		helping := 0
		for i, e := range edits {
			if e.Result != truth[e.Say] || e.Order != i+1 || e.Say == "" || strings.ContainsAny(e.Say, "%!") {
				t.Errorf("%s: %+v, evaluated again: %s", c.ID, e, truth[e.Say])
			}
			if e.Helps != (s.verdict != policy.Allowed && e.Result == policy.Allowed) || e.Tempting && e.Helps {
				t.Errorf("%s: %+v of a request that is %s", c.ID, e, s.verdict)
			}
			if !e.Tempting && s.verdict == policy.Allowed && e.Result == policy.Allowed {
				t.Errorf("%s: %+v changes nothing", c.ID, e)
			}
			if e.Helps {
				helping++
			}
			if e.Tempting {
				tempting++
				if e.Note == "" {
					t.Errorf("%s: %+v does not say why not", c.ID, e)
				}
			}
		}
		if helping > MaxHelpful {
			t.Errorf("%s: %d edits that help", c.ID, helping)
		}
		if helping > 0 {
			helped++
		}
		if !slices.IsSortedFunc(edits, func(a, b Edit) int { return place(a.Kind) - place(b.Kind) }) {
			t.Errorf("%s: edits out of order", c.ID)
		}
	})
	t.Logf("%d refused; %d have an edit that helps, %d a tempting one", denied, helped, tempting)
	if helped < denied*7/10 || tempting < denied/2 {
		t.Errorf("of %d refused requests only %d have an edit that helps and %d a tempting one", denied, helped, tempting)
	}
}

// A decision is never touched by being explained.
func TestEditsLeaveTheDecisionAlone(t *testing.T) {
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		Counterfactuals(all, Alternatives{})
		for _, d := range all {
			if again := policy.Evaluate(d.Request, d.Layers); again.Verdict != d.Verdict || again.Rule != d.Rule {
				t.Errorf("%s: %s %s became %s %s", c.ID, d.Verdict, d.Rule, again.Verdict, again.Rule)
			}
		}
	})
}

// The headline and the verdict never disagree, and a person reads it at a glance.
func TestHeadlines(t *testing.T) {
	seen := map[string]bool{}
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		for _, d := range all {
			h := Headline(d)
			if words := len(strings.Fields(h)); words > 9 {
				t.Errorf("%s: %d words: %s", c.ID, words, h)
			}
			if (h == "This is allowed.") != (d.Verdict == policy.Allowed) {
				t.Errorf("%s: %s says %q", c.ID, d.Verdict, h)
			}
			if strings.HasPrefix(h, "A Deny") != (d.Verdict == policy.ExplicitlyDenied && d.By != policy.Public) {
				t.Errorf("%s: %s by %s says %q", c.ID, d.Verdict, d.By, h)
			}
			seen[h] = true
		}
	})
	if len(seen) < 12 {
		t.Errorf("the cases show only %d headlines", len(seen))
	}
	for h := range seen {
		t.Log(h)
	}
}
