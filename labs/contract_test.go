package labs

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// doors is a small lab in which every kind of condition and check of lab.yaml occurs.
const doors = `
id: zz01
slug: doors
title: Doors
claim: A door has two sides.
level: guided
minutes: 5
story: There is a bucket.
bucket: docs
debrief: So it is.
principals:
  - {profile: admin, kind: user, name: admin, account: "111122223333"}
  - {profile: app, kind: role, name: app, account: "111122223333"}
  - {profile: anon, kind: anonymous}
files:
  - {name: a.txt, text: "alpha\n"}
steps:
  - id: look
    title: Look
    task: Look at it.
    done: It was looked at.
    insight: It is there.
    hints: [{cost: 5, text: a}, {cost: 10, text: b}, {cost: 25, text: c}]
    ask:
      - id: why
        text: Why?
        options: [{id: one, text: "One", right: true}, {id: two, text: "Two"}]
    when:
      - answered: why
      - read: {do: GetBucketVersioning, in: {Bucket: docs}, path: Status, equals: Enabled}
checks:
  - id: kept
    kind: state
    text: The bucket keeps versions
    state: {read: {do: GetBucketVersioning, in: {Bucket: docs}, path: Status, equals: Enabled}}
    fail: It should keep versions.
  - {id: by-app, kind: probe, text: app reads, as: app, do: GetObject, in: {Bucket: docs, Key: a.txt}, expect: {status: 200, output: alpha}, fail: It should read.}
  - {id: no-anon, kind: probe, text: nobody else reads, as: anon, do: GetObject, in: {Bucket: docs, Key: a.txt}, expect: {status: 403, code: AccessDenied}, fail: It should not read.}
  - {id: way-in, kind: lockout, text: admin repairs, as: admin, bucket: docs, fail: The administrator should not be locked out.}
wrong:
  - {file: wrong/nothing.sh, fails: kept, why: nothing was done}
`

const doorsStart = `{"accounts":[{"id":"111122223333","name":"acme",
 "users":[{"name":"admin","policies":{"all":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}}],
 "roles":[{"name":"app","trust":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]},
  "policies":{"rw":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::docs/*"}]}}}]}],
 "vpc_endpoints":[{"id":"vpce-1a2b3c4d","vpc":"vpc-1a2b3c4d"}],
 "buckets":[{"name":"docs","account":"111122223333"}]}`

const doorsSolution = `aws s3api put-bucket-versioning --bucket docs --versioning-configuration Status=Enabled --profile admin
aws s3api put-object --bucket docs --key a.txt --body a.txt --profile app
sim answer why one
`

