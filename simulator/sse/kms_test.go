package sse_test

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/sse"
)

const keyARN = "arn:aws:kms:us-east-1:111122223333:key/134f2428-cec1-4b25-a1ae-9048164dba47"

func TestTheSecondLadderSaysWhichKeyAndWhy(t *testing.T) {
	named := sse.Default{Algorithm: "aws:kms", KMSKey: "alias/bucket", BucketKey: true}
	for _, c := range []struct {
		name      string
		sent      string
		bucket    sse.Default
		method    sse.Method
		key       string
		because   string
		rungs     string
		bucketKey bool
	}{
		{"the request names method and key", "method=aws:kms kms-key=alias/mine", unblocked, sse.SSEKMS, "alias/mine", "request header", "alias/mine! none alias/aws/s3", false},
		{"the request names the method alone", "method=aws:kms", unblocked, sse.SSEKMS, "", "AWS managed key", "none none alias/aws/s3!", false},
		{"the method alone, where the bucket names a key: it does not count, but its bucket key does", "method=aws:kms", named, sse.SSEKMS, "", "AWS managed key", "none alias/bucket alias/aws/s3!", true},
		{"nothing, where the bucket names a key", "", named, sse.SSEKMS, "alias/bucket", "bucket default", "none alias/bucket! alias/aws/s3", true},
		{"nothing, where the bucket names only the method", "", sse.Default{Algorithm: "aws:kms:dsse"}, sse.DSSE, "", "AWS managed key", "none none alias/aws/s3!", false},
		{"the request switches the bucket key off", "bucket-key=false", named, sse.SSEKMS, "alias/bucket", "bucket default", "none alias/bucket! alias/aws/s3", false},
		{"the request switches the bucket key on", "method=aws:kms bucket-key=true", unblocked, sse.SSEKMS, "", "AWS managed key", "none none alias/aws/s3!", true},
		{"DSSE has none, whatever is asked", "method=aws:kms:dsse bucket-key=true", named, sse.DSSE, "", "AWS managed key", "none alias/bucket alias/aws/s3!", false},
		{"AES256 beats the bucket's KMS key", "method=AES256", named, sse.SSES3, "", "", "", false},
		{"an empty key id is no key id", "method=aws:kms kms-key=", unblocked, sse.SSEKMS, "", "AWS managed key", "none none alias/aws/s3!", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := sse.Seal(sse.Read(sends(c.sent)), c.bucket, true, who)
			if d.Refusal != nil || d.Method != c.method {
				t.Fatalf("%s, %v", d.Method, d.Refusal)
			}
			if d.KMS == nil {
				if c.rungs != "" {
					t.Fatal("no key was chosen")
				}
				return
			}
			var rungs []string
			for _, r := range d.KMS.Ladder {
				if r.Decided {
					r.Value += "!"
				}
				rungs = append(rungs, r.Value)
			}
			if got := strings.Join(rungs, " "); got != c.rungs || d.KMS.Asked != c.key || d.KMS.Because != c.because || d.KMS.BucketKey != c.bucketKey {
				t.Errorf("%q because of %q, bucket key %v, %s", d.KMS.Asked, d.KMS.Because, d.KMS.BucketKey, got)
			}
			if d.KMS.Bucket.Say == "" {
				t.Error("nobody says who decided about the bucket key")
			}
		})
	}
}

func TestTheContextNamesTheObjectOrWithABucketKeyTheBucket(t *testing.T) {
	for _, c := range []struct {
		name string
		sent string
		want map[string]string
	}{
		{"alone", "method=aws:kms", map[string]string{"aws:s3:arn": resource}},
		{"with a bucket key", "method=aws:kms bucket-key=true", map[string]string{"aws:s3:arn": "arn:aws:s3:::vault"}},
		{"with the client's pairs", "method=aws:kms context=" + b64(`{"project":"x"}`), map[string]string{"aws:s3:arn": resource, "project": "x"}},
		{"with both", "method=aws:kms bucket-key=true context=" + b64(`{"project":"x"}`), map[string]string{"aws:s3:arn": "arn:aws:s3:::vault", "project": "x"}},
		{"DSSE", "method=aws:kms:dsse bucket-key=true", map[string]string{"aws:s3:arn": resource}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := sse.Seal(sse.Read(sends(c.sent)), unblocked, true, who)
			d.KMS.Found(keyARN, "arn:aws:s3:::vault", resource)
			if !maps.Equal(d.KMS.Context, c.want) {
				t.Errorf("%v, want %v", d.KMS.Context, c.want)
			}
		})
	}
}

