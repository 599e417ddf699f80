package simulator

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/policy"
)

// eachCase runs over the cases of the neutral format.
func eachCase(t *testing.T, f func(c *policy.Case, all []*policy.Decision)) {
	t.Helper()
	files, err := filepath.Glob("policy/testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			c, err := policy.ParseCase(lines.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			_, _, decisions := c.Evaluate()
			all := make([]*policy.Decision, len(decisions))
			for i := range decisions {
				all[i] = &decisions[i]
			}
			f(c, all)
		}
		_ = file.Close()
	}
}

// promise checks what the edits of a request claim against the slow evaluation, and returns them.
func promise(t interface{ Errorf(string, ...any) }, id string, all []*policy.Decision) []Edit {
	s := newSituation(all, Alternatives{})
	truth := map[string]policy.Verdict{}
	for _, e := range s.edits(Alternatives{}) {
		v := policy.Allowed
		for _, d := range all {
			r, l := d.Request, d.Layers
			r.Context = r.Context.Clone()
			e.apply(&r, &l)
			one := policy.Evaluate(r, l)
			v = worse(v, one.Verdict)
		}
		if _, twice := truth[e.Say]; !twice { // the first of a name is the one that is told
			truth[e.Say] = v
		}
	}
	edits := Counterfactuals(all, Alternatives{})
	helping := 0
	for i, e := range edits {
		if e.Result != truth[e.Say] || e.Order != i+1 || e.Say == "" {
			t.Errorf("%s: %+v, evaluated again: %s", id, e, truth[e.Say])
		}
		if e.Helps != (s.verdict != policy.Allowed && e.Result == policy.Allowed) || e.Tempting && e.Helps {
			t.Errorf("%s: %+v of a request that is %s", id, e, s.verdict)
		}
		if !e.Tempting && s.verdict == policy.Allowed && e.Result == policy.Allowed {
			t.Errorf("%s: %+v changes nothing", id, e)
		}
		if e.Tempting && e.Note == "" {
			t.Errorf("%s: %+v does not say why not", id, e)
		}
		if e.Helps {
			helping++
		}
	}
	if helping > MaxHelpful {
		t.Errorf("%s: %d edits that help", id, helping)
	}
	if !slices.IsSortedFunc(edits, func(a, b Edit) int { return place(a.Kind) - place(b.Kind) }) {
		t.Errorf("%s: edits out of order", id)
	}
	return edits
}

// What an edit claims is what the slow evaluation says of it, and no list is longer than a person reads.
func TestEditsKeepTheirPromise(t *testing.T) {
	helped, tempting, denied := 0, 0, 0
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		edits := promise(t, c.ID, all)
		if newSituation(all, Alternatives{}).verdict != policy.Allowed {
			denied++
		}
		if slices.ContainsFunc(edits, func(e Edit) bool { return e.Helps }) {
			helped++
		}
		if slices.ContainsFunc(edits, func(e Edit) bool { return e.Tempting }) {
			tempting++
		}
		for _, e := range edits {
			if strings.ContainsAny(e.Say, "%!") {
				t.Errorf("%s: %q", c.ID, e.Say)
			}
		}
	})
	t.Logf("%d refused; %d have an edit that helps, %d a tempting one", denied, helped, tempting)
	if helped < denied*7/10 || tempting < denied/2 {
		t.Errorf("of %d refused requests only %d have an edit that helps and %d a tempting one", denied, helped, tempting)
	}
}

// A decision is never touched by being explained.
func TestEditsLeaveTheDecisionAlone(t *testing.T) {
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		Counterfactuals(all, Alternatives{})
		for _, d := range all {
			if again := policy.Evaluate(d.Request, d.Layers); again.Verdict != d.Verdict || again.Rule != d.Rule {
				t.Errorf("%s: %s %s became %s %s", c.ID, d.Verdict, d.Rule, again.Verdict, again.Rule)
			}
		}
	})
}

// The headline and the verdict never disagree, and a person reads it at a glance.
func TestHeadlines(t *testing.T) {
	seen := map[string]bool{}
	eachCase(t, func(c *policy.Case, all []*policy.Decision) {
		for _, d := range all {
			h := Headline(d)
			if words := len(strings.Fields(h)); words > 9 {
				t.Errorf("%s: %d words: %s", c.ID, words, h)
			}
			if (h == "This is allowed.") != (d.Verdict == policy.Allowed) {
				t.Errorf("%s: %s says %q", c.ID, d.Verdict, h)
			}
			if strings.HasPrefix(h, "A Deny") != (d.Verdict == policy.ExplicitlyDenied && d.By != policy.Public) {
				t.Errorf("%s: %s by %s says %q", c.ID, d.Verdict, d.By, h)
			}
			seen[h] = true
		}
	})
	if len(seen) < 12 {
		t.Errorf("the cases show only %d headlines", len(seen))
	}
	for h := range seen {
		t.Log(h)
	}
}

