package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"keyhole/labs"
	"keyhole/simulator"
)

// maxWorldFile bounds the file before it is read whole.
const maxWorldFile = 1 << 20

// simulateGC lets the heap grow to this many percent of what lives before it is swept: what lives is bounded by the
// sandbox, and a test suite that sends thousands of requests would otherwise wait for the collector.
const simulateGC = 300

// ready is the one JSON line that `keyhole simulate` prints when it answers.
type ready struct {
	Ready     bool            `json:"ready"`
	HTTP      string          `json:"http"`
	TLS       string          `json:"tls"`
	CA        string          `json:"ca"`
	Control   string          `json:"control,omitempty"`   // of --control
	Endpoints []readyEndpoint `json:"endpoints,omitempty"` // of VPCs, in the world file's order
}

func runSimulate(ctx context.Context, m *machine, args []string) error {
	f := m.flags("simulate", "the simulator alone, from a world file, for scripts and tests; nothing is kept")
	file := f.String("world", "", "the world file (JSON): accounts, users, roles, policies, buckets, VPC endpoints; - is standard input")
	plain := f.String("http", "127.0.0.1:9000", "address of the endpoint over plain HTTP, which is also the HTTPS_PROXY for names below localhost; port 0 is a free one")
	secure := f.String("tls", "127.0.0.1:9443", "address of the endpoint over TLS")
	steer := f.String("control", "", "address of a listener that moves the clock and tells why a request was answered as it was: GET /requests/last, POST /clock?advance=24h (default: none)")
	caDir := f.String("ca-dir", "", "folder of the local certificate authority (default: a temporary one, removed at the end)")
	object := f.Int64("max-object", labs.DefaultObjectBytes, "largest object, bytes")
	sandbox := f.Int64("max-sandbox", labs.DefaultSandboxBytes, "all objects together, bytes")
	if err := f.parse(args); err != nil {
		return err
	}
	if *file == "" {
		return usageError{"keyhole simulate: --world FILE is needed; see keyhole simulate --help"}
	}
	text, err := readWorldFile(*file)
	if err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(simulateGC)
	}
	w, err := simulator.ParseWorld(text, simulator.WorldOptions{Now: m.now, Limits: simulator.Limits{ObjectBytes: *object, SandboxBytes: *sandbox}})
	if err != nil {
		return fmt.Errorf("the world file %s is not right:\n%w", *file, err)
	}
	dir := *caDir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "keyhole-ca-"); err != nil {
			return fmt.Errorf("no temporary folder for the certificate authority: %w", err)
		}
		defer os.RemoveAll(dir)
	}
	return simulate(ctx, m, simulator.New(simulator.Options{World: w}), dir, addresses{*plain, *secure, *steer})
}

// addresses are those of the listeners; no control is opened for "".
type addresses struct{ plain, secure, control string }

func simulate(ctx context.Context, m *machine, s *simulator.Simulator, caDir string, at addresses) error {
	ca, err := openAuthority(caDir, m.now)
	if err != nil {
		return err
	}
	var endpoints []endpoint
	var from string
	s.View(func(w *simulator.World) { endpoints, from = endpointsOf(w), w.SourceIP() })
	ways := append([]way{
		{"the AWS endpoint over HTTP (--http)", at.plain, internet, from, false},
		{"the AWS endpoint over TLS (--tls)", at.secure, internet, from, true},
	}, endpointWays(endpoints, from)...)
	services, err := openWays(ways, s, ca, newLogger(m.stderr, true))
	if err != nil {
		return err
	}
	said := ready{Ready: true, HTTP: "http://" + services[0].addr(), TLS: "https://" + services[1].addr(), Endpoints: readyEndpoints(endpoints, ways, services)}
	if at.control != "" {
		l, err := listen("the control (--control)", at.control)
		if err != nil {
			for _, other := range services {
				_ = other.listener.Close()
			}
			return err
		}
		services = append(services, newService(l, newControl(s), newLogger(m.stderr, true)))
		said.Control = "http://" + l.Addr().String()
	}
	if said.CA, err = filepath.Abs(ca.path); err != nil {
		return err
	}
	line, err := json.Marshal(said)
	if err != nil {
		return err
	}
	fmt.Fprintln(m.stdout, string(line))
	return serveAll(ctx, services...)
}

func readWorldFile(name string) ([]byte, error) {
	in := io.ReadCloser(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("the world file %s cannot be read: %w", name, rootCause(err))
		}
		in = f
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxWorldFile+1))
	if err != nil {
		return nil, fmt.Errorf("the world file %s cannot be read: %w", name, rootCause(err))
	}
	if len(text) > maxWorldFile {
		return nil, errors.New("the world file is larger than 1 MiB, which is the limit")
	}
	return text, nil
}
