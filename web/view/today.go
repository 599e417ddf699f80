package view

import (
	"fmt"
	"strings"
	"time"

	"keyhole/content"
	"keyhole/quiz/progress"
)

// Today is what the start page says.
type Today struct {
	Library *content.Library
	Now     time.Time
	Plan    progress.Plan
	Over    progress.Overview
	Days    []progress.Day
	First   *content.Note     // the note a new learner can begin with; nil: none
	Lab     *progress.LabInfo // the lab a new learner can begin with; nil: none
	Labs    map[string]string // lab id to address
	Bank    int               // questions there are
}

// planIcon, planHref and planVerb say how an item looks, where it leads and what its button says.
func planIcon(k progress.PlanKind) string {
	switch k {
	case progress.ContinueLab, progress.StartLab:
		return "flask-conical"
	case progress.RetryMissed:
		return "history"
	case progress.ReadNote:
		return "book-open"
	}
	return "target"
}

func (t Today) href(i progress.PlanItem) string {
	switch i.Kind {
	case progress.ContinueLab, progress.StartLab:
		return t.labHref(i.ID)
	case progress.ReadNote:
		return path("notes", i.ID)
	}
	if len(i.Questions) > 0 {
		return path("practice", i.Questions[0])
	}
	return "/practice"
}

func (t Today) labHref(id string) string {
	if at, ok := t.Labs[id]; ok {
		return at
	}
	return "/labs"
}

func planVerb(k progress.PlanKind) string {
	switch k {
	case progress.ContinueLab:
		return "Go on with the lab"
	case progress.StartLab:
		return "Start the lab"
	case progress.RetryMissed:
		return "Start with the misses"
	case progress.ReadNote:
		return "Start reading"
	}
	return "Start with new questions"
}

// idea is the misconception in words.
func idea(l *content.Library, tag string) string {
	if m, ok := l.Misconception(tag); ok {
		return m.Idea
	}
	return tag
}

// firstQuestion links an idea to a question that offers it.
func firstQuestion(i progress.Idea) string {
	if len(i.Questions) == 0 {
		return "/practice"
	}
	return path("practice", i.Questions[0])
}

// studied counts the days with something done.
func studied(days []progress.Day) int {
	n := 0
	for _, d := range days {
		if d.Count > 0 {
			n++
		}
	}
	return n
}

// heat is the class of one square of the strip.
func heat(d progress.Day) string {
	switch {
	case d.Count == 0:
		return "h0"
	case d.Count < 3:
		return "h1"
	case d.Count < 8:
		return "h2"
	case d.Count < 15:
		return "h3"
	}
	return "h4"
}

// square places day i of the strip: a column a week, Monday on top.
func square(i int) (x, y string) {
	const step = 21
	return fmt.Sprint(i / 7 * step), fmt.Sprint(i % 7 * step)
}

func objective(l *content.Library, id string) string {
	if o, ok := l.Objective(id); ok {
		return o.Title
	}
	return id
}

// level colours a bar: low below the share that counts as weak.
func level(s progress.Share) string {
	if s.Value() < progress.Weak {
		return "low"
	}
	return "high"
}

// rangeOf is half the width of the likely range, for "give or take".
func rangeOf(s progress.Share) string { return fmt.Sprintf("%.0f", (s.High-s.Low)*50) }

func shareLabel(s progress.Share) string {
	return fmt.Sprintf("%.0f percent, likely between %.0f and %.0f", s.Value()*100, s.Low*100, s.High*100)
}

// longHeadline is from how many bytes a finding is set smaller.
const longHeadline = 60

// quotation cuts a finding at its quoted sentence.
func quotation(finding string) (before, quoted, after string) {
	before, rest, found := strings.Cut(finding, "“")
	if !found {
		return finding, "", ""
	}
	quoted, after, _ = strings.Cut(rest, "”")
	return before, "“" + quoted + "”", after
}
