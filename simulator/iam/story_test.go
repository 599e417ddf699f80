package iam

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// step is one call: what it shows, the action, the form without Action, and the answer: a part of the body, or the
// status, code and message of a refusal. A star is any answer; $NAME stands for what was kept under it.
type step struct{ shows, action, form, want string }

// desk takes calls from one caller in one world, without the pipeline: nothing is authorized here.
type desk struct {
	t     *testing.T
	world *world.World
	as    world.Identity
	notes []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w, err := world.Parse([]byte(`{"seed": "desk", "clock": "2026-06-01T00:00:00Z", "accounts": [
		{"id": "111122223333", "name": "main", "users": [{"name": "ana"}], "roles": [{"name": "app"}]},
		{"id": "444455556666", "name": "other", "users": [{"name": "bob"}]}]}`), world.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, world: w}
	d.as = d.identity("ana")
	return d
}

func (d *desk) identity(user string) world.Identity {
	d.t.Helper()
	k, ok := d.world.KeyOf("111122223333", user)
	if !ok {
		d.t.Fatalf("no key of %q", user)
	}
	id, err := d.world.Identity(k.ID, "", world.BaseSimulated)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// call makes one call and answers the body, or "STATUS CODE MESSAGE".
func (d *desk) call(action, form string) string {
	d.t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		d.t.Fatal(err)
	}
	op := exchange.Named(Operations(), action)
	if op == nil || op.Handle == nil {
		d.t.Fatalf("%s is not imitated", action)
	}
	x := &exchange.Exchange{
		World: d.world, Op: op, Form: values, Caller: d.as, Base: world.BaseSimulated, Trace: &exchange.Trace{},
		Answer: exchange.Answer{Header: http.Header{}},
	}
	fault := op.Inspect(x)
	if fault == nil {
		for _, need := range op.Needs {
			if resource := need.Resource(x); resource == "" {
				d.t.Errorf("%s is checked on no resource", action)
			}
		}
		fault = op.Handle(x)
	}
	d.notes = x.Trace.Notes
	if fault != nil {
		if fault.Say == "" || len(strings.Fields(fault.Say)) > 14 {
			d.t.Errorf("%s: the headline %q is not a short sentence", fault.Code, fault.Say)
		}
		return fmt.Sprintf("%d %s %s", fault.Status, fault.Code, fault.Message)
	}
	return string(x.Answer.Body)
}

// play makes the calls of a story one after the other.
func (d *desk) play(steps ...step) {
	d.t.Helper()
	for i, s := range steps {
		got := d.call(s.action, s.form)
		refusal := got != "" && got[0] != '<'
		if s.want != "*" && (refusal && got != s.want || !refusal && !strings.Contains(got, s.want)) {
			d.t.Errorf("step %d, %s:\n got %s\nwant %s", i+1, s.shows, got, s.want)
		}
	}
}

// sent is a policy in a form.
func sent(parameter, text string) string { return parameter + "=" + url.QueryEscape(text) }

const (
	readObjects = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	trustAna    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ana"},"Action":"sts:AssumeRole"}]}`
)
