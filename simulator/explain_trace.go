package simulator

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// Explanation is what a kept request's decisions come to when they are asked again.
type Explanation struct {
	Trace *Trace
	Edits []Edit
}

// Explain looks for what would change the answer of a request that is still kept.
func (s *Simulator) Explain(number int) (Explanation, bool) {
	t, ok := s.Trace(number)
	if !ok {
		return Explanation{}, false
	}
	return s.ExplainTrace(t), true
}

// ExplainTrace is Explain for a trace that somebody else kept. Other callers and endpoints are those of the world now; the
// policies of the resource are those of then.
func (s *Simulator) ExplainTrace(t *Trace) Explanation {
	e := Explanation{Trace: t}
	var all []*policy.Decision
	var o Alternatives
	for i := range t.Authorization {
		a := &t.Authorization[i]
		if a.Decision == nil || a.Asked || a.Decision.Verdict == "" {
			continue
		}
		all = append(all, a.Decision)
		o.Headers = append(o.Headers, becauseOf.FindString(a.Why))
	}
	if len(all) == 0 || t.Stopped != "" && t.Stopped != "authorize" && !slices.ContainsFunc(all, refusedBy) {
		return e // what stopped it were no policies
	}
	s.View(func(w *World) {
		if strings.HasPrefix(strings.ToLower(all[0].Request.Action), "s3:") {
			o.Endpoints = ways(w, t)
		}
		o.Principals = others(w, t)
	})
	e.Edits = Counterfactuals(all, o)
	return e
}

func refusedBy(d *policy.Decision) bool { return d.Verdict != policy.Allowed }

// becauseOf finds the header in the reason why a permission was needed.
var becauseOf = regexp.MustCompile(`\bx-amz-[a-z-]+`)

// ways are the networks a request could have come through instead.
func ways(w *World, t *Trace) []Way {
	var out []Way
	for _, e := range w.Endpoints() {
		if e.ID == t.Transport.Network {
			continue
		}
		document := w.EndpointPolicy(e.ID)
		out = append(out, Way{"through the endpoint " + e.ID, func(r *policy.Request, l *policy.Layers) {
			address := "10.0.0.10" // an endpoint sees private addresses only
			r.Context.Drop("aws:SourceIp")
			r.Context.Set("aws:VpcSourceIp", address)
			r.Context.Set("aws:SourceVpce", e.ID)
			r.Context.Set("aws:SourceVpc", e.VPC)
			l.Endpoint = document
		}})
	}
	if _, through := w.Endpoint(t.Transport.Network); through {
		out = append(out, Way{"over the internet", func(r *policy.Request, l *policy.Layers) { internet(r, l, internetAddress(w)) }})
	}
	return out
}

// internetAddress is where a request without an endpoint comes from when the world does not say: nobody's address. (RFC 5737)
func internetAddress(w *World) string {
	if ip := w.SourceIP(); ip != "" {
		return ip
	}
	return "203.0.113.10"
}

// others are the callers of the sandbox that the request did not come from, those of its own account first.
func others(w *World, t *Trace) []Who {
	var out []Who
	near := w.Principals()
	slices.SortStableFunc(near, func(a, b world.Principal) int { return far(a, t) - far(b, t) })
	for _, p := range near {
		if p.Account == t.Caller.Account && (p.Kind == t.Caller.Kind && p.Name == t.Caller.Name || p.Kind == "root") {
			continue // the caller itself; its root user is tried without a world
		}
		out = append(out, Who{"as " + person(p, t.Caller.Account), p.Kind == "root", s3Caller(w, p, t.At)})
	}
	return out
}

// far orders callers: own account before others, users and roles before root users.
func far(p world.Principal, t *Trace) (n int) {
	if p.Account != t.Caller.Account {
		n += 2
	}
	if p.Kind == "root" {
		n++
	}
	return n
}

func person(p world.Principal, home string) string {
	name := map[string]string{"root": "the root user", "user": p.Name, "role": "the role " + p.Name}[p.Kind]
	if p.Account != home {
		name += " of account " + p.Account
	}
	return name
}

// s3Caller makes a principal of the world ask.
func s3Caller(w *World, p world.Principal, at time.Time) func(*policy.Request, *policy.Layers) {
	v := visitOf(w, p, at)
	caller, scps := v.principal(), w.SCPs(p.Account)
	identity, boundary, session := w.PoliciesOf(v.Caller)
	var mine policy.Context
	asked := v.pairOf("s3:GetObject", "*")
	for i := range everywhere {
		everywhere[i].put(asked, &mine)
	}
	return func(r *policy.Request, l *policy.Layers) {
		r.Principal = caller
		for _, key := range r.Context.Keys() {
			if ofCaller(key.Name) {
				r.Context.Drop(key.Name)
			}
		}
		for _, key := range mine.Keys() {
			switch {
			case !ofCaller(key.Name):
			case key.Many:
				r.Context.SetList(key.Name, key.List)
			default:
				r.Context.Set(key.Name, key.List[0])
			}
		}
		l.SCPs, l.Identity, l.Boundary, l.Session = scps, identity, boundary, session
	}
}

// ofCaller says whether a key speaks of the caller.
func ofCaller(key string) bool {
	low := strings.ToLower(key)
	return strings.HasPrefix(low, "aws:principal") || strings.HasPrefix(low, "aws:multifactorauth") ||
		slices.Contains([]string{"aws:userid", "aws:username", "aws:tokenissuetime", "aws:sourceidentity"}, low)
}

// visitOf is a request of a principal over HTTPS from the internet that says nothing else. A role acts through a session.
func visitOf(w *World, p world.Principal, at time.Time) *visit {
	id := world.Identity{Kind: p.Kind, Account: p.Account, Name: p.Name, ARN: p.ARN, UserID: p.ID, Tags: p.Tags}
	if p.Kind == "role" {
		id.Session, id.Temporary, id.Issued = "explained", true, at
		id.ARN = "arn:aws:sts::" + p.Account + ":assumed-role/" + p.Name + "/" + id.Session
		id.UserID = p.ID + ":" + id.Session
	}
	t := &exchange.Trace{Service: "s3", At: at, Authentication: &sigv4.Decision{Scheme: "header", Region: w.Region()}}
	if p.Kind == "" {
		t.Authentication.Scheme = "anonymous"
	}
	return &visit{
		Exchange: &exchange.Exchange{
			World: w, Trace: t, Op: &exchange.Operation{Service: "s3"}, Header: http.Header{}, Caller: id, Anonymous: p.Kind == "",
			Transport: Transport{Secure: true, TLS: "1.3", Network: "internet", SourceIP: internetAddress(w)},
		},
		request: &http.Request{Header: http.Header{}},
	}
}
