package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"keyhole/web/view"
)

// policyRoutes are the addresses of the policy explainer. A question is a GET; one that is too long for an address is a
// POST with the same fields, which stores nothing either.
func (s *Server) policyRoutes(e *echo.Echo) {
	read(e, "/policies", s.policies)
	e.POST("/policies", s.policies)
}

// policies answers one question.
func (s *Server) policies(c echo.Context) error {
	form, err := c.FormParams() // the address and the body
	if err != nil {
		return unprocessable()
	}
	example, about := "", ""
	q := readQuestion(form)
	if len(form) == 0 || len(form) == 1 && form.Has("example") && form.Get("example") == "" { // nothing was asked or chosen
		form.Set("example", policyExamples[0].Slug)
	}
	if slug := form.Get("example"); slug != "" {
		e, ok := exampleOf(slug)
		if !ok {
			return notFound()
		}
		q, example, about = e.Question(), e.Slug, e.About
	}
	if form.Get("format") != "" {
		formatAll(&q)
	}
	fixed := ""
	if which := form.Get("fix"); which != "" {
		if fixed = applyFix(&q, which); fixed == "" {
			return unprocessable()
		}
	}
	v, j := policyPage(s.Library, q)
	v.Example, v.About, v.Fixed = example, about, fixed
	if form.Get("send") != "" && j != nil {
		if v.Sent, err = s.sendReal(c.Request().Context(), j); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(v.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	p := s.page(c, "Policy explainer", "policies")
	if c.Request().Method == http.MethodPost {
		p.Here = "/policies" // a situation that was posted has no address to come back to
		if !v.Long {
			p.Here = "/policies?" + q.Query().Encode()
		}
	}
	p.Script = []string{"policies.js"}
	return s.render(c, status, view.Policies(p, v))
}

// formatAll indents every document that is JSON; others stay as they are.
func formatAll(q *view.PolicyQuestion) {
	for id, text := range q.Documents {
		if shown, err := view.LayOut(text); err == nil && len(shown) <= maxPolicyBytes {
			q.Documents[id] = shown
		}
	}
}

// applyFix replaces a document by the repaired one of a finding, "bucket:0", and returns what was done; "" when there is no
// such finding or no fix of it.
func applyFix(q *view.PolicyQuestion, which string) string {
	kind, place, _ := strings.Cut(which, ":")
	n, err := strconv.Atoi(place)
	if err != nil || n < 0 {
		return ""
	}
	a, _ := understand(*q)
	k := view.PolicyKindOf(kind)
	found := reviewOf(k, a, decodeAll(*q, a.resource))
	if n >= len(found) || found[n].Fix == nil || len(found[n].Fix.Text) > maxPolicyBytes {
		return ""
	}
	q.Documents[kind] = found[n].Fix.Text
	return found[n].Fix.Label
}
