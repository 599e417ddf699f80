package progress

import (
	"encoding/json"
	"fmt"

	"keyhole/quiz"
)

// AnswerDetail is the Detail of an Answered entry: what a fold needs without the question at hand, because the
// question may be revised or retired later.
type AnswerDetail struct {
	Chosen         []string        `json:"chosen"`                   // option ids
	Order          []string        `json:"order,omitempty"`          // all option ids as shown
	Confidence     quiz.Confidence `json:"confidence,omitempty"`     // "" when the learner did not say
	Milliseconds   int64           `json:"ms,omitempty"`             // from question shown to option chosen; 0 unknown
	Misconceptions []string        `json:"misconceptions,omitempty"` // tags of the wrong options chosen
	Objectives     []string        `json:"objectives,omitempty"`     // of the question when it was answered
}

// Encode gives the JSON that Entry.Detail holds.
func (d AnswerDetail) Encode() json.RawMessage {
	if d.Chosen == nil {
		d.Chosen = []string{}
	}
	text, err := json.Marshal(d)
	if err != nil { // only strings and a number: cannot happen
		panic(fmt.Sprintf("encode an answer's detail: %v", err))
	}
	return text
}

// DecodeAnswer reads the Detail of an Answered entry. An empty detail is an empty answer; unknown fields are left
// for newer versions.
func DecodeAnswer(detail json.RawMessage) (AnswerDetail, error) {
	var d AnswerDetail
	if len(detail) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(detail, &d); err != nil {
		return AnswerDetail{}, fmt.Errorf("read an answer's detail: %w", err)
	}
	return d, nil
}

// NewAnswer makes the entry of a graded answer. ID and At are left to the store when they are zero.
func NewAnswer(learner, key string, q quiz.Question, r quiz.Result, d AnswerDetail) Entry {
	d.Misconceptions = r.Misconceptions()
	d.Objectives = q.Objectives
	return Entry{
		Learner: learner, Key: key, Kind: Answered, Item: QuestionItem(q.ID), Revision: fmt.Sprintf("%d-%s", q.Rev, q.Hash),
		Right: r.Right, Score: r.Score, Detail: d.Encode(),
	}
}
