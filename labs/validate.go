package labs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator"
	"keyhole/simulator/world"
)

// Problem is one mistake in a lab. Path says where, as lab.yaml spells it: "steps[2].predict".
type Problem struct {
	Path, Text string
}

func (p Problem) String() string { return p.Path + ": " + p.Text }

var labID = regexp.MustCompile(`^[a-z]{2}[0-9]{2}$`)
var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Validate returns everything that is wrong with a lab, its files read.
func (l *Lab) Validate() []Problem {
	v := &validator{lab: l}
	v.head()
	v.people()
	for i, s := range l.Steps {
		v.step(fmt.Sprintf("steps[%d]", i), s, l.Steps[:i])
	}
	for i, c := range l.Checks {
		v.check(fmt.Sprintf("checks[%d]", i), c)
	}
	for i, w := range l.Wrong {
		path := fmt.Sprintf("wrong[%d]", i)
		v.must(w.Script != "", path+".file", "%q is missing or empty", w.File)
		v.must(w.Why != "", path+".why", "says why it is wrong")
		v.must(slices.ContainsFunc(l.Checks, func(c Check) bool { return c.ID == w.Fails }), path+".fails", "%q is not a check of this lab", w.Fails)
	}
	return v.found
}

type validator struct {
	lab   *Lab
	world *world.World // the start; nil when it cannot be read
	found []Problem
}

func (v *validator) must(ok bool, path, format string, args ...any) {
	if !ok {
		v.found = append(v.found, Problem{path, fmt.Sprintf(format, args...)})
	}
}

func (v *validator) head() {
	l := v.lab
	v.must(labID.MatchString(l.ID), "id", "%q is not two letters and two digits", l.ID)
	v.must(slug.MatchString(l.Slug), "slug", "%q is not words of lower-case letters and digits joined by hyphens", l.Slug)
	v.must(slices.Contains([]string{"guided", "challenge", "incident"}, l.Level), "level", "%q is not guided, challenge or incident", l.Level)
	v.must(l.Minutes > 0, "minutes", "must be more than 0")
	for path, text := range map[string]string{"title": l.Title, "claim": l.Claim, "story": l.Story, "debrief": l.Debrief} {
		v.must(strings.TrimSpace(text) != "", path, "must not be empty")
	}
	v.must(len(l.Steps) > 0, "steps", "at least one")
	v.must(len(l.Checks) > 0, "checks", "at least one")
	v.must(len(l.Wrong) > 0, "wrong", "at least one wrong solution")
	v.must(l.Solution != "", "solution.sh", "must not be empty")
	var refused, allowed bool
	for _, c := range l.Checks {
		switch {
		case c.Kind == ProbeCheck && c.Run != "":
			refused = refused || c.Expect.Exit != 0
			allowed = allowed || c.Expect.Exit == 0
		case c.Kind == ProbeCheck:
			refused = refused || c.Expect.Status >= 400
			allowed = allowed || (c.Expect.Status >= 200 && c.Expect.Status < 300)
		}
	}
	v.must(refused, "checks", "at least one probe has to be refused")
	v.must(allowed, "checks", "at least one probe has to be allowed")
}

// people checks the start, the principals in it, and the files.
func (v *validator) people() {
	l := v.lab
	w, err := simulator.ParseWorld(l.Start, simulator.WorldOptions{Seed: "validate"})
	if err != nil {
		v.must(false, "start.json", "%v", err)
		return
	}
	v.world = w
	_, ok := w.Bucket(l.Bucket)
	v.must(ok, "bucket", "%q is not a bucket of start.json", l.Bucket)
	v.must(len(l.Principals) > 0, "principals", "at least one")
	seen := map[string]bool{}
	for i, p := range l.Principals {
		path := fmt.Sprintf("principals[%d]", i)
		v.must(p.Profile != "" && !seen[p.Profile], path+".profile", "%q is empty or there twice", p.Profile)
		seen[p.Profile] = true
		if p.Kind == "anonymous" {
			continue
		}
		_, ok := w.Principal(p.Account, p.Kind, p.Name)
		v.must(ok, path, "there is no %s %q in account %q of start.json", p.Kind, p.Name, p.Account)
	}
	for i, f := range l.Files {
		path := fmt.Sprintf("files[%d]", i)
		v.must(f.Name != "", path+".name", "must not be empty")
		v.must((f.Random > 0) != (f.Text != ""), path, "has either random bytes or a text")
	}
}

// options checks the options of a prediction or question.
func (v *validator) options(path string, options []Outcome) {
	right := 0
	for i, o := range options {
		if o.Right {
			right++
		}
		v.must(slug.MatchString(o.ID), fmt.Sprintf("%s[%d].id", path, i), "%q is not a word", o.ID)
		v.must(!slices.ContainsFunc(options[:i], func(other Outcome) bool { return other.ID == o.ID }), path, "%q is there twice", o.ID)
	}
	v.must(right == 1 && len(options) > 1, path, "%d of %d are right; exactly one of at least two has to be", right, len(options))
}

// asked is how many questions of the lab have an id.
func (v *validator) asked(id string) (n int) {
	for _, s := range v.lab.Steps {
		for _, q := range s.Ask {
			if q.ID == id {
				n++
			}
		}
	}
	return n
}

func (v *validator) step(path string, s Step, before []Step) {
	v.must(slug.MatchString(s.ID), path+".id", "%q is not a word", s.ID)
	v.must(!slices.ContainsFunc(before, func(o Step) bool { return o.ID == s.ID }), path+".id", "%q is there twice", s.ID)
	for name, text := range map[string]string{"title": s.Title, "task": s.Task, "done": s.Done, "insight": s.Insight} {
		v.must(strings.TrimSpace(text) != "", path+"."+name, "must not be empty")
	}
	v.must(len(s.Hints) == 3, path+".hints", "%d hints; a nudge, a pointer and the answer make three", len(s.Hints))
	for i, h := range s.Hints {
		v.must(h.Text != "" && h.Cost > 0, fmt.Sprintf("%s.hints[%d]", path, i), "has a text and a cost")
	}
	if s.Predict != nil {
		v.options(path+".predict.options", s.Predict.Options)
	}
	for i, q := range s.Ask {
		at := fmt.Sprintf("%s.ask[%d]", path, i)
		v.must(slug.MatchString(q.ID), at+".id", "%q is not a word", q.ID)
		v.must(v.asked(q.ID) == 1, at+".id", "%q is there twice", q.ID)
		v.must(strings.TrimSpace(q.Text) != "", at+".text", "must not be empty")
		v.options(at+".options", q.Options)
		v.must(slices.ContainsFunc(v.lab.Steps, func(s Step) bool {
			return slices.ContainsFunc(s.When, func(c Condition) bool { return c.Answered == q.ID })
		}), at+".id", "no condition says that %q has to be answered", q.ID)
	}
	for _, id := range s.After {
		v.must(slices.ContainsFunc(before, func(o Step) bool { return o.ID == id }), path+".after", "%q is not an earlier step", id)
	}
	v.must(len(s.When) > 0, path+".when", "at least one condition")
	for i, c := range s.When {
		v.condition(fmt.Sprintf("%s.when[%d]", path, i), c, true)
	}
}
