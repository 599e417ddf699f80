package simulator

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/exchange"
)

const (
	keyA = "1234567890abcdef1234567890abcdef"
	keyB = "abcdef1234567890abcdef1234567890"
	sseH = "X-Amz-Server-Side-Encryption"
)

// sealing is one way to encrypt: the lines that ask for it, those that a read needs, and what the answer says.
type sealing struct {
	name, ask, read string
	method          string // "" under a customer key
	bucketKey       bool
	md5             bool // the ETag is the MD5
}

// sealings are all there are; KEY is a key of the account.
var sealings = []sealing{
	{name: "the default", method: "AES256", md5: true},
	{name: "SSE-S3", ask: "x-amz-server-side-encryption: AES256\n", method: "AES256", md5: true},
	{name: "a customer key", ask: "@key " + keyA + "\n", read: "@key " + keyA + "\n"},
	{name: "aws/s3", ask: "x-amz-server-side-encryption: aws:kms\n", method: "aws:kms"},
	{name: "a KMS key", ask: "x-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: KEY\n", method: "aws:kms"},
	{name: "a bucket key", ask: "x-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: KEY\nx-amz-server-side-encryption-bucket-key-enabled: true\n", method: "aws:kms", bucketKey: true},
	{name: "DSSE", ask: "x-amz-server-side-encryption: aws:kms:dsse\nx-amz-server-side-encryption-aws-kms-key-id: KEY\nx-amz-server-side-encryption-bucket-key-enabled: true\n", method: "aws:kms:dsse"},
}

// encrypting is a script with two buckets that let customer keys in, and a KMS key.
func encrypting(t *testing.T) (s *script, key string) {
	s = newScript(t, "2022")
	s.send("PUT /vault")
	s.send("PUT /archive")
	s.send("POST /\n@kms CreateKey\n\n{}")
	s.must(t, 200)
	for _, problem := range s.want("200\nsave KEY json KeyMetadata.Arn") {
		t.Fatal(problem)
	}
	return s, s.vars["KEY"]
}

// send is request for lines that may end in a line feed.
func (s *script) send(text string) { s.request(strings.TrimSuffix(text, "\n")) }

func (s *script) must(t *testing.T, status int) {
	t.Helper()
	if s.answer.StatusCode != status {
		t.Fatalf("%s, want %d: %s", s.answer.Status, status, s.body)
	}
}

// says compares what an answer tells of the encryption.
func (s *script) says(t *testing.T, w sealing, key string) {
	t.Helper()
	h := s.answer.Header
	if got := h.Get(sseH); got != w.method {
		t.Errorf("method %q, want %q", got, w.method)
	}
	if kms := strings.HasPrefix(w.method, "aws:kms"); kms != strings.HasPrefix(h.Get(sseH+"-Aws-Kms-Key-Id"), "arn:aws:kms:us-east-1:111122223333:key/") ||
		kms && strings.Contains(w.ask, "KEY") && h.Get(sseH+"-Aws-Kms-Key-Id") != key {
		t.Errorf("key %q", h.Get(sseH+"-Aws-Kms-Key-Id"))
	}
	if got := h.Get(sseH + "-Bucket-Key-Enabled"); (got == "true") != w.bucketKey || got == "false" {
		t.Errorf("bucket key %q", got)
	}
	if customer := h.Get(sseH+"-Customer-Algorithm") == "AES256"; customer != (w.method == "") {
		t.Errorf("customer key: %v", customer)
	}
}

func sum(body string) string {
	m := md5.Sum([]byte(body))
	return hex.EncodeToString(m[:])
}

func TestACopyBetweenEveryTwoEncryptions(t *testing.T) {
	s, key := encrypting(t)
	for i, from := range sealings {
		name := fmt.Sprintf("s%d", i)
		s.send("PUT /vault/" + name + "\n" + strings.ReplaceAll(from.ask, "KEY", key) + "\nhello")
		s.must(t, 200)
		for j, to := range sealings {
			t.Run(from.name+" to "+to.name, func(t *testing.T) {
				target := fmt.Sprintf("/archive/%s-%d", name, j)
				s.send("PUT " + target + "\nx-amz-copy-source: vault/" + name + "\n" + strings.ReplaceAll(from.read, "@key", "@source-key") + strings.ReplaceAll(to.ask, "KEY", key))
				s.must(t, 200)
				s.says(t, to, key)
				s.send("GET " + target + "\n" + to.read)
				s.must(t, 200)
				s.says(t, to, key)
				if string(s.body) != "hello" {
					t.Errorf("%q came back", s.body)
				}
				if got := strings.Trim(s.answer.Header.Get("ETag"), `"`); (got == sum("hello")) != to.md5 || len(got) != 32 {
					t.Errorf("ETag %s", got)
				}
				if to.read != "" {
					s.send("GET " + target)
					s.must(t, 400)
				}
			})
		}
	}
}

