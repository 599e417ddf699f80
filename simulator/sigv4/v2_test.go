package sigv4_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
)

// The examples of "Signing and authenticating REST requests" in the S3 developer guide, with their published signatures.
func TestThePublishedExamplesOfVersion2(t *testing.T) {
	k := sigv4.Keys{AccessKey: akid, Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	for _, c := range []struct{ name, method, target, date, kind, bucket, signature string }{
		{"object get", "GET", "/photos/puppy.jpg", "Tue, 27 Mar 2007 19:36:42 +0000", "", "johnsmith", "bWq2s1WEIj+Ydj0vQ697zp+IXMU="},
		{"object get, the newer text", "GET", "/photos/puppy.jpg", "Tue, 27 Mar 2007 19:36:42 +0000", "", "awsexamplebucket1", "qgk2+6Sv9/oM7G3qLEjTH1a1l1g="},
		{"object put", "PUT", "/photos/puppy.jpg", "Tue, 27 Mar 2007 21:15:45 +0000", "image/jpeg", "johnsmith", "MyyxeRY7whkBe+bq8fHCL/2kKUg="},
		{"list: prefix and max-keys are not signed", "GET", "/?prefix=photos&max-keys=50&marker=puppy", "Tue, 27 Mar 2007 19:42:41 +0000", "", "johnsmith", "htDYFYduRNen8P9ZfE/s9SuKy0U="},
		{"fetch: the sub-resource is", "GET", "/?acl", "Tue, 27 Mar 2007 19:44:46 +0000", "", "johnsmith", "c2WLPFtWHVgbEmeEG93a4cG37dM="},
		{"a link", "GET", "/photos/puppy.jpg?AWSAccessKeyId=" + akid + "&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620", "", "", "johnsmith", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest(c.method, "http://"+c.bucket+".s3.amazonaws.com"+c.target, nil)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Unix(1175139000, 0).UTC()
			if c.date != "" {
				r.Header.Set("Date", c.date)
				r.Header.Set("Authorization", "AWS "+akid+":"+c.signature)
				now, _ = time.Parse(time.RFC1123Z, c.date)
			}
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			in := sigv4.FromHTTP(r)
			in.Bucket = c.bucket
			o := sigv4.Options{Service: "s3", Region: "us-east-1", Now: now, Lookup: func(string, string, *sigv4.Decision) (string, *sigv4.Refusal) { return k.Secret, nil }}
			d := sigv4.Verify(in, o)
			if d.Refusal != nil || d.Calculated == "" || !strings.HasSuffix(d.Scheme, " v2") {
				t.Fatalf("%+v\n%q", d.Refusal, d.StringToSign)
			}
			in.Path += "x"
			if d := sigv4.Verify(in, o); d.Refusal == nil || d.Refusal.Code != "SignatureDoesNotMatch" {
				t.Errorf("another path passes: %+v", d.Refusal)
			}
		})
	}
}

// What a Version 2 signature covers, and what it does not.
func TestWhatVersion2Covers(t *testing.T) {
	for _, c := range []struct {
		name string
		then func(r *http.Request)
		fine bool
	}{
		{"nothing changed", func(*http.Request) {}, true},
		{"an ordinary parameter added", func(r *http.Request) { r.URL.RawQuery += "&prefix=x" }, true},
		{"an ordinary header added", func(r *http.Request) { r.Header.Set("Cache-Control", "no-store") }, true},
		{"a sub-resource added", func(r *http.Request) { r.URL.RawQuery += "&acl" }, false},
		{"a response header chosen", func(r *http.Request) { r.URL.RawQuery += "&response-content-type=text/html" }, false},
		{"another version", func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "versionId=1", "versionId=2", 1)
		}, false},
		{"an x-amz header added", func(r *http.Request) { r.Header.Set("X-Amz-Meta-A", "b") }, false},
		{"an x-amz parameter added", func(r *http.Request) { r.URL.RawQuery += "&x-amz-acl=public-read" }, false},
		{"a content type added", func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }, false},
		{"a content type in the query", func(r *http.Request) { r.URL.RawQuery += "&content-type=text/html" }, false},
		{"a later end", func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "Expires=178", "Expires=179", 1)
		}, false},
		{"another method", func(r *http.Request) { r.Method = "DELETE" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest("GET", "http://127.0.0.1:9000/vault/a%20b?versionId=1", nil)
			if err != nil {
				t.Fatal(err)
			}
			sigv4.PresignV2(r, alice, "", noon.Add(time.Hour))
			c.then(r)
			d := sigv4.Verify(sigv4.FromHTTP(r), options(noon))
			if (d.Refusal == nil) != c.fine {
				t.Fatalf("refusal %+v of %q", d.Refusal, d.StringToSign)
			}
			if !c.fine && d.Refusal.Code != "SignatureDoesNotMatch" {
				t.Errorf("%s %s", d.Refusal.Code, d.Refusal.Message)
			}
		})
	}
}

