package web

import "github.com/labstack/echo/v4"

// labRoutes are the addresses of the lab workspace.
func (s *Server) labRoutes(e *echo.Echo) {}
