package view

import (
	"fmt"
	"strings"

	"keyhole/content"
	"keyhole/quiz"
)

// Dot is one question of the bank on the strip above the stem.
type Dot struct {
	Mark string // "r" last answer right, "w" wrong, "now", "" not seen
}

// Strip says where the learner is in the bank.
type Strip struct {
	Dots                 []Dot
	At, Of, Right, Wrong int
}

func (s Strip) label() string {
	return fmt.Sprintf("Question %d of %d. By last answer: %d right, %d wrong.", s.At, s.Of, s.Right, s.Wrong)
}

// Ask is a question before it is answered.
type Ask struct {
	Library  *content.Library
	Question quiz.Question
	Options  []quiz.Option // in the order of this attempt
	Key      string        // of this attempt: the same key is answered once
	Shown    string        // milliseconds since 1970 when it was shown
	Chosen   map[string]bool
	Sure     quiz.Confidence
	Problem  string // why the form came back; ""
	Strip    Strip
}

// Answered is a question after it was answered.
type Answered struct {
	Library  *content.Library
	Question quiz.Question
	Judged   []quiz.Judged // in the order of the attempt
	Right    bool
	Score    float64
	Sure     quiz.Confidence
	Revised  bool   // the question has changed since
	Proof    *Proof // the first proof or the one asked for; nil: none
	Strip    Strip
	Notes    []content.Note // that teach the same objective
}

// Confidences in the order they are offered.
var Confidences = []struct {
	ID   quiz.Confidence
	Word string
}{{quiz.Guess, "A guess"}, {quiz.Unsure, "Unsure"}, {quiz.Fairly, "Fairly sure"}, {quiz.Certain, "Certain"}}

func sureWord(c quiz.Confidence) string {
	for _, k := range Confidences {
		if k.ID == c {
			return strings.ToLower(k.Word)
		}
	}
	return ""
}

// sureSay is what the learner's confidence meant, given the outcome.
func sureSay(c quiz.Confidence, right bool) string {
	switch {
	case right && (c == quiz.Guess || c == quiz.Unsure):
		return "It was right, so read the reasons once more: next time it can be more than luck."
	case right:
		return "And it was right."
	case c == quiz.Certain || c == quiz.Fairly:
		return "A miss that felt sure is the most useful one: it comes back soon."
	}
	return "You knew that you did not know. It comes back after a few others."
}

func inputType(q quiz.Question) string {
	if q.Type == quiz.Multiple {
		return "checkbox"
	}
	return "radio"
}

// optionState is for the colours, optionFlag for the words.
func optionState(j quiz.Judged) string {
	switch {
	case j.Option.Correct:
		return "right"
	case j.Chosen:
		return "chosen-wrong"
	}
	return ""
}

func optionFlag(j quiz.Judged) (icon, word string) {
	switch {
	case j.Option.Correct && j.Chosen:
		return "check", "Correct, your answer"
	case j.Option.Correct:
		return "check", "Correct"
	case j.Chosen:
		return "x", "Your answer"
	}
	return "", ""
}

func topicOf(l *content.Library, q quiz.Question) string {
	for _, id := range q.Objectives {
		if o, ok := l.Objective(id); ok {
			return o.Title
		}
	}
	return ""
}

// headingLines makes paragraphs lines of a heading, which may not hold paragraphs.
func headingLines(html string) string {
	return strings.NewReplacer("<p>", `<span class="stem__p">`, "</p>", "</span>").Replace(html)
}
