package view

import (
	"fmt"
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
)

// State of a gate. Each has a shape of its own, so that it reads without colour.
type State string

const (
	Pass      State = "pass"
	Skip      State = "skip"
	Stop      State = "stop"
	Unreached State = "unreached"
)

// Icon of the state.
func (s State) Icon() string {
	switch s {
	case Pass:
		return "check"
	case Skip:
		return "minus"
	case Stop:
		return "x"
	}
	return "circle-dashed"
}

// Gate is one node of the strip: what the request met there.
type Gate struct {
	Name   string
	State  State
	Result string // two or three words
	Would  State  // of an unreached gate, from the shadow run: Pass, Stop; "" when nothing was tried
}

// gateRow says which stage of the pipeline a gate shows and what it reads from the trace. A row with Only set shows
// nothing unless its stage is where the request ended.
type gateRow struct {
	Name  string
	Stage string
	Only  bool
	Read  func(t *exchange.Trace) (State, string) // after the stage was passed or has stopped; nil: the stage's own verdict
	Would func(t *exchange.Trace) (State, string) // after another gate stopped the request; nil: nothing is known
}

// gateTable is the one projection of the pipeline onto the strip, in the order of the pipeline.
var gateTable = []gateRow{
	{Name: "Operation", Stage: "route", Only: true},
	{Name: "Signature", Stage: "authenticate", Read: signature},
	{Name: "Headers", Stage: "inspect", Only: true},
	{Name: "Bucket", Stage: "locate", Only: true},
	{Name: "Denied?", Stage: "authorize", Read: denied},
	{Name: "Allowed?", Stage: "authorize", Read: allowed, Would: wouldAllow},
	{Name: "Public access", Stage: "authorize", Read: public, Would: wouldBePublic},
	{Name: "Encryption", Stage: "perform", Read: encryption, Would: wouldSeal},
	{Name: "Object Lock", Stage: "perform", Read: lockGate, Would: wouldLock},
	{Name: "", Stage: "perform", Read: act, Would: wouldAct}, // Write, Read or Delete
}

// Gates projects the stages of a trace onto the strip. After a stop everything is unreached; what would have come of it is
// told from the shadow run.
func Gates(t *exchange.Trace) []Gate {
	stages := map[string]exchange.Stage{}
	for _, s := range t.Stages {
		stages[s.Name] = s
	}
	var gates []Gate
	stopped := false
	for _, row := range gateTable {
		stage, known := stages[row.Stage]
		if row.Only && (stage.Verdict != exchange.Stopped || stopped) {
			continue
		}
		g := Gate{Name: row.Name, State: Unreached, Result: "not reached"}
		if g.Name == "" {
			g.Name = act1(t)
		}
		switch {
		case stopped && row.Would != nil:
			if would, say := row.Would(t); would != "" {
				g.Would, g.Result = would, say
			}
		case stopped || !known || stage.Verdict == exchange.Unreached && row.Stage != "authorize":
		case row.Read != nil:
			g.State, g.Result = row.Read(t)
		case stage.Verdict == exchange.Stopped:
			g.State, g.Result = Stop, code(t)
		case stage.Verdict == exchange.Skipped:
			g.State, g.Result = Skip, stage.Say
		default:
			g.State, g.Result = Pass, "passed"
		}
		stopped = stopped || g.State == Stop
		gates = append(gates, g)
	}
	return gates
}

func signature(t *exchange.Trace) (State, string) {
	switch {
	case t.Stopped == "authenticate":
		return Stop, code(t)
	case t.Authentication == nil || t.Authentication.Scheme == "anonymous":
		return Skip, "anonymous"
	}
	return Pass, "valid"
}

func encryption(t *exchange.Trace) (State, string) {
	refused := t.Seal != nil && t.Seal.Refusal != nil || t.Open != nil && t.Open.Refusal != nil
	switch {
	case refused && t.Seal != nil && t.Seal.Blocked:
		return Stop, "SSE-C blocked"
	case refused && kmsRefused(t):
		return Stop, "KMS refused"
	case refused:
		return Stop, "key refused"
	case t.Seal != nil:
		return Pass, method(string(t.Seal.Method))
	case t.Open != nil:
		return Pass, method(string(t.Open.Stored))
	}
	return Skip, "not consulted"
}

// act is the last gate: the deed itself.
func act(t *exchange.Trace) (State, string) {
	switch {
	case t.Stopped == "perform" || t.Stopped == "answer":
		return Stop, code(t)
	case len(t.Effects) > 0:
		return Pass, "done"
	}
	return Pass, fmt.Sprint(t.Response.Status)
}

// act1 names the last gate after what the request wanted.
func act1(t *exchange.Trace) string {
	switch {
	case strings.HasPrefix(t.Operation, "Get"), strings.HasPrefix(t.Operation, "Head"), strings.HasPrefix(t.Operation, "List"):
		return "Read"
	case strings.HasPrefix(t.Operation, "Delete"), strings.HasPrefix(t.Operation, "Abort"):
		return "Delete"
	case t.Operation == "" && (t.Request.Method == http.MethodGet || t.Request.Method == http.MethodHead):
		return "Read"
	}
	return "Write"
}

// method writes an encryption as people say it.
func method(m string) string {
	switch m {
	case "AES256":
		return "SSE-S3"
	case string(exchange.KMS):
		return "SSE-KMS"
	case string(exchange.DSSE):
		return "DSSE-KMS"
	case "":
		return "none"
	}
	return m
}

// kmsRefused says whether it was about a KMS key that the write or the read was refused.
func kmsRefused(t *exchange.Trace) bool {
	return t.Seal != nil && t.Seal.KMS != nil && t.Seal.Refusal != nil || t.Open != nil && t.Open.KMS != nil && t.Open.Refusal != nil
}

// bucketKey says whether the object's key came of one that S3 keeps for the bucket, and who decided that.
func bucketKey(k *exchange.KeyChoice) string {
	say := "no"
	if k.BucketKey {
		say = "yes"
	}
	if k.Bucket.Name != "" {
		say += "; " + k.Bucket.Name + " " + k.Bucket.Say
	}
	if k.Reused {
		say += ". S3 still holds it for this caller, so KMS is not called for this object"
	}
	return say
}

// code is the error code, or the status when the answer has none.
func code(t *exchange.Trace) string {
	if t.Fault != nil && t.Fault.Code != "" {
		return t.Fault.Code
	}
	return fmt.Sprint(t.Response.Status)
}
