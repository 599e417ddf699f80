package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

func (s *script) run(text string) { s.t.Helper(); s.play(txtar.Parse([]byte(text))) }

func (s *script) last() *Trace {
	traces := s.simulator.Traces()
	return traces[len(traces)-1]
}

func TestATraceHoldsEveryStage(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: a bucket --\nPUT /vault\n-- request: an object --\nPUT /vault/a.txt?x-id=PutObject\n\nhello\n")
	trace := s.last()
	var names []string
	for _, st := range trace.Stages {
		names = append(names, st.Name)
		if st.Verdict != exchange.Passed || st.Say == "" {
			t.Errorf("%+v", st)
		}
	}
	if want := "route authenticate inspect locate authorize perform answer"; strings.Join(names, " ") != want {
		t.Errorf("stages %q, want %q", names, want)
	}
	if trace.Operation != "PutObject" || trace.Bucket != "vault" || trace.Key != "a.txt" || trace.Number != 2 {
		t.Errorf("%+v", trace)
	}
	if trace.Request.Body != "hello" || trace.Request.Size != 5 || trace.Response.Status != 200 || trace.ID == "" {
		t.Errorf("%+v", trace.Request)
	}
	if trace.Seal == nil || trace.Seal.Because != "bucket default" || len(trace.Seal.Ladder) != 3 {
		t.Errorf("the seal decision: %+v", trace.Seal)
	}
	if len(trace.Effects) != 1 || !strings.HasPrefix(trace.Effects[0], "stored version null of a.txt, 5 bytes") {
		t.Errorf("effects %q", trace.Effects)
	}
	if len(trace.Authorization) != 1 || trace.Authorization[0].Reason != "statement 1, line 1 of Everything (user alice), allows it" || trace.Authorization[0].Decision == nil {
		t.Errorf("%+v", trace.Authorization)
	}
	if trace.Caller.ARN != "arn:aws:iam::111122223333:user/alice" {
		t.Errorf("%+v", trace.Caller)
	}
	if !slices.ContainsFunc(trace.Request.Headers, func(h exchange.Header) bool { return h.Name == "Host" && h.Signed }) {
		t.Errorf("%+v", trace.Request.Headers)
	}
	if !slices.ContainsFunc(trace.Notes, func(n string) bool { return strings.HasPrefix(n, "x-id is ignored") }) {
		t.Errorf("notes %q", trace.Notes)
	}
}

func TestWhereARequestStops(t *testing.T) {
	const bucket = "-- request: a bucket --\nPUT /vault\n"
	for _, row := range []struct{ name, request, stopped, say string }{
		{"an operation that is not imitated", "GET /vault/key?torrent", "route", "This simulator does not imitate that operation."},
		{"a wrong region", "GET /vault\n@region eu-west-9", "authenticate", ""},
		{"an owner that cannot be one", "GET /vault\nx-amz-expected-bucket-owner: me", "inspect", "An account id has twelve digits."},
		{"a bucket that is not there", "GET /nowhere", "locate", "There is no such bucket."},
		{"another account", "GET /vault\n@as bob", "authorize", "Both accounts must allow this; one does not."},
		{"nobody", "GET /vault\n@as nobody", "authorize", "Anonymous callers are not allowed."},
		{"a key that is not there", "GET /vault/a", "perform", "There is no object under this key."},
		{"a blocked customer key", "PUT /vault/a\n@key 1234567890abcdef1234567890abcdef", "perform", "This bucket refuses SSE-C uploads."},
		{"no trouble", "GET /vault", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newScript(t, "2026")
			s.run(bucket + "-- request: it --\n" + row.request + "\n")
			trace := s.last()
			if trace.Stopped != row.stopped {
				t.Fatalf("stopped at %q, want %q: %+v", trace.Stopped, row.stopped, trace.Stages)
			}
			if row.stopped == "" {
				return
			}
			if len(trace.Stages) != len(pipeline) {
				t.Errorf("%d stages", len(trace.Stages))
			}
			i := slices.IndexFunc(trace.Stages, func(st exchange.Stage) bool { return st.Name == row.stopped })
			if trace.Stages[i].Verdict != exchange.Stopped || trace.Stages[i].Say == "" {
				t.Errorf("%+v", trace.Stages[i])
			}
			for _, st := range trace.Stages[i+1:] {
				if st.Verdict != exchange.Unreached {
					t.Errorf("%+v after the stop", st)
				}
			}
			if row.say != "" && trace.Fault.Say != row.say {
				t.Errorf("headline %q, want %q", trace.Fault.Say, row.say)
			}
			if n := len(strings.Fields(trace.Fault.Say)); n == 0 || n > 9 {
				t.Errorf("the headline has %d words: %q", n, trace.Fault.Say)
			}
		})
	}
}

