package labs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"keyhole/labs/call"
	"keyhole/simulator"
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
		if c.Kind == ProbeCheck {
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
		right := 0
		for _, o := range s.Predict.Options {
			if o.Right {
				right++
			}
		}
		v.must(right == 1 && len(s.Predict.Options) > 1, path+".predict.options", "%d of %d are right; exactly one of at least two has to be", right, len(s.Predict.Options))
	}
	for _, id := range s.After {
		v.must(slices.ContainsFunc(before, func(o Step) bool { return o.ID == id }), path+".after", "%q is not an earlier step", id)
	}
	v.must(len(s.When) > 0, path+".when", "at least one condition")
	for i, c := range s.When {
		v.condition(fmt.Sprintf("%s.when[%d]", path, i), c, true)
	}
}

func (v *validator) condition(path string, c Condition, requests bool) {
	set := 0
	if c.Request != nil {
		set++
		v.must(requests, path, "a state check is about the state, not about requests")
		v.must(c.Request.Distinct == "" || c.Request.Distinct == distinctKeys, path+".request.distinct", "%q is not %q", c.Request.Distinct, distinctKeys)
		for _, name := range c.Request.Operations {
			v.operation(path+".request.operations", name)
		}
		if c.Request.As != "" {
			v.profile(path+".request.as", c.Request.As)
		}
	}
	if c.Bucket != nil {
		set++
		v.must(c.Bucket.Name != "", path+".bucket.name", "must not be empty")
	}
	if c.Object != nil {
		set++
		v.must(c.Object.Bucket != "" && c.Object.Key != "", path+".object", "names a bucket and a key")
		for _, name := range c.Object.SealedWith {
			_, ok := v.lab.givenFile(nil, name)
			v.must(ok, path+".object.sealed_with", "%q is not a file of this lab", name)
		}
	}
	v.must(set == 1, path, "exactly one of request, bucket and object")
}

func (v *validator) check(path string, c Check) {
	v.must(slug.MatchString(c.ID), path+".id", "%q is not a word", c.ID)
	v.must(c.Text != "", path+".text", "must not be empty")
	v.must(c.Fail != "", path+".fail", "must not be empty")
	switch c.Kind {
	case StateCheck:
		if c.State == nil {
			v.must(false, path+".state", "a state check has a condition")
			return
		}
		v.condition(path+".state", *c.State, false)
	case ProbeCheck:
		v.profile(path+".as", c.As)
		v.operation(path+".do", c.Do)
		v.must(slices.Contains([]string{"", "https", "http"}, c.Transport), path+".transport", "%q is not https or http", c.Transport)
		v.must(c.Expect.Status >= 200 && c.Expect.Status < 600, path+".expect.status", "%d is not an HTTP status", c.Expect.Status)
	default:
		v.must(false, path+".kind", "%q is not state or probe", c.Kind)
	}
}

func (v *validator) profile(path, name string) {
	_, ok := v.lab.Principal(name)
	v.must(ok, path, "%q is not a principal of this lab", name)
}

func (v *validator) operation(path, name string) {
	ok := slices.ContainsFunc(call.Operations(), func(o call.Op) bool { return o.Name == name })
	v.must(ok, path, "%q is not an S3 operation", name)
}
