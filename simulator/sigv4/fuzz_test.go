package sigv4_test

import (
	"net/http"
	"strings"
	"testing"

	"keyhole/simulator/sigv4"
)

// A foreign Authorization header never panics, and only the right signature passes.
func FuzzAuthorizationHeader(f *testing.F) {
	r, _ := http.NewRequest("GET", "http://127.0.0.1:9000/vault/secret.txt", nil)
	sigv4.Sign(r, alice, "us-east-1", "s3", sha(""), noon)
	good := r.Header.Get("Authorization")
	for _, seed := range []string{good, "AWS a:b", "AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;;,Signature=", "garbage", "AWS4-HMAC-SHA256 ,,", strings.Replace(good, "host;", "", 1)} {
		f.Add(seed, "20260601T120000Z")
	}
	f.Fuzz(func(t *testing.T, authorization, date string) {
		in := sigv4.FromHTTP(r)
		in.Header = r.Header.Clone()
		in.Header.Set("Authorization", authorization)
		in.Header.Set("X-Amz-Date", date)
		d := sigv4.Verify(in, options(noon))
		if d.Refusal == nil && d.Scheme == "header" && !strings.HasSuffix(strings.ReplaceAll(authorization, " ", ""), good[len(good)-64:]) &&
			!strings.Contains(authorization, good[len(good)-64:]) {
			t.Fatalf("accepted %q", authorization)
		}
		if d.Refusal != nil && (d.Refusal.Status < 400 || d.Refusal.Status > 403 || d.Refusal.Code == "" || d.Refusal.Message == "") {
			t.Fatalf("refusal %+v", d.Refusal)
		}
		sigv4.Peek(in)
	})
}

// A foreign query never panics and never passes for a link that was not signed.
func FuzzPresignQuery(f *testing.F) {
	for _, seed := range []string{exampleLink, "X-Amz-Signature=", "X-Amz-Algorithm&&&=%zz", "AWSAccessKeyId=a&Signature=b&Expires=1", strings.ReplaceAll(exampleLink, "86400", "-1"), "acl&x-amz-acl=private"} {
		f.Add(seed, "/test.txt")
	}
	f.Fuzz(func(t *testing.T, query, path string) {
		in := exampleLinkRequest()
		in.RawQuery, in.Path = query, path
		d := sigv4.Verify(in, options(may24))
		if d.Refusal == nil && d.Scheme == "presigned" && (!strings.Contains(query, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")) {
			t.Fatalf("accepted %q", query)
		}
		sigv4.Peek(in)
		sigv4.EffectiveHeader(in)
	})
}

// Foreign fields of a browser's form never panic, and pass only with the signature of the policy that they hold.
func FuzzFormFields(f *testing.F) {
	const policy = "eyJleHBpcmF0aW9uIjoieCJ9"
	v4, v2 := sigv4.SignForm(policy, alice, "us-east-1", noon), sigv4.SignFormV2(policy, alice)
	scope := alice.AccessKey + "/20260601/us-east-1/s3/aws4_request"
	f.Add(policy, "AWS4-HMAC-SHA256", scope, "20260601T120000Z", v4, "", "")
	f.Add(policy, "", "", "", "", alice.AccessKey, v2)
	f.Add(policy+"e30=", "AWS4-HMAC-SHA256", scope, "20260601T120000Z", v4, "", "")
	f.Add(policy, "", "", "", "", alice.AccessKey, v4)
	f.Add("", "AWS4-HMAC-SHA256", "////", "20260601T120000Z", "x", alice.AccessKey, "")
	f.Add(policy, "AWS4-ECDSA-P256-SHA256", scope, "2026", v4, "", "")
	f.Fuzz(func(t *testing.T, text, algorithm, credential, date, signature, key, older string) {
		fields := map[string]string{"policy": text, "x-amz-algorithm": algorithm, "x-amz-credential": credential, "x-amz-date": date,
			"x-amz-signature": signature, "awsaccesskeyid": key, "signature": older}
		d := sigv4.VerifyForm(func(name string) (string, bool) { return fields[name], fields[name] != "" }, options(noon))
		switch {
		case d.Refusal == nil && d.Scheme != "anonymous" && (text != policy || signature != v4 && older != v2):
			t.Fatalf("accepted %q", fields)
		case d.Refusal == nil && d.Scheme == "anonymous" && algorithm+credential+date+signature+key+older != "":
			t.Fatalf("taken for anonymous: %q", fields)
		case d.Refusal != nil && (d.Refusal.Status < 400 || d.Refusal.Status > 403 || d.Refusal.Code == "" || d.Refusal.Message == ""):
			t.Fatalf("refusal %+v", d.Refusal)
		}
	})
}
