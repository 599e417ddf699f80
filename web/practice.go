package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"keyhole/content"
	"keyhole/quiz"
	"keyhole/quiz/progress"
	"keyhole/web/view"
)

// practice goes straight to the question that helps most now.
func (s *Server) practice(c echo.Context) error {
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	q, ok := quiz.Pick(s.bank, progress.Past(entries))
	if !ok {
		return s.render(c, http.StatusOK, view.NoQuestions(s.page(c, "Practice", "practice")))
	}
	return seeOther(c, attemptPath(q.ID, s.NewID()))
}

// attemptPath is the address of one attempt: it holds the attempt's key, so that the back button comes to the same
// attempt and not to a second one.
func attemptPath(question, key string) string {
	return "/practice/" + url.PathEscape(question) + "?a=" + url.QueryEscape(key)
}

func answerPath(question, entry string) string {
	return "/practice/" + url.PathEscape(question) + "/" + url.PathEscape(entry)
}

// ask shows a question to answer. An attempt that is answered already shows its result.
func (s *Server) ask(c echo.Context) error {
	q, ok := s.Library.Question(c.Param("question"))
	if !ok {
		return notFound()
	}
	key := c.QueryParam("a")
	if key == "" {
		return seeOther(c, attemptPath(q.ID, s.NewID()))
	}
	if !goodKey(key) {
		return notFound()
	}
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(entries, func(e progress.Entry) bool { return e.Key == key }); at >= 0 {
		return s.toAnswer(c, entries[at])
	}
	ask := s.asking(q, key, entries)
	return s.render(c, http.StatusOK, view.QuestionAsked(s.page(c, "Practice: "+q.Title, "practice"), ask))
}

func (s *Server) asking(q quiz.Question, key string, entries []progress.Entry) view.Ask {
	return view.Ask{
		Library: s.Library, Question: q, Options: quiz.Shuffle(q, key), Key: key,
		Shown: strconv.FormatInt(s.Now().UnixMilli(), 10), Strip: s.strip(entries, q.ID),
	}
}

// toAnswer goes to the page of an answer that is recorded.
func (s *Server) toAnswer(c echo.Context, e progress.Entry) error {
	id, ok := progress.QuestionOf(e.Item)
	if !ok || e.Kind != progress.Answered {
		return unprocessable() // the key belongs to something else
	}
	return seeOther(c, answerPath(id, e.ID))
}

// strip is the learner's place in the bank.
func (s *Server) strip(entries []progress.Entry, now string) view.Strip {
	states := progress.NewOverview(entries).Questions
	strip := view.Strip{Of: len(s.bank)}
	for i, q := range s.bank {
		mark := ""
		if state, seen := states[q.ID]; seen {
			if state.LastRight {
				mark = "r"
				strip.Right++
			} else {
				mark = "w"
				strip.Wrong++
			}
		}
		if q.ID == now {
			mark, strip.At = "now", i+1
		}
		strip.Dots = append(strip.Dots, view.Dot{Mark: mark})
	}
	return strip
}

// answered shows an answer with the reasons and the proof.
func (s *Server) answered(c echo.Context) error {
	q, ok := s.Library.Question(c.Param("question"))
	if !ok {
		return notFound()
	}
	entries, err := s.entries(c)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(entries, func(e progress.Entry) bool {
		return e.ID == c.Param("entry") && e.Kind == progress.Answered && e.Item == progress.QuestionItem(q.ID)
	})
	if at < 0 {
		return notFound()
	}
	entry := entries[at]
	detail, err := progress.DecodeAnswer(entry.Detail)
	if err != nil {
		return err
	}
	v := view.Answered{
		Library: s.Library, Question: q, Right: entry.Right, Score: entry.Score, Sure: detail.Confidence,
		Revised: entry.Revision != progress.NewAnswer("", "", q, quiz.Result{}, progress.AnswerDetail{}).Revision,
		Strip:   s.strip(entries, q.ID), Notes: s.teaching(q),
	}
	for _, o := range quiz.Arrange(q, detail.Order) {
		v.Judged = append(v.Judged, quiz.Judged{Option: o, Chosen: slices.Contains(detail.Chosen, o.ID)})
	}
	if v.Proof, err = s.questionProof(c, q, answerPath(q.ID, entry.ID)); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, view.QuestionAnswered(s.page(c, "Practice: "+q.Title, "practice"), v))
}

// questionProof runs the proof that the query names, or the first one; nil when the question has none.
func (s *Server) questionProof(c echo.Context, q quiz.Question, page string) (*view.Proof, error) {
	ids := slices.Clone(q.Proofs)
	for _, o := range q.Options {
		if o.Proof != "" && !slices.Contains(ids, o.Proof) {
			ids = append(ids, o.Proof)
		}
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // a question without a proof is no error
	}
	chosen := ids[0]
	if asked := c.QueryParam("proof"); asked != "" {
		if !slices.Contains(ids, asked) {
			return nil, notFound()
		}
		chosen = asked
	}
	var others []content.Proof
	for _, id := range ids {
		if p, ok := s.Library.Proof(id); ok && id != chosen {
			others = append(others, p)
		}
	}
	return s.prove(c, chosen, page, others)
}

// maxTeaching is how many notes are named beside an answer.
const maxTeaching = 2

// teaching lists the notes that teach what a question asks.
func (s *Server) teaching(q quiz.Question) []content.Note {
	var out []content.Note
	for _, n := range s.Library.Notes {
		shares := slices.ContainsFunc(n.Objectives, func(o string) bool { return slices.Contains(q.Objectives, o) })
		if shares && len(out) < maxTeaching {
			out = append(out, n)
		}
	}
	return out
}
