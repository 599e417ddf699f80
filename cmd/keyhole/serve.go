package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"keyhole/content"
	"keyhole/labs"
	"keyhole/quiz/progress"
	"keyhole/quiz/store"
	"keyhole/web"
)

// soloLearner is the one learner of a machine without accounts. Every row carries it.
const soloLearner = web.Solo

// serveConfig is what `keyhole serve` was asked for.
type serveConfig struct {
	listen, http, tls string
	data, overlay     string
	open, quiet       bool
	objectBytes       int64
	sandboxBytes      int64
}

func runServe(ctx context.Context, m *machine, args []string) error {
	f := m.flags("serve", "the study app and the AWS endpoints on this machine")
	var c serveConfig
	f.StringVar(&c.listen, "listen", "127.0.0.1:8080", "address of the web app; port 0 is a free one")
	f.StringVar(&c.http, "http", "127.0.0.1:9000", "address of the AWS endpoint over plain HTTP, which is also the HTTPS_PROXY for names below localhost")
	f.StringVar(&c.tls, "tls", "127.0.0.1:9443", "address of the AWS endpoint over TLS")
	f.StringVar(&c.data, "data", defaultDataDir(m.env), "folder of the database and the local certificate authority")
	f.StringVar(&c.overlay, "content", "", "folder with questions, notes and facts that are added to the built-in ones")
	f.BoolVar(&c.open, "open", false, "open the browser")
	f.BoolVar(&c.quiet, "quiet", false, "log nothing but the addresses")
	f.Int64Var(&c.objectBytes, "max-object", labs.DefaultObjectBytes, "largest object of a sandbox, bytes")
	f.Int64Var(&c.sandboxBytes, "max-sandbox", labs.DefaultSandboxBytes, "all objects of a sandbox together, bytes")
	if err := f.parse(args); err != nil {
		return err
	}
	a, err := newApp(ctx, m, c)
	if err != nil {
		return err
	}
	a.announce(m.stdout)
	if c.open {
		if err := m.openBrowser(a.url()); err != nil {
			fmt.Fprintln(m.stdout, "  The browser did not open; go to the first address yourself.")
		}
	}
	return errors.Join(a.run(ctx), a.close())
}

// app is the running product: what `keyhole serve` builds and what the end-to-end tests build again on port 0.
type app struct {
	config    serveConfig
	logger    *slog.Logger
	store     *store.Store
	runs      *labs.Runs
	authority *authority
	services  []*service // web app, AWS over HTTP, AWS over TLS, then those of VPC endpoints
	ways      []way      // of services[1:]
	private   []readyEndpoint
}

// newApp opens everything that can fail before anything is announced; what was opened is closed again on failure.
func newApp(ctx context.Context, m *machine, c serveConfig) (*app, error) {
	a := &app{config: c, logger: newLogger(m.stderr, c.quiet)}
	if err := a.open(ctx, m); err != nil {
		_ = a.close()
		return nil, err
	}
	return a, nil
}

func (a *app) open(ctx context.Context, m *machine) (err error) {
	c := a.config
	if err := prepareDataDir(c.data); err != nil {
		return err
	}
	library, err := loadLibrary(c.overlay, m.stderr)
	if err != nil {
		return err
	}
	if a.store, err = store.Open(ctx, store.Options{Dir: c.data, Now: m.now, Logger: a.logger}); err != nil {
		return err
	}
	if err := ensureLearner(ctx, a.store, m); err != nil {
		return err
	}
	if a.authority, err = openAuthority(filepath.Join(c.data, "tls"), m.now); err != nil {
		return err
	}
	if err := a.openListeners(library.Labs); err != nil {
		return err
	}
	a.runs, err = labs.NewRuns(ctx, labs.Options{
		Labs: library.Labs, Store: a.store, Record: recorder(a.store, m), Now: m.now, Rand: randomBytes,
		Limits: labs.Limits{ObjectBytes: c.objectBytes, SandboxBytes: c.sandboxBytes}, Endpoints: a.endpoints, Logger: a.logger,
	})
	if err != nil {
		return err
	}
	pages := web.New(web.Options{
		Library: library, Store: a.store, Runs: a.runs, Labs: library.Labs, Runner: content.Runner{Now: m.now},
		Now: m.now, NewID: newID, Version: version, Hosts: a.hosts(), Endpoints: a.endpoints, Logger: a.logger,
	})
	a.services[0].server.Handler = pages
	handleWays(a.ways, a.services[1:], a.runs, a.authority, a.logger)
	return nil
}

