package policy_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/policy"
)

const owner, other = "111122223333", "444455556666"

var (
	principals = []string{
		"arn:aws:iam::" + owner + ":user/ana", "arn:aws:iam::" + owner + ":user/ben", "arn:aws:iam::" + other + ":user/ana",
		"arn:aws:sts::" + owner + ":assumed-role/app/s1", "arn:aws:sts::" + other + ":assumed-role/app/s1",
		"arn:aws:iam::" + owner + ":root", "anonymous",
	}
	named = []string{
		"*", owner, "arn:aws:iam::" + other + ":root", "arn:aws:iam::" + owner + ":user/ana", "arn:aws:iam::" + other + ":user/ana",
		"arn:aws:iam::" + owner + ":role/app", "arn:aws:sts::" + owner + ":assumed-role/app/s1",
	}
	actions   = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}
	patterns  = []string{"s3:*", "*", "s3:Get*", "S3:PUTOBJECT", "s3:?etObject", "s3:DeleteObject", "s3:GetObjectVersion"}
	resources = []string{"arn:aws:s3:::vault/a", "arn:aws:s3:::vault/home/ana/x", "arn:aws:s3:::vault"}
	globs     = []string{"*", "arn:aws:s3:::vault/*", "arn:aws:s3:::vault", "arn:aws:s3:::v*", "arn:aws:s3:::vault/home/ana/?", "arn:aws:s3:::other/*"}
	keys      = []string{"aws:SecureTransport", "s3:x-amz-server-side-encryption", "s3:prefix"}
	values    = []string{"true", "false", "aws:kms", "AES256", "home/ana/", "home/*"}
	tests     = []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Bool", "StringEqualsIfExists", "StringNotEqualsIfExists", "BoolIfExists", "Null"}
)

type object = map[string]any

func one[T any](t *rapid.T, label string, from []T) T { return rapid.SampledFrom(from).Draw(t, label) }

// some draws one text or a list of texts.
func some(t *rapid.T, label string, from []string) any {
	if n := rapid.IntRange(0, 3).Draw(t, label+" count"); n > 0 {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), n, n, rapid.ID[string]).Draw(t, label)
	}
	return one(t, label, from)
}

func drawStatement(t *rapid.T, principal bool) object {
	s := object{"Effect": one(t, "effect", []string{"Allow", "Allow", "Deny"})}
	s[one(t, "action element", []string{"Action", "Action", "Action", "NotAction"})] = some(t, "action", patterns)
	s[one(t, "resource element", []string{"Resource", "Resource", "Resource", "NotResource"})] = some(t, "resource", globs)
	if principal {
		element := "Principal"
		if s["Effect"] == "Deny" {
			element = one(t, "principal element", []string{"Principal", "Principal", "NotPrincipal"})
		}
		s[element] = object{"AWS": some(t, "principal", named)}
	}
	conditions := object{}
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		operator := one(t, "operator", tests)
		key := one(t, "key", keys)
		switch operator {
		case "Null", "Bool", "BoolIfExists":
			conditions[operator] = object{key: one(t, "yes or no", []string{"true", "false"})}
		default:
			conditions[operator] = object{key: some(t, "value", values)}
		}
	}
	if len(conditions) > 0 {
		s["Condition"] = conditions
	}
	return s
}

func drawStatements(t *rapid.T, principal bool) []object {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) object { return drawStatement(t, principal) }), 1, 4).Draw(t, "statements")
}

