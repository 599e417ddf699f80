package quiz

import (
	"fmt"
	"strings"
)

// Flaw is a rule of its own that a question breaks. Field is a path into the question file ("options[2].why"), so
// that a loader can find the line; "" means the question as a whole.
type Flaw struct {
	Field, Text string
}

// LeastOptions is the smallest number of options that still asks something.
const LeastOptions = 2

// Flaws checks what must hold for a question to be gradable and explained; none means it may be shown. What needs
// other files (facts, objectives, proofs) or a dictionary is checked by content.
func (q Question) Flaws() []Flaw {
	var flaws []Flaw
	add := func(field, format string, args ...any) {
		flaws = append(flaws, Flaw{field, fmt.Sprintf(format, args...)})
	}
	if q.ID == "" {
		add("id", "a question needs an id")
	}
	if blank(q.Stem) {
		add("stem", "the stem is empty")
	}
	if len(q.Options) < LeastOptions {
		add("options", "%d options; a question needs at least %d", len(q.Options), LeastOptions)
	}

	keys := 0
	ids, texts := map[string]int{}, map[string]int{}
	for i, o := range q.Options {
		at := func(field string) string { return fmt.Sprintf("options[%d].%s", i, field) }
		if o.Correct {
			keys++
		}
		if o.ID == "" {
			add(at("id"), "an option needs an id")
		} else if first, ok := ids[o.ID]; ok {
			add(at("id"), "option id %q is already used by option %d", o.ID, first+1)
		} else {
			ids[o.ID] = i
		}
		if text := strings.TrimSpace(o.Text); text == "" {
			add(at("text"), "the option says nothing")
		} else if first, ok := texts[text]; ok {
			add(at("text"), "the same words as option %d", first+1)
		} else {
			texts[text] = i
		}
		if blank(o.Why) {
			add(at("why"), "every option needs its own reason")
		}
		if o.Correct && o.Misconception != "" {
			add(at("misconception"), "a right option cannot stand for a misconception")
		}
	}

	if q.Choose != keys {
		add("choose", "choose is %d, but %d options are marked correct", q.Choose, keys)
	}
	switch q.Type {
	case Single:
		if q.Choose != 1 {
			add("choose", "a single choice asks for 1 option, not %d", q.Choose)
		}
	case Multiple:
		if q.Choose < 2 {
			add("choose", "a multiple response asks for at least 2 options, not %d", q.Choose)
		}
	default:
		add("type", "%q is not a type of question; single and multiple are", q.Type)
	}
	if keys > 0 && keys == len(q.Options) {
		add("options", "every option is right, so there is nothing to choose")
	}
	return flaws
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
