package web

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"keyhole/labs"
)

// labForms are the forms of the workspace. Each does one thing to the run and says where the learner looks next by
// what it puts into the query of the page: "said" for a notice, "show" for the pane on a small screen.
var labForms = map[string]func(ctx context.Context, run *labs.Run, form url.Values, next url.Values) error{
	"exec": func(ctx context.Context, run *labs.Run, form, next url.Values) error {
		line := strings.TrimSpace(strings.ReplaceAll(form.Get("line"), "\r\n", "\n"))
		next.Set("show", "work")
		if line == "" {
			next.Set("said", "nothing")
			return nil
		}
		next.Set("said", "ran")
		if line == "clear" {
			return run.ClearConsole(ctx)
		}
		block, err := run.Exec(ctx, line, "")
		if errors.Is(err, labs.ErrLineLength) {
			next.Set("said", "line")
			return nil
		}
		if err != nil {
			return err
		}
		if len(block.Requests) > 0 {
			next.Del("request") // the newest
			next.Set("tab", "why")
			if block.Code != 0 {
				next.Set("show", "xray") // a refusal is for looking at
			}
		}
		return nil
	},
	"predict": func(ctx context.Context, run *labs.Run, form, next url.Values) error {
		next.Set("show", "work")
		return run.Predict(ctx, form.Get("step"), form.Get("option"))
	},
	"hint": func(ctx context.Context, run *labs.Run, form, next url.Values) error {
		_, err := run.Hint(ctx, form.Get("step"))
		if errors.Is(err, labs.ErrNoHint) {
			next.Set("said", "nohint")
			return nil
		}
		return err
	},
	"clock": func(ctx context.Context, run *labs.Run, form, next url.Values) error {
		d, ok := labs.ParseJump(form.Get("jump"))
		if !ok {
			return labs.ErrClock
		}
		next.Set("said", "clock")
		return run.Advance(ctx, d)
	},
	"act": func(ctx context.Context, run *labs.Run, form, next url.Values) error {
		next.Set("show", "work")
		return run.Act(ctx, form.Get("profile"))
	},
	"check": func(ctx context.Context, run *labs.Run, _, next url.Values) error {
		rep, err := run.Check(ctx)
		next.Set("said", "failed")
		if rep.Passed {
			next.Set("said", "passed")
		}
		return err
	},
	"reset": func(ctx context.Context, run *labs.Run, _, next url.Values) error {
		for name := range next {
			next.Del(name)
		}
		next.Set("said", "reset")
		_, err := run.Reset(ctx)
		return err
	},
}

// labForm runs one of them and comes back to the workspace.
func (s *Server) labForm(do func(context.Context, *labs.Run, url.Values, url.Values) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, err := s.labOf(c)
		if err != nil {
			return err
		}
		run, ok := s.Runs.Find(s.learner(c), l.ID)
		if !ok {
			return seeOther(c, labPath(l))
		}
		form, err := c.FormParams()
		if err != nil {
			return err
		}
		next := url.Values{"show": {"steps"}}
		for _, name := range []string{"tab", "pane", "shelf", "request"} {
			if value := form.Get(name); value != "" {
				next.Set(name, value)
			}
		}
		if err := do(c.Request().Context(), run, form, next); err != nil {
			return labProblem(err)
		}
		return seeOther(c, labPath(l)+"/run?"+next.Encode())
	}
}