func theDoors(t testing.TB) Lab {
	t.Helper()
	var l Lab
	if err := yaml.UnmarshalWithOptions([]byte(doors), &l, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	l.Start, l.Solution = []byte(doorsStart), doorsSolution
	for i := range l.Wrong {
		l.Wrong[i].Script = "# nothing\n"
	}
	return l
}

// openDoors starts a run of that lab, changed by edit.
func openDoors(t testing.TB, edit func(l *Lab)) (*bench, *Run) {
	t.Helper()
	l := theDoors(t)
	if edit != nil {
		edit(&l)
	}
	for _, p := range l.Validate() {
		t.Fatal(p)
	}
	b := newBench(t)
	b.options.Labs = []Lab{l}
	b.start()
	r, err := b.runs.Open(context.Background(), "ana", l.ID)
	if err != nil {
		t.Fatal(err)
	}
	return b, r
}

func TestALabOfEveryKind(t *testing.T) {
	b, r := openDoors(t, nil)
	if got := open(b.check(r)); !slices.Equal(got, []string{"kept", "by-app"}) {
		t.Errorf("checks that fail at the start: %v", got)
	}
	b.play(r, r.Lab().Solution)
	st := b.state(r)
	if st.Passed.IsZero() {
		t.Fatalf("not passed: steps %v, report %+v", done(st), b.check(r))
	}
}

const denyAll = `aws s3api put-bucket-policy --bucket docs --profile admin --policy '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::docs","arn:aws:s3:::docs/*"]`

// Each row plays lines after the solution and asks one more check.
func TestChecksAsk(t *testing.T) {
	read := func(do, path string, c ReadCondition) Check {
		c.Do, c.Path, c.In = do, path, map[string]any{"Bucket": "docs"}
		return Check{Kind: StateCheck, State: &Condition{Read: &c}}
	}
	get := func(c Check, status int) Check {
		c.Kind, c.As, c.Do, c.In, c.Expect.Status = ProbeCheck, either(c.As, "app"), "GetObject", map[string]any{"Bucket": "docs", "Key": "a.txt"}, status
		return c
	}
	lines := func(run string, e Expect) Check { return Check{Kind: ProbeCheck, As: "app", Run: run, Expect: e} }
	one := 1.0
	rows := []struct {
		name, lines string
		check       Check
		ok          bool
		got         string // in what came back
	}{
		{"the observer reads what a policy closes to everybody", denyAll + `}]}'`, read("GetBucketVersioning", "Status", ReadCondition{Equals: "Enabled"}), true, "Enabled"},
		{"another value", "", read("GetBucketVersioning", "Status", ReadCondition{Equals: "Suspended"}), false, `Status is "Enabled"`},
		{"a value that is not there", "", read("GetBucketVersioning", "MFADelete", ReadCondition{Absent: true}), true, "absent"},
		{"a value that should be there", "", read("GetBucketVersioning", "MFADelete", ReadCondition{}), false, "absent"},
		{"a count of versions", "", read("ListObjectVersions", "length(Versions)", ReadCondition{AtLeast: &one}), true, "is 1"},
		{"a list holds a value", "", read("ListObjectVersions", "Versions[].Key", ReadCondition{Contains: "a.txt"}), true, ""},
		{"a text holds a text", denyAll + `}]}'`, read("GetBucketPolicy", "Policy", ReadCondition{Contains: `"Deny"`}), true, ""},
		{"a document as a value", "", read("GetBucketVersioning", "@", ReadCondition{Equals: map[string]any{"Status": "Enabled"}}), true, ""},
		{"the fault that the observer gets", "", read("GetBucketPolicy", "", ReadCondition{Code: "NoSuchBucketPolicy"}), true, "404"},
		{"a fault instead of an answer", "", read("GetBucketPolicy", "Policy", ReadCondition{}), false, "404 NoSuchBucketPolicy"},

		{"over plain HTTP", denyAll + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'`, get(Check{Transport: "http"}, 403), true, "403"},
		{"and over HTTPS", denyAll + `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'`, get(Check{}, 200), true, "200"},
		{"an old TLS", denyAll + `,"Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}}]}'`, get(Check{TLS: "1.1"}, 403), true, "403"},
		{"a newer TLS", denyAll + `,"Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}}]}'`, get(Check{TLS: "1.2"}, 200), true, "200"},
		{"through the VPC endpoint", denyAll + `,"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}}]}'`, get(Check{Network: "vpce-1a2b3c4d"}, 200), true, "200"},
		{"from the internet instead", denyAll + `,"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}}]}'`, get(Check{}, 403), true, "403 AccessDenied"},
		{"from the office", denyAll + `,"Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}}]}'`, get(Check{Network: "onprem"}, 403), true, "403"},
		{"with a header", denyAll + `,"Condition":{"StringEquals":{"aws:Referer":"https://x.example/"}}}]}'`, get(Check{Headers: map[string]string{"Referer": "https://x.example/"}}, 403), true, "403"},
		{"the content of the answer", "", get(Check{Expect: Expect{Output: "alpha"}}, 200), true, "200"},
		{"other content", "", get(Check{Expect: Expect{Output: "omega"}}, 200), false, "something else"},
		{"after a month", denyAll + `,"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-12-10T00:00:00Z"}}}]}'`, get(Check{Advance: "31d"}, 403), true, "403"},
		{"before it", denyAll + `,"Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-12-10T00:00:00Z"}}}]}'`, get(Check{}, 200), true, "200"},

		{"lines that end well", "", lines("aws s3api get-object --bucket docs --key a.txt out.txt && cat out.txt", Expect{Output: "alpha"}), true, "exit 0"},
		{"lines that end badly", "", lines("aws s3api get-bucket-policy --bucket docs", Expect{Exit: 255, Output: "AccessDenied"}), true, "exit 255"},
		{"lines that end otherwise", "", lines("false", Expect{}), false, "exit 1"},
		{"lines with the files of the start", "rm a.txt", lines("cat a.txt", Expect{Output: "alpha"}), true, "alpha"},
		{"lines with a name nobody can prepare", "", lines(`aws s3api put-object --bucket docs --key "probe-$id" --body a.txt`, Expect{}), true, "exit 0"},

		{"a version id that an observer reads", "", Check{Kind: ProbeCheck, As: "admin", Do: "GetObject", Expect: Expect{Status: 200}, In: map[string]any{"Bucket": "docs", "Key": "a.txt",
			"VersionId": map[string]any{"$read": map[string]any{"do": "ListObjectVersions", "in": map[string]any{"Bucket": "docs"}, "path": "Versions[0].VersionId"}}}}, true, "200"},

		{"the way in, without a policy", "", Check{Kind: LockoutCheck, As: "admin", Bucket: "docs"}, true, "404, then 204"},
		{"the way in, with one", denyAll[:len(denyAll)-len(`["arn:aws:s3:::docs","arn:aws:s3:::docs/*"]`)] + `"arn:aws:s3:::docs/*"}]}'`, Check{Kind: LockoutCheck, As: "admin", Bucket: "docs"}, true, "200, then 204"},
		{"locked out", denyAll + `}]}'`, Check{Kind: LockoutCheck, As: "admin", Bucket: "docs"}, false, "GetBucketPolicy: 403"},
		{"reading is not enough", strings.Replace(denyAll, "s3:*", "s3:PutBucketPolicy", 1) + `}]}'`, Check{Kind: LockoutCheck, As: "admin", Bucket: "docs"}, false, "200, then 403"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.check.ID, row.check.Text, row.check.Fail = "asked", "what the row says", "It is not so."
			b, r := openDoors(t, func(l *Lab) { l.Checks = append(l.Checks, row.check) })
			b.play(r, r.Lab().Solution)
			for _, block := range b.play(r, row.lines) {
				if block.Code != 0 {
					t.Fatalf("%s: %s", block.Cmd, block.Stderr)
				}
			}
			res, _ := b.check(r).Result("asked")
			if res.OK != row.ok || !strings.Contains(res.Got, row.got) || res.Asked == "" {
				t.Errorf("%+v", res)
			}
			if (res.Say == "") != row.ok {
				t.Errorf("it says %q", res.Say)
			}
		})
	}
}

func TestStepsAreMetByRequestsOverTheRightWay(t *testing.T) {
	c := RequestCondition{Operations: []string{"GetObject"}, Transport: "http", Status: 200, As: "app"}
	b, r := openDoors(t, func(l *Lab) { l.Steps[0].When = []Condition{{Request: &c}, {Answered: "why"}} })
	b.play(r, doorsSolution)
	b.play(r, "aws s3api get-object --bucket docs --key a.txt out --profile app")
	if got := done(b.state(r)); got != nil {
		t.Fatalf("done over https: %v", got)
	}
	b.play(r, "aws s3api get-object --bucket docs --key a.txt out --profile app --endpoint-url http://s3.us-east-1.amazonaws.com")
	if got := done(b.state(r)); len(got) != 1 {
		t.Fatal("not done over http")
	}
}

func TestAnswers(t *testing.T) {
	b, r := openDoors(t, nil)
	ctx := context.Background()
	if got := b.play(r, "answer why two"); got[0].Code != 1 || !strings.Contains(got[0].Stdout, "not it") {
		t.Errorf("a wrong answer: %+v", got[0])
	}
	if _, err := r.Answer(ctx, "who", "one"); !errors.Is(err, ErrNoQuestion) {
		t.Errorf("no such question: %v", err)
	}
	if _, err := r.Answer(ctx, "why", "three"); !errors.Is(err, ErrNoOption) {
		t.Errorf("no such option: %v", err)
	}
	b.start() // a wrong first answer outlives the server
	r = must(b.runs.Open(ctx, "ana", "zz01"))
	if a, err := r.Answer(ctx, "why", "one"); err != nil || !a.Right || !a.Missed || a.Tries != 2 {
		t.Errorf("the second try: %+v, %v", a, err)
	}
	if a, _ := r.Answer(ctx, "why", "two"); !a.Right || a.Tries != 2 {
		t.Errorf("an answer after the right one changed it: %+v", a)
	}
	b.play(r, doorsSolution)
	for _, e := range b.journal {
		if e.kind == kindStepPassed && e.score != 1-WrongAnswerCost/100.0 {
			t.Errorf("a wrong first answer leaves %v of the score", e.score)
		}
	}
	if st := b.state(r); len(st.Steps[0].Asked) != 1 || st.Steps[0].Asked[0].Last != "one" {
		t.Errorf("the state shows %+v", st.Steps[0].Asked)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestValidateKnowsTheContract(t *testing.T) {
	rows := []struct {
		name, path string
		spoil      func(l *Lab)
	}{
		{"a question that nothing asks for", "steps[0].ask[0].id", func(l *Lab) { l.Steps[0].When = l.Steps[0].When[1:] }},
		{"an answer to no question", "steps[0].when[0].answered", func(l *Lab) { l.Steps[0].When[0].Answered = "who" }},
		{"two right options", "steps[0].ask[0].options", func(l *Lab) { l.Steps[0].Ask[0].Options[1].Right = true }},
		{"a path that is no JMESPath", "checks[0].state.read.path", func(l *Lab) { l.Checks[0].State.Read.Path = "[[" }},
		{"two comparisons", "checks[0].state.read", func(l *Lab) { l.Checks[0].State.Read.Absent = true }},
		{"a comparison with nothing", "checks[0].state.read.path", func(l *Lab) { l.Checks[0].State.Read.Path = "" }},
		{"an operation of no service", "checks[0].state.read.do", func(l *Lab) { l.Checks[0].State.Read.Do = "kms:GetObject" }},
		{"an account that is not there", "checks[0].state.read.account", func(l *Lab) { l.Checks[0].State.Read.Account = "999999999999" }},
		{"an answer as a state", "checks[0].state", func(l *Lab) { l.Checks[0].State = &Condition{Answered: "why"} }},
		{"a VPC endpoint that is not there", "checks[1].network", func(l *Lab) { l.Checks[1].Network = "vpce-other" }},
		{"a TLS version that is none", "checks[1].tls", func(l *Lab) { l.Checks[1].TLS = "2.0" }},
		{"a time that is none", "checks[1].advance", func(l *Lab) { l.Checks[1].Advance = "soon" }},
		{"lines and an operation", "checks[1].run", func(l *Lab) { l.Checks[1].Run = "true" }},
		{"a value that no probe knows", "checks[1].in", func(l *Lab) { l.Checks[1].In = map[string]any{"Bucket": map[string]any{"$bucket": "x"}} }},
		{"a file that is not there", "checks[1].in", func(l *Lab) { l.Checks[1].In = map[string]any{"Key": map[string]any{"$file": "b.txt"}} }},
		{"a lockout probe of no bucket", "checks[3].bucket", func(l *Lab) { l.Checks[3].Bucket = "" }},
		{"two checks of one id", "checks[1].id", func(l *Lab) { l.Checks[1].ID = "kept" }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l := theDoors(t)
			row.spoil(&l)
			found := l.Validate()
			if !slices.ContainsFunc(found, func(p Problem) bool { return strings.HasPrefix(p.Path, row.path) }) {
				t.Errorf("no problem at %s, only %v", row.path, found)
			}
		})
	}
}