// openListeners opens every address, and answers nothing on them yet. The VPC endpoints are those of the labs' worlds
// that name an address.
func (a *app) openListeners(all []labs.Lab) error {
	pages, err := listen("the web app (--listen)", a.config.listen)
	if err != nil {
		return err
	}
	a.services = append(a.services, newService(pages, http.NotFoundHandler(), a.logger))
	endpoints, err := endpointsOfLabs(all)
	if err != nil {
		return err
	}
	a.ways = append([]way{
		{"the AWS endpoint over HTTP (--http)", a.config.http, internet, "", false},
		{"the AWS endpoint over TLS (--tls)", a.config.tls, internet, "", true},
	}, endpointWays(endpoints, "")...)
	aws, err := openWays(a.ways, http.NotFoundHandler(), a.authority, a.logger)
	if err != nil {
		return err
	}
	a.services = append(a.services, aws...)
	a.private = readyEndpoints(endpoints, a.ways, aws)
	return nil
}

func (a *app) url() string { return "http://" + a.services[0].addr() }

// endpoints is what the Own tools panel prints.
func (a *app) endpoints() labs.Endpoints {
	data, err := filepath.Abs(a.config.data)
	if err != nil {
		data = a.config.data
	}
	binary, err := os.Executable()
	if err != nil {
		binary = "keyhole"
	}
	ca, err := filepath.Abs(a.authority.path)
	if err != nil {
		ca = a.authority.path
	}
	return labs.Endpoints{HTTP: "http://" + a.services[1].addr(), TLS: "https://" + a.services[2].addr(), CA: ca, Data: data, Binary: binary}
}

// hosts are the Host headers the web app answers to, the announced one first; every other one gets 421, which is what
// stops DNS rebinding.
func (a *app) hosts() []string {
	addr := a.services[0].listener.Addr().(*net.TCPAddr)
	names := []string{"127.0.0.1", "localhost", "::1"}
	if addr.IP.IsUnspecified() {
		found, err := net.InterfaceAddrs()
		if err != nil {
			a.logger.Warn("the addresses of this machine are not known", "error", err)
		}
		for _, one := range found {
			if ip, ok := one.(*net.IPNet); ok {
				names = append(names, ip.IP.String())
			}
		}
	} else {
		names = append([]string{addr.IP.String()}, names...)
	}
	hosts := make([]string, 0, len(names))
	for _, name := range names {
		host := net.JoinHostPort(name, fmt.Sprint(addr.Port))
		if addr.Port == 80 { // browsers leave the scheme's own port out
			host = strings.TrimSuffix(host, ":80")
		}
		hosts = append(hosts, host)
	}
	return hosts
}

func (a *app) announce(w io.Writer) {
	e := a.endpoints()
	fmt.Fprintf(w, "Keyhole is ready.\n  Study      %s\n  AWS, HTTP  %s\n  AWS, TLS   %s\n  CA file    %s\n  Data       %s\n", a.url(), e.HTTP, e.TLS, e.CA, e.Data)
	for _, p := range a.private {
		fmt.Fprintf(w, "  %s  %s\n", p.ID, strings.TrimSpace(p.HTTP+" "+p.TLS))
	}
}

// run serves until ctx ends; in-flight requests finish.
func (a *app) run(ctx context.Context) error { return serveAll(ctx, a.services...) }

// close flushes the sandboxes and checkpoints the database; it may be called on an app that never ran.
func (a *app) close() error {
	var errs []error
	for _, s := range a.services {
		_ = s.server.Close()
		_ = s.listener.Close()
	}
	if a.runs != nil {
		errs = append(errs, a.runs.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

func newLogger(w io.Writer, quiet bool) *slog.Logger {
	level := slog.LevelInfo
	if quiet {
		level = slog.LevelError
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

func ensureLearner(ctx context.Context, s progress.Store, m *machine) error {
	_, err := s.Learner(ctx, soloLearner)
	if errors.Is(err, progress.ErrNotFound) {
		return s.CreateLearner(ctx, progress.Learner{ID: soloLearner, Name: "You", Created: m.now()})
	}
	return err
}

func newID() string {
	id, err := uuid.NewV7()
	if err != nil {
		panic("crypto/rand cannot be read: " + err.Error())
	}
	return id.String()
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		panic("crypto/rand cannot be read: " + err.Error())
	}
	return b
}
