// Package simulator is one learner's private cloud: an S3 endpoint that keeps, with every answer, each decision that led to it.
package simulator

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/kms"
	"keyhole/simulator/s3"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sts"
	"keyhole/simulator/trail"
	"keyhole/simulator/world"
)

// KeptTraces is how many traces a simulator keeps when it is not told otherwise.
const KeptTraces = 500

// Names that packages outside may use without knowing the subpackages.
type (
	Trace        = exchange.Trace
	Transport    = exchange.Transport
	World        = world.World
	WorldOptions = world.Options
	Limits       = world.Limits
)

// ParseWorld reads a world file; its error lists every problem with line and column.
func ParseWorld(file []byte, o WorldOptions) (*World, error) { return world.Parse(file, o) }

// NewWorld makes an empty world with one account and one user.
func NewWorld(o WorldOptions) *World { return world.New(o) }

// Options say how a simulator is run.
type Options struct {
	World *world.World
	// Persist keeps one batch of effects and its new ciphertexts, all or nothing, before the answer is written.
	// An error makes the answer 500 InternalError and undoes the change. nil: memory only.
	Persist    func(effects []byte, blobs map[string][]byte) error
	After      int      // number of the last request before this start: the next is After+1, and so are its ids
	KeepTraces int      // 0: KeptTraces
	Hosts      []string // names below which a label is a bucket; nil: localhost and the S3 endpoints of the region
}

// Simulator is an http.Handler that answers as AWS would. It is safe for concurrent use.
type Simulator struct {
	persist func(effects []byte, blobs map[string][]byte) error
	keep    int
	hosts   []string

	trusting bool // no policy refuses anything; see Observer

	signing sigv4.KeyCache
	rooms   rooms

	mu    sync.Mutex // guards world
	world *world.World
	deeds []Deed // what happened by itself, oldest first

	seen     sync.Mutex // guards what follows
	number   int
	traces   []*Trace // oldest first
	watchers []func(*Trace)
}

// New makes a simulator of a world, which it owns from then on.
func New(o Options) *Simulator {
	s := &Simulator{persist: o.Persist, keep: o.KeepTraces, number: o.After, hosts: o.Hosts, world: o.World}
	if s.keep <= 0 {
		s.keep = KeptTraces
	}
	if s.hosts == nil {
		s.hosts = []string{"localhost", "s3.localhost", "127.0.0.1", "s3.amazonaws.com", "s3." + s.world.Region() + ".amazonaws.com"}
	}
	return s
}

// Operations are the rows of every service, those that are not imitated too.
func Operations() []exchange.Operation {
	return slices.Concat(s3.Operations(), s3.ControlOperations(), iam.Operations(), sts.Operations(), trail.Operations(), kms.Operations())
}

// View shows the world while nothing changes it. Nothing of it may be kept or written to.
func (s *Simulator) View(look func(w *world.World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look(s.world)
}

// Advance moves the simulated clock forward by d, durably, and does what becomes due on the way.
func (s *Simulator) Advance(d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.world.Jump(d); err != nil {
		return err
	}
	if err := s.commit(); err != nil {
		return err
	}
	s.due(JobsPerAdvance)
	return nil
}

// Clone starts a second simulator from the same world, in memory and without traces. The two share nothing that can change.
func (s *Simulator) Clone() *Simulator {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Simulator{keep: s.keep, hosts: s.hosts, world: s.world.Clone()}
}

// commit hands what was just changed to Persist, and undoes it when that fails. The caller holds s.mu.
func (s *Simulator) commit() error {
	if s.persist == nil {
		s.world.Forget()
		return nil
	}
	effects, blobs, n := s.world.Drain()
	if n == 0 {
		return nil
	}
	if err := s.persist(effects, blobs); err != nil {
		s.world.Revert()
		return err
	}
	return nil
}

// Traces are the latest traces, oldest first. They are never changed again.
func (s *Simulator) Traces() []*Trace {
	s.seen.Lock()
	defer s.seen.Unlock()
	return slices.Clone(s.traces)
}

// Trace finds a kept trace by its number.
func (s *Simulator) Trace(number int) (*Trace, bool) {
	s.seen.Lock()
	defer s.seen.Unlock()
	for _, t := range slices.Backward(s.traces) {
		if t.Number == number {
			return t, true
		}
	}
	return nil, false
}

// Watch calls f with every trace from now on, before the client has its answer. f must not wait.
func (s *Simulator) Watch(f func(*Trace)) {
	s.seen.Lock()
	defer s.seen.Unlock()
	s.watchers = append(s.watchers, f)
}

// next numbers a request.
func (s *Simulator) next() int {
	s.seen.Lock()
	defer s.seen.Unlock()
	s.number++
	return s.number
}

// remember keeps a finished trace.
func (s *Simulator) remember(t *Trace) {
	s.seen.Lock()
	if len(s.traces) == s.keep {
		s.traces = append(s.traces[:0], s.traces[1:]...)
	}
	s.traces = append(s.traces, t)
	watchers := slices.Clone(s.watchers)
	s.seen.Unlock()
	for _, f := range watchers {
		f(t)
	}
}

type contextKey int

const (
	transportKey contextKey = iota
	prefixKey
)

// WithTransport states the transport of a connection; listeners set it in ConnContext or around the handler.
func WithTransport(ctx context.Context, t Transport) context.Context {
	return context.WithValue(ctx, transportKey, t)
}

// WithPrefix states a path prefix ("/-/RUN") that a host cut off the path but that the client signed.
func WithPrefix(ctx context.Context, prefix string) context.Context {
	return context.WithValue(ctx, prefixKey, prefix)
}

// transportOf is what the connection was stated to be; unstated, what net/http knows of it.
func transportOf(r *http.Request) Transport {
	if t, ok := r.Context().Value(transportKey).(Transport); ok {
		return t
	}
	t := Transport{Network: "internet"}
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		t.SourceIP = host
	}
	if r.TLS != nil {
		t.Secure, t.TLS = true, tlsVersion(r.TLS.Version)
	}
	return t
}
