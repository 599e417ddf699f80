// Package web is the study app over HTTP: a request in, one call into the domain, one page out.
package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"keyhole/content"
	"keyhole/labs"
	"keyhole/quiz"
	"keyhole/quiz/progress"
	"keyhole/static"
)

// Options are what the pages need.
type Options struct {
	Library *content.Library
	Labs    []labs.Lab     // in the order of the catalogue
	Store   progress.Store //
	Runs    *labs.Runs     // nil: the lab workspace has no routes
	Runner  content.Runner // runs the proofs

	Now   func() time.Time // the real clock
	NewID func() string    // unique and unguessable: UUIDv7
	// Learner says who sent a request; nil: always Solo, the one learner of a machine of their own.
	Learner func(*http.Request) string
	// Hosts are the values of the Host header that are answered, with the port when it is not the scheme's own
	// ("127.0.0.1:8080"); every other gets 421. nil: the loopback names with any port.
	Hosts []string
	// Endpoints says where the AWS listeners are; nil: there are none.
	Endpoints func() labs.Endpoints

	Version string
	Logger  *slog.Logger // nil: silent
}

// Solo is the learner of a machine that one person uses: no account is asked for, but every row carries the id.
const Solo = "solo"

// Server holds what the pages share. Its methods are the screens, one file each.
type Server struct {
	Options
	bank   []quiz.Question // what practice asks: current questions only
	proofs chan struct{}   // slots for proofs that run at the same time
}

// New makes the handler of the study app. Options.Library, Store, Now and NewID are required.
func New(o Options) http.Handler {
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Learner == nil {
		o.Learner = func(*http.Request) string { return Solo }
	}
	s := &Server{Options: o, bank: current(o.Library), proofs: make(chan struct{}, maxProofs)}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Pre(s.identify, s.logged, s.recovered, protected, s.hosted, sameOrigin(), limited)
	s.routes(e)
	return e
}

func (s *Server) routes(e *echo.Echo) {
	read(e, static.Prefix+"*", echo.WrapHandler(static.Handler()))
	read(e, "/healthz", s.health)
	read(e, "/", s.today)
	read(e, "/notes", s.notes)
	read(e, "/notes/:slug", s.note)
	e.POST("/notes/:slug/read", s.noteRead)
	e.POST("/notes/:slug/prove/:proof", s.noteProve)
	read(e, "/practice", s.practice)
	read(e, "/practice/:question", s.ask)
	e.POST("/practice/:question", s.answer)
	read(e, "/practice/:question/:entry", s.answered)
	read(e, "/progress", s.progress)
	read(e, "/labs", s.catalogue)
	read(e, "/fidelity", s.fidelity)
	s.policyRoutes(e)
	e.POST("/settings/theme", s.theme)
	if s.Runs != nil {
		s.labRoutes(e)
	}
}

// read registers a page for GET and HEAD.
func read(e *echo.Echo, path string, h echo.HandlerFunc) {
	e.GET(path, h)
	e.HEAD(path, h)
}

// Prepare makes sure that the solo learner exists.
func Prepare(ctx context.Context, store progress.Store, now time.Time) error {
	_, err := store.Learner(ctx, Solo)
	if errors.Is(err, progress.ErrNotFound) {
		return store.CreateLearner(ctx, progress.Learner{ID: Solo, Name: "You", Created: now})
	}
	return err
}

// current leaves out drafts and what is retired.
func current(l *content.Library) []quiz.Question {
	var bank []quiz.Question
	for _, q := range l.Questions {
		switch l.Meta[q.ID].Status {
		case "", "current":
			bank = append(bank, q)
		}
	}
	return bank
}

func (s *Server) health(c echo.Context) error {
	return c.String(http.StatusOK, "ok\n")
}

// learner is who sent the request.
func (s *Server) learner(c echo.Context) string { return s.Learner(c.Request()) }

// entries is the learner's journal, oldest first.
func (s *Server) entries(c echo.Context) ([]progress.Entry, error) {
	return s.Store.Entries(c.Request().Context(), progress.Filter{Learner: s.learner(c)})
}
