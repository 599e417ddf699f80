package view

import (
	"strings"

	"keyhole/quiz/progress"
)

// evidence says what a finding rests on: "12 answers, 1 lab begun and 2 notes read".
func evidence(o progress.Overview) string {
	var parts []string
	add := func(n int, noun, after string) {
		if n > 0 {
			parts = append(parts, count(n, noun)+after)
		}
	}
	add(o.Answers, "answer", "")
	passed := 0
	for _, l := range o.Labs {
		if l.Passed {
			passed++
		}
	}
	add(passed, "lab", " passed")
	add(len(o.Labs)-passed, "lab", " begun")
	add(len(o.NotesRead), "note", " read")
	add(o.ProofsRun, "proof", " run")
	if len(parts) == 0 {
		return "nothing yet"
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// known leaves out topics with too few answers to say anything about.
func known(topics []progress.Topic) []progress.Topic {
	var out []progress.Topic
	for _, t := range topics {
		if t.First.Known {
			out = append(out, t)
		}
	}
	return out
}

// unknown are the others.
func unknown(topics []progress.Topic) []progress.Topic {
	var out []progress.Topic
	for _, t := range topics {
		if !t.First.Known {
			out = append(out, t)
		}
	}
	return out
}
