package main

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator"
)

// control is what a test suite steers and asks beside the AWS endpoint: the simulated clock, and why a request was answered
// as it was. It is opened by --control alone.
//
//	GET  /clock               {"now": "2026-11-24T12:00:00Z"}
//	POST /clock?advance=24h   the clock jumps forward, and what becomes due is done before the answer
//	GET  /requests            the latest requests, oldest first: operation, status, code, and what decided
//	GET  /requests/last       the whole trace of the last one; /requests/7 of the seventh
//	GET  /journal             what happened by itself on the clock: expiry, replication, deliveries
type control struct{ simulator *simulator.Simulator }

// maxAdvance is how far one jump of the clock goes.
const maxAdvance = 200 * 365 * 24 * time.Hour

// newControl is the handler of the control listener. Nobody signs what comes here, so it takes no request that another
// site's page made a browser send: of other origins, or under another name than an address or localhost.
func newControl(s *simulator.Simulator) http.Handler {
	c := &control{s}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /clock", c.clock)
	mux.HandleFunc("POST /clock", c.advance)
	mux.HandleFunc("GET /requests", c.requests)
	mux.HandleFunc("GET /requests/{number}", c.request)
	mux.HandleFunc("GET /journal", c.journal)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if host != "localhost" && net.ParseIP(strings.Trim(host, "[]")) == nil {
			say(w, http.StatusMisdirectedRequest, errors.New("ask by address or as localhost"))
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

func (c *control) clock(w http.ResponseWriter, _ *http.Request) {
	var now time.Time
	c.simulator.View(func(world *simulator.World) { now = world.Now() })
	tell(w, map[string]time.Time{"now": now})
}

func (c *control) advance(w http.ResponseWriter, r *http.Request) {
	d, err := time.ParseDuration(r.URL.Query().Get("advance"))
	switch {
	case err != nil:
		say(w, http.StatusBadRequest, errors.New("advance is a duration such as 24h or 90m"))
		return
	case d <= 0 || d > maxAdvance:
		say(w, http.StatusBadRequest, errors.New("the clock jumps forward, at most 200 years at once"))
		return
	}
	if err := c.simulator.Advance(d); err != nil {
		say(w, http.StatusConflict, err)
		return
	}
	c.clock(w, r)
}

// asked is one request in the list.
type asked struct {
	Number    int      `json:"number"`
	Service   string   `json:"service"`
	Operation string   `json:"operation"`
	Target    string   `json:"target"`
	Caller    string   `json:"caller,omitempty"` // ARN
	Status    int      `json:"status"`
	Code      string   `json:"code,omitempty"`
	Stopped   string   `json:"stopped,omitempty"` // stage
	Because   []string `json:"because,omitempty"` // what each needed permission was decided by
}

func (c *control) requests(w http.ResponseWriter, _ *http.Request) {
	list := []asked{}
	for _, t := range c.simulator.Traces() {
		a := asked{Number: t.Number, Service: t.Service, Operation: t.Operation, Target: t.Request.Method + " " + t.Request.Target,
			Caller: t.Caller.ARN, Status: t.Response.Status, Stopped: t.Stopped}
		if t.Fault != nil {
			a.Code = t.Fault.Code
		}
		for _, d := range t.Authorization {
			a.Because = append(a.Because, d.Action+": "+d.Reason)
		}
		list = append(list, a)
	}
	tell(w, list)
}

func (c *control) request(w http.ResponseWriter, r *http.Request) {
	all := c.simulator.Traces()
	number, err := strconv.Atoi(r.PathValue("number"))
	if r.PathValue("number") == "last" && len(all) > 0 {
		number, err = all[len(all)-1].Number, nil
	}
	t, ok := c.simulator.Trace(number)
	if err != nil || !ok {
		say(w, http.StatusNotFound, errors.New("no such request is kept; /requests lists those that are"))
		return
	}
	tell(w, t)
}

func (c *control) journal(w http.ResponseWriter, _ *http.Request) {
	deeds := c.simulator.Journal()
	if deeds == nil {
		deeds = []simulator.Deed{}
	}
	tell(w, deeds)
}

func tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(v) // a client that went away needs no answer
}

func say(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
