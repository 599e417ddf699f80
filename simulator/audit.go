package simulator

import (
	"fmt"
	"net/http"
	"net/url"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
	"keyhole/simulator/trail"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// audit writes down what happened, as CloudTrail does: every management event for LookupEvents, and what a trail selects
// for its next file. Who could not be authenticated is in no log. The caller holds s.mu.
func (s *Simulator) audit(v *visit, fault *exchange.Fault) {
	if v.Op == nil || v.Op.Handle == nil || !v.passed("authenticate") {
		return
	}
	trails := s.world.Trails("")
	if len(trails) == 0 && trail.IsData(v.Op) && !v.askedKeys() {
		return
	}
	events := append([]trail.Event{trail.Read(v.Exchange, fault)}, trail.Keys(v.Exchange)...)
	var err error
	for _, e := range events {
		for _, account := range v.recipients(e) {
			if err == nil {
				err = s.write(v, e.For(account, v.Exchange), account, trails)
			}
		}
	}
	if err == nil {
		err = s.commit()
	}
	if err != nil {
		s.world.Revert()
		v.Note("CloudTrail could not write this down: %v", err)
	}
}

// write keeps one event for one account.
func (s *Simulator) write(v *visit, e trail.Event, account string, trails []world.Trail) error {
	if e.Category == trail.Management {
		kept, err := e.Kept(v.Exchange)
		if err == nil {
			err = s.world.Apply(world.EventWritten(kept))
		}
		if err != nil {
			return err
		}
	}
	for _, t := range trails {
		if t.Account != account || !t.Logging || !trail.Selects(t, e) {
			continue
		}
		job, instead, err := trail.Job(s.world, t, e)
		if err == nil && instead != "" {
			err = s.world.Apply(world.JobDone(instead))
		}
		if err == nil {
			err = s.world.Apply(world.JobAdded(job))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *visit) passed(stage string) bool {
	for _, st := range v.Trace.Stages {
		if st.Name == stage {
			return st.Verdict == exchange.Passed
		}
	}
	return false
}

func (v *visit) askedKeys() bool {
	for _, a := range v.Trace.Authorization {
		if len(a.Action) > 4 && a.Action[:4] == "kms:" {
			return true
		}
	}
	return false
}

// recipients are the accounts that get an event: the caller's, and of S3 the bucket's.
func (v *visit) recipients(e trail.Event) []string {
	var out []string
	if !v.Anonymous {
		out = append(out, v.Caller.Account)
	}
	if v.At != nil && v.At.Account != v.Caller.Account && e.Source == "s3.amazonaws.com" {
		out = append(out, v.At.Account)
	}
	return out
}

// deliver does a job of kind trail.JobKind: it puts one file into the trail's bucket, if that still lets CloudTrail.
func (s *Simulator) deliver(j world.Job) ([]string, error) {
	t, key, data, ok, err := trail.File(s.world, j)
	if err != nil || !ok {
		return []string{"the trail " + j.Target + " is gone, so its last file is too"}, err
	}
	b, there := s.world.Bucket(t.Bucket)
	if !there {
		return nil, fmt.Errorf("trail %s: there is no bucket %s", t.Name, t.Bucket)
	}
	if why := trail.Refuses(s.world, b, t); why != "" {
		return nil, fmt.Errorf("trail %s: %s", t.Name, why)
	}
	v := s.byItself("PutObject", j)
	v.Op = exchange.Named(s3.Operations(), "PutObject")
	v.At, v.Bucket, v.Key, v.Query = b, t.Bucket, key, url.Values{}
	v.Trace.Bucket, v.Trace.Key = t.Bucket, key
	v.actsFor, v.actsIn = trail.ARN(t), t.Account
	v.Caller = world.Identity{Kind: "service", Account: b.Account, Name: trail.Principal, ARN: trail.Principal}
	v.Header = http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}, "X-Amz-Acl": {"bucket-owner-full-control"}}
	v.Receive(wire.Body{Data: data}, nil)
	if fault := v.Op.Handle(v.Exchange); fault != nil {
		return nil, fmt.Errorf("trail %s: %s: %s", t.Name, fault.Code, fault.Message)
	}
	return []string{"trail " + t.Name + " delivered " + key}, nil
}