// statement draws one statement over a small vocabulary, so that statements meet requests.
func statement(t *rapid.T, principal bool) string {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	out := `{"Effect":"` + pick("effect", "Allow", "Deny") + `","Action":"` + pick("action", "s3:PutObject", "s3:*", "s3:Get*") + `","Resource":"` +
		pick("resource", "arn:aws:s3:::vault/*", "arn:aws:s3:::vault", "*") + `"`
	if principal {
		out += `,"Principal":` + pick("principal", `"*"`, `{"AWS":"arn:aws:iam::111122223333:user/alice"}`, `{"AWS":"444455556666"}`)
	}
	if key := pick("key", "", "s3:x-amz-server-side-encryption", "aws:SecureTransport", "aws:SourceIp", "aws:CurrentTime", "aws:MultiFactorAuthPresent", "aws:PrincipalTag/team"); key != "" {
		var operator, value string
		switch key {
		case "aws:SecureTransport", "aws:MultiFactorAuthPresent":
			operator, value = pick("bool", "Bool", "BoolIfExists", "Null"), pick("yes", "true", "false")
		case "aws:SourceIp":
			operator, value = pick("ip", "IpAddress", "NotIpAddress"), "192.0.2.0/24"
		case "aws:CurrentTime":
			operator, value = pick("date", "DateLessThan", "DateGreaterThan"), "2026-06-01T00:00:00Z"
		default:
			value = pick("value", "AES256", "aws:kms", "red")
			operator = pick("string", "StringEquals", "StringNotEquals", "StringNotEqualsIfExists", "StringLike")
		}
		out += `,"Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}`
	}
	return out + "}"
}

func document(t *rapid.T, label string, principal bool) *policy.Attached {
	if rapid.Bool().Draw(t, label) {
		return nil
	}
	var list []string
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		list = append(list, statement(t, principal))
	}
	doc, err := policy.Decode([]byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return &policy.Attached{Name: label, Source: "user alice", Document: doc}
}

// Whatever the policies say, an edit that says it helps does, and the words never disagree with the verdict.
func TestTheExplanationNeverDisagreesWithTheVerdict(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		who, err := policy.ParsePrincipal(rapid.SampledFrom([]string{
			"anonymous", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:root", "arn:aws:sts::444455556666:assumed-role/app/one",
		}).Draw(r, "who"))
		if err != nil {
			r.Fatal(err)
		}
		l := policy.Layers{Resource: document(r, "bucket", true), Boundary: document(r, "boundary", false), Session: document(r, "session", false)}
		if a := document(r, "identity", false); a != nil {
			l.Identity = []policy.Attached{*a}
		}
		if a := document(r, "scp", false); a != nil {
			l.SCPs = [][]policy.Attached{{*a}}
		}
		l.RestrictPublicBuckets = rapid.Bool().Draw(r, "restrict")
		var all []*policy.Decision
		for _, action := range []string{"s3:PutObject", "s3:GetObject"}[:rapid.IntRange(1, 2).Draw(r, "pairs")] {
			q := policy.Request{Principal: who, Action: action, Resource: "arn:aws:s3:::vault/a", ResourceAccount: "111122223333"}
			q.Context.Set("aws:SecureTransport", rapid.SampledFrom([]string{"true", "false"}).Draw(r, "tls"))
			q.Context.Set("aws:SourceIp", "203.0.113.10")
			q.Context.Set("aws:CurrentTime", "2026-05-01T00:00:00Z")
			if rapid.Bool().Draw(r, "sse") && action == "s3:PutObject" {
				q.Context.Set("s3:x-amz-server-side-encryption", "AES256")
			}
			d := policy.Evaluate(q, l)
			all = append(all, &d)
			if h := Headline(&d); (h == "This is allowed.") != (d.Verdict == policy.Allowed) || len(strings.Fields(h)) > 9 {
				r.Fatalf("%s says %q", d.Verdict, h)
			}
			if after := Undenied(&d); after.Verdict == policy.ExplicitlyDenied && after.By != policy.Public {
				r.Fatalf("a Deny is left: %+v", after.Ref)
			}
		}
		promise(r, "drawn", all)
	})
}

func FuzzExplain(f *testing.F) {
	f.Add(`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-acl":"private"}}}]}`, "s3:PutObject", "s3:x-amz-acl", "public-read")
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"NotAction":"s3:Get*","Resource":"arn:aws:s3:::${aws:username}/*"}}`, "s3:GetObject", "aws:username", "vault")
	f.Add(`{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:EpochTime":"99999999999999999999"},"NotIpAddress":{"aws:SourceIp":"::/0"}}}}`, "s3:GetObject", "aws:SourceIp", "x")
	f.Fuzz(func(t *testing.T, text, action, key, value string) {
		doc, err := policy.Decode([]byte(text))
		if err != nil {
			return
		}
		r := policy.Request{
			Principal: policy.Principal{Kind: policy.User, ARN: "arn:aws:iam::111122223333:user/alice", Account: "111122223333", Name: "alice"},
			Action:    action, Resource: "arn:aws:s3:::vault/a", ResourceAccount: "111122223333",
		}
		r.Context.Set(key, value)
		a := policy.Attached{Name: "it", Source: "user alice", Document: doc}
		for _, l := range []policy.Layers{{Resource: &a}, {Identity: []policy.Attached{a}}, {Boundary: &a, SCPs: [][]policy.Attached{{a}}}} {
			d := policy.Evaluate(r, l)
			promise(t, text, []*policy.Decision{&d})
			if h := Headline(&d); (h == "This is allowed.") != (d.Verdict == policy.Allowed) {
				t.Errorf("%s says %q", d.Verdict, h)
			}
		}
	})
}
