package content

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryProofHoldsAndEveryControlAnswersDifferently(t *testing.T) {
	l := source(t)
	problems, count, err := Prove(context.Background(), l, Runner{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p.Detail())
	}
	if count.Proofs < 30 || count.Held != count.Proofs {
		t.Errorf("%d of %d proofs hold", count.Held, count.Proofs)
	}
	if count.Waived > len(l.Questions)/4 {
		t.Errorf("%d of %d questions have no proof", count.Waived, len(l.Questions))
	}
}

func TestProofsHoldInRealTimeToo(t *testing.T) {
	at := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	r := Runner{Now: func() time.Time { at = at.Add(time.Millisecond); return at }}
	run, err := r.Run(context.Background(), proof(t, "sse-c.key-per-version"))
	if err != nil || !run.Holds {
		t.Errorf("%v %v", run.Problems, err)
	}
}

func proof(t testing.TB, id string) Proof {
	t.Helper()
	p, ok := source(t).Proof(id)
	if !ok {
		t.Fatalf("there is no proof %s", id)
	}
	return p
}

// A proof that cannot fail proves nothing: break its claim, its key, its control, and each must be noticed.
func TestABrokenClaimIsNoticed(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(p *Proof)
		want  string
	}{
		{"the claim says 403 where S3 answers 400", func(p *Proof) { p.Steps[1].Expect.Status = 403 }, "want 403 InvalidRequest"},
		{"another code", func(p *Proof) { p.Steps[1].Expect.Code = "AccessDenied" }, "got 400 InvalidRequest"},
		{"another message", func(p *Proof) { p.Steps[1].Expect.Message = "something else" }, "got 400 InvalidRequest, message"},
		{"a header that does not come", func(p *Proof) { p.Steps[0].Expect.Headers = map[string]string{"x-amz-server-side-encryption": "*"} }, "no x-amz-server-side-encryption"},
		{"a header that should be absent", func(p *Proof) {
			p.Steps[0].Expect.AbsentHeaders = []string{"x-amz-server-side-encryption-customer-algorithm"}
		}, "customer-algorithm: AES256"},
		{"the control uses a wrong key", func(p *Proof) { p.Control.In["ssec"] = "k2" }, "control, step 2: want 200"},
		{"the control changes nothing that matters", func(p *Proof) {
			p.Control.In, p.Control.Set = nil, map[string]string{"x-amz-meta-a": "b"}
		}, "control, step 2: want 200"},
		{"the key was unblocked for nobody", func(p *Proof) { p.Given[0].Unblock = "" }, "step 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := source(t)
			p := proof(t, "sse-c.read-without-key")
			p.Steps = slices.Clone(p.Steps)
			for i := range p.Steps {
				e := *p.Steps[i].Expect
				p.Steps[i].Expect = &e
			}
			p.Given = slices.Clone(p.Given)
			p.Control.In = maps.Clone(p.Control.In)
			tt.spoil(&p)
			l.Proofs = []Proof{p}
			l.reindex()
			problems, _, err := Prove(context.Background(), l, Runner{})
			if err != nil {
				t.Fatal(err)
			}
			said := fmt.Sprint(problems)
			if len(problems) == 0 || !strings.Contains(said, tt.want) {
				t.Errorf("problems: %s", said)
			}
			if len(problems) > 0 && (problems[0].File != "proofs/sse-c.yaml" || problems[0].Line == 0) {
				t.Errorf("reported at %s", problems[0])
			}
		})
	}
}

func TestALearnersEditChangesTheAnswer(t *testing.T) {
	tests := []struct {
		name, proof string
		edit        Edit
		step, want  int
	}{
		{"drop the algorithm", "sse-c.three-headers", Edit{Step: 1, DropHeader: []string{"x-amz-server-side-encryption-customer-algorithm"}}, 1, 400},
		{"add the header of another method", "sse-c.three-headers", Edit{Step: 1, SetHeader: map[string]string{"x-amz-server-side-encryption": "AES256"}}, 1, 400},
		{"send it over HTTP", "sse-c.three-headers", Edit{Step: 1, Transport: "http"}, 1, 400},
		{"sign as an outsider", "default-encryption.every-object", Edit{Step: 1, As: "mallory"}, 1, 403},
		{"do not sign at all", "default-encryption.every-object", Edit{Step: 1, As: "anon"}, 1, 403},
		{"misspell the value", "default-encryption.every-object", Edit{Step: 1, SetHeader: map[string]string{"x-amz-server-side-encryption": "AES-256"}}, 1, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run, err := Runner{}.Run(context.Background(), proof(t, tt.proof), tt.edit)
			if err != nil {
				t.Fatal(err)
			}
			step := run.Steps[tt.step-1]
			if step.Trace == nil || step.Trace.Response.Status != tt.want {
				t.Fatalf("want %d, got %s", tt.want, step.Got)
			}
			if run.Holds || step.Met || !run.Edited {
				t.Error("the edited run claims that the proof holds")
			}
		})
	}
}

