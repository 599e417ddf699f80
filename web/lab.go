package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"keyhole/labs"
	"keyhole/web/view"
)

// labRoutes are the addresses of the lab workspace.
func (s *Server) labRoutes(e *echo.Echo) {
	read(e, "/labs/:lab", s.labIntro)
	e.POST("/labs/:lab/start", s.labStart)
	read(e, "/labs/:lab/run", s.labRun)
	read(e, "/labs/:lab/run/file", s.labFile)
	for what, do := range labForms {
		e.POST("/labs/:lab/run/"+what, s.labForm(do))
	}
}

// labOf is the lab that the address names by its slug or id.
func (s *Server) labOf(c echo.Context) (labs.Lab, error) {
	name := c.Param("lab")
	i := slices.IndexFunc(s.Labs, func(l labs.Lab) bool { return l.Slug == name || l.ID == name })
	if i < 0 {
		return labs.Lab{}, notFound()
	}
	return s.Labs[i], nil
}

// labProblem turns errors of package labs into those this package has pages for.
func labProblem(err error) error {
	switch {
	case errors.Is(err, labs.ErrNoLab), errors.Is(err, labs.ErrNoRun):
		return notFound()
	case errors.Is(err, labs.ErrNoStep), errors.Is(err, labs.ErrNoOption), errors.Is(err, labs.ErrPrincipal), errors.Is(err, labs.ErrClock), errors.Is(err, labs.ErrLineLength):
		return unprocessable()
	}
	return err
}

func (s *Server) labIntro(c echo.Context) error {
	l, err := s.labOf(c)
	if err != nil {
		return err
	}
	v := view.LabStart{Library: s.Library, Lab: l, At: labPath(l), Begun: s.Runs.Has(s.learner(c), l.ID)}
	return s.render(c, http.StatusOK, view.LabIntro(s.page(c, l.Title, "labs"), v))
}

// labStart makes the sandbox, or resumes it.
func (s *Server) labStart(c echo.Context) error {
	l, err := s.labOf(c)
	if err != nil {
		return err
	}
	if _, err := s.Runs.Open(c.Request().Context(), s.learner(c), l.ID); err != nil {
		return labProblem(err)
	}
	return seeOther(c, labPath(l)+"/run")
}

// labRun shows the workspace. Where the learner looks stands in the address, so every request has a permalink.
func (s *Server) labRun(c echo.Context) error {
	l, err := s.labOf(c)
	if err != nil {
		return err
	}
	run, ok := s.Runs.Find(s.learner(c), l.ID)
	if !ok {
		return seeOther(c, labPath(l))
	}
	state, err := run.State(c.Request().Context())
	if err != nil {
		return labProblem(err)
	}
	v := view.LabRun{Library: s.Library, State: state, Intro: labPath(l), At: labPath(l) + "/run"}
	v.Tab = oneOf(c.QueryParam("tab"), "why", "wire", "encryption")
	v.Pane = oneOf(c.QueryParam("pane"), "cli", "log", "tools")
	v.Shelf = oneOf(c.QueryParam("shelf"), "objects", "settings", "files")
	v.Show = oneOf(c.QueryParam("show"), "steps", "work", "xray")
	v.Notice = notices[c.QueryParam("said")]
	v.Typing = c.QueryParam("said") == "ran"
	v.Look(number(c.QueryParam("request")))
	if v.Trace != nil {
		e, _, err := run.Explain(c.Request().Context(), v.Trace.Number)
		if err != nil {
			return labProblem(err)
		}
		v.Edits = e.Edits
	}
	if v.Who, err = run.WhoCan(c.Request().Context()); err != nil {
		return labProblem(err)
	}
	p := s.page(c, "Lab: "+l.Title, "labs")
	p.Body, p.Bare, p.Script = "is-lab", true, []string{"lab.js"}
	return s.render(c, http.StatusOK, view.LabWorkspace(p, v))
}

// notices are what a form has to tell after the redirect. "ran" says nothing: the console shows it.
var notices = map[string]string{
	"reset":   "This is a fresh sandbox: new keys, new files, and the clock at its start. Access keys of the old one no longer work.",
	"clock":   "The simulated clock went forward. It never goes back; a reset is the way back.",
	"line":    "That line was too long: the console takes 16 KiB at once.",
	"nohint":  "There is no further hint for this step.",
	"nothing": "Type a command first.",
	"failed":  "Some checks do not hold yet. The list under the steps says what was asked and what came back.",
	"passed":  "Every check holds. The lab is passed.",
}

func oneOf(value string, choices ...string) string {
	if slices.Contains(choices, value) {
		return value
	}
	return choices[0]
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// labFile hands out a file of the home folder, so that the learner's own tools can work with it.
func (s *Server) labFile(c echo.Context) error {
	l, err := s.labOf(c)
	if err != nil {
		return err
	}
	run, ok := s.Runs.Find(s.learner(c), l.ID)
	if !ok {
		return notFound()
	}
	data, ok, err := run.File(c.Request().Context(), c.QueryParam("name"))
	if err != nil {
		return labProblem(err)
	}
	if !ok {
		return notFound()
	}
	h := c.Response().Header()
	h.Set("Content-Disposition", "attachment")
	h.Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "application/octet-stream", data)
}
