package labs

import (
	"context"
	"fmt"
	"strings"

	"keyhole/labs/shell"
)

// WrongAnswerCost is what a wrong first answer to a question costs of a step's score, percent. Later tries cost nothing:
// who has to look again should.
const WrongAnswerCost = 10

// Answer is what a learner answered to a question. The first try counts in the score, the last one for the step.
type Answer struct {
	First, Last string // ids of options; "": not answered yet
	Right       bool   // the last one is the right one
	Missed      bool   // the first one was not
	Tries       int
}

// Question finds a question of the lab.
func (l *Lab) Question(id string) (Question, bool) {
	for _, s := range l.Steps {
		for _, q := range s.Ask {
			if q.ID == id {
				return q, true
			}
		}
	}
	return Question{}, false
}

// Answer gives the learner's answer to a question and says whether it is right; one that was answered rightly stays so.
// Errors: ErrNoQuestion, ErrNoOption.
func (r *Run) Answer(ctx context.Context, question, option string) (a Answer, err error) {
	err = r.with(ctx, func(sb *sandbox) error {
		if a, err = sb.answer(ctx, question, option); err != nil {
			return err
		}
		return sb.settle(context.WithoutCancel(ctx))
	})
	return a, err
}

func (sb *sandbox) answer(ctx context.Context, question, option string) (Answer, error) {
	q, ok := sb.lab.Question(question)
	if !ok {
		return Answer{}, fmt.Errorf("%w: %q", ErrNoQuestion, question)
	}
	right, known := false, false
	for _, o := range q.Options {
		if o.ID == option {
			known, right = true, o.Right
		}
	}
	if !known {
		return Answer{}, fmt.Errorf("%w: %q", ErrNoOption, option)
	}
	a := sb.doc.Answers[question]
	if a.Right {
		return a, nil
	}
	if a.Tries == 0 {
		score := 0.0
		if right {
			score = 1
		}
		if err := sb.record(ctx, kindPredicted, question, sb.id+"/answer/"+question, right, score, map[string]any{"chosen": option}); err != nil {
			return a, err
		}
		a.First, a.Missed = option, !right
	}
	a.Tries++
	a.Last, a.Right = option, right
	sb.doc.Answers[question] = a
	return a, nil
}

// cost is what hints and wrong first answers cost of a step's score, percent.
func (sb *sandbox) cost(s Step) int {
	sum := s.cost(sb.doc.Hints[s.ID])
	for _, q := range s.Ask {
		if sb.doc.Answers[q.ID].Missed {
			sum += WrongAnswerCost
		}
	}
	return sum
}

// verbAnswer is `answer`, which lists the questions, and `answer ID OPTION`.
func (sb *sandbox) verbAnswer(ctx context.Context, _ *shell.Session, args []string, _ []byte) (string, string, int) {
	if len(args) == 0 {
		return sb.questions(), "", 0
	}
	if len(args) == 1 {
		q, ok := sb.lab.Question(args[0])
		if !ok {
			return "", fmt.Sprintf("answer: there is no question %q here\n", args[0]), 1
		}
		return q.text(), "", 0
	}
	if len(args) != 2 {
		return usage("answer [QUESTION [OPTION]]")
	}
	a, err := sb.answer(context.WithoutCancel(ctx), args[0], args[1])
	switch {
	case err != nil:
		return "", "answer: " + err.Error() + "\n", 1
	case !a.Right:
		return "That is not it. Look at what came back, and try again.\n", "", 1
	}
	return "Right.\n", "", 0
}

// questions are those of the steps, in order.
func (sb *sandbox) questions() string {
	var b strings.Builder
	for _, s := range sb.lab.Steps {
		for _, q := range s.Ask {
			b.WriteString(q.text())
		}
	}
	if b.Len() == 0 {
		return "This lab asks no questions.\n"
	}
	return b.String()
}

func (q Question) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", q.ID, strings.TrimSpace(q.Text))
	for _, o := range q.Options {
		fmt.Fprintf(&b, "  %-12s %s\n", o.ID, o.Text)
	}
	return b.String()
}