// What Persist cannot keep has not happened, and the client hears of it.
func TestAChangeThatCannotBeKeptIsUndone(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: a bucket --\nPUT /vault\n-- request: an object --\nPUT /vault/kept\n\nhello\n")
	s.simulator.persist = func([]byte, map[string][]byte) error { return errors.New("the disk is full") }
	s.run("-- request: another --\nPUT /vault/lost\n\nhello\n-- want --\n500 InternalError\nmessage We encountered an internal error. Please try again.\n")
	if trace := s.last(); trace.Stopped != "answer" || len(trace.Effects) != 0 {
		t.Errorf("stopped at %q with %q", trace.Stopped, trace.Effects)
	}
	if err := s.simulator.Advance(time.Hour); err == nil {
		t.Error("the clock went on")
	}
	s.simulator.persist = nil
	s.run("-- request: it is not there --\nGET /vault/lost\n-- want --\n404 NoSuchKey\nelement Key lost\n-- request: the first is --\nGET /vault/kept\n-- want --\n200\nbody hello\n")
}

// A request that fails undoes nothing but itself.
func TestAFailedRequestLeavesTheOneBefore(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: a bucket --\nPUT /vault\n-- request: an object --\nPUT /vault/a\n\nhello\n")
	for range 3 {
		s.run("-- request: fails --\nPUT /vault/a\nIf-None-Match: *\n\nother\n-- want --\n412 PreconditionFailed\nelement Condition If-None-Match\n" +
			"-- request: still there --\nGET /vault/a\n-- want --\n200\nbody hello\n")
	}
}

func TestPersistedEffectsAreTheWorldAgain(t *testing.T) {
	s := newScript(t, "2022")
	var before []byte
	s.simulator.View(func(w *World) { before, _ = w.Snapshot() })
	var batches [][]byte
	stored := map[string][]byte{}
	s.simulator.persist = func(effects []byte, blobs map[string][]byte) error {
		batches = append(batches, effects)
		for hash, data := range blobs {
			stored[hash] = bytes.Clone(data)
		}
		return nil
	}
	s.run("-- request: 1 --\nPUT /vault\n-- request: 2 --\nPUT /vault/a\n\nhello\n-- request: 3 --\nPUT /vault/c\n@key 1234567890abcdef1234567890abcdef\n\nsecret\n-- request: 4 --\nDELETE /vault/a\n")
	if err := s.simulator.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	again, err := world.Restore(before, batches, func(hash string) ([]byte, error) {
		if data, ok := stored[hash]; ok {
			return data, nil
		}
		return nil, errors.New("not stored")
	}, world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.simulator.View(func(w *World) {
		if w.Hash() != again.Hash() {
			t.Error("the restored world is another one")
		}
	})
	s.simulator = New(Options{World: again})
	s.run("-- request: the object opens --\nGET /vault/c\n@key 1234567890abcdef1234567890abcdef\n-- want --\n200\nbody secret\n")
}

func TestACloneIsAWorldOfItsOwn(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: 1 --\nPUT /vault\n-- request: 2 --\nPUT /vault/a\n\nhello\n")
	first := s.simulator
	s.simulator = first.Clone()
	s.run("-- request: changed here --\nPUT /vault/a\n\nother\n-- want --\n200\n-- request: gone --\nDELETE /vault/a\n-- want --\n204\n")
	s.simulator = first
	s.run("-- request: not there --\nGET /vault/a\n-- want --\n200\nbody hello\n")
}

func TestOnlyTheLatestTracesAreKept(t *testing.T) {
	s := newScript(t, "2026")
	s.simulator.keep = 3
	for range 5 {
		s.run("-- request: 1 --\nGET /\n")
	}
	traces := s.simulator.Traces()
	if len(traces) != 3 || traces[0].Number != 3 || traces[2].Number != 5 {
		t.Errorf("%d traces", len(traces))
	}
	if _, ok := s.simulator.Trace(2); ok {
		t.Error("trace 2 is still there")
	}
	if trace, ok := s.simulator.Trace(4); !ok || trace.Number != 4 {
		t.Error("trace 4 is not there")
	}
}

// A real socket, a path prefix that the host cut off, and dates in the base of the signature.
func TestBehindAListener(t *testing.T) {
	real := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	w := world.New(world.Options{Seed: "listener", Now: func() time.Time { return real }})
	if err := w.Jump(24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	s := New(Options{World: w})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		ctx := WithPrefix(WithTransport(r.Context(), Transport{Network: "internet"}), "/-/run")
		http.StripPrefix("/-/run", s).ServeHTTP(rw, r.WithContext(ctx))
	}))
	defer server.Close()
	k, _ := w.KeyOf(world.DefaultAccount, "admin")
	for _, at := range []time.Time{real, real.Add(24 * time.Hour)} {
		r, _ := http.NewRequest("PUT", server.URL+"/-/run/vault%2Dtwo", nil)
		sigv4.Sign(r, sigv4.Keys{AccessKey: k.ID, Secret: k.Secret}, "us-east-1", "s3", "UNSIGNED-PAYLOAD", at)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != 200 || answer.Header.Get("Server") != "AmazonS3" {
			t.Errorf("%s\n%s", answer.Status, body)
		}
		if got := answer.Header.Get("Date"); got != at.Format(http.TimeFormat) {
			t.Errorf("the date is %s, signed at %s", got, at)
		}
	}
}

