package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// progress says how it goes, from everything the learner did.
func (s *Server) progress(c echo.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	v := view.ProgressView{
		Library: s.Library, Over: progress.NewOverview(entries), Days: progress.Strip(entries, s.Now()),
		Finding: progress.Today(entries, s.list()).Headline,
	}
	for id, state := range v.Over.Questions {
		q, ok := s.Library.Question(id)
		if !ok {
			continue // it was retired; its answers still count
		}
		row := view.AnswerRow{ID: id, Title: q.Title, State: state}
		for _, e := range entries {
			if e.Key == state.LastKey {
				row.Entry = e.ID
			}
		}
		v.Answers = append(v.Answers, row)
	}
	slices.SortFunc(v.Answers, func(a, b view.AnswerRow) int { return b.State.LastAt.Compare(a.State.LastAt) })
	for _, l := range s.Labs {
		if state, begun := v.Over.Labs[l.ID]; begun {
			v.Labs = append(v.Labs, view.LabRow{
				Title: l.Title, At: labPath(l), Passed: state.Passed, Done: len(state.Steps), Steps: len(l.Steps),
				Hints: state.Hints, Right: state.Predictions.Right, Guesses: state.Predictions.Of,
			})
		}
	}
	return s.render(c, http.StatusOK, view.ProgressPage(s.page(c, "Progress", "progress"), v))
}