func TestAMultipartUploadWithEveryEncryption(t *testing.T) {
	s, key := encrypting(t)
	first, second := strings.Repeat("a", 5<<20), "the end"
	for i, w := range sealings {
		t.Run(w.name, func(t *testing.T) {
			target := fmt.Sprintf("/vault/m%d", i)
			s.send("POST " + target + "?uploads\n" + strings.ReplaceAll(w.ask, "KEY", key))
			s.must(t, 200)
			s.says(t, w, key)
			for _, problem := range s.want("200\nsave U element UploadId") {
				t.Fatal(problem)
			}
			var etags []string
			for n, body := range []string{first, second} {
				s.send(fmt.Sprintf("PUT %s?uploadId=%s&partNumber=%d\n%s\n%s", target, s.vars["U"], n+1, w.read, body))
				s.must(t, 200)
				s.says(t, w, key)
				etags = append(etags, strings.Trim(s.answer.Header.Get("ETag"), `"`))
				if (etags[n] == sum(body)) != w.md5 {
					t.Errorf("ETag of part %d: %s", n+1, etags[n])
				}
			}
			s.send("GET " + target + "?uploadId=" + s.vars["U"])
			s.must(t, 200)
			s.send(fmt.Sprintf("POST %s?uploadId=%s\n%s\n<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>%s</ETag></Part><Part><PartNumber>2</PartNumber><ETag>%s</ETag></Part></CompleteMultipartUpload>",
				target, s.vars["U"], w.read, etags[0], etags[1]))
			s.must(t, 200)
			if w.method != "" {
				s.says(t, w, key)
			}
			s.send("GET " + target + "\nRange: bytes=5242878-5242882\n" + w.read)
			s.must(t, 206)
			s.says(t, w, key)
			if string(s.body) != "aathe" {
				t.Errorf("%q came back", s.body)
			}
			raw, _ := hex.DecodeString(etags[0] + etags[1])
			if got := strings.Trim(s.answer.Header.Get("ETag"), `"`); got != sum(string(raw))+"-2" {
				t.Errorf("ETag %s is not that of the parts", got)
			}
			if calls := s.kmsCalls(); strings.HasPrefix(w.method, "aws:kms") && !slices.Equal(calls, []string{"kms:Decrypt"}) {
				t.Errorf("a read of two parts asks KMS for %v", calls)
			}
		})
	}
}

// kmsCalls are the actions of KMS that the last request asked for.
func (s *script) kmsCalls() (out []string) {
	traces := s.simulator.Traces()
	for _, a := range traces[len(traces)-1].Authorization {
		if strings.HasPrefix(a.Action, "kms:") {
			out = append(out, a.Action)
		}
	}
	return out
}

// A trace says which key, why this one, and with which context KMS was asked.
func TestATraceExplainsTheKMSKey(t *testing.T) {
	s, key := encrypting(t)
	last := func() *exchange.Trace {
		traces := s.simulator.Traces()
		return traces[len(traces)-1]
	}
	s.send("PUT /vault/a\n" + strings.ReplaceAll(sealings[5].ask, "KEY", key) + "\nhello")
	s.must(t, 200)
	k := last().Seal.KMS
	if k == nil || k.ARN != key || k.Because != "request header" || k.Context["aws:s3:arn"] != "arn:aws:s3:::vault" || !k.BucketKey || k.Reused {
		t.Fatalf("%+v", k)
	}
	s.send("PUT /vault/b\n" + strings.ReplaceAll(sealings[5].ask, "KEY", key) + "\nhello")
	if k := last().Seal.KMS; !k.Reused || !slices.ContainsFunc(last().Notes, func(n string) bool { return strings.Contains(n, "KMS is not called for this object") }) {
		t.Errorf("the bucket key is made twice: %+v, %q", k, last().Notes)
	}
	s.send("PUT /vault/c\n@as root\n" + strings.ReplaceAll(sealings[5].ask, "KEY", key) + "\nhello")
	if last().Seal.KMS.Reused {
		t.Error("another caller gets a bucket key that KMS never gave him")
	}
	s.jump("2h")
	s.send("PUT /vault/d\n" + strings.ReplaceAll(sealings[5].ask, "KEY", key) + "\nhello")
	if last().Seal.KMS.Reused {
		t.Error("a bucket key is held for ever")
	}
	s.send("GET /vault/b")
	s.must(t, 200)
	if k := last().Open.KMS; k.ARN != key || k.Context["aws:s3:arn"] != "arn:aws:s3:::vault" {
		t.Errorf("%+v", k)
	}
	s.send("PUT /vault/e\nx-amz-server-side-encryption: aws:kms\n\nhello")
	if k := last().Seal.KMS; k.Because != "AWS managed key" || k.Context["aws:s3:arn"] != "arn:aws:s3:::vault/e" {
		t.Errorf("%+v", k)
	}
	s.send("PUT /vault/f\nx-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: nothing\n\nhello")
	s.must(t, 400)
	if d := last().Seal; d.Refusal == nil || d.Checks[len(d.Checks)-1].Passed {
		t.Errorf("the trace does not show the refusal: %+v", d)
	}
}