func TestTheClientHonoursItsContext(t *testing.T) {
	s := newScript(t, "2026")
	ctx, cancel := context.WithCancel(context.Background())
	body := &closing{Reader: strings.NewReader("hello"), read: cancel}
	r, _ := http.NewRequestWithContext(ctx, "PUT", "http://s3.amazonaws.com/vault/a", body)
	r.ContentLength = 5
	sigv4.Sign(r, s.keys("alice"), "us-east-1", "s3", "UNSIGNED-PAYLOAD", s.now())
	if _, err := s.simulator.Client(Transport{}).RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !body.closed {
		t.Error("the body was not closed")
	}
}

type closing struct {
	io.Reader
	read   func()
	closed bool
}

func (c *closing) Read(p []byte) (int, error) { defer c.read(); return c.Reader.Read(p[:1]) }
func (c *closing) Close() error               { c.closed = true; return nil }

// Many clients at once; run with -race.
func TestManyClientsAtOnce(t *testing.T) {
	s := newScript(t, "2022")
	s.run("-- request: a bucket --\nPUT /vault\n")
	keys, now := s.keys("alice"), s.now()
	s.simulator.Watch(func(*Trace) {})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			client := s.simulator.Client(Transport{Secure: true})
			send := func(method, target, body string) *http.Response {
				r, _ := http.NewRequest(method, "http://s3.amazonaws.com"+target, strings.NewReader(body))
				customer(r.Header, "X-Amz-Server-Side-Encryption-Customer-", "1234567890abcdef1234567890abcdef")
				if method == "DELETE" || target == "/vault" {
					r.Header = http.Header{}
				}
				sigv4.Sign(r, keys, "us-east-1", "s3", "UNSIGNED-PAYLOAD", now)
				answer, err := client.RoundTrip(r)
				if err != nil {
					t.Error(err)
					return &http.Response{}
				}
				return answer
			}
			for n := range 30 {
				key := "/vault/" + strconv.Itoa(i) + "-" + strconv.Itoa(n%5)
				if got := send("PUT", key, key).StatusCode; got != 200 {
					t.Errorf("PUT: %d", got)
				}
				answer := send("GET", key, "")
				if body, _ := io.ReadAll(answer.Body); string(body) != key {
					t.Errorf("GET %s: %s", key, body)
				}
				send("GET", "/vault", "")
				s.simulator.Traces()
				s.simulator.Clone()
				if n%3 == 0 {
					send("DELETE", key, "")
				}
			}
		})
	}
	all.Wait()
}