func TestAHostileEditIsRefusedPlainly(t *testing.T) {
	p := Proof{ID: "x.y", Steps: []Step{{As: "app", Do: "ListBuckets"}}, Deciding: 1}
	set := func(name, value string) Edit { return Edit{Step: 1, SetHeader: map[string]string{name: value}} }
	many := Edit{Step: 1, SetHeader: map[string]string{}}
	for i := range EditHeaders + 1 {
		many.SetHeader[fmt.Sprintf("x-amz-meta-%d", i)] = "v"
	}
	tests := []struct {
		name string
		edit Edit
		want string
	}{
		{"a step that is not there", Edit{Step: 2, As: "app"}, "there is no step 2"},
		{"step zero", Edit{As: "app"}, "there is no step 0"},
		{"nobody in the cast", Edit{Step: 1, As: "<script>"}, "nobody of that name"},
		{"another transport", Edit{Step: 1, Transport: "gopher"}, "https or http"},
		{"Host", set("Host", "evil.example"), "Host belongs to the connection"},
		{"Authorization", set("authorization", "x"), "belongs to the connection or the signature"},
		{"Content-Length", set("Content-Length", "9"), "stays as it is"},
		{"the security token", set("X-Amz-Security-Token", "t"), "stays as it is"},
		{"dropping the date", Edit{Step: 1, DropHeader: []string{"x-amz-date"}}, "stays as it is"},
		{"a name with a line break", set("x-amz-meta-a\r\nEvil: 1", "v"), "letters, digits and hyphens"},
		{"a name with a colon", set(":method", "v"), "letters, digits and hyphens"},
		{"no name", set("", "v"), "needs a name"},
		{"a long name", set(strings.Repeat("a", EditNameBytes+1), "v"), "at most 128"},
		{"a value with a line break", set("x-amz-meta-a", "1\r\nEvil: 2"), "not printable ASCII"},
		{"a value with a zero byte", set("x-amz-meta-a", "a\x00b"), "not printable ASCII"},
		{"a value in another script", set("x-amz-meta-a", "ключ"), "not printable ASCII"},
		{"a long value", set("x-amz-meta-a", strings.Repeat("v", EditValueBytes+1)), "longer than 1024 bytes"},
		{"a value that starts with a space", set("x-amz-meta-a", " v"), "starts or ends with a space"},
		{"too many headers", many, "at most 8 headers"},
		{"parameters", Edit{Step: 1, Params: map[string]any{"Bucket": "b"}}, "only headers"},
		{"leaving a step out", Edit{Step: 1, Skip: true}, "only headers"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Runner{}.Run(context.Background(), p, tt.edit)
			if !errors.Is(err, ErrEdit) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\r\n<") {
				t.Errorf("the refusal repeats what is harmful: %q", err)
			}
		})
	}
	if _, err := (Runner{}).Run(context.Background(), p, make([]Edit, EditsOfOneTrial+1)...); !errors.Is(err, ErrEdit) {
		t.Errorf("too many edits: %v", err)
	}
}

func TestRunsAreTheSameEachTime(t *testing.T) {
	p := proof(t, "sse-c.key-per-version")
	var seen []string
	for range 2 {
		run, err := Runner{}.Run(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(run)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, string(data))
	}
	if seen[0] != seen[1] {
		t.Error("two runs of one proof differ")
	}
}

