package progress

import "strings"

// What an entry is about, as Entry.Item names it.
const (
	questionPrefix = "q/"
	labPrefix      = "lab/"
	notePrefix     = "note/"
)

// QuestionItem names a question: "q/ssec-versions".
func QuestionItem(id string) string { return questionPrefix + id }

// LabItem names a lab: "lab/lg05".
func LabItem(id string) string { return labPrefix + id }

// StepItem names a step of a lab: "lab/lg05#unblock".
func StepItem(lab, step string) string { return labPrefix + lab + "#" + step }

// NoteItem names a note: "note/sse-c".
func NoteItem(slug string) string { return notePrefix + slug }

// QuestionOf returns the question an item names.
func QuestionOf(item string) (id string, ok bool) { return strings.CutPrefix(item, questionPrefix) }

// NoteOf returns the note an item names.
func NoteOf(item string) (slug string, ok bool) { return strings.CutPrefix(item, notePrefix) }

// LabOf returns the lab an item names and its step, "" for the lab as a whole.
func LabOf(item string) (lab, step string, ok bool) {
	rest, ok := strings.CutPrefix(item, labPrefix)
	if !ok {
		return "", "", false
	}
	lab, step, _ = strings.Cut(rest, "#")
	return lab, step, true
}
