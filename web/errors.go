package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"keyhole/content"
	"keyhole/quiz"
	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// errBusy says that every slot for proofs is taken.
var errBusy = errors.New("too many proofs run at the same time")

// statuses maps errors of the domain to a status, the first match wins.
var statuses = []struct {
	err    error
	status int
}{
	{progress.ErrNotFound, http.StatusNotFound},
	{content.ErrEdit, http.StatusUnprocessableEntity},
	{quiz.ErrUnknownOption, http.StatusUnprocessableEntity},
	{quiz.ErrTwice, http.StatusUnprocessableEntity},
	{quiz.ErrCount, http.StatusUnprocessableEntity},
	{errBusy, http.StatusTooManyRequests},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
	{context.Canceled, http.StatusServiceUnavailable},
}

// problems are the words of each status: what happened, is my work safe, what now.
var problems = map[int]struct{ title, say string }{
	http.StatusUnauthorized:          {"You are not signed in.", "Nothing was changed. Sign in and come back to this page."},
	http.StatusForbidden:             {"This was sent from another site.", "Nothing was changed. Open Keyhole itself and try again there."},
	http.StatusNotFound:              {"There is no such page.", "It may have moved with new content. Your answers are saved."},
	http.StatusMethodNotAllowed:      {"This address does not take that.", "Nothing was changed. Open the page and use its buttons."},
	http.StatusRequestEntityTooLarge: {"That was too much at once.", "Nothing was changed. A form of this app holds at most 256 KiB."},
	http.StatusUnsupportedMediaType:  {"That was not a form.", "Nothing was changed. This app reads the forms of its own pages."},
	http.StatusMisdirectedRequest:    {"Keyhole does not answer under this name.", "Use the address that it printed when it started."},
	http.StatusUnprocessableEntity:   {"The form did not make sense.", "Nothing was recorded. Go back, reload the page and try again."},
	http.StatusTooManyRequests:       {"That was too fast.", "Nothing was lost. Wait a few seconds and try again."},
	http.StatusInternalServerError:   {"Something broke on our side.", "What was recorded before is safe. If it happens again, the request id helps to find out why."},
	http.StatusServiceUnavailable:    {"Keyhole is stopping or busy.", "What was recorded before is safe. Try again in a moment."},
}

// statusOf is the one table from errors to statuses.
func statusOf(err error) int {
	for _, row := range statuses {
		if errors.Is(err, row.err) {
			return row.status
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge
	}
	var refused *echo.HTTPError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return http.StatusInternalServerError
}

// fail answers with an error page. The cause goes to the log, never to the page.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status := statusOf(err)
	words, ok := problems[status]
	if !ok {
		if status < http.StatusInternalServerError {
			status = http.StatusNotFound
		} else {
			status = http.StatusInternalServerError
		}
		words = problems[status]
	}
	id, _ := c.Get(requestID).(string)
	problem := view.Problem{Status: status, Title: words.title, Say: words.say, Request: id, Back: "/", BackTo: "To Today"}
	page := s.page(c, words.title, "")
	if status == http.StatusMisdirectedRequest && len(s.Hosts) > 0 {
		problem.Back, problem.BackTo = "http://"+s.Hosts[0]+"/", "To "+s.Hosts[0] // "/" would lead to the wrong name again
	}
	if failed := s.render(c, status, view.Error(page, problem)); failed != nil {
		s.Logger.Error("error page", "id", id, "error", failed.Error())
	}
}

// notFound is what a page returns when its address names nothing.
func notFound() error { return echo.NewHTTPError(http.StatusNotFound) }

// unprocessable is what a page returns when a form cannot be understood.
func unprocessable() error { return echo.NewHTTPError(http.StatusUnprocessableEntity) }