func TestVersion2IsRefusedWhereARegionIsTooYoung(t *testing.T) {
	for region, young := range map[string]bool{"us-east-1": false, "eu-west-1": false, "eu-central-1": true, "us-east-2": true} {
		if sigv4.V4Only(region) != young {
			t.Errorf("%s", region)
		}
	}
	o := options(noon)
	o.NoV2 = true
	for _, header := range []bool{true, false} {
		r, err := http.NewRequest("GET", "http://127.0.0.1:9000/vault/a", nil)
		if err != nil {
			t.Fatal(err)
		}
		if header {
			sigv4.SignV2(r, alice, "", noon)
		} else {
			sigv4.PresignV2(r, alice, "", noon.Add(time.Hour))
		}
		d := sigv4.Verify(sigv4.FromHTTP(r), o)
		expect(t, d.Refusal, 400, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.", "")
	}
}

// The text that was signed is shown, and neither the token in it nor the customer key.
func TestVersion2ShowsNoSecret(t *testing.T) {
	r, err := http.NewRequest("PUT", "http://127.0.0.1:9000/vault/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Server-Side-Encryption-Customer-Key", "dGhpcyBpcyBhIGN1c3RvbWVyIGtleSBvZiAzMiBieXRlcw==")
	k := alice
	k.Token = "a-session-token-that-nobody-may-see"
	sigv4.SignV2(r, k, "", noon)
	d := sigv4.Verify(sigv4.FromHTTP(r), options(noon))
	text := d.StringToSign
	if d.Refusal != nil {
		for _, e := range d.Refusal.Extra {
			text += e[1]
		}
	}
	if strings.Contains(text, k.Token) || strings.Contains(text, "dGhpcyBpcyBh") || !strings.Contains(text, "(redacted, ") {
		t.Errorf("%q", text)
	}
}

// The vectors of facts/s3-wire.md are of whole forms; here the fields of one are taken away and changed.
func TestTheSigningFieldsOfAForm(t *testing.T) {
	const policy = "eyJleHBpcmF0aW9uIjogIjIwMjctMDEtMDFUMDA6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbXX0="
	v4 := map[string]string{"policy": policy, "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-date": "20260601T120000Z",
		"x-amz-credential": alice.AccessKey + "/20260601/us-east-1/s3/aws4_request", "x-amz-signature": sigv4.SignForm(policy, alice, "us-east-1", noon)}
	v2 := map[string]string{"policy": policy, "awsaccesskeyid": alice.AccessKey, "signature": sigv4.SignFormV2(policy, alice)}
	missing := func(name string) string {
		return "Bucket POST must contain a field named '" + name + "'.  If it is specified, please check the order of the fields."
	}
	for _, c := range []struct {
		name          string
		fields        map[string]string
		change        [2]string // "" takes the field away
		code, message string
	}{
		{"version 4", v4, [2]string{"key", "k"}, "", ""},
		{"version 2", v2, [2]string{"key", "k"}, "", ""},
		{"no algorithm", v4, [2]string{"x-amz-algorithm"}, "InvalidArgument", missing("X-Amz-Algorithm")},
		{"no credential", v4, [2]string{"x-amz-credential"}, "InvalidArgument", missing("X-Amz-Credential")},
		{"no signature", v4, [2]string{"x-amz-signature"}, "InvalidArgument", missing("X-Amz-Signature")},
		{"no date", v4, [2]string{"x-amz-date"}, "InvalidArgument", missing("X-Amz-Date")},
		{"no policy", v4, [2]string{"policy"}, "InvalidArgument", missing("policy")},
		{"version 2 without its key", v2, [2]string{"awsaccesskeyid"}, "InvalidArgument", missing("AWSAccessKeyId")},
		{"version 2 without its signature", v2, [2]string{"signature"}, "InvalidArgument", missing("Signature")},
		{"a date in another form", v4, [2]string{"x-amz-date", "2026-06-01"}, "InvalidArgument", "X-Amz-Date must be formated via ISO8601 Long format"},
		{"another region", v4, [2]string{"x-amz-credential", alice.AccessKey + "/20260601/eu-west-1/s3/aws4_request"}, "InvalidArgument", "the region 'eu-west-1' is wrong; expecting 'us-east-1'"},
		{"a credential of four", v4, [2]string{"x-amz-credential", "a/b/c/d"}, "InvalidArgument", `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`},
		{"version 4A", v4, [2]string{"x-amz-algorithm", "AWS4-ECDSA-P256-SHA256"}, "InvalidArgument", `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`},
		{"another policy", v4, [2]string{"policy", policy[1:]}, "SignatureDoesNotMatch", ""},
		{"another policy, version 2", v2, [2]string{"policy", policy[1:]}, "SignatureDoesNotMatch", ""},
		{"a stranger's key", v2, [2]string{"awsaccesskeyid", "AKIANOBODY"}, "InvalidAccessKeyId", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sigv4.VerifyForm(func(name string) (string, bool) {
				if name == c.change[0] {
					return c.change[1], c.change[1] != ""
				}
				value, sent := c.fields[name]
				return value, sent
			}, options(noon))
			got := sigv4.Refusal{}
			if d.Refusal != nil {
				got = *d.Refusal
			}
			if got.Code != c.code || c.message != "" && got.Message != c.message {
				t.Errorf("%s %q", got.Code, got.Message)
			}
		})
	}
	d := sigv4.VerifyForm(func(name string) (string, bool) {
		value, sent := v2[name]
		if name == "x-amz-security-token" {
			return "a token that the policy holds too", true
		}
		return value, sent
	}, options(noon))
	if !strings.HasPrefix(d.StringToSign, "(redacted, ") {
		t.Errorf("a policy with a token is shown: %q", d.StringToSign)
	}
	if d := sigv4.VerifyForm(func(string) (string, bool) { return "", false }, options(noon)); d.Scheme != "anonymous" {
		t.Errorf("without fields: %s", d.Scheme)
	}
}

