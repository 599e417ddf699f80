package progress

import (
	"fmt"
	"slices"

	"keyhole/quiz"
)

// Catalogue is what there is to study, in the words of the pages, in the order to study it.
type Catalogue struct {
	Questions      []quiz.Question
	Notes          []NoteInfo
	Labs           []LabInfo
	Objectives     map[string]string // id -> title
	Misconceptions map[string]string // tag -> the idea as a sentence
}

type NoteInfo struct {
	Slug, Title string
	Objectives  []string
	Minutes     int
}

type LabInfo struct {
	ID, Title  string
	Objectives []string
	Minutes    int
	Steps      []string // step ids in order
}

// Limits of a plan: enough to be worth sitting down, short enough to be done today.
const (
	PlanMinutes     = 25
	PlanMisses      = 5 // missed questions to try again
	PlanUnseen      = 6 // new questions
	questionMinutes = 1.5
)

// Plan is what to do next, with the finding it follows from.
type Plan struct {
	New      bool   // nothing done yet: no headline, no items, no zeros
	Headline string // one sentence from the learner's own data
	Items    []PlanItem
	Minutes  int // of all items
	Unlearn  []Idea
}

// PlanKind says what an item of a plan is.
type PlanKind string

const (
	ContinueLab PlanKind = "continue-lab"
	RetryMissed PlanKind = "retry-missed"
	ReadNote    PlanKind = "read-note"
	NewQuestion PlanKind = "new-questions"
	StartLab    PlanKind = "start-lab"
)

// PlanItem is one thing to do. ID names the lab or the note; Questions those of a practice item.
type PlanItem struct {
	Kind      PlanKind
	ID        string
	Title     string
	Why       string
	Questions []string
	Minutes   int
}

// Today makes the plan from the learner's entries, oldest first. It names only what the catalogue holds, and says
// nothing that the entries do not show.
func Today(entries []Entry, c Catalogue) Plan {
	o := NewOverview(entries)
	if o.New() {
		return Plan{New: true}
	}
	p := Plan{Unlearn: Ideas(entries, c.Questions)}
	p.Headline = headline(o, p.Unlearn, c)
	for _, item := range []PlanItem{continueLab(o, c), retryMissed(o, c), readNote(o, c), newQuestions(o, c), startLab(o, c)} {
		if item.Kind == "" || (len(p.Items) > 0 && p.Minutes+item.Minutes > PlanMinutes) {
			continue
		}
		p.Items = append(p.Items, item)
		p.Minutes += item.Minutes
	}
	return p
}

// headline says the one finding that matters most: a wrong idea, a weak topic, a lab left open, or where one stands.
func headline(o Overview, ideas []Idea, c Catalogue) string {
	if len(ideas) > 0 {
		if idea, ok := c.Misconceptions[ideas[0].Tag]; ok {
			return fmt.Sprintf("One idea has cost you %d answers: “%s”", ideas[0].Hits, idea)
		}
	}
	if t, ok := weakest(o); ok {
		return fmt.Sprintf("%s is where you lose most: %d of %d right at first sight.", title(c, t.Objective), t.First.Right, t.First.Of)
	}
	if lab, passed, ok := openLab(o, c); ok {
		return fmt.Sprintf("%s is waiting after step %d of %d.", lab.Title, passed, len(lab.Steps))
	}
	if o.First.Of == 0 {
		return "You have looked around; no question is answered yet."
	}
	if !o.First.Known {
		return fmt.Sprintf("%s so far: too early to tell what you know.", plural(o.First.Of, "question"))
	}
	return fmt.Sprintf("%d of %d questions right at first sight, %d of %d by now.", o.First.Right, o.First.Of, o.Last.Right, o.Last.Of)
}

// Weak is the share of first answers below which a topic is called weak.
const Weak = 0.75

func weakest(o Overview) (Topic, bool) {
	if len(o.Topics) > 0 && o.Topics[0].First.Known && o.Topics[0].First.Value() < Weak {
		return o.Topics[0], true
	}
	return Topic{}, false
}

