package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"keyhole/simulator/policy"
)

// fiveStatements is a bucket policy of the kind people write: TLS, network, encryption, a prefix of one's own, and a reader.
const fiveStatements = `{"Version": "2012-10-17", "Statement": [
  {"Sid": "TLSOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"],
   "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
  {"Sid": "OurNetworks", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"],
   "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}}},
  {"Sid": "KMSOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::vault/*",
   "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}},
  {"Sid": "OwnPrefix", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": ["s3:GetObject", "s3:PutObject"],
   "Resource": "arn:aws:s3:::vault/home/alice/*"},
  {"Sid": "Lists", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "s3:ListBucket",
   "Resource": "arn:aws:s3:::vault", "Condition": {"StringLike": {"s3:prefix": "home/alice/*"}}}]}`

func compiledFor(tb testing.TB, text string) *policy.Document {
	tb.Helper()
	d, err := policy.Decode([]byte(text))
	if err != nil {
		tb.Fatalf("%v: %+v", err, err)
	}
	return d
}

func layerOf(tb testing.TB, text string) *policy.Attached {
	return &policy.Attached{Name: "p", Source: "bench", Document: compiledFor(tb, text)}
}

// upload is alice's request: it passes all three denials and is allowed by the fourth statement.
func upload(tb testing.TB) policy.Request {
	tb.Helper()
	p, err := policy.ParsePrincipal("arn:aws:iam::111122223333:user/alice")
	if err != nil {
		tb.Fatal(err)
	}
	r := policy.Request{Principal: p, Action: "s3:PutObject", Resource: "arn:aws:s3:::vault/home/alice/notes.txt", ResourceAccount: "111122223333"}
	for k, v := range map[string]string{
		"aws:SecureTransport": "true", "aws:SourceIp": "203.0.113.10", "s3:x-amz-server-side-encryption": "aws:kms",
		"aws:PrincipalArn": p.ARN, "aws:username": "alice", "aws:CurrentTime": "2026-11-24T00:00:00Z", "s3:TlsVersion": "1.3",
		"s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256", "aws:PrincipalAccount": "111122223333",
	} {
		r.Context.Set(k, v)
	}
	return r
}

// manyLayers is thirty statements in each of seven layers, with the Allow in the last statement of each.
func manyLayers(tb testing.TB) policy.Layers {
	tb.Helper()
	text := func(principal string) string {
		var b strings.Builder
		b.WriteString(`{"Version": "2012-10-17", "Statement": [`)
		for i := range 29 {
			fmt.Fprintf(&b, `{"Effect": "Deny", %s"Action": ["s3:Get*", "s3:Put*"], "Resource": "arn:aws:s3:::vault/team-%d/*",
				"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "team-%d"}}}, `, principal, i, i)
		}
		fmt.Fprintf(&b, `{"Effect": "Allow", %s"Action": "s3:*", "Resource": "*"}]}`, principal)
		return b.String()
	}
	own, named := layerOf(tb, text("")), layerOf(tb, text(`"Principal": "*", `))
	return policy.Layers{
		SCPs: [][]policy.Attached{{*own}}, RCPs: [][]policy.Attached{{*named}}, Endpoint: named, Resource: named,
		Identity: []policy.Attached{*own}, Boundary: own, Session: own,
	}
}

func BenchmarkDecideFiveStatements(b *testing.B) {
	r, l := upload(b), policy.Layers{Resource: layerOf(b, fiveStatements)}
	if v := policy.Decide(&r, &l); v != policy.Allowed {
		b.Fatal(v)
	}
	b.ReportAllocs()
	for b.Loop() {
		policy.Decide(&r, &l)
	}
}

func BenchmarkTraceFiveStatements(b *testing.B) {
	r, l := upload(b), policy.Layers{Resource: layerOf(b, fiveStatements)}
	b.ReportAllocs()
	for b.Loop() {
		policy.Evaluate(r, l)
	}
}

func BenchmarkTraceThirtyStatementsInSevenLayers(b *testing.B) {
	r, l := upload(b), manyLayers(b)
	if d := policy.Evaluate(r, l); d.Verdict != policy.Allowed || len(d.Trace) < 7 {
		b.Fatal(d.Verdict, d.By, len(d.Trace))
	}
	b.ReportAllocs()
	for b.Loop() {
		policy.Evaluate(r, l)
	}
}

// bomb is a document that costs as much as its bytes can be made to cost, with the request that goes off on it.
type bomb struct {
	name, document, key string
	copies              int // of the document, attached to the caller; 0: one, as the bucket policy
}

func (x bomb) layers(tb testing.TB) policy.Layers {
	one := layerOf(tb, x.document)
	if x.copies == 0 {
		return policy.Layers{Resource: one}
	}
	l := policy.Layers{}
	for range x.copies {
		l.Identity = append(l.Identity, *one)
	}
	return l
}

