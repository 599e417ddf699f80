package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"keyhole/web/view"
)

// fidelity says of every operation how true it is to AWS.
func (s *Server) fidelity(c echo.Context) error {
	return s.render(c, http.StatusOK, view.FidelityPage(s.page(c, "How true it is", ""), s.Library.Fidelity(), s.Library))
}
