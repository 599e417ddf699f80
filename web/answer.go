package web

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"keyhole/quiz"
	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// attemptKey is what a key of an attempt looks like: the ids this server hands out.
var attemptKey = regexp.MustCompile(`^[A-Za-z0-9-]{8,64}$`)

func goodKey(key string) bool { return attemptKey.MatchString(key) }

// longestLook is how long a look at a question is believed: a page left open over lunch says nothing.
const longestLook = time.Hour

// answer grades, records and goes to the result. The same attempt sent again goes to the same result.
func (s *Server) answer(c echo.Context) error {
	q, ok := s.Library.Question(c.Param("question"))
	if !ok {
		return notFound()
	}
	form := c.Request().PostForm
	key := form.Get("key")
	if !goodKey(key) {
		return unprocessable()
	}
	sure := confidence(form.Get("sure"))
	result, err := quiz.Grade(q, form["option"])
	if errors.Is(err, quiz.ErrCount) {
		return s.askAgain(c, q, key, form["option"], sure)
	}
	if err != nil {
		return err
	}
	entry := progress.NewAnswer(s.learner(c), key, q, result, progress.AnswerDetail{
		Chosen: form["option"], Order: quiz.IDs(quiz.Shuffle(q, key)), Confidence: sure, Milliseconds: s.look(form.Get("shown")),
	})
	stored, _, err := s.Store.Append(c.Request().Context(), entry)
	if err != nil {
		return err
	}
	return s.toAnswer(c, stored)
}

// askAgain shows the form with what was chosen and says how many options are asked for.
func (s *Server) askAgain(c echo.Context, q quiz.Question, key string, chosen []string, sure quiz.Confidence) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	ask := s.asking(q, key, entries)
	ask.Sure, ask.Chosen = sure, map[string]bool{}
	for _, id := range chosen {
		ask.Chosen[id] = true
	}
	ask.Shown = c.Request().PostForm.Get("shown")
	ask.Problem = wrongCount(q.Choose, len(chosen))
	return s.render(c, http.StatusUnprocessableEntity, view.QuestionAsked(s.page(c, "Practice: "+q.Title, "practice"), ask))
}

func wrongCount(asked, chosen int) string {
	if asked == 1 {
		return "Choose one option, then check."
	}
	if chosen == 0 {
		return fmt.Sprintf("Choose %d options, then check.", asked)
	}
	return fmt.Sprintf("Choose %d options: %d chosen so far.", asked, chosen)
}

// confidence reads what the learner said; anything else is nothing said.
func confidence(said string) quiz.Confidence {
	for _, c := range view.Confidences {
		if said == string(c.ID) {
			return c.ID
		}
	}
	return ""
}

// look is how long the learner looked at the question, in milliseconds; 0 when it cannot be known.
func (s *Server) look(shown string) int64 {
	ms, err := strconv.ParseInt(shown, 10, 64)
	took := s.Now().UnixMilli() - ms
	if err != nil || took <= 0 || took > longestLook.Milliseconds() {
		return 0
	}
	return took
}
