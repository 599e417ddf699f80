package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"keyhole/simulator"
)

// Limits of a connection. MaxHeaderBytes stands above the simulator's own 8 KiB check,
// so that large headers get S3's error and only absurd ones net/http's.
const (
	maxHeaderBytes    = 64 << 10
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 5 * time.Minute // a whole request: an upload that stalls does not keep its connection for ever
	idleTimeout       = 2 * time.Minute
	shutdownGrace     = 10 * time.Second
)

// listen opens an address; port 0 is a free one.
func listen(what, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE), strings.Contains(err.Error(), "Only one usage of each socket address"):
		return nil, fmt.Errorf("the address %s for %s is in use by another program; stop it or choose another with a flag (port 0 is a free one)", addr, what)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("the address %s for %s is not allowed for this user; choose a port above 1023", addr, what)
	}
	return nil, fmt.Errorf("the address %s for %s cannot be opened: %w", addr, what, err)
}

// service is one listener with its server.
type service struct {
	listener net.Listener
	server   *http.Server
}

// internet is the network of a listener that belongs to no VPC endpoint.
const internet = "internet"

func newService(l net.Listener, h http.Handler, logger *slog.Logger) *service {
	return &service{listener: l, server: &http.Server{
		Handler: h, MaxHeaderBytes: maxHeaderBytes, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug), // bad handshakes and the like are the client's affair
	}}
}

// addr is the address as a client on this machine types it.
func (s *service) addr() string {
	a := s.listener.Addr().(*net.TCPAddr)
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, fmt.Sprint(a.Port))
}

// serve blocks until the listener closes.
func (s *service) serve() error {
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// background runs f; a panic in it is reported as an error, never the end of the process.
func background(name string, failed chan<- error, f func() error) {
	go func() {
		defer func() {
			if p := recover(); p != nil {
				failed <- fmt.Errorf("%s: panic: %v\n%s", name, p, debug.Stack())
			}
		}()
		if err := f(); err != nil {
			failed <- fmt.Errorf("%s: %w", name, err)
		}
	}()
}

// serveAll serves until ctx ends or one of the services fails, then lets in-flight requests finish.
func serveAll(ctx context.Context, services ...*service) error {
	failed := make(chan error, len(services))
	for _, s := range services {
		background("serving "+s.addr(), failed, s.serve)
	}
	var first error
	select {
	case <-ctx.Done():
	case first = <-failed:
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	for _, s := range services {
		if err := s.server.Shutdown(grace); err != nil && first == nil && !errors.Is(err, context.DeadlineExceeded) {
			first = err
		}
		_ = s.server.Close()
	}
	return first
}

// stateTransport tells the simulator what the connection is: its network, and where it comes from. No header can change it.
func stateTransport(next http.Handler, network, sourceIP string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := simulator.Transport{Network: network, SourceIP: sourceIP}
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil && sourceIP == "" {
			t.SourceIP = host
		}
		if r.TLS != nil {
			t.Secure = true
			t.TLS = strings.TrimPrefix(tls.VersionName(r.TLS.Version), "TLS ")
		}
		next.ServeHTTP(w, r.WithContext(simulator.WithTransport(r.Context(), t)))
	})
}