// bombs fill a document up to its limit in different ways; each is accepted.
func bombs() []bomb {
	fill := func(head, each, tail string) string {
		n := (policy.MaxDocumentBytes - len(head) - len(tail)) / len(each)
		return head + strings.TrimSuffix(strings.Repeat(each, n), ",") + tail
	}
	stars := strings.Repeat("a*", 20) + "b"
	long := strings.Repeat("a", 1024)
	statement := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":`
	return []bomb{
		{"stars in the resource", fill(statement+`[`, `"arn:aws:s3:::vault/`+stars+`",`, `]}]}`), long, 0},
		{"stars in a condition", fill(statement+`"*","Condition":{"StringLike":{"s3:prefix":[`, `"`+stars+`",`, `]}}}]}`), long, 0},
		{"stars and marks", fill(statement+`[`, `"arn:aws:s3:::vault/`+strings.Repeat("?*", 20)+`b",`, `]}]}`), long, 0},
		{"thousands of values", fill(statement+`"*","Condition":{"StringEquals":{"s3:prefix":[`, `"a",`, `]}}}]}`), long, 0},
		{"values against many", fill(statement+`"*","Condition":{"ForAllValues:StringLike":{"aws:TagKeys":[`, `"*a*b",`, `]}}}]}`), long, 0},
		{"hundreds of statements", fill(`{"Version":"2012-10-17","Statement":[`, `{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*a*a*b"},`, `]}`), long, 0},
		{"thousands of statements", fill(`{"Version":"2012-10-17","Statement":[`, `{"Effect":"Deny","Action":"s3:Get*","Resource":"*a*b"},`, `]}`), long, 10},
		{"variables", fill(statement+`[`, `"arn:aws:s3:::vault/*${aws:userid}*${aws:userid}*b",`, `]}]}`), long, 0},
		{"networks", fill(statement+`"*","Condition":{"IpAddress":{"aws:SourceIp":[`, `"10.0.0.0/8",`, `]}}}]}`), long, 0},
	}
}

func (x bomb) request(tb testing.TB) policy.Request {
	r := upload(tb)
	r.Resource = "arn:aws:s3:::vault/" + x.key
	r.Context.Set("s3:prefix", x.key)
	r.Context.Set("aws:userid", strings.Repeat("a", 64))
	tags := make([]string, 50)
	for i := range tags {
		tags[i] = strings.Repeat("a", 128)
	}
	r.Context.SetList("aws:TagKeys", tags)
	return r
}

func TestABombIsAcceptedAndNeverAllows(t *testing.T) {
	for _, x := range bombs() {
		d := policy.Evaluate(x.request(t), x.layers(t))
		if d.Verdict == policy.Allowed || d.Steps > policy.MaxSteps {
			t.Errorf("%s: %s after %d steps", x.name, d.Verdict, d.Steps)
		}
	}
}

func BenchmarkBomb(b *testing.B) {
	for _, x := range bombs() {
		r, l := x.request(b), x.layers(b)
		b.Run("decode/"+x.name, func(b *testing.B) {
			text := []byte(x.document)
			for b.Loop() {
				if _, err := policy.Decode(text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("decide/"+x.name, func(b *testing.B) {
			for b.Loop() {
				policy.Decide(&r, &l)
			}
		})
		b.Run("trace/"+x.name, func(b *testing.B) {
			for b.Loop() {
				policy.Evaluate(r, l)
			}
		})
	}
}

// refused documents are as expensive to refuse as their bytes can make it.
func refused() map[string]string {
	n := policy.MaxDocumentBytes - 100
	return map[string]string{
		"nested lists":  `{"Statement":` + strings.Repeat("[", n/2) + strings.Repeat("]", n/2) + `}`,
		"deep objects":  strings.Repeat(`{"Statement":`, n/14) + strings.Repeat("}", n/14),
		"huge number":   `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":1` + strings.Repeat("0", n) + `}}}]`,
		"invalid UTF-8": `{"Statement":"` + strings.Repeat("\xff", n) + `"}`,
		"double names":  `{` + strings.Repeat(`"Id":"",`, n/8) + `"Id":""}`,
	}
}

func TestARefusedDocumentSaysWhere(t *testing.T) {
	for name, text := range refused() {
		_, err := policy.Decode([]byte(text))
		var m *policy.Malformed
		if !errors.As(err, &m) || m.Message == "" || m.Line < 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkRefuse(b *testing.B) {
	for name, text := range refused() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := policy.Decode([]byte(text)); err == nil {
					b.Fatal("it is accepted")
				}
			}
		})
	}
}
