package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// The theme is kept in a cookie that the server reads, so that a page never flashes in the other one. Over TLS the
// name starts with __Host-, which a browser only takes from this host; plain HTTP cannot set such a name.
const (
	themeCookie       = "keyhole_theme"
	secureThemeCookie = "__Host-keyhole_theme"
	themeAge          = 365 * 24 * 60 * 60 // seconds
)

// theme keeps the chosen theme and goes back.
func (s *Server) theme(c echo.Context) error {
	r := c.Request()
	cookie := &http.Cookie{Name: themeCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: themeAge}
	if r.TLS != nil {
		cookie.Name, cookie.Secure = secureThemeCookie, true
	}
	switch theme := r.PostForm.Get("theme"); theme {
	case "light", "dark":
		cookie.Value = theme
	case "system":
		cookie.MaxAge = -1
	default:
		return unprocessable()
	}
	http.SetCookie(c.Response(), cookie)
	return seeOther(c, local(r.PostForm.Get("back")))
}

// themeOf is "light", "dark" or "" for the system's.
func themeOf(r *http.Request) string {
	name := themeCookie
	if r.TLS != nil {
		name = secureThemeCookie
	}
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value != "light" && cookie.Value != "dark" {
		return ""
	}
	return cookie.Value
}

// kept are the parameters with which a page is come back to: what was typed is not repeated in the page, since
// somebody may have typed a key.
var kept = []string{"a", "proof", "control"}

// here is the path of a request and what names its page, for coming back to it.
func here(r *http.Request) string {
	asked, q := r.URL.Query(), url.Values{}
	for _, name := range kept {
		if v := asked.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + q.Encode()
}

// local takes addresses of this app only: a path, never another host.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}
