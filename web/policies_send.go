package web

import (
	"context"
	"slices"
	"sync"
	"time"

	"keyhole/content"
	"keyhole/labs/situation"
	"keyhole/simulator"
	"keyhole/simulator/policy"
	"keyhole/web/view"
)

// policyActions are the actions to choose from.
var policyActions = sync.OnceValue(func() []string {
	seen := map[string]bool{"kms:Decrypt": true, "kms:GenerateDataKey": true, "sts:AssumeRole": true}
	for _, o := range simulator.Operations() {
		if o.Service != "s3" {
			continue
		}
		for _, n := range o.Needs {
			seen[n.Action] = true
		}
	}
	var out []string
	for action := range seen {
		out = append(out, action)
	}
	slices.Sort(out)
	return out
})

// sendReal sends the request that asks the question, in a sandbox of its own.
func (s *Server) sendReal(ctx context.Context, j *judged) (*view.PolicySent, error) {
	ctx, cancel := context.WithTimeout(ctx, proofTime)
	defer cancel()
	select {
	case s.proofs <- struct{}{}:
		defer func() { <-s.proofs }()
	case <-time.After(proofWait):
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sent, err := situation.Send(ctx, j.situation())
	if err != nil || sent.Refused != "" {
		return &view.PolicySent{Refused: sent.Refused}, err
	}
	out := &view.PolicySent{Trace: sent.Trace}
	out.Say, out.Agrees = compare(j, sent.Trace)
	return out, nil
}

// situation is the question as it is sent.
func (j *judged) situation() *situation.Situation {
	plain := j.asked
	plain.lines = nil
	s := &situation.Situation{
		Principal: j.principal, Action: j.Action, Resource: j.resource, Owner: j.Owner,
		Secure: j.Over == "https", Private: j.From == "vpce", Encryption: j.Sending, Restrict: j.Restrict,
		Pairs: len(j.needs), Clock: content.ProofClock, Documents: j.Documents, Usual: contextOf(plain),
	}
	if scp := j.docs.by["scp"]; scp != nil {
		s.SCPAllows = slices.ContainsFunc(scp.Statements, func(st policy.Statement) bool { return st.Allow })
	}
	for _, l := range j.lines {
		s.Lines = append(s.Lines, situation.Line{Key: l.key, List: l.list, Drop: l.drop})
	}
	return s
}

// compare says in one line how the wire and the question agree.
func compare(j *judged, t *simulator.Trace) (string, bool) {
	allowed := j.decision().Verdict == policy.Allowed
	refused := view.Refused(t)
	switch {
	case allowed && !refused:
		return "The wire says the same: " + view.Outcome(t) + ".", true
	case !allowed && t.Stopped == "authorize":
		return "The wire says the same: " + view.Outcome(t) + ", and nothing was done.", true
	case allowed && t.Stopped == "authorize":
		for _, a := range t.Authorization {
			if !a.Allowed && !a.Asked {
				return "The question is answered with yes, but the real request needs " + a.Action + " too, and that is refused.", false
			}
		}
		return "The question is answered with yes, but the real request was refused for another reason.", false
	case allowed:
		return "The policies let it pass; what stopped it comes after them: " + view.Headline(t), false
	case !refused:
		return "The wire let it pass, because the real request does not carry all that the question says.", false
	}
	return "The policies refuse it, but the request ended before they were asked: " + view.Headline(t), false
}
