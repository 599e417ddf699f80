package content

import (
	"fmt"
	"time"

	"keyhole/quiz"
)

// MaxAge is how old as_of and a source's date may be before they must be looked at again. It is checked here only:
// content that grows old never stops a server.
const MaxAge = 400 * 24 * time.Hour

// Lint reads a loaded library with the eyes of an editor. today is the date that ages are counted from.
func Lint(l *Library, today time.Time) []Problem {
	lt := &linter{lib: l, today: today}
	for _, r := range questionRules {
		for i := range l.Questions {
			q := &l.Questions[i]
			m := l.Meta[q.ID]
			if m.Status != "current" && !r.always {
				continue
			}
			r.check(q, m, func(at, format string, args ...any) {
				lt.add(r, m.File+"#"+at, fmt.Sprintf(format, args...))
			}, lt)
		}
	}
	for _, r := range libraryRules {
		r.check(lt, func(at, format string, args ...any) {
			lt.add(rule{name: r.name, severity: r.severity}, at, fmt.Sprintf(format, args...))
		})
	}
	return sortProblems(lt.problems)
}

type linter struct {
	lib      *Library
	today    time.Time
	problems []Problem
}

func (lt *linter) add(r rule, at, text string) {
	lt.problems = append(lt.problems, lt.lib.problemOf(at, "", r.name, text, r.severity))
}

// tell reports a problem at a path into the question's file.
type tell func(at, format string, args ...any)

// rule looks at one question.
type rule struct {
	name     string
	severity string
	always   bool   // also for questions that are not current
	about    string // what it forbids, for `keyhole content lint --rules`
	check    func(q *quiz.Question, m Meta, tell tell, lt *linter)
}

// libraryRule looks at everything at once.
type libraryRule struct {
	name     string
	severity string
	about    string
	check    func(lt *linter, tell tell)
}

var questionRules = []rule{
	{"option-letter", Error, true, "no text names an option by its letter or place: options are shuffled", checkLetters},
	{"all-of-the-above", Error, true, "no option sums up the others", checkAbove},
	{"says-how-many", Error, true, "the stem of a multiple response says how many to choose, and rightly", checkCount},
	{"reference", Error, false, "a current question names at least one source", checkReferences},
	{"proof-or-waiver", Error, false, "a current question has a proof or says why not", checkWaiver},
	{"age", Error, false, "as_of and the dates of sources are at most 400 days old", checkAge},
	{"provenance", Error, true, "nothing comes from collections of leaked exam items", checkProvenance},
	{"dead-link", Error, true, "links inside the product lead somewhere", checkLinks},
	{"key-longest", Warning, false, "the right option is not much longer than the others", checkLongest},
	{"length-spread", Warning, false, "options are about equally long", checkSpread},
	{"negative-stem", Warning, false, "a stem asks for what is true; a NOT that must stay is in capitals", checkNegative},
	{"long-stem", Warning, false, "a stem has at most 120 words", checkStemLength},
	{"no-question", Warning, false, "a stem ends with a question", checkQuestionMark},
	{"reading-grade", Warning, false, "the stem reads at grade 14 or below", checkGrade},
	{"no-misconception", Warning, false, "every wrong option stands for a misconception", checkMisconception},
	{"absolute-words", Warning, false, "always, never and only do not mark the wrong options", checkAbsolute},
	{"key-echo", Warning, false, "a rare word of the stem is not repeated in the right option alone", checkEcho},
	{"stray-service", Warning, false, "the explanation names no service that the question does not", checkServices},
	{"explanation-length", Warning, false, "the explanation and the reasons have 80 to 260 words together", checkExplanation},
	{"wide-code", Warning, false, "lines of code have at most 80 characters", checkCode},
}

var libraryRules = []libraryRule{
	{"near-duplicate", Warning, "no two stems are nearly the same", checkDuplicates},
	{"key-longest-share", Warning, "the right option is the longest in at most 35 % of the questions", checkLongestShare},
	{"key-position", Warning, "right options are spread over the places of the source files", checkPositions},
	{"lonely-fact", Warning, "a fact is asked by more than one question", checkLonely},
	{"unused-fact", Warning, "a fact is cited by a question or a note", checkUnused},
	{"old-source", Error, "the source of a fact was read within 400 days", checkSources},
	{"bank-proofs", Error, "at most a quarter of the current questions is waived from proof", checkWaiverShare},
	{"note-length", Warning, "a note has 600 to 1,600 words", checkNotes},
	{"note-proof", Warning, "a note runs at least one proof and asks at least two questions", checkNoteAsides},
}

// Rules lists every lint rule with its severity and what it is about.
func Rules() [][3]string {
	var out [][3]string
	for _, r := range questionRules {
		out = append(out, [3]string{r.name, r.severity, r.about})
	}
	for _, r := range libraryRules {
		out = append(out, [3]string{r.name, r.severity, r.about})
	}
	return out
}
