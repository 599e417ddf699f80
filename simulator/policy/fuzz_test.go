package policy_test

import (
	"errors"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

func FuzzDecode(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["*"]},"NotAction":"s3:*","Resource":"arn:aws:s3:::b/${aws:username, 'x'}/*"}}`)
	f.Add(`{"Statement":[{"Effect":"Deny","effect":"Allow"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Decode([]byte(text))
		if err != nil {
			m, ok := errors.AsType[*policy.Malformed](err)
			if !ok || m.Message == "" || m.Say == "" || m.Line < 1 || m.Column < 1 || m.Line > 1+strings.Count(text, "\n") {
				t.Fatalf("%#v for %q", err, text)
			}
			return
		}
		if again, err := policy.Decode([]byte(d.Text)); err != nil || len(again.Statements) != len(d.Statements) || len(d.Statements) == 0 {
			t.Fatalf("the text of a document decodes differently: %v", err)
		}
	})
}

func FuzzParsePrincipal(f *testing.F) {
	for _, p := range append(principals, "cloudtrail.amazonaws.com", "arn:aws:sts::111122223333:federated-user/ana") {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := policy.ParsePrincipal(text)
		if err != nil {
			return
		}
		if p.Kind != policy.Anonymous && p.ARN != text || (p.Account == "") != (p.Kind == policy.Anonymous || p.Kind == policy.Service) {
			t.Fatalf("%q became %+v", text, p)
		}
	})
}

// FuzzCondition: a positive operator and its negation differ, whatever the values are, unless the step budget ends.
func FuzzCondition(f *testing.F) {
	for _, operator := range []string{"StringEquals", "StringLike", "ArnLike", "NumericEquals", "DateEquals", "IpAddress"} {
		f.Add(operator, "a*", "abc")
	}
	f.Add("ArnLike", "arn:aws:iam::*:role/?x", "arn:aws:iam::1:role/ax")
	f.Add("IpAddress", "10.0.0.0/8", "10.1.1.1")
	f.Add("DateEquals", "2026-01-01T00:00:00Z", "1767225600")
	f.Fuzz(func(t *testing.T, operator, wanted, actual string) {
		base, known := map[string]string{
			"StringEquals": "StringNotEquals", "StringLike": "StringNotLike", "ArnLike": "ArnNotLike",
			"NumericEquals": "NumericNotEquals", "DateEquals": "DateNotEquals", "IpAddress": "NotIpAddress",
		}[operator]
		if !known || len(wanted) > 2000 || len(actual) > 2000 || strings.ToValidUTF8(wanted, "") != wanted {
			return
		}
		context := map[string]any{"k": actual, "aws:username": "ana"}
		yes := judged(t, "2012-10-17", operator, wanted, context)
		no := judged(t, "2012-10-17", base, wanted, context)
		if yes.Because != policy.ByBudget && no.Because != policy.ByBudget && yes.Result == no.Result {
			t.Fatalf("%s and %s of %q and %q are both %v", operator, base, wanted, actual, yes.Result)
		}
		if yes.Why() == "" || no.Why() == "" {
			t.Fatal("no words")
		}
	})
}

// FuzzExplanation: whatever the documents are, the quick verdict, the explained one and its reasons agree.
func FuzzExplanation(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}`,
		`{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Null":{"s3:prefix":"false"}}}}`, uint8(0), "a/b")
	f.Fuzz(func(t *testing.T, resource, identity string, who uint8, key string) {
		p, err := policy.ParsePrincipal(principals[int(who)%len(principals)])
		if err != nil {
			t.Fatal(err)
		}
		r := policy.Request{Principal: p, Action: "s3:GetObject", Resource: "arn:aws:s3:::vault/" + key, ResourceAccount: owner}
		r.Context.Set("s3:prefix", key)
		var l policy.Layers
		if d, err := policy.Decode([]byte(resource)); err == nil {
			l.Resource = &policy.Attached{Name: "r", Document: d}
		}
		if d, err := policy.Decode([]byte(identity)); err == nil {
			l.Identity = []policy.Attached{{Name: "i", Document: d}}
		}
		d := policy.Evaluate(r, l)
		if quick := policy.Decide(&r, &l); quick != d.Verdict {
			t.Fatalf("Decide says %s, Evaluate %s", quick, d.Verdict)
		}
		if d.Steps > policy.MaxSteps && d.Verdict == policy.Allowed {
			t.Fatalf("allowed after %d steps", d.Steps)
		}
		explained(t, d)
		if (d.Text() == "") != (d.Verdict == policy.Allowed) {
			t.Fatalf("text %q of %s", d.Text(), d.Verdict)
		}
	})
}
