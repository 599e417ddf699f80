package shell_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"keyhole/labs/call"
	"keyhole/labs/shell"
	"keyhole/simulator"
	"keyhole/simulator/world"
)

const worldFile = `{"profile":"2026","region":"us-east-1","seed":"shell","clock":"2026-06-01T00:00:00Z","accounts":[{
 "id":"111122223333","name":"main","root":{"access_key":"AKIAROOTROOTROOTROOT","secret_key":"root-secret"}}]}`

// console is a session over a simulator of its own.
func console(t testing.TB) (*shell.Session, *simulator.Simulator) {
	t.Helper()
	real := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	w, err := simulator.ParseWorld([]byte(worldFile), simulator.WorldOptions{Seed: "shell", Now: func() time.Time { return real }})
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(simulator.Options{World: w})
	now := func() (at time.Time) {
		sim.View(func(w *world.World) { at = w.Now() })
		return at
	}
	n := 0
	s := &shell.Session{
		Home: shell.NewHome(map[string][]byte{"k1.bin": []byte(strings.Repeat("1", 32)), "k2.bin": []byte(strings.Repeat("\xf2", 32))}),
		Now:  now,
		Rand: func(size int) []byte {
			n++
			sum := sha256.Sum256(fmt.Appendf(nil, "%d", n))
			return []byte(strings.Repeat(string(sum[:]), size/32+1))[:size]
		},
	}
	s.Open = func(profile string, o shell.Connect) (*call.Client, error) {
		if profile != "" && profile != "admin" && profile != "app" {
			return nil, fmt.Errorf("The config profile (%s) could not be found", profile)
		}
		c := &call.Client{Region: "us-east-1", Now: now, Endpoint: "https://s3.us-east-1.amazonaws.com"}
		c.Transport = sim.Client(simulator.Transport{Secure: true, TLS: "TLSv1.3", Network: "internet", SourceIP: "203.0.113.10"})
		if o.Plain {
			c.Endpoint = "http://s3.us-east-1.amazonaws.com"
			c.Transport = sim.Client(simulator.Transport{Network: "internet", SourceIP: "203.0.113.10"})
		}
		if !o.Unsigned {
			c.Credentials = call.Credentials{AccessKey: "AKIAROOTROOTROOTROOT", Secret: "root-secret"}
		}
		return c, nil
	}
	return s, sim
}

// play runs a script: lines after "$ " are typed; the lines below are what must be printed, "code N" the exit code.
// "…" in an expected line stands for anything.
func play(t *testing.T, s *shell.Session, script string) {
	t.Helper()
	for _, block := range strings.Split("\n"+strings.TrimSpace(script), "\n$ ")[1:] {
		line, want, _ := strings.Cut(block, "\n")
		for strings.HasSuffix(line, "\\") {
			more, rest, _ := strings.Cut(want, "\n")
			line, want = line+"\n"+more, rest
		}
		code := 0
		if lines := strings.Split(want, "\n"); strings.HasPrefix(lines[len(lines)-1], "code ") {
			fmt.Sscanf(lines[len(lines)-1], "code %d", &code)
			want = strings.Join(lines[:len(lines)-1], "\n")
		}
		out := s.Run(context.Background(), line)
		got := strings.TrimSpace(out.Stdout + out.Stderr)
		if !like(strings.TrimSpace(want), got) || out.Code != code {
			t.Errorf("$ %s\nprinted (code %d)\n%s\nwant (code %d)\n%s", line, out.Code, got, code, want)
		}
	}
}

func like(want, got string) bool {
	parts := strings.Split(want, "…")
	if len(parts) == 1 {
		return want == got
	}
	if !strings.HasPrefix(got, parts[0]) || !strings.HasSuffix(got, parts[len(parts)-1]) {
		return false
	}
	for _, p := range parts {
		i := strings.Index(got, p)
		if i < 0 {
			return false
		}
		got = got[i+len(p):]
	}
	return true
}