func TestAClientIsToldHowSomethingIsEncrypted(t *testing.T) {
	context := map[string]string{"aws:s3:arn": resource, "project": "x"}
	for _, c := range []struct {
		name    string
		sealed  sse.Sealed
		written bool
		want    string
	}{
		{"SSE-S3", sse.Sealed{Method: sse.SSES3}, true, "-: AES256"},
		{"SSE-C", sse.Sealed{Method: sse.SSEC, Customer: sse.CustomerKey{MD5: "JMwgiexXqwuPqIPjYFmIZQ=="}}, true, "-customer-algorithm: AES256, -customer-key-MD5: JMwgiexXqwuPqIPjYFmIZQ=="},
		{"not encrypted", sse.Sealed{}, true, ""},
		{"SSE-KMS", sse.Sealed{Method: sse.SSEKMS, KeyARN: keyARN}, true, "-: aws:kms, -aws-kms-key-id: " + keyARN},
		{"SSE-KMS with a bucket key", sse.Sealed{Method: sse.SSEKMS, KeyARN: keyARN, BucketKey: true}, false, "-: aws:kms, -aws-kms-key-id: " + keyARN + ", -bucket-key-enabled: true"},
		{"who writes sees the context, without S3's own pair", sse.Sealed{Method: sse.SSEKMS, KeyARN: keyARN, Context: context}, true,
			"-: aws:kms, -aws-kms-key-id: " + keyARN + ", -context: " + b64(`{"project":"x"}`)},
		{"who reads does not", sse.Sealed{Method: sse.SSEKMS, KeyARN: keyARN, Context: context}, false, "-: aws:kms, -aws-kms-key-id: " + keyARN},
		{"DSSE", sse.Sealed{Method: sse.DSSE, KeyARN: keyARN}, true, "-: aws:kms:dsse, -aws-kms-key-id: " + keyARN},
	} {
		var got []string
		for _, line := range sse.ResponseHeaders(c.sealed, c.written) {
			name := strings.TrimPrefix(line[0], h)
			if name == "" {
				name = "-"
			}
			got = append(got, name+": "+line[1])
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestKMSObjectsWantVersion4AndTLS(t *testing.T) {
	for _, c := range []struct {
		name           string
		signed, secure bool
		message        string
	}{
		{"both", true, true, ""},
		{"an older signature, or none", false, true, "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."},
		{"plain HTTP", true, false, "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection."},
		{"neither: the signature comes first", false, false, "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."},
	} {
		checks, r := sse.CheckTransport(c.signed, c.secure)
		if (r == nil) != (c.message == "") || r != nil && (r.Message != c.message || r.Code != "InvalidArgument" || r.Status != 400) {
			t.Errorf("%s: %+v", c.name, r)
		}
		if last := checks[len(checks)-1]; last.Passed != (r == nil) {
			t.Errorf("%s: the last check says %+v", c.name, last)
		}
	}
}

// The laws of the two KMS methods: only the data key that sealed opens, nothing kept shows it, a changed byte is noticed,
// and DSSE is one encryption inside another.
func TestWhatKMSSealsOpensWithItsDataKeyAndNoOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "plain")
		key, other := anyKey.Draw(t, "data key"), anyKey.Draw(t, "another data key")
		to := sse.Sealed{Method: rapid.SampledFrom([]sse.Method{sse.SSEKMS, sse.DSSE}).Draw(t, "method"), KeyARN: keyARN, WrappedKey: []byte("blob")}
		to.BucketKey = to.Method == sse.SSEKMS && rapid.Bool().Draw(t, "bucket key")
		secret := sse.NewCustomerSecret(key)
		random := drawRandom(t)
		s, c, err := sse.EncryptKMS(plain, to, secret, master, random)
		if err != nil {
			t.Fatal(err)
		}
		if s.KeyARN != keyARN || string(s.WrappedKey) != "blob" || (len(s.Outer.WrappedKey) > 0) != (to.Method == sse.DSSE) {
			t.Fatalf("%+v", s)
		}
		got, err := sse.DecryptKMS(s, c, secret, master)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("does not come back: %v", err)
		}
		if extra := len(c) - len(plain); extra != 16 && to.Method == sse.SSEKMS || extra != 32 && to.Method == sse.DSSE {
			t.Fatalf("%s adds %d bytes", to.Method, extra)
		}
		for name, kept := range map[string][]byte{"nonce": s.Nonce, "outer key": s.Outer.WrappedKey, "ciphertext": c} {
			if bytes.Contains(kept, key) {
				t.Fatalf("%s holds the data key", name)
			}
		}
		if !bytes.Equal(key, other) {
			if got, err := sse.DecryptKMS(s, c, sse.NewCustomerSecret(other), master); !errors.Is(err, sse.ErrDamaged) || got != nil {
				t.Fatalf("another data key gives %q, %v", got, err)
			}
		}
		if got, err := sse.DecryptKMS(s, c, sse.CustomerSecret{}, master); !errors.Is(err, sse.ErrNoDataKey) || got != nil {
			t.Fatalf("no data key gives %q, %v", got, err)
		}
		if m2 := anyKey.Draw(t, "another master"); to.Method == sse.DSSE && !bytes.Equal(m2, master) {
			if got, err := sse.DecryptKMS(s, c, secret, m2); err == nil || got != nil {
				t.Fatalf("one layer alone gives %q", got)
			}
		}
		wrong := s
		wrong.BucketKey = !s.BucketKey
		if got, err := sse.DecryptKMS(wrong, c, secret, master); err == nil || got != nil {
			t.Fatalf("the bucket key itself encrypts: %q", got)
		}
		c = bytes.Clone(c)
		c[rapid.IntRange(0, len(c)-1).Draw(t, "flip")] ^= 1
		if got, err := sse.DecryptKMS(s, c, secret, master); !errors.Is(err, sse.ErrDamaged) || got != nil {
			t.Fatalf("a changed byte gives %q, %v", got, err)
		}
	})
}

func FuzzContext(f *testing.F) {
	for _, seed := range []string{"", "e30=", b64(`{"a":"b"}`), b64(`{"a":1}`), b64(`{"aws:s3:arn":"x"}`), "!!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		pairs, r := sse.ParseContext(value)
		if (r == nil) == (pairs == nil) {
			t.Fatalf("%v, %v", pairs, r)
		}
		if r != nil {
			return
		}
		again, r := sse.ParseContext(sse.EncodeContext(pairs))
		if len(pairs) > 0 && (r != nil || !maps.Equal(again, pairs)) {
			t.Fatalf("%v comes back as %v, %v", pairs, again, r)
		}
	})
}
