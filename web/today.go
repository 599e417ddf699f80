package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// today says what to do next.
func (s *Server) today(c echo.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	list := s.list()
	now := s.Now()
	t := view.Today{
		Library: s.Library, Now: now, Plan: progress.Today(entries, list), Over: progress.NewOverview(entries),
		Days: progress.Strip(entries, now), Bank: len(s.bank), Labs: map[string]string{},
	}
	for _, l := range s.Labs {
		t.Labs[l.ID] = labPath(l)
	}
	if len(s.Library.Notes) > 0 {
		t.First = &s.Library.Notes[0]
	}
	if len(list.Labs) > 0 {
		t.Lab = &list.Labs[0]
	}
	return s.render(c, http.StatusOK, view.TodayPage(s.page(c, "Today", "today"), t))
}

// list is what there is to study, in the words that a plan uses.
func (s *Server) list() progress.Catalogue {
	list := progress.Catalogue{Questions: s.bank, Objectives: map[string]string{}, Misconceptions: map[string]string{}}
	for _, n := range s.Library.Notes {
		list.Notes = append(list.Notes, progress.NoteInfo{Slug: n.Slug, Title: n.Title, Objectives: n.Objectives, Minutes: n.Minutes})
	}
	for _, l := range s.Labs {
		info := progress.LabInfo{ID: l.ID, Title: l.Title, Objectives: l.Objectives, Minutes: l.Minutes}
		for _, step := range l.Steps {
			info.Steps = append(info.Steps, step.ID)
		}
		list.Labs = append(list.Labs, info)
	}
	for _, o := range s.Library.Objectives {
		list.Objectives[o.ID] = o.Title
	}
	for _, m := range s.Library.Misconceptions {
		list.Misconceptions[m.ID] = m.Idea
	}
	return list
}
