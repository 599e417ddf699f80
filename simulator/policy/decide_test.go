package policy_test

import (
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

func decoded(t testing.TB, text string) *policy.Attached {
	t.Helper()
	d, err := policy.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%v (%s)", err, text)
	}
	return &policy.Attached{Name: "p", Document: d}
}

func asked(t testing.TB, who, action, resource string) policy.Request {
	t.Helper()
	p, err := policy.ParsePrincipal(who)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Request{Principal: p, Action: action, Resource: resource, ResourceAccount: owner}
}

const (
	ana        = "arn:aws:iam::" + owner + ":user/ana"
	bob        = "arn:aws:iam::" + other + ":user/bob"
	anObject   = "arn:aws:s3:::vault/a.txt"
	allowsAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	allowsGet  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	deniesPut  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:PutObject","Resource":"*"}]}`
	bucketDeny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"*"}]}`
	bucketAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
)

func TestADenialIsWordedAsAWSDoes(t *testing.T) {
	all := []policy.Attached{*decoded(t, allowsAll)}
	level := func(text string) [][]policy.Attached { return [][]policy.Attached{{*decoded(t, text)}} }
	head := "User: " + ana + ` is not authorized to perform: s3:PutObject on resource: "` + anObject + `" `
	for _, row := range []struct {
		what   string
		who    string
		layers policy.Layers
		text   string
	}{
		{"nothing allows", ana, policy.Layers{}, head + "because no identity-based policy allows the s3:PutObject action"},
		{"a Deny of its own", ana, policy.Layers{Identity: []policy.Attached{*decoded(t, deniesPut)}}, head + "with an explicit deny in an identity-based policy"},
		{"a Deny of the bucket", ana, policy.Layers{Identity: all, Resource: decoded(t, bucketDeny)}, head + "with an explicit deny in a resource-based policy"},
		{"a boundary without it", ana, policy.Layers{Identity: all, Boundary: decoded(t, allowsGet)}, head + "because no permissions boundary allows the s3:PutObject action"},
		{"a boundary against it", ana, policy.Layers{Identity: all, Boundary: decoded(t, deniesPut)}, head + "with an explicit deny in a permissions boundary"},
		{"a session policy without it", ana, policy.Layers{Identity: all, Session: decoded(t, allowsGet)}, head + "because no session policy allows the s3:PutObject action"},
		{"a session policy against it", ana, policy.Layers{Identity: all, Session: decoded(t, deniesPut)}, head + "with an explicit deny in a session policy"},
		{"an SCP without it", ana, policy.Layers{Identity: all, SCPs: level(allowsGet)}, head + "because no service control policy allows the s3:PutObject action"},
		{"an SCP against it", ana, policy.Layers{Identity: all, SCPs: level(deniesPut)}, head + "with an explicit deny in a service control policy"},
		{"an RCP against it", ana, policy.Layers{Identity: all, RCPs: level(bucketDeny)}, head + "with an explicit deny in a resource control policy"},
		{"an endpoint without it", ana, policy.Layers{Identity: all, Endpoint: decoded(t, allowsGet)}, head + "because no VPC endpoint policy allows the s3:PutObject action"},
		{"an endpoint against it", ana, policy.Layers{Identity: all, Endpoint: decoded(t, bucketDeny)}, head + "with an explicit deny in a VPC endpoint policy"},
		{"another account's bucket without a policy", bob, policy.Layers{Identity: all}, strings.Replace(head, ana, bob, 1) + "because no resource-based policy allows the s3:PutObject action"},
		{"a public policy and RestrictPublicBuckets", bob, policy.Layers{Identity: all, Resource: decoded(t, bucketAll), RestrictPublicBuckets: true},
			strings.Replace(head, ana, bob, 1) + "with an explicit deny in a resource-based policy"},
		{"allowed", ana, policy.Layers{Identity: all}, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			d := policy.Evaluate(asked(t, row.who, "s3:PutObject", anObject), row.layers)
			if d.Text() != row.text {
				t.Errorf("%s\nwant %s", d.Text(), row.text)
			}
		})
	}
}

func TestAnExhaustedBudgetIsNeverAnAllow(t *testing.T) {
	// Patterns of question marks cannot be searched for, so each place of the key is tried.
	pattern := "arn:aws:s3:::vault/" + strings.Repeat("*"+strings.Repeat("?", 100)+"x", 3)
	list := strings.TrimSuffix(strings.Repeat(`"`+pattern+`",`, 60), ",")
	bomb := decoded(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":[`+list+`]},
		{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
	r := asked(t, ana, "s3:GetObject", "arn:aws:s3:::vault/"+strings.Repeat("a", 1000))
	l := policy.Layers{Resource: bomb}
	d := policy.Evaluate(r, l)
	if d.Verdict != policy.ImplicitlyDenied || d.Rule != policy.BudgetExhausted || policy.Decide(&r, &l) != d.Verdict {
		t.Errorf("%s by rule %s after %d steps", d.Verdict, d.Rule, d.Steps)
	}
	l.SCPs = [][]policy.Attached{{*decoded(t, deniesPut)}}
	r.Action = "s3:PutObject"
	if d = policy.Evaluate(r, l); d.Verdict != policy.ExplicitlyDenied {
		t.Errorf("a Deny that was found before is lost: %s", d.Verdict)
	}
}

func TestTwentyStarsAreCheap(t *testing.T) {
	pattern := "arn:aws:s3:::vault/" + strings.Repeat("*a", 20) + "b"
	l := policy.Layers{Resource: decoded(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"`+pattern+`"}]}`)}
	d := policy.Evaluate(asked(t, ana, "s3:GetObject", "arn:aws:s3:::vault/"+strings.Repeat("a", 1000)), l)
	if d.Verdict != policy.ImplicitlyDenied || d.Rule == policy.BudgetExhausted || d.Steps > 5000 {
		t.Errorf("%s (%s) after %d steps", d.Verdict, d.Rule, d.Steps)
	}
}

