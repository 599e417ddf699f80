package web

import (
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
)

// contentPolicy is the Content-Security-Policy of every response: nothing inline, nothing from elsewhere.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// MaxForm is how many bytes the body of a request may have.
const MaxForm = 256 << 10

// requestID is where the id of a request is kept in its context.
const requestID = "request"

// identify gives every request an id, which the log and an error page show.
func (s *Server) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := s.NewID()
		c.Set(requestID, id)
		c.Response().Header().Set("X-Request-Id", id)
		return next(c)
	}
}

// logged writes one line a request: never a body, a query or a cookie.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		r := c.Request()
		attrs := []any{"id", c.Get(requestID), "method", r.Method, "path", r.URL.Path, "status", c.Response().Status,
			"bytes", c.Response().Size, "took", s.Now().Sub(start).Round(10 * time.Microsecond)}
		if err != nil && statusOf(err) >= http.StatusInternalServerError {
			s.Logger.Error("request", append(attrs, "error", err.Error())...)
		} else {
			s.Logger.Info("request", attrs...)
		}
		return nil
	}
}

// recovered turns a panic into an error page; the server goes on.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it the same way
					panic(p)
				}
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// protected sets the headers that every response carries, errors and files too.
func protected(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if c.Request().TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// hosted answers only under names of this machine. Solo mode has no password, so a page of another site that points
// its own name at 127.0.0.1 must not get in.
func (s *Server) hosted(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !s.knows(c.Request().Host) {
			return echo.NewHTTPError(http.StatusMisdirectedRequest)
		}
		return next(c)
	}
}

func (s *Server) knows(host string) bool {
	if s.Hosts != nil {
		return slices.Contains(s.Hosts, host)
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1", "[::1]"}, name)
}

// sameOrigin refuses forms sent by pages of other origins.
func sameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
			}
			return next(c)
		}
	}
}

// limited bounds the body and takes forms only.
func limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			return next(c)
		}
		if r.ContentLength > MaxForm {
			return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
		}
		if r.ContentLength != 0 {
			kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
			if err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data" {
				return echo.NewHTTPError(http.StatusUnsupportedMediaType)
			}
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, MaxForm)
		if err := r.ParseForm(); err != nil {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
			}
			return echo.NewHTTPError(http.StatusUnprocessableEntity).SetInternal(err)
		}
		return next(c)
	}
}
