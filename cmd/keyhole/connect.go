package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Limits of a tunnel.
const (
	dialTimeout = 5 * time.Second
	tunnelIdle  = idleTimeout // a tunnel in which nothing moves for so long is closed
	maxTunnels  = 128         // at once, so that the listener cannot be filled with them
)

// tunnels answers CONNECT on the plain HTTP listener of the AWS side, for its own names only: names below localhost and
// below its addresses need no DNS when a client has this listener as its HTTPS_PROXY. It is no way out: whatever port a
// client names, the tunnel leads to this process's own listeners.
type tunnels struct {
	next   http.Handler
	owns   func(name string) bool
	plain  string // address of the HTTP listener of the same network, as typed
	secure string // address of its TLS listener; "" without one
	open   chan struct{}
	logger *slog.Logger
}

func newTunnels(next http.Handler, owns func(string) bool, plain, secure string, logger *slog.Logger) *tunnels {
	return &tunnels{next: next, owns: owns, plain: plain, secure: secure, open: make(chan struct{}, maxTunnels), logger: logger}
}

func (t *tunnels) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		t.next.ServeHTTP(w, r)
		return
	}
	to := t.target(r.Host)
	if to == "" {
		http.Error(w, "This endpoint tunnels to its own names only: localhost, names below it, and its addresses.", http.StatusForbidden)
		return
	}
	select {
	case t.open <- struct{}{}:
		defer func() { <-t.open }()
	default:
		http.Error(w, "Too many tunnels are open.", http.StatusServiceUnavailable)
		return
	}
	far, err := net.DialTimeout("tcp", to, dialTimeout)
	if err != nil {
		t.logger.Debug("a tunnel was not opened", "to", to, "error", err)
		http.Error(w, "The endpoint does not answer.", http.StatusBadGateway)
		return
	}
	defer far.Close()
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "This connection cannot become a tunnel.", http.StatusInternalServerError)
		return
	}
	defer near.Close()
	_ = near.SetDeadline(time.Time{}) // those of the server end with the request
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	t.splice(near, buffered, far)
}

// target is the listener a CONNECT leads to; "" when the name is not ours. Port 80 and the HTTP listener's own port mean
// HTTP, every other one TLS.
func (t *tunnels) target(authority string) string {
	name, port, err := net.SplitHostPort(authority)
	if err != nil {
		return ""
	}
	ip := net.ParseIP(name)
	host, plainPort, _ := net.SplitHostPort(t.plain)
	if own := t.owns(name) || ip != nil && (ip.IsLoopback() || ip.String() == strings.Trim(host, "[]")); !own {
		return ""
	}
	if port == "80" || port == plainPort || t.secure == "" {
		return t.plain
	}
	return t.secure
}

// splice copies both ways until one side ends.
func (t *tunnels) splice(near net.Conn, sent io.Reader, far net.Conn) {
	failed := make(chan error, 2)
	background("tunnel out", failed, func() error {
		_, err := io.Copy(idle{far}, idle{reader{near, sent}})
		_ = far.(*net.TCPConn).CloseWrite()
		if err == nil {
			err = io.EOF
		}
		return err
	})
	_, _ = io.Copy(idle{near}, idle{far})
	_ = near.Close()
	_ = far.Close()
	<-failed //nolint:errcheck // a tunnel ends however it ends
}

// reader reads what the server had already buffered, then the connection.
type reader struct {
	net.Conn
	sent io.Reader
}

func (r reader) Read(p []byte) (int, error) { return r.sent.Read(p) }

// idle is a connection that fails when nothing moves for tunnelIdle.
type idle struct{ net.Conn }

func (c idle) Read(p []byte) (int, error) {
	_ = c.Conn.SetReadDeadline(time.Now().Add(tunnelIdle))
	return c.Conn.Read(p)
}

func (c idle) Write(p []byte) (int, error) {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(tunnelIdle))
	return c.Conn.Write(p)
}