func TestTheReasonsOfAStatementNameWhatFailed(t *testing.T) {
	for _, row := range []struct{ what, who, statement, say string }{
		{"another user", bob, `"Principal":{"AWS":"` + ana + `"},"Action":"*","Resource":"*"`, "It names " + ana + ", not " + bob + "."},
		{"another action", ana, `"Principal":"*","Action":"s3:PutObject","Resource":"*"`, "s3:PutObject does not cover s3:GetObject."},
		{"the bucket for its object", ana, `"Principal":"*","Action":"*","Resource":"arn:aws:s3:::vault"`,
			"arn:aws:s3:::vault does not cover " + anObject + ". It covers the bucket itself, not its objects."},
		{"another partition", ana, `"Principal":"*","Action":"*","Resource":"arn:aws-cn:s3:::vault/*"`,
			"arn:aws-cn:s3:::vault/* does not cover " + anObject + ". The partition differs."},
		{"a variable without a value", ana, `"Principal":"*","Action":"*","Resource":"arn:aws:s3:::vault/${aws:username}"`,
			"arn:aws:s3:::vault/${aws:username} matches nothing: this request has no aws:username."},
		{"a key that is absent", ana, `"Principal":"*","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:Referer":"x"}}`,
			"aws:Referer is absent, so StringLike cannot hold."},
	} {
		t.Run(row.what, func(t *testing.T) {
			l := policy.Layers{Resource: decoded(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+row.statement+`}]}`)}
			d := policy.Evaluate(asked(t, row.who, "s3:GetObject", anObject), l)
			for _, layer := range d.Trace {
				if layer.Layer != policy.Resource {
					continue
				}
				if why := layer.Policies[0].Statements[0].Why(&d.Request); why.Say != row.say || why.Matched {
					t.Errorf("%q, want %q", why.Say, row.say)
				}
			}
		})
	}
}
