package progress

import (
	"maps"
	"time"
)

// LabState is what a learner has done in one lab, over all its runs.
type LabState struct {
	Steps       map[string]time.Time // steps passed, first time
	Passed      bool
	PassedAt    time.Time // first time
	Hints       int
	Predictions Share // of the predictions made, how many came true
	LastAt      time.Time
}

// with returns the state after one more entry. Maps are copied, so that a state already handed out never changes.
func (s LabState) with(e Entry, step string) LabState {
	s.LastAt = e.At
	switch e.Kind {
	case StepPassed:
		if _, done := s.Steps[step]; !done {
			steps := maps.Clone(s.Steps)
			if steps == nil {
				steps = map[string]time.Time{}
			}
			steps[step] = e.At
			s.Steps = steps
		}
	case LabPassed:
		if !s.Passed {
			s.Passed, s.PassedAt = true, e.At
		}
	case HintTaken:
		s.Hints++
	case Predicted:
		right := s.Predictions.Right
		if e.Right {
			right++
		}
		s.Predictions = ShareOf(right, s.Predictions.Of+1)
	}
	return s
}
