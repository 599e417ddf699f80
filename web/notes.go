package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"keyhole/content"
	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// notes lists the chapters.
func (s *Server) notes(c echo.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	read := progress.NewOverview(entries).NotesRead
	return s.render(c, http.StatusOK, view.NotesPage(s.page(c, "Notes", "notes"), s.Library, read))
}

// note shows one chapter, with a proof that was run when the query names one.
func (s *Server) note(c echo.Context) error {
	note, ok := s.Library.Note(c.Param("slug"))
	if !ok {
		return notFound()
	}
	entries, err := s.Store.Entries(c.Request().Context(), progress.Filter{
		Learner: s.learner(c), Kind: progress.NoteRead, Item: progress.NoteItem(note.Slug), Limit: 1})
	if err != nil {
		return err
	}
	v := view.NoteView{Library: s.Library, Note: note, Read: len(entries) > 0}
	for _, l := range s.Labs {
		if l.ID == note.Lab {
			v.LabAt, v.LabName = labPath(l), l.Title
		}
	}
	if id := c.QueryParam("proof"); id != "" {
		if !slices.Contains(note.Proofs, id) {
			return notFound()
		}
		if v.Ran, err = s.prove(c, id, "/notes/"+url.PathEscape(note.Slug), nil); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, view.NotePage(s.page(c, note.Title, "notes"), v))
}

// noteRead records that a chapter was read, once a day at most.
func (s *Server) noteRead(c echo.Context) error {
	note, ok := s.Library.Note(c.Param("slug"))
	if !ok {
		return notFound()
	}
	_, _, err := s.Store.Append(c.Request().Context(), progress.Entry{
		Learner: s.learner(c), Kind: progress.NoteRead, Item: progress.NoteItem(note.Slug), Revision: note.Hash,
		Key: "read/" + note.Slug + "/" + s.Now().UTC().Format("2006-01-02"), Right: true, Score: 1,
	})
	if err != nil {
		return err
	}
	return seeOther(c, "/notes/"+url.PathEscape(note.Slug))
}

// noteProve records that a proof was run and shows it.
func (s *Server) noteProve(c echo.Context) error {
	note, ok := s.Library.Note(c.Param("slug"))
	if !ok {
		return notFound()
	}
	proof, ok := s.Library.Proof(c.Param("proof"))
	if !ok || !slices.Contains(note.Proofs, proof.ID) {
		return notFound()
	}
	if err := s.proofRun(c, proof); err != nil {
		return err
	}
	return seeOther(c, "/notes/"+url.PathEscape(note.Slug)+"?proof="+url.QueryEscape(proof.ID)+"#proof-"+strings.ReplaceAll(proof.ID, ".", "-"))
}

// proofRun records that a learner asked for a proof, each once a day.
func (s *Server) proofRun(c echo.Context, proof content.Proof) error {
	_, _, err := s.Store.Append(c.Request().Context(), progress.Entry{
		Learner: s.learner(c), Kind: progress.ProofRun, Item: "proof/" + proof.ID,
		Key: "proof/" + proof.ID + "/" + s.Now().UTC().Format("2006-01-02"), Right: true, Score: 1,
	})
	return err
}