// No run shows a customer key, in whatever notation, nor the secret or token of a principal.
func TestRunsNeverShowACustomerKey(t *testing.T) {
	for _, p := range source(t).Proofs {
		runs := []func() (ProofRun, error){
			func() (ProofRun, error) { return Runner{}.Run(context.Background(), p) },
			func() (ProofRun, error) { return Runner{}.Control(context.Background(), p) },
		}
		for _, do := range runs {
			run, err := do()
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(run)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 10 {
				key := customerKey(p.ID, fmt.Sprintf("k%d", i))
				for _, form := range []string{string(key), base64.StdEncoding.EncodeToString(key), hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key[:24])} {
					if strings.Contains(string(data), form) {
						t.Errorf("%s shows the key k%d", p.ID, i)
					}
				}
			}
			for _, s := range run.Steps {
				if s.Trace == nil {
					continue
				}
				for _, h := range s.Trace.Request.Headers {
					if strings.EqualFold(h.Name, "X-Amz-Security-Token") && !h.Redacted {
						t.Errorf("%s shows a session token", p.ID)
					}
				}
			}
		}
	}
}

func TestALearnersOwnKeyIsNotShownEither(t *testing.T) {
	secret := base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef"))
	run, err := Runner{}.Run(context.Background(), proof(t, "sse-c.three-headers"),
		Edit{Step: 1, SetHeader: map[string]string{"X-Amz-Server-Side-Encryption-Customer-Key": secret}})
	if err != nil {
		t.Fatal(err)
	}
	step := run.Steps[0]
	trace, err := json.Marshal(step.Trace)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(trace)+step.Command+step.Got, secret) {
		t.Error("the key is in the trace or the command")
	}
}

func TestACancelledRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Runner{}).Run(ctx, proof(t, "sse-c.three-headers")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCommandsReadLikeTheCLI(t *testing.T) {
	tests := []struct {
		name string
		step Step
		want string
	}{
		{
			"an upload under a customer key",
			Step{As: "app", Do: "PutObject", In: map[string]any{"Bucket": "vault", "Key": "secret.txt", "Body": "one", "ssec": "k1"}},
			"aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app",
		},
		{
			"a download of a saved version",
			Step{As: "app", Do: "GetObject", In: map[string]any{"Bucket": "vault", "Key": "a/report.csv", "VersionId": "${v1}", "ssec": "k1"}},
			`aws s3api get-object --bucket vault --key a/report.csv --version-id "${v1}" --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin report.csv --profile app`,
		},
		{
			"a copy with two keys",
			Step{As: "app", Do: "CopyObject", In: map[string]any{"Bucket": "v", "Key": "k", "CopySource": "v/k", "source_ssec": "k1", "ssec": "k2"}},
			"aws s3api copy-object --bucket v --key k --copy-source v/k --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key fileb://k1.bin --profile app",
		},
		{
			"a structure",
			Step{As: "admin", Do: "PutBucketEncryption", In: map[string]any{"Bucket": "v", "ServerSideEncryptionConfiguration": map[string]any{"Rules": []any{map[string]any{"BlockedEncryptionTypes": map[string]any{"EncryptionType": []any{"NONE"}}}}}}},
			`aws s3api put-bucket-encryption --bucket v --server-side-encryption-configuration '{"Rules":[{"BlockedEncryptionTypes":{"EncryptionType":["NONE"]}}]}' --profile admin`,
		},
		{
			"nobody, over HTTP, with headers that the CLI cannot send",
			Step{As: "anon", Do: "ListObjectsV2", Over: "http", In: map[string]any{"Bucket": "v"}, Set: map[string]string{"x-amz-server-side-encryption-customer-key": "c2VjcmV0", "x-amz-meta-a": "b"}, Drop: []string{"x-amz-content-sha256"}},
			"aws s3api list-objects-v2 --bucket v --no-sign-request --endpoint-url http://127.0.0.1:9000  # with x-amz-meta-a: b, with x-amz-server-side-encryption-customer-key: (not shown), without x-amz-content-sha256",
		},
		{
			"a key with a quote",
			Step{As: "app", Do: "HeadObject", In: map[string]any{"Bucket": "v", "Key": "it's here"}},
			`aws s3api head-object --bucket v --key 'it'\''s here' --profile app`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := command(tt.step); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func BenchmarkProof(b *testing.B) {
	p := proof(b, "sse-c.key-per-version")
	for b.Loop() {
		if run, err := (Runner{}).Run(context.Background(), p); err != nil || !run.Holds {
			b.Fatal(run.Problems, err)
		}
	}
}
