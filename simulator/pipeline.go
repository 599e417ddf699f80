package simulator

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// A stage is one step from the request to the answer. It says what it decided; a fault ends the walk.
type stage struct {
	name  string
	world bool // runs under the world's lock
	run   func(*Simulator, *visit) (say string, fault *exchange.Fault)
}

// pipeline is the whole path of a request, in S3's order of checks (s3-wire.md section 1.2).
var pipeline = []stage{
	{"route", false, route},               // which operation is it, on which bucket and key
	{"authenticate", false, authenticate}, // who signed it; then the body is received, so that nothing below waits for the network
	{"inspect", true, inspect},            // are the headers well-formed, and does this simulator have what they ask for
	{"locate", true, locate},              // does the bucket exist, and is it whose the client expects
	{"authorize", true, authorize},        // may the caller do this
	{"perform", true, perform},            // the handler: seal, open and guard are decided here
	{"answer", true, settle},              // what changed is kept before anybody hears of it
}

// skipped is what a stage says when it had nothing to look at.
const skipped = "skip: "

// visit is one request in the pipeline.
type visit struct {
	*exchange.Exchange
	request  *http.Request
	path     string   // escaped, without the prefix
	hosts    []string // names below which a label is a bucket, that of this request among them
	finished bool     // the answer is complete before the last stage: a preflight
	form     []byte   // body of a query service's request, as it was signed

	borrowed [][]byte // room of the answer

	endpoint world.VPCEndpoint // the one it came through; zero for the internet
	trusted  bool              // an observer's: no policy refuses it

	actsFor, actsIn string // of what a service does by itself: the ARN it does it for, and that one's account

	sourcePoint *world.AccessPoint // the access point that x-amz-copy-source names; nil: none
}

// ServeHTTP answers one request and keeps its trace.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 && r.ProtoAtLeast(1, 1) && strings.EqualFold(r.Header.Get("Expect"), "100-continue") {
		// net/http says 100 only when a body is read. botocore announces empty bodies too, and takes a final answer
		// without a 100 for the answer to its next request on the connection, which then hangs.
		w.WriteHeader(http.StatusContinue)
	}
	v := s.begin(r)
	s.lend(v)
	fault := s.walk(v)
	s.answer(w, v, fault)
	s.giveBack(v)
}

// walk runs the stages until one of them stops. A panic is a fault of ours, never the end of the server.
func (s *Simulator) walk(v *visit) (fault *exchange.Fault) {
	locked, reached := false, 0
	defer func() {
		if p := recover(); p != nil {
			v.Note("panic: %v at %s", p, caller(debug.Stack()))
			fault = exchange.Internal()
			s.undo(v)
			v.Trace.Stages = append(v.Trace.Stages, exchange.Stage{Name: pipeline[reached].name, Verdict: exchange.Stopped, Say: "the simulator failed"})
			v.Trace.Stopped = pipeline[reached].name
		}
		if !locked {
			s.mu.Lock()
		}
		defer s.mu.Unlock()
		s.afterwards(v, fault)
		for _, st := range pipeline[len(v.Trace.Stages):] {
			v.Trace.Stages = append(v.Trace.Stages, exchange.Stage{Name: st.name, Verdict: exchange.Unreached})
		}
		v.Trace.Fault = fault
	}()
	for i, st := range pipeline {
		reached = i
		if st.world && !locked {
			s.mu.Lock()
			locked = true
			s.wake()
			v.World = s.world
		}
		say, stop := st.run(s, v)
		verdict := exchange.Passed
		switch {
		case stop != nil:
			verdict, v.Trace.Stopped = exchange.Stopped, st.name
			if say == "" {
				say = stop.Say
			}
			if say == "" {
				say = stop.Message
			}
		case len(say) > len(skipped) && say[:len(skipped)] == skipped:
			verdict, say = exchange.Skipped, say[len(skipped):]
		}
		v.Trace.Stages = append(v.Trace.Stages, exchange.Stage{Name: st.name, Verdict: verdict, Say: say})
		if v.finished {
			return nil
		}
		if stop != nil {
			s.undo(v)
			s.shadow(v, st.name)
			return stop
		}
	}
	return nil
}

// undo takes back what a request changed before it failed.
func (s *Simulator) undo(v *visit) {
	if v.World != nil && len(v.Done()) > 0 && v.Trace.Effects == nil {
		v.World.Revert()
	}
}

// perform runs the handler of the operation.
func perform(_ *Simulator, v *visit) (string, *exchange.Fault) {
	if fault := v.Op.Handle(v.Exchange); fault != nil {
		return "", fault
	}
	return fmt.Sprintf("%s was done", v.Op.Name), nil
}

// settle keeps what the handler changed; from here on the answer is true.
func settle(s *Simulator, v *visit) (string, *exchange.Fault) {
	if len(v.Done()) > 0 {
		if err := s.commit(); err != nil {
			v.Trace.Effects = []string{} // commit undid it already
			v.Note("the change could not be kept: %v", err)
			return "the change could not be kept, so it was undone", exchange.Internal()
		}
		v.Trace.Effects = v.Done()
	}
	return fmt.Sprintf("%d %s", v.status(), http.StatusText(v.status())), nil
}

func (v *visit) status() int {
	if v.Answer.Status == 0 {
		return http.StatusOK
	}
	return v.Answer.Status
}
