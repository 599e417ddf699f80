package sigv4_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"pgregory.net/rapid"

	"keyhole/simulator/sigv4"
)

var bytesOfKeys = rapid.StringMatching(`[a-zA-Z0-9 _.~!*'()/+=&%$@,;:é€-]{1,24}`)

// drawn is a request as the AWS SDK for Go signs it, in header or query.
func drawn(t *rapid.T) sigv4.Request {
	// The SDK puts the path on the wire with S3's escaping, so it is escaped here as its serializer does.
	path := "/" + escapeLikeSDK(bytesOfKeys.Draw(t, "key"))
	query := url.Values{}
	for range rapid.IntRange(0, 3).Draw(t, "parameters") {
		query.Add(rapid.StringMatching(`[a-z][a-z-]{0,8}`).Draw(t, "name"), bytesOfKeys.Draw(t, "value"))
	}
	r, err := http.NewRequest(rapid.SampledFrom([]string{"GET", "PUT", "HEAD", "DELETE", "POST"}).Draw(t, "method"), "http://s3.localhost:9000/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Path, _ = url.PathUnescape(path)
	r.URL.RawPath = path
	r.URL.RawQuery = query.Encode()
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		r.Header.Set("X-Amz-Meta-"+rapid.StringMatching(`[a-z]{1,6}`).Draw(t, "header"), rapid.StringMatching(`[ -~]{0,20}`).Draw(t, "header value"))
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true; o.DisableHeaderHoisting = true })
	cred := aws.Credentials{AccessKeyID: akid, SecretAccessKey: secret}
	if rapid.Bool().Draw(t, "link") {
		q := r.URL.Query()
		q.Set("X-Amz-Expires", "3600")
		r.URL.RawQuery = q.Encode()
		signedURL, headers, err := signer.PresignHTTP(context.Background(), cred, r, "UNSIGNED-PAYLOAD", "s3", "us-east-1", noon)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(signedURL)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.Header = u, headers
		r.Header.Del("Host")
	} else {
		r.Header.Set("X-Amz-Content-Sha256", sha(""))
		if err := signer.SignHTTP(context.Background(), cred, r, sha(""), "s3", "us-east-1", noon); err != nil {
			t.Fatal(err)
		}
	}
	return sigv4.FromHTTP(r)
}

func escapeLikeSDK(key string) string {
	const digits = "0123456789ABCDEF"
	var b bytes.Buffer
	for i := range len(key) {
		c := key[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || bytes.IndexByte([]byte("-._~/"), c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

func TestWhatTheSDKSignsIsAcceptedAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		if d := sigv4.Verify(in, options(noon.Add(time.Minute))); d.Refusal != nil {
			t.Fatalf("refused: %s: %s\n%s", d.Refusal.Code, d.Refusal.Message, d.CanonicalRequest)
		}
		bad := in
		bad.Header = in.Header.Clone()
		what := rapid.SampledFrom([]string{"method", "path", "query", "header", "new header", "host"}).Draw(t, "what")
		switch what {
		case "method":
			bad.Method = "X" + in.Method
		case "path":
			bad.Path = flip(t, in.Path)
			if before, err := url.PathUnescape(in.Path); err == nil {
				if after, err := url.PathUnescape(bad.Path); err == nil && before == after {
					return // spelled otherwise, the same key
				}
			}
		case "query":
			if in.RawQuery == "" {
				bad.RawQuery = "acl"
				break
			}
			bad.RawQuery = flip(t, in.RawQuery)
			before, err1 := url.ParseQuery(in.RawQuery)
			after, err2 := url.ParseQuery(bad.RawQuery)
			if err1 == nil && err2 == nil && before.Encode() == after.Encode() {
				return
			}
		case "header":
			for name := range in.Header {
				if name == "Accept-Encoding" || name == "User-Agent" {
					continue
				}
				bad.Header.Set(name, in.Header.Get(name)+"x")
				break
			}
			if len(in.Header) == 0 {
				bad.Header.Set("X-Amz-Acl", "public-read")
			}
		case "new header":
			bad.Header.Set("X-Amz-New", "1")
		case "host":
			bad.Host = "x" + in.Host
		}
		if d := sigv4.Verify(bad, options(noon.Add(time.Minute))); d.Refusal == nil && d.Scheme != "anonymous" {
			t.Fatalf("%s tampered with and accepted:\n%+v\n%s", what, bad, d.CanonicalRequest)
		}
	})
}

// flip changes one byte to another that may stand in an address.
func flip(t *rapid.T, s string) string {
	b := []byte(s)
	i := rapid.IntRange(0, len(b)-1).Draw(t, "at")
	to := rapid.SampledFrom([]byte("abcxyzABC0129-._~/=%&+")).Draw(t, "to")
	if b[i] == to {
		to = 'q'
	}
	b[i] = to
	return string(b)
}
