package review_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
)

var kinds = []review.Kind{review.BucketPolicyKind, review.IdentityPolicyKind, review.KeyPolicyKind, review.TrustPolicyKind, review.EndpointKind, review.BoundaryKind, review.SCPKind}

// look does all that can be done with a document, and holds what every fix promises.
func look(t *testing.T, d *policy.Document, o review.Options) {
	t.Helper()
	for _, f := range review.Findings(d, o) {
		if f.Title == "" || f.Text == "" || f.At.Line < 1 || f.Statement < 0 || f.Statement >= len(d.Statements) {
			t.Errorf("%+v", f)
		}
		if f.Fix == nil {
			continue
		}
		fixed, err := policy.Decode([]byte(f.Fix.Text))
		if err != nil {
			t.Fatalf("the fix of %s does not decode: %v\n%s\n%s", f.Rule, err, d.Text, f.Fix.Text)
		}
		if f.Fix.Label == "" || count(review.Findings(fixed, o), f.Rule, f.Statement) >= count(review.Findings(d, o), f.Rule, f.Statement) {
			t.Errorf("the fix of %s leaves it: %s", f.Rule, f.Fix.Text)
		}
	}
	for i := range d.Statements {
		if s := review.Reading(&d.Statements[i]).String(); !strings.HasSuffix(s, ".") {
			t.Errorf("reads %q", s)
		}
	}
	_ = review.Refusal(d, o)
}

func count(found []review.Finding, rule string, statement int) (n int) {
	for _, f := range found {
		if f.Rule == rule && f.Statement == statement {
			n++
		}
	}
	return n
}

// documents are all policies of the recorded cases.
func documents(t testing.TB, file string) [][]byte {
	data, err := os.ReadFile("../testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	var dig func(raw json.RawMessage)
	dig = func(raw json.RawMessage) {
		var object map[string]json.RawMessage
		var list []json.RawMessage
		switch {
		case json.Unmarshal(raw, &object) == nil:
			if object["Statement"] != nil {
				out = append(out, raw)
				return
			}
			for _, v := range object {
				dig(v)
			}
		case json.Unmarshal(raw, &list) == nil:
			for _, v := range list {
				dig(v)
			}
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		dig(bytes.Clone(lines.Bytes()))
	}
	if len(out) < 20 {
		t.Fatalf("%s holds %d policies", file, len(out))
	}
	return out
}

func TestEveryRecordedPolicy(t *testing.T) {
	for _, file := range []string{"cases-textbook.jsonl", "cases-more.jsonl", "cases-dev.jsonl"} {
		for i, text := range documents(t, file) {
			d, err := policy.Decode(text)
			if err != nil {
				continue
			}
			look(t, d, review.Options{Kind: kinds[i%len(kinds)], Owner: "111122223333", Key: dataKey})
			for _, kind := range kinds[:2] {
				look(t, d, review.Options{Kind: kind, Owner: "111122223333", Key: dataKey})
			}
		}
	}
}

func FuzzReview(f *testing.F) {
	f.Add([]byte(ledger), byte(0))
	for i, text := range documents(f, "cases-textbook.jsonl") {
		f.Add(text, byte(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, kind byte) {
		d, err := policy.Decode(text)
		if err != nil {
			return
		}
		look(t, d, review.Options{Kind: kinds[int(kind)%len(kinds)], Owner: "111122223333", Bucket: "vault", Key: dataKey})
	})
}

// A document as long as S3 takes it, of what is dearest to judge, is judged in a time that a page can wait for: each of
// its parts is looked at a bounded number of times.
func TestLargeDocument(t *testing.T) {
	for title, members := range map[string]string{
		"actions and resources": deny + everyone + `"Action": ["s3:*"` + strings.Repeat(`,"*:*x"`, 1200) + `], "Resource": ["arn:aws:sqs:::q"` + strings.Repeat(`,"arn:aws:sqs:::q"`, 500) + `]`,
		"statements":            strings.Repeat(deny+everyone+all+objects+`}, {`, 150) + deny + everyone + all + objects,
		"actions and keys": deny + everyone + `"Action": ["s3:*"` + strings.Repeat(`,"s*"`, 1500) + `], ` + objects +
			`, "Condition": {"StringNotEquals": {` + manyKeys(250) + `}}`,
	} {
		t.Run(title, func(t *testing.T) {
			d := statement(t, members)
			look(t, d, vault)
		})
	}
}

func manyKeys(n int) string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = `"s3:ExistingObjectTag/` + string(rune('a'+i%26)) + string(rune('a'+i/26)) + `": "x"`
	}
	return strings.Join(keys, ",")
}

// What is said never to match matched no request of the recorded cases, and an Allow that is said to be shadowed allowed none.
func TestFindingsAgreeWithDecisions(t *testing.T) {
	seen := map[string]int{}
	for _, file := range []string{"cases-textbook.jsonl", "cases-more.jsonl", "cases-dev.jsonl"} {
		data, err := os.ReadFile("../testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bytes.Split(bytes.TrimSpace(data), []byte("\n")) {
			c, err := policy.ParseCase(line)
			if err != nil {
				continue
			}
			_, _, decisions := c.Evaluate()
			for i := range decisions {
				agree(t, c.ID, &decisions[i], seen)
			}
		}
	}
	t.Logf("%v", seen)
}

func agree(t *testing.T, id string, d *policy.Decision, seen map[string]int) {
	for _, l := range d.Trace {
		for _, p := range l.Policies {
			for _, f := range review.Findings(p.Document, review.Options{Owner: d.Request.ResourceAccount}) {
				seen[f.Rule]++
				s := &p.Statements[f.Statement]
				if s.Matched && (f.Rule == "never-matches" || f.Rule == "shadowed-allow" && l.Outcome != policy.SaysDeny) {
					t.Errorf("%s: %s, and it matched: %s", id, f.Title, f.Text)
				}
				if s.Matched && f.Rule == "action-resource-mismatch" && s.Action.Entry >= 0 && s.Statement.Action.Entries[s.Action.Entry].At == f.At {
					t.Errorf("%s: %s, and it matched %s on %s", id, f.Title, d.Request.Action, d.Request.Resource)
				}
				if f.Rule == "unknown-action" && s.Action.Matched && s.Action.Entry >= 0 && s.Statement.Action.Entries[s.Action.Entry].At == f.At {
					t.Errorf("%s: %s, and it matched", id, f.Title)
				}
			}
		}
	}
}