func document(statements []object) string {
	text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func attached(t *rapid.T, text string) *policy.Attached {
	d, err := policy.Decode([]byte(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return &policy.Attached{Name: "drawn", Document: d}
}

func drawRequest(t *rapid.T) policy.Request {
	p, err := policy.ParsePrincipal(one(t, "principal", principals))
	if err != nil {
		t.Fatal(err)
	}
	r := policy.Request{Principal: p, Action: one(t, "action", actions), Resource: one(t, "resource", resources), ResourceAccount: owner}
	for _, key := range keys {
		if rapid.Bool().Draw(t, key+" sent") {
			r.Context.Set(key, one(t, key, values))
		}
	}
	return r
}

// drawn is one situation in both forms.
type drawn struct {
	text   naiveLayers
	layers policy.Layers
}

func drawLayers(t *rapid.T) drawn {
	var d drawn
	maybe := func(label string, principal bool, odds int) (string, *policy.Attached) {
		if rapid.IntRange(0, odds).Draw(t, label) > 0 {
			return "", nil
		}
		text := document(drawStatements(t, principal))
		return text, attached(t, text)
	}
	var identity *policy.Attached
	d.text.resource, d.layers.Resource = maybe("resource", true, 1)
	if d.text.identity, identity = maybe("identity", false, 1); identity != nil {
		d.layers.Identity = []policy.Attached{*identity}
	}
	d.text.boundary, d.layers.Boundary = maybe("boundary", false, 1)
	d.text.session, d.layers.Session = maybe("session", false, 2)
	d.text.endpoint, d.layers.Endpoint = maybe("endpoint", true, 4)
	for _, label := range []string{"scp of the root", "scp of the account"} {
		if text, scp := maybe(label, false, 4); scp != nil {
			d.text.scps = append(d.text.scps, text)
			d.layers.SCPs = append(d.layers.SCPs, []policy.Attached{*scp})
		}
	}
	var rcp *policy.Attached
	if d.text.rcp, rcp = maybe("rcp", true, 4); rcp != nil {
		d.layers.RCPs = [][]policy.Attached{{*rcp}}
	}
	return d
}

func TestTheVerdictIsTheNaiveOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, d := drawRequest(t), drawLayers(t)
		got := policy.Evaluate(r, d.layers)
		if want := naive(r, d.text); got.Verdict != want {
			t.Fatalf("%s by %s (%s), the naive evaluator says %s\n%+v", got.Verdict, got.By, got.Rule, want, d.text)
		}
		if quick := policy.Decide(&r, &d.layers); quick != got.Verdict {
			t.Fatalf("Decide says %s, Evaluate %s", quick, got.Verdict)
		}
	})
}

func TestAddingADenyNeverOpens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, d := drawRequest(t), drawLayers(t)
		before := policy.Evaluate(r, d.layers).Verdict
		statements := drawStatements(t, true)
		for _, s := range statements {
			s["Effect"] = "Deny"
		}
		if d.text.resource != "" {
			var old struct{ Statement []object }
			if err := json.Unmarshal([]byte(d.text.resource), &old); err != nil {
				t.Fatal(err)
			}
			statements = append(old.Statement, statements...)
		}
		d.layers.Resource = attached(t, document(statements))
		if after := policy.Evaluate(r, d.layers).Verdict; after == policy.Allowed && before != policy.Allowed {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

func TestTheOrderOfStatementsNeverMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, d := drawRequest(t), drawLayers(t)
		statements := drawStatements(t, true)
		d.layers.Resource = attached(t, document(statements))
		one := policy.Evaluate(r, d.layers)
		d.layers.Resource = attached(t, document(rapid.Permutation(statements).Draw(t, "order")))
		two := policy.Evaluate(r, d.layers)
		if one.Verdict != two.Verdict || one.By != two.By || one.Rule != two.Rule {
			t.Fatalf("%s by %s became %s by %s", one.Verdict, one.By, two.Verdict, two.By)
		}
	})
}

func TestTheReasonsAreThereExactlyWhenAStatementDecided(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, d := drawRequest(t), drawLayers(t)
		got := policy.Evaluate(r, d.layers)
		explained(t, got)
	})
}

// explained checks that what a decision tells agrees with its verdict.
func explained(t interface{ Fatalf(string, ...any) }, d policy.Decision) {
	byStatement := !slices.Contains([]policy.Rule{policy.RootMayAll, policy.RootKeepsPolicy, policy.RestrictPublic, policy.GrantAllows, policy.ACLAllows}, d.Rule) &&
		(d.Verdict == policy.ExplicitlyDenied || d.Verdict == policy.Allowed)
	if d.Rule == policy.RootMayAll && d.Ref != nil {
		byStatement = true // a key policy that lets the root user in
	}
	if has := len(d.Reasons()) > 0; has != byStatement {
		t.Fatalf("%s by %s (%s): reasons %v, decided by a statement %v", d.Verdict, d.By, d.Rule, d.Reasons(), byStatement)
	}
	if s := d.Deciding(); s != nil {
		if !s.Matched || s.Failed != "" || s.Statement.Allow != (d.Verdict == policy.Allowed) {
			t.Fatalf("%s was decided by a statement that %s and matched %v", d.Verdict, s.Statement.Effect(), s.Matched)
		}
		if at := d.Trace[d.Ref.Layer].Layer; at != d.By {
			t.Fatalf("decided by %s, the statement is in %s", d.By, at)
		}
	}
	for _, layer := range d.Trace {
		for _, p := range layer.Policies {
			for i := range p.Statements {
				s := &p.Statements[i]
				if s.Matched != (s.Failed == "") {
					t.Fatalf("matched %v, failed %q", s.Matched, s.Failed)
				}
				if why := s.Why(&d.Request); why.Say == "" || why.Matched != s.Matched {
					t.Fatalf("why %+v of a statement that matched %v", why, s.Matched)
				}
			}
		}
		if layer.Why == "" {
			t.Fatalf("layer %s has no reason", layer.Layer)
		}
	}
}
