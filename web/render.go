package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"keyhole/static"
	"keyhole/web/view"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled is the largest buffer that is kept for the next page.
const maxPooled = 1 << 20

// render writes a page as a whole: an error while rendering is an error page, never half of a page.
func (s *Server) render(c echo.Context, status int, page templ.Component) error {
	buf, _ := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= maxPooled {
			buffers.Put(buf)
		}
	}()
	if err := page.Render(view.WithAssets(c.Request().Context(), static.URL), buf); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	c.Response().WriteHeader(status)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(buf.Bytes()) // a client that went away is not our error
	}
	return nil
}

// page is the frame of a page: nav is the entry of the navigation that is current.
func (s *Server) page(c echo.Context, title, nav string) view.Page {
	return view.Page{Title: strings.TrimSuffix(title, "."), Nav: nav, Theme: themeOf(c.Request()), Here: here(c.Request()), Version: s.Version}
}

// seeOther ends a POST: reload and back never send it again.
func seeOther(c echo.Context, to string) error { return c.Redirect(http.StatusSeeOther, to) }
