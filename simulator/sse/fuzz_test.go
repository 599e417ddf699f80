package sse_test

import (
	"net/http"
	"testing"

	"keyhole/simulator/sse"
)

// Foreign headers never panic, and a write is accepted with a customer key only when everything about it is right.
func FuzzHeaders(f *testing.F) {
	f.Add("", "AES256", b64(key32), md5of(key32), true)
	f.Add("AES256", "", "", "", false)
	f.Add("aws:kms", "KMS", "not base64", "md5", true)
	f.Add("", "AES256", b64(key24), md5of(key24), false)
	stored, ciphertext := sse.Encrypt([]byte("secret"), sse.SSEC, nil, sse.NewCustomerSecret([]byte(key32)), counter())
	f.Fuzz(func(t *testing.T, method, algorithm, key, md5 string, secure bool) {
		in := http.Header{}
		for name, value := range map[string]string{h: method, h + "-customer-algorithm": algorithm, h + "-customer-key": key, h + "-customer-key-MD5": md5} {
			if value != "" {
				in.Set(name, value)
			}
		}
		asked := sse.Read(in)
		d, secret := sse.Seal(asked, unblocked, secure, who)
		if d.Refusal == nil && asked.Customer() && (!secure || algorithm != "AES256" || method != "" || secret.MD5() != md5) {
			t.Fatalf("accepted %v over %v", in, secure)
		}
		if d.Refusal == nil && d.Method == sse.SSEC {
			sse.Encrypt([]byte("x"), d.Method, nil, secret, counter())
		}
		o, opened := sse.Open(asked, stored, secure, false)
		plain, err := sse.Decrypt(stored, ciphertext, nil, opened)
		if (o.Refusal == nil) != (err == nil) || o.Refusal == nil && (key != b64(key32) && string(plain) != "secret") {
			t.Fatalf("opened %v: %v, %v", in, o.Refusal, err)
		}
		sse.MatchUpload(asked, sse.SSEC, stored.Customer, secure)
		sse.Redact(key)
	})
}
