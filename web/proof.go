package web

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"keyhole/content"
	"keyhole/web/view"
)

// Limits of running proofs.
const (
	maxProofs = 4               // at the same time
	proofWait = 2 * time.Second // for a slot
	proofTime = 5 * time.Second // for one run
)

// keyReference is how an edit names a customer key: bytes of a real key have no place in an address.
var keyReference = regexp.MustCompile(`^\$\{(key|md5):k[0-9](:[0-9]{1,2})?\}$`)

// prove runs a proof with the edit of the query. Running it changes nothing but a sandbox of its own, so it is a GET
// and its result can be linked to. others are further proofs of the same page.
func (s *Server) prove(c echo.Context, id, page string, others []content.Proof) (*view.Proof, error) {
	proof, ok := s.Library.Proof(id)
	if !ok {
		return nil, notFound()
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), proofTime)
	defer cancel()
	select {
	case s.proofs <- struct{}{}:
		defer func() { <-s.proofs }()
	case <-time.After(proofWait):
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}

	v := &view.Proof{Proof: proof, Page: page, Others: others}
	edit, err := editOf(c.QueryParams(), proof)
	if err != nil {
		v.Refused = sentence(err)
		edit = content.Edit{}
	}
	if edit.Step > 0 {
		run, err := s.Runner.Run(ctx, proof, edit)
		switch {
		case err == nil:
			v.Edit, v.Run = edit, run
			return v, nil
		case statusOf(err) != statusOf(content.ErrEdit):
			return nil, err
		}
		v.Refused = sentence(err)
	}
	if v.Run, err = s.Runner.Run(ctx, proof); err != nil {
		return nil, err
	}
	if c.QueryParam("control") != "" && v.Refused == "" {
		control, err := s.Runner.Control(ctx, proof)
		if err != nil {
			return nil, err
		}
		v.Control = &control
	}
	return v, nil
}

// editOf reads a learner's edit: step, pairs of h and v, drop, as, over. Step 0 says that nothing is changed.
func editOf(q url.Values, p content.Proof) (content.Edit, error) {
	refuse := func(text string) (content.Edit, error) {
		return content.Edit{}, fmt.Errorf("%w: %s", content.ErrEdit, text)
	}
	if q.Get("step") == "" {
		return content.Edit{}, nil
	}
	step, err := strconv.Atoi(q.Get("step"))
	if err != nil || step < 1 || step > len(p.Steps) {
		return refuse("there is no such step")
	}
	e := content.Edit{Step: step, SetHeader: map[string]string{}}
	names, values := q["h"], q["v"]
	if len(names) != len(values) {
		return refuse("every header needs a value")
	}
	for i, name := range names {
		name = strings.TrimSpace(name)
		if name == "" || values[i] == "" {
			continue
		}
		if customerKey(name) && !keyReference.MatchString(values[i]) {
			return refuse("choose one of the keys of the proof; the bytes of a key have no place in an address")
		}
		e.SetHeader[name] = values[i]
	}
	for _, name := range q["drop"] {
		if name != "" {
			e.DropHeader = append(e.DropHeader, name)
		}
	}
	if as := q.Get("as"); as != p.Steps[step-1].As {
		e.As = as
	}
	over := p.Steps[step-1].Over
	if over == "" {
		over = "https"
	}
	if to := q.Get("over"); to != over {
		e.Transport = to
	}
	if len(e.SetHeader) == 0 && len(e.DropHeader) == 0 && e.As == "" && e.Transport == "" {
		return content.Edit{}, nil
	}
	return e, e.Check(p)
}

// customerKey names the headers that carry a key.
func customerKey(header string) bool {
	return strings.HasSuffix(strings.ToLower(header), "customer-key")
}

// sentence is an edit's refusal for the learner.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}