// A foreign Version 2 request never panics, and passes only with a signature that was made for it.
func FuzzVersion2(f *testing.F) {
	r, _ := http.NewRequest("GET", "http://127.0.0.1:9000/vault/secret.txt?versionId=1", nil)
	sigv4.PresignV2(r, alice, "", noon.Add(time.Hour))
	good, _, _ := strings.Cut(r.URL.RawQuery[strings.Index(r.URL.RawQuery, "Signature=")+10:], "&")
	for _, seed := range [][2]string{{r.URL.RawQuery, ""}, {"AWSAccessKeyId&Signature&Expires", ""}, {"", "AWS " + alice.AccessKey + ":x"}, {"acl&acl=&response-expires=%zz&AWSAccessKeyId=a&Signature=b&Expires=99999999999999999999", "AWS :"}} {
		f.Add(seed[0], seed[1], "/vault/secret.txt", "x-amz-meta-a")
	}
	f.Fuzz(func(t *testing.T, query, authorization, path, header string) {
		in := sigv4.Request{Method: "GET", Path: path, RawQuery: query, Host: "127.0.0.1:9000", Header: http.Header{header: {"x"}, "Date": {noon.Format(http.TimeFormat)}}, Prefix: "/vault", Bucket: "b"}
		if authorization != "" {
			in.Header.Set("Authorization", authorization)
		}
		d := sigv4.Verify(in, options(noon))
		if strings.HasSuffix(d.Scheme, " v2") && d.Refusal == nil && !strings.Contains(query, good) {
			t.Fatalf("accepted %q %q", query, authorization)
		}
		if d.Refusal != nil && (d.Refusal.Status < 400 || d.Refusal.Status > 403 || d.Refusal.Message == "") {
			t.Fatalf("refusal %+v", d.Refusal)
		}
		sigv4.Peek(in)
		if names := slices.Collect(func(yield func(string) bool) {
			for name := range sigv4.EffectiveHeader(in) {
				if !yield(name) {
					return
				}
			}
		}); len(names) < len(in.Header) {
			t.Fatal("a header was lost")
		}
	})
}
