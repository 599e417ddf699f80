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
