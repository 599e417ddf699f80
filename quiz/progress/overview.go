package progress

import (
	"slices"
	"strings"
	"time"

	"keyhole/quiz"
)

// Overview is everything the Progress page says, folded from a learner's entries.
type Overview struct {
	Answers   int // answers given, repeats included
	First     Share
	Last      Share                    // over questions, by their last answer
	Questions map[string]QuestionState // by question id
	Topics    []Topic                  // by objective, weakest known first, then unknown ones
	Labs      map[string]LabState      // by lab id; only labs with at least one entry
	NotesRead map[string]time.Time     // by slug, first time
	ProofsRun int
	Sure      []Sureness // calibration, in the order guess, unsure, fairly, certain; only what was said
}

// QuestionState is how a question stands.
type QuestionState struct {
	Attempts   int
	FirstRight bool
	LastRight  bool
	LastAt     time.Time
	LastKey    string // idempotency key of the last answer: its page
}

// Topic is one objective with the first answers to its questions: a later repeat measures memory of the question.
type Topic struct {
	Objective string
	First     Share
}

// Sureness compares what a learner said with what came out.
type Sureness struct {
	Said  quiz.Confidence
	Share Share
}

// NewOverview folds the entries of one learner, oldest first. Entries of a kind it does not know are left out.
func NewOverview(entries []Entry) Overview {
	o := Overview{Questions: map[string]QuestionState{}, Labs: map[string]LabState{}, NotesRead: map[string]time.Time{}}
	type count struct{ right, of int }
	topics := map[string]count{}
	sure := map[quiz.Confidence]count{}
	var first, last count

	tally := func(c count, right bool) count {
		c.of++
		if right {
			c.right++
		}
		return c
	}
	for _, e := range entries {
		switch e.Kind {
		case Answered:
			id, ok := QuestionOf(e.Item)
			if !ok {
				continue
			}
			detail, _ := DecodeAnswer(e.Detail) // an unreadable detail still is an answer
			o.Answers++
			q := o.Questions[id]
			if q.Attempts == 0 {
				q.FirstRight = e.Right
				first = tally(first, e.Right)
				for _, objective := range detail.Objectives {
					topics[objective] = tally(topics[objective], e.Right)
				}
			}
			if detail.Confidence != "" {
				sure[detail.Confidence] = tally(sure[detail.Confidence], e.Right)
			}
			q.Attempts++
			q.LastRight, q.LastAt, q.LastKey = e.Right, e.At, e.Key
			o.Questions[id] = q
		case StepPassed, LabPassed, HintTaken, Predicted:
			if lab, step, ok := LabOf(e.Item); ok {
				o.Labs[lab] = o.Labs[lab].with(e, step)
			}
		case NoteRead:
			if slug, ok := NoteOf(e.Item); ok {
				if _, read := o.NotesRead[slug]; !read {
					o.NotesRead[slug] = e.At
				}
			}
		case ProofRun:
			o.ProofsRun++
		}
	}

	for _, q := range o.Questions {
		last = tally(last, q.LastRight)
	}
	o.First, o.Last = ShareOf(first.right, first.of), ShareOf(last.right, last.of)
	for objective, c := range topics {
		o.Topics = append(o.Topics, Topic{objective, ShareOf(c.right, c.of)})
	}
	slices.SortFunc(o.Topics, weakestFirst)
	for _, said := range []quiz.Confidence{quiz.Guess, quiz.Unsure, quiz.Fairly, quiz.Certain} {
		if c := sure[said]; c.of > 0 {
			o.Sure = append(o.Sure, Sureness{said, ShareOf(c.right, c.of)})
		}
	}
	return o
}

// New says that the learner has not begun: pages show an invitation then, no zeros and no empty charts.
func (o Overview) New() bool {
	return o.Answers == 0 && len(o.Labs) == 0 && len(o.NotesRead) == 0 && o.ProofsRun == 0
}

func weakestFirst(a, b Topic) int {
	if a.First.Known != b.First.Known {
		if a.First.Known {
			return -1
		}
		return 1
	}
	if a.First.Known {
		if d := a.First.Value() - b.First.Value(); d < 0 {
			return -1
		} else if d > 0 {
			return 1
		}
	}
	return strings.Compare(a.Objective, b.Objective)
}

// Past lists the answers, oldest first, as quiz.Pick reads them.
func Past(entries []Entry) []quiz.Answer {
	var past []quiz.Answer
	for _, e := range entries {
		if id, ok := QuestionOf(e.Item); ok && e.Kind == Answered {
			past = append(past, quiz.Answer{Question: id, Right: e.Right})
		}
	}
	return past
}
