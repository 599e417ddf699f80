package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keyhole/labs"
	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// labPath is the address of a lab's workspace.
func labPath(l labs.Lab) string {
	if l.Slug != "" {
		return "/labs/" + l.Slug
	}
	return "/labs/" + l.ID
}

// catalogue lists the labs.
func (s *Server) catalogue(c echo.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	over := progress.NewOverview(entries)
	rows := make([]view.LabEntry, 0, len(s.Labs))
	for _, l := range s.Labs {
		state, begun := over.Labs[l.ID]
		if s.Runs != nil {
			begun = begun || s.Runs.Has(s.learner(c), l.ID)
		}
		rows = append(rows, view.LabEntry{Lab: l, At: labPath(l), Done: len(state.Steps), Begun: begun, Passed: state.Passed})
	}
	return s.render(c, http.StatusOK, view.LabCatalogue(s.page(c, "Labs", "labs"), s.Library, rows))
}