// Whoever holds a wrong customer key never sees a byte of an object, whatever the headers say besides.
func TestAWrongCustomerKeyNeverYieldsPlaintext(t *testing.T) {
	s, key := encrypting(t)
	const secret = "ZQXJ is what nobody else may see"
	for i, w := range sealings {
		s.send(fmt.Sprintf("PUT /vault/o%d\n%s\n%s", i, strings.ReplaceAll(w.ask, "KEY", key), secret))
		s.must(t, 200)
	}
	rapid.Check(t, func(r *rapid.T) {
		wrong := rapid.StringOfN(rapid.RuneFrom([]rune("abcdef0123456789")), 32, 32, 32).Draw(r, "key")
		if wrong == keyA {
			return
		}
		i := rapid.IntRange(0, len(sealings)-1).Draw(r, "object")
		verb := rapid.SampledFrom([]string{"GET", "HEAD", "copy", "part", "attributes"}).Draw(r, "verb")
		lines := rapid.SampledFrom([]string{"", "Range: bytes=0-3\n", "x-amz-checksum-mode: ENABLED\n"}).Draw(r, "lines")
		switch verb {
		case "copy":
			s.send(fmt.Sprintf("PUT /archive/x\nx-amz-copy-source: vault/o%d\n@source-key %s\n", i, wrong))
		case "attributes":
			s.send(fmt.Sprintf("GET /vault/o%d?attributes\nx-amz-object-attributes: ETag,Checksum\n@key %s\n", i, wrong))
		case "part":
			s.send(fmt.Sprintf("GET /vault/o%d?partNumber=1\n@key %s\n", i, wrong))
		default:
			s.send(fmt.Sprintf("%s /vault/o%d\n%s@key %s\n", verb, i, lines, wrong))
		}
		if s.answer.StatusCode < 400 || strings.Contains(string(s.body), secret[:4]) {
			r.Fatalf("%s of %s with key %s: %s %s", verb, sealings[i].name, wrong, s.answer.Status, s.body)
		}
	})
}

// A held bucket key saves a call to KMS, never the question whether the caller may use the key.
func TestAHeldBucketKeyIsNoPermission(t *testing.T) {
	s, key := encrypting(t)
	ask := strings.ReplaceAll(sealings[5].ask, "KEY", key)
	s.send("PUT /vault/a\n" + ask + "\nhello")
	s.must(t, 200)
	s.send("POST /\n@kms PutKeyPolicy\n\n" + `{"KeyId":"` + key + `","PolicyName":"default","BypassPolicyLockoutSafetyCheck":true,"Policy":"` +
		strings.ReplaceAll(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"kms:GenerateDataKey","Resource":"*"}]}`, `"`, `\"`) + `"}`)
	s.must(t, 200)
	s.send("PUT /vault/b\n" + ask + "\nhello")
	s.must(t, 403)
	s.send("GET /vault/a")
	s.must(t, 200)
	s.send("POST /\n@kms DisableKey\n\n{\"KeyId\":\"" + key + "\"}")
	s.must(t, 200)
	s.send("GET /vault/a")
	s.must(t, 400)
}

// The shadow run of a refused upload asks the key too, and leaves neither a bucket key nor a managed key behind.
func TestTheShadowRunLeavesNoKey(t *testing.T) {
	s, _ := encrypting(t)
	s.send("PUT /vault?policy\n\n" + `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::vault/*"}]}`)
	s.must(t, 204)
	s.send("PUT /vault/a\nx-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-bucket-key-enabled: true\n\nhello")
	s.must(t, 403)
	traces := s.simulator.Traces()
	shadow := traces[len(traces)-1].Shadow
	if shadow == nil || shadow.Fault != nil || shadow.Seal == nil || shadow.Seal.KMS == nil || shadow.Seal.KMS.ARN == "" {
		t.Fatalf("%+v", shadow)
	}
	s.simulator.View(func(w *World) {
		if b, _ := w.Bucket("vault"); len(b.Config) > 0 {
			t.Error("a bucket key is held")
		}
		if keys := w.KMSKeys("111122223333", "us-east-1"); len(keys) != 1 {
			t.Errorf("%d keys", len(keys))
		}
	})
}
