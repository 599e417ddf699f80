package quiz

import (
	"errors"
	"fmt"
)

// Why an answer could not be graded. Nothing is recorded then: it is a broken form, not a wrong answer.
var (
	ErrUnknownOption = errors.New("this question has no such option")
	ErrTwice         = errors.New("an option was chosen twice")
	ErrCount         = errors.New("a different number of options is asked for")
)

// Grade judges the chosen option ids. Right is all or nothing, as in the exam. Score is for practice: right picks
// minus wrong picks over the number of right options, never below 0. Options come back in source order; Shuffle or
// Arrange puts them in the order shown. Errors: ErrUnknownOption, ErrTwice, ErrCount.
func Grade(q Question, chosen []string) (Result, error) {
	picked := make(map[string]bool, len(chosen))
	for _, id := range chosen {
		if picked[id] {
			return Result{}, fmt.Errorf("grade %s: option %q: %w", q.ID, id, ErrTwice)
		}
		if _, ok := q.Option(id); !ok {
			return Result{}, fmt.Errorf("grade %s: option %q: %w", q.ID, id, ErrUnknownOption)
		}
		picked[id] = true
	}
	if len(picked) != q.Choose {
		return Result{}, fmt.Errorf("grade %s: %d chosen, %d asked for: %w", q.ID, len(picked), q.Choose, ErrCount)
	}

	r := Result{Right: true, Options: make([]Judged, 0, len(q.Options))}
	keys, balance := 0, 0
	for _, o := range q.Options {
		chosen := picked[o.ID]
		r.Options = append(r.Options, Judged{Option: o, Chosen: chosen})
		if o.Correct {
			keys++
		}
		switch {
		case chosen && o.Correct:
			balance++
		case chosen:
			balance--
			r.Right = false
		case o.Correct:
			r.Right = false
		}
	}
	if keys > 0 && balance > 0 {
		r.Score = float64(balance) / float64(keys)
	}
	return r, nil
}

// Option returns the option with this id.
func (q Question) Option(id string) (Option, bool) {
	for _, o := range q.Options {
		if o.ID == id {
			return o, true
		}
	}
	return Option{}, false
}

// Misconceptions lists the tags of the wrong options that were chosen, each once, in source order.
func (r Result) Misconceptions() []string {
	var tags []string
	seen := map[string]bool{}
	for _, j := range r.Options {
		tag := j.Option.Misconception
		if j.Chosen && !j.Option.Correct && tag != "" && !seen[tag] {
			seen[tag] = true
			tags = append(tags, tag)
		}
	}
	return tags
}