// The solution of lab LG05, as a learner types it, with the refusals on its way.
func TestCustomerKeysByHand(t *testing.T) {
	s, sim := console(t)
	play(t, s, `
$ aws s3 mb s3://vault
make_bucket: vault
$ aws s3api put-bucket-versioning --bucket vault --versioning-configuration Status=Enabled
$ echo one > s.txt
$ aws s3api put-object --bucket vault --key secret.txt --body s.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app
An error occurred (AccessDenied) when calling the PutObject operation: …
code 255
$ aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"},"BlockedEncryptionTypes":{"EncryptionType":["NONE"]}}]}' --profile admin
$ aws s3api put-object --bucket vault --key secret.txt --body s.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --profile app
{
    "ETag": "\"…\"",
    "ChecksumCRC32": "…",
    "ChecksumType": "FULL_OBJECT",
    "VersionId": "…",
    "SSECustomerAlgorithm": "AES256",
    "SSECustomerKeyMD5": "…"
}
$ v1=$(aws s3api list-object-versions --bucket vault --query 'Versions[0].VersionId' --output text)
$ aws s3api put-object --bucket vault --key secret.txt --body s.txt --sse-customer-algorithm AES256 \
  --sse-customer-key fileb://k2.bin --query SSECustomerAlgorithm --output text
AES256
$ aws s3api get-object --bucket vault --key secret.txt out --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --query ContentLength && cat out
4
one
$ aws s3api get-object --bucket vault --key secret.txt --version-id "$v1" out1 --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin --query ContentLength
4
$ aws s3api get-object --bucket vault --key secret.txt out
An error occurred (InvalidRequest) when calling the GetObject operation: …
code 255
$ aws s3api head-object --bucket vault --key secret.txt
An error occurred (400) when calling the HeadObject operation: Bad Request
code 255
$ aws s3api get-object --bucket vault --key secret.txt out --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin
An error occurred (AccessDenied) when calling the GetObject operation: …
code 255
$ aws s3api get-object --bucket vault --key secret.txt out --sse-customer-algorithm AES256 --sse-customer-key fileb://k2.bin --endpoint-url http://s3.us-east-1.amazonaws.com
An error occurred (InvalidRequest) when calling the GetObject operation: …
code 255
$ base64 k1.bin > k1.b64; aws s3api put-object --bucket vault --key twice --body s.txt --sse-customer-algorithm AES256 --sse-customer-key file://k1.b64
An error occurred (InvalidArgument) when calling the PutObject operation: …
code 255
$ aws s3api copy-object --bucket vault --key plain.txt --copy-source vault/secret.txt --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key fileb://k2.bin --server-side-encryption AES256 --profile app --query ServerSideEncryption --output text
AES256
$ aws s3 cp s3://vault/plain.txt -
one
$ aws s3 cp s.txt s3://vault/high.txt --sse-c AES256 --sse-c-key fileb://k1.bin
upload: ./s.txt to s3://vault/high.txt
$ aws s3 cp s3://vault/high.txt back/ --sse-c --sse-c-key fileb://k1.bin
download: s3://vault/high.txt to back/high.txt
$ aws s3 ls s3://vault
…       4 high.txt
…       4 plain.txt
…       4 secret.txt
$ aws s3api put-bucket-encryption --bucket vault --server-side-encryption-configuration 'Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=AES256},BlockedEncryptionTypes={EncryptionType=[SSE-C]}}]'
$ aws s3api get-bucket-encryption --bucket vault --query 'ServerSideEncryptionConfiguration.Rules[].BlockedEncryptionTypes.EncryptionType[]' --output text
SSE-C
$ aws s3 cp s.txt s3://vault/high2.txt --sse-c AES256 --sse-c-key fileb://k1.bin
upload failed: ./s.txt to s3://vault/high2.txt An error occurred (AccessDenied) when calling the PutObject operation: …
code 1
$ aws s3 presign s3://vault/plain.txt --expires-in 60
https://s3.us-east-1.amazonaws.com/vault/plain.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&…X-Amz-Expires=60&…
`)
	for _, trace := range sim.Traces() {
		if text := fmt.Sprintf("%+v", trace); strings.Contains(text, strings.Repeat("1", 32)) || strings.Contains(text, "MTExMTEx") {
			t.Errorf("trace %d holds the customer key", trace.Number)
		}
	}
}