// openLab finds a lab that was begun and not passed, the one touched last.
func openLab(o Overview, c Catalogue) (lab LabInfo, passed int, ok bool) {
	for _, l := range c.Labs {
		s, begun := o.Labs[l.ID]
		if !begun || s.Passed || (ok && s.LastAt.Before(o.Labs[lab.ID].LastAt)) {
			continue
		}
		lab, passed, ok = l, 0, true
		for _, step := range l.Steps {
			if _, done := s.Steps[step]; done {
				passed++
			}
		}
	}
	return lab, passed, ok
}

func continueLab(o Overview, c Catalogue) PlanItem {
	lab, passed, ok := openLab(o, c)
	if !ok {
		return PlanItem{}
	}
	minutes := lab.Minutes
	if n := len(lab.Steps); n > 0 {
		minutes = max(1, (lab.Minutes*(n-passed)+n-1)/n)
	}
	return PlanItem{Kind: ContinueLab, ID: lab.ID, Title: lab.Title, Minutes: minutes,
		Why: fmt.Sprintf("%d of %d steps are done, and your sandbox is as you left it", passed, len(lab.Steps))}
}

func retryMissed(o Overview, c Catalogue) PlanItem {
	var missed []string
	for _, q := range c.Questions {
		if s, seen := o.Questions[q.ID]; seen && !s.LastRight {
			missed = append(missed, q.ID)
		}
	}
	slices.SortStableFunc(missed, func(a, b string) int { return o.Questions[a].LastAt.Compare(o.Questions[b].LastAt) })
	missed = missed[:min(len(missed), PlanMisses)]
	if len(missed) == 0 {
		return PlanItem{}
	}
	return PlanItem{Kind: RetryMissed, Title: "Try again: " + plural(len(missed), "question"), Questions: missed, Minutes: minutesFor(missed),
		Why: "your last answer was wrong"}
}

func readNote(o Overview, c Catalogue) PlanItem {
	t, ok := weakest(o)
	if !ok {
		return PlanItem{}
	}
	for _, n := range c.Notes {
		if _, read := o.NotesRead[n.Slug]; !read && slices.Contains(n.Objectives, t.Objective) {
			return PlanItem{Kind: ReadNote, ID: n.Slug, Title: n.Title, Minutes: n.Minutes,
				Why: fmt.Sprintf("%d of %d right on %s", t.First.Right, t.First.Of, title(c, t.Objective))}
		}
	}
	return PlanItem{}
}

// newQuestions picks unseen questions as practice would, the weak topic's first.
func newQuestions(o Overview, c Catalogue) PlanItem {
	var unseen []quiz.Question
	for _, q := range c.Questions {
		if _, seen := o.Questions[q.ID]; !seen {
			unseen = append(unseen, q)
		}
	}
	if len(unseen) == 0 {
		return PlanItem{}
	}
	why := "not seen yet"
	if t, ok := weakest(o); ok {
		slices.SortStableFunc(unseen, func(a, b quiz.Question) int {
			return rank(slices.Contains(a.Objectives, t.Objective)) - rank(slices.Contains(b.Objectives, t.Objective))
		})
		if slices.Contains(unseen[0].Objectives, t.Objective) {
			why = "not seen yet, weakest topic first"
		}
	}
	unseen = unseen[:min(len(unseen), PlanUnseen)]
	var ids []string
	for _, q := range unseen {
		ids = append(ids, q.ID)
	}
	return PlanItem{Kind: NewQuestion, Title: plural(len(ids), "new question"), Questions: ids, Minutes: minutesFor(ids), Why: why}
}

func startLab(o Overview, c Catalogue) PlanItem {
	weak, _ := weakest(o)
	var best LabInfo
	for _, l := range c.Labs {
		if _, begun := o.Labs[l.ID]; begun {
			continue
		}
		if best.ID == "" || (!slices.Contains(best.Objectives, weak.Objective) && slices.Contains(l.Objectives, weak.Objective)) {
			best = l
		}
	}
	if best.ID == "" {
		return PlanItem{}
	}
	return PlanItem{Kind: StartLab, ID: best.ID, Title: best.Title, Minutes: best.Minutes, Why: "not begun yet"}
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

func minutesFor(questions []string) int {
	return int(float64(len(questions))*questionMinutes + 0.5)
}

func title(c Catalogue, objective string) string {
	if t := c.Objectives[objective]; t != "" {
		return t
	}
	return objective
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
