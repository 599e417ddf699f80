package sigv4_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

var alice = sigv4.Keys{AccessKey: akid, Secret: secret}

// signed is a request of alice, signed at noon; edit comes before signing.
func signed(t *testing.T, method, target string, edit func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "http://127.0.0.1:9000"+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(r)
	}
	sigv4.Sign(r, alice, "us-east-1", "s3", sha(""), noon)
	return r
}

// linked is a presigned request of alice, good for an hour from noon.
func linked(t *testing.T, method, target string, edit func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "http://127.0.0.1:9000"+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(r)
	}
	sigv4.Presign(r, alice, "us-east-1", "s3", noon, time.Hour)
	return r
}

func replaceAuthorization(old, new string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
	}
}

func replaceQuery(old, new string) func(*http.Request) {
	return func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, old, new, 1) }
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

const malformed = "The authorization header is malformed; "
const inQuery = "Error parsing the X-Amz-Credential parameter; "
const expecting = `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`

func TestWhatIsWrongWithAHeaderIsSaidAsS3SaysIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		then    func(*http.Request) // after signing
		at      time.Duration       // after noon
		status  int
		code    string
		message string
		extra   string
	}{
		{"garbage", set("Authorization", "garbage"), 0, 400, "InvalidArgument", "Authorization header is invalid -- one and only one ' ' (space) required.", "ArgumentName=Authorization ArgumentValue=garbage"},
		{"another scheme", set("Authorization", "AWS2-HMAC-SHA1 x"), 0, 400, "InvalidArgument", "Unsupported Authorization Type", "ArgumentName=Authorization ArgumentValue=AWS2-HMAC-SHA1 x"},
		{"version 2 with a key nobody has", set("Authorization", "AWS AKID:sig"), 0, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "AWSAccessKeyId=AKID"},
		{"version 2 without a signature", set("Authorization", "AWS AKID"), 0, 400, "InvalidArgument", "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature", "ArgumentName=Authorization ArgumentValue=AWS AKID"},
		{"version 4A", set("Authorization", "AWS4-ECDSA-P256-SHA256 Credential=a"), 0, 400, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.", ""},
		{"two components", set("Authorization", "AWS4-HMAC-SHA256 Credential=a, Signature=b"), 0, 400, "AuthorizationHeaderMalformed", malformed + "the authorization header requires three components: Credential, SignedHeaders, and Signature.", ""},
		{"no credential", replaceAuthorization("Credential", "Credentials"), 0, 400, "AuthorizationHeaderMalformed", malformed + "missing Credential.", ""},
		{"no signed headers", replaceAuthorization("SignedHeaders", "Signed"), 0, 400, "AuthorizationHeaderMalformed", malformed + "missing SignedHeaders.", ""},
		{"no signature", replaceAuthorization("Signature", "Sig"), 0, 400, "AuthorizationHeaderMalformed", malformed + "missing Signature.", ""},
		{"two equal signs", set("Authorization", "AWS4-HMAC-SHA256 Credential=a=b, SignedHeaders=host, Signature=c"), 0, 400, "AuthorizationHeaderMalformed", malformed + `the authorization component "Credential=a=b" is malformed.`, ""},
		{"a credential with a part missing", replaceAuthorization("/us-east-1", ""), 0, 400, "AuthorizationHeaderMalformed", malformed + expecting, ""},
		{"another terminal", replaceAuthorization("aws4_request", "aws5_request"), 0, 400, "AuthorizationHeaderMalformed", malformed + `incorrect terminal "aws5_request". This endpoint uses "aws4_request".`, ""},
		{"another service", replaceAuthorization("/s3/", "/sqs/"), 0, 400, "AuthorizationHeaderMalformed", malformed + `incorrect service "sqs". This endpoint belongs to "s3".`, ""},
		{"another region", replaceAuthorization("us-east-1", "aws-global"), 0, 400, "AuthorizationHeaderMalformed", malformed + "the region 'aws-global' is wrong; expecting 'us-east-1'", "Region=us-east-1"},
		{"a day that is none", replaceAuthorization("20260601", "2026-6-1"), 0, 400, "AuthorizationHeaderMalformed", malformed + `incorrect date format "2026-6-1". This date in the credential must be in the format "yyyyMMdd".`, ""},
		{"another day", replaceAuthorization("20260601", "20260602"), 0, 400, "AuthorizationHeaderMalformed", malformed + "Invalid credential date. Date is not the same as X-Amz-Date.", ""},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, 0, 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header.", ""},
		{"a date that is none", set("X-Amz-Date", "noon"), 0, 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header.", ""},
		{"sixteen minutes late", nil, 16 * time.Minute, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "RequestTime=20260601T120000Z ServerTime=2026-06-01T12:16:00Z MaxAllowedSkewMilliseconds=900000"},
		{"sixteen minutes early", nil, -16 * time.Minute, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "RequestTime=20260601T120000Z ServerTime=2026-06-01T11:44:00Z MaxAllowedSkewMilliseconds=900000"},
		{"fifteen minutes late", nil, 15 * time.Minute, 0, "", "", ""},
		{"an unknown key", replaceAuthorization(akid, "AKIANOBODY"), 0, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "AWSAccessKeyId=AKIANOBODY"},
		{"no payload hash", func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, 0, 400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256", ""},
		{"a payload hash that is none", set("X-Amz-Content-Sha256", "none"), 0, 400, "InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.", "ArgumentName=x-amz-content-sha256 ArgumentValue=none"},
		{"a header added, unsigned", set("X-Amz-Meta-Wrong", "1"), 0, 403, "AccessDenied", "There were headers present in the request which were not signed", "HeadersNotSigned=x-amz-meta-wrong"},
		{"two headers added, unsigned", func(r *http.Request) {
			r.Header.Set("X-Amz-Meta-Wrong", "1")
			r.Header.Set("X-Amz-Acl", "private")
		}, 0, 403, "AccessDenied", "There were headers present in the request which were not signed", "HeadersNotSigned=x-amz-acl, x-amz-meta-wrong"},
		{"another kind of header added", set("Cache-Control", "no-store"), 0, 0, "", "", ""},
		{"also a link", func(r *http.Request) {
			r.URL.RawQuery = exampleLink
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 x")
		}, 0, 400, "InvalidArgument", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified", "ArgumentName=Authorization ArgumentValue=AWS4-HMAC-SHA256 x"},
		{"late and with an unknown key: the clock comes first", replaceAuthorization(akid, "AKIANOBODY"), time.Hour, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "RequestTime=20260601T120000Z ServerTime=2026-06-01T13:00:00Z MaxAllowedSkewMilliseconds=900000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := signed(t, "GET", "/vault/secret.txt", nil)
			if c.then != nil {
				c.then(r)
			}
			d := sigv4.Verify(sigv4.FromHTTP(r), options(noon.Add(c.at)))
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
		})
	}
}

func expect(t *testing.T, r *sigv4.Refusal, status int, code, message, extra string) {
	t.Helper()
	if status == 0 {
		if r != nil {
			t.Fatalf("refused: %s: %s", r.Code, r.Message)
		}
		return
	}
	if r == nil {
		t.Fatalf("accepted, want %d %s", status, code)
	}
	if r.Status != status || r.Code != code || r.Message != message || extras(r) != extra {
		t.Errorf("got  %d %s %q [%s]\nwant %d %s %q [%s]", r.Status, r.Code, r.Message, extras(r), status, code, message, extra)
	}
	if n := len(strings.Fields(r.Say)); n == 0 || n > 9 {
		t.Errorf("headline has %d words: %q", n, r.Say)
	}
}

func extras(r *sigv4.Refusal) string {
	var out []string
	for _, e := range r.Extra {
		out = append(out, e[0]+"="+e[1])
	}
	return strings.Join(out, " ")
}

func TestWhatIsWrongWithALinkIsSaidAsS3SaysIt(t *testing.T) {
	const parameters = "AuthorizationQueryParametersError"
	const six = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
	const long = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"
	for _, c := range []struct {
		name    string
		then    func(*http.Request)
		at      time.Duration
		status  int
		code    string
		message string
		extra   string
	}{
		{"good", nil, 0, 0, "", "", ""},
		{"good to the last second", nil, time.Hour, 0, "", "", ""},
		{"expired", nil, time.Hour + time.Second, 403, "AccessDenied", "Request has expired", "X-Amz-Expires=3600 Expires=2026-06-01T13:00:00Z ServerTime=2026-06-01T13:00:01Z"},
		{"expired and tampered with: expiry comes first", replaceQuery("X-Amz-Signature=", "X-Amz-Signature=0"), 2 * time.Hour, 403, "AccessDenied", "Request has expired", "X-Amz-Expires=3600 Expires=2026-06-01T13:00:00Z ServerTime=2026-06-01T14:00:00Z"},
		{"of the future", nil, -time.Hour, 403, "AccessDenied", "Request is not valid yet", ""},
		{"without its algorithm", replaceQuery("X-Amz-Algorithm", "X"), 0, 400, parameters, six, ""},
		{"without its credential", replaceQuery("X-Amz-Credential", "X"), 0, 400, parameters, six, ""},
		{"without its signature", replaceQuery("X-Amz-Signature", "X"), 0, 400, parameters, six, ""},
		{"without its date", replaceQuery("X-Amz-Date", "X"), 0, 400, parameters, six, ""},
		{"without its headers", replaceQuery("X-Amz-SignedHeaders", "X"), 0, 400, parameters, six, ""},
		{"without its life", replaceQuery("X-Amz-Expires", "X"), 0, 400, parameters, six, ""},
		{"with a name in lower case", replaceQuery("X-Amz-Expires", "x-amz-expires"), 0, 400, parameters, six, ""},
		{"with a credential encoded twice", replaceQuery("%2F20260601", "%252F20260601"), 0, 400, parameters, inQuery + expecting, ""},
		{"of another region", replaceQuery("us-east-1", "eu-west-1"), 0, 400, parameters, inQuery + "the region 'eu-west-1' is wrong; expecting 'us-east-1'", "Region=us-east-1"},
		{"with another algorithm", replaceQuery("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), 0, 400, parameters, `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`, ""},
		{"with a date that is none", replaceQuery("20260601T120000Z", "2026-06-01"), 0, 400, parameters, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`, ""},
		{"with another day", replaceQuery("20260601T120000Z", "20260602T120000Z"), 0, 400, parameters, `Invalid credential date "20260601". This date is not the same as X-Amz-Date: "20260602".`, ""},
		{"for a week", replaceQuery("Expires=3600", "Expires=604800"), 0, 403, "SignatureDoesNotMatch", "", ""},
		{"for more than a week", replaceQuery("Expires=3600", "Expires=604801"), 0, 400, parameters, long, ""},
		{"for ages", replaceQuery("Expires=3600", "Expires=99999999999999999999"), 0, 400, parameters, long, ""},
		{"for less than nothing", replaceQuery("Expires=3600", "Expires=-1"), 0, 400, parameters, "X-Amz-Expires must be non-negative", ""},
		{"for much less than nothing", replaceQuery("Expires=3600", "Expires=-99999999999999999999"), 0, 400, parameters, "X-Amz-Expires must be non-negative", ""},
		{"for a while", replaceQuery("Expires=3600", "Expires=while"), 0, 400, parameters, "X-Amz-Expires should be a number", ""},
		{"with an unknown key", replaceQuery(akid, "AKIANOBODY"), 0, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "AWSAccessKeyId=AKIANOBODY"},
		{"with a header added", set("X-Amz-Meta-Wrong", "1"), 0, 403, "AccessDenied", "There were headers present in the request which were not signed", "HeadersNotSigned=x-amz-meta-wrong"},
		{"with a header named like a parameter", set("X-Amz-Expires", "60"), 0, 403, "AccessDenied", "There were headers present in the request which were not signed", "HeadersNotSigned=x-amz-expires"},
		{"version 2, over", func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=a&Signature=b&Expires=1" }, 0, 403, "AccessDenied", "Request has expired", "Expires=1970-01-01T00:00:01Z ServerTime=2026-06-01T12:00:00Z"},
		{"version 2, an end that is no number", func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=a&Signature=b&Expires=soon" }, 0, 403, "AccessDenied", "Invalid date (should be seconds since epoch): soon", ""},
		{"version 2, incomplete", func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=a&Signature=b" }, 0, 403, "AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := linked(t, "GET", "/vault/secret.txt?versionId=1", nil)
			if c.then != nil {
				c.then(r)
			}
			d := sigv4.Verify(sigv4.FromHTTP(r), options(noon.Add(c.at)))
			if c.code == "SignatureDoesNotMatch" {
				if d.Refusal == nil || d.Refusal.Code != c.code {
					t.Fatalf("got %v", d.Refusal)
				}
				return
			}
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
		})
	}
}

func TestValuesInALinksQueryCountAsHeaders(t *testing.T) {
	for _, c := range []struct {
		name  string
		link  func(t *testing.T) *http.Request
		code  string
		names string // what EffectiveHeader gives for x-amz-meta-a
	}{
		{"in the query and signed as a header, not sent", signedInQuery, "", "one"},
		{"in the query and signed as a header, sent alike", func(t *testing.T) *http.Request {
			r := signedInQuery(t)
			r.Header.Set("X-Amz-Meta-A", "one")
			return r
		}, "", "one"},
		{"in the query and signed as a header, sent otherwise", func(t *testing.T) *http.Request {
			r := signedInQuery(t)
			r.Header.Set("X-Amz-Meta-A", "two")
			return r
		}, "SignatureDoesNotMatch", "two"},
		{"only in the query", func(t *testing.T) *http.Request { return linked(t, "PUT", "/b/k?x-amz-meta-a=one", nil) }, "", "one"},
		{"in the query, sent alike", func(t *testing.T) *http.Request {
			r := linked(t, "PUT", "/b/k?x-amz-meta-a=one", nil)
			r.Header.Set("X-Amz-Meta-A", "one")
			return r
		}, "", "one"},
		{"in the query, sent otherwise", func(t *testing.T) *http.Request {
			r := linked(t, "PUT", "/b/k?x-amz-meta-a=one", nil)
			r.Header.Set("X-Amz-Meta-A", "two")
			return r
		}, "SignatureDoesNotMatch", "two"},
		{"signed as a header, not sent", func(t *testing.T) *http.Request {
			r := linked(t, "PUT", "/b/k", set("X-Amz-Meta-A", "one"))
			r.Header.Del("X-Amz-Meta-A")
			return r
		}, "SignatureDoesNotMatch", ""},
		{"Content-MD5 signed, not sent", func(t *testing.T) *http.Request {
			r := linked(t, "PUT", "/b/k", set("Content-Md5", "x"))
			r.Header.Del("Content-Md5")
			return r
		}, "SignatureDoesNotMatch", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := sigv4.FromHTTP(c.link(t))
			d := sigv4.Verify(in, options(noon))
			code := ""
			if d.Refusal != nil {
				code = d.Refusal.Code
			}
			if code != c.code {
				t.Errorf("got %q, want %q\n%s", code, c.code, d.CanonicalRequest)
			}
			if got := sigv4.EffectiveHeader(in).Get("X-Amz-Meta-A"); got != c.names {
				t.Errorf("effective header %q, want %q", got, c.names)
			}
			if n := len(sigv4.EffectiveHeader(in).Values("X-Amz-Meta-A")); n > 1 {
				t.Errorf("the effective header has %d values", n)
			}
			if in.Header.Get("X-Amz-Date") != "" || sigv4.EffectiveHeader(in).Get("X-Amz-Date") != "" {
				t.Error("a signing parameter became a header")
			}
		})
	}
}

// signedInQuery is what the JavaScript SDK makes: the value in the query, its name among the signed headers.
func signedInQuery(t *testing.T) *http.Request {
	r := linked(t, "PUT", "/b/k?x-amz-meta-a=one", set("X-Amz-Meta-A", "one"))
	r.Header.Del("X-Amz-Meta-A")
	return r
}

func TestAMismatchShowsItsEvidence(t *testing.T) {
	r := signed(t, "GET", "/vault/secret.txt", nil)
	r.URL.Path = "/vault/other.txt"
	d := sigv4.Verify(sigv4.FromHTTP(r), options(noon))
	if d.Refusal == nil || d.Refusal.Status != 403 || d.Refusal.Code != "SignatureDoesNotMatch" ||
		d.Refusal.Message != "The request signature we calculated does not match the signature you provided. Check your key and signing method." {
		t.Fatalf("got %+v", d.Refusal)
	}
	var names []string
	values := map[string]string{}
	for _, e := range d.Refusal.Extra {
		names = append(names, e[0])
		values[e[0]] = e[1]
	}
	if got := strings.Join(names, " "); got != "AWSAccessKeyId StringToSign SignatureProvided StringToSignBytes CanonicalRequest CanonicalRequestBytes" {
		t.Errorf("elements %s", got)
	}
	if values["AWSAccessKeyId"] != akid || values["StringToSign"] != d.StringToSign || values["CanonicalRequest"] != d.CanonicalRequest ||
		!strings.HasPrefix(values["CanonicalRequestBytes"], "47 45 54 0a 2f 76 61 75 6c 74 2f 6f") || !strings.HasPrefix(values["StringToSignBytes"], "41 57 53 34 2d") {
		t.Errorf("values %v", values)
	}
	if !strings.HasPrefix(d.CanonicalRequest, "GET\n/vault/other.txt\n\nhost:127.0.0.1:9000\n") {
		t.Errorf("canonical request\n%s", d.CanonicalRequest)
	}
}

func TestPathsAreEncodedOnceAndNeverCleaned(t *testing.T) {
	for wire, want := range map[string]string{
		"/b//a/../k":       "/b//a/../k",
		"/b/a%20b":         "/b/a%20b",
		"/b/a+b":           "/b/a%2Bb",
		"/b/caf%c3%a9":     "/b/caf%C3%A9",
		"/%2Fb/k":          "//b/k",
		"/b/100%25":        "/b/100%25",
		"/b/(x)!'*~":       "/b/%28x%29%21%27%2A~",
		"":                 "/",
		"/b/broken%zzpath": "/b/broken%zzpath",
	} {
		in := sigv4.FromHTTP(signed(t, "GET", "/", nil))
		in.Path = wire
		if got := strings.Split(sigv4.Verify(in, options(noon)).CanonicalRequest, "\n")[1]; got != want {
			t.Errorf("%s is signed as %s, want %s", wire, got, want)
		}
	}
}

func TestADefaultPortMakesNoDifference(t *testing.T) {
	for _, c := range []struct{ signs, sends string }{
		{"s3.localhost", "s3.localhost:80"}, {"s3.localhost", "s3.localhost:443"}, {"s3.localhost:443", "s3.localhost"}, {"s3.localhost:80", "s3.localhost"}, {"[::1]", "[::1]:80"},
	} {
		in := sigv4.FromHTTP(signed(t, "GET", "/", func(r *http.Request) { r.Host = c.signs }))
		in.Host = c.sends
		if d := sigv4.Verify(in, options(noon)); d.Refusal != nil {
			t.Errorf("signs %s, sends %s: refused", c.signs, c.sends)
		}
		in.Host = "other.localhost"
		if d := sigv4.Verify(in, options(noon)); d.Refusal == nil {
			t.Errorf("another host passes for %s", c.signs)
		}
	}
	in := sigv4.FromHTTP(signed(t, "GET", "/", nil))
	in.Host = "127.0.0.1:9001"
	if d := sigv4.Verify(in, options(noon)); d.Refusal == nil {
		t.Error("another port passes")
	}
}

func TestAnUnsignedHostIsNamed(t *testing.T) {
	r, _ := http.NewRequest("GET", "http://127.0.0.1:9000/b/k", nil)
	sigv4.SignOnly(r, alice, "us-east-1", "s3", sha(""), noon, "x-amz-content-sha256", "x-amz-date")
	d := sigv4.Verify(sigv4.FromHTTP(r), options(noon))
	expect(t, d.Refusal, 403, "AccessDenied", "There were headers present in the request which were not signed", "HeadersNotSigned=host")
}

func TestNothingConfidentialIsEverShown(t *testing.T) {
	const key = "MTIzNDU2Nzg5MGFiY2RlZjEyMzQ1Njc4OTBhYmNkZWY="
	const token = "IQoJb3JpZ2luX2VjEXAMPLETOKEN"
	hide := func(r *http.Request) {
		r.Header.Set("X-Amz-Server-Side-Encryption-Customer-Key", key)
		r.Header.Set("X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key", key)
		r.Header.Set("X-Amz-Security-Token", token)
	}
	byHeader := signed(t, "PUT", "/b/k", hide)
	byLink := linked(t, "PUT", "/b/k?x-amz-server-side-encryption-customer-key="+url.QueryEscape(key)+"&X-Amz-Security-Token="+token, hide)
	for _, r := range []*http.Request{byHeader, byLink} {
		for _, path := range []string{"/b/k", "/b/tampered"} {
			in := sigv4.FromHTTP(r)
			in.Path = path
			d := sigv4.Verify(in, options(noon))
			if (d.Refusal != nil) != (path == "/b/tampered") {
				t.Fatalf("%s %s: refusal %v\n%s", d.Scheme, path, d.Refusal, d.CanonicalRequest)
			}
			shown := d.CanonicalRequest + d.StringToSign
			if d.Refusal != nil {
				shown += extras(d.Refusal)
			}
			for _, secret := range []string{key, token, url.QueryEscape(key), "4d 54 49 7a", "49 51 6f 4a", secret} {
				if strings.Contains(shown, secret) {
					t.Errorf("%s %s shows %q:\n%s", d.Scheme, path, secret, shown)
				}
			}
			if !strings.Contains(d.CanonicalRequest, "(redacted, 44 characters)") {
				t.Errorf("does not say that it redacts:\n%s", d.CanonicalRequest)
			}
		}
	}
}

func TestAnUnsignedRequestIsAnonymous(t *testing.T) {
	d := sigv4.Verify(sigv4.Request{Method: "GET", Path: "/", RawQuery: "list-type=2", Header: http.Header{}}, options(noon))
	if d.Scheme != "anonymous" || d.Refusal != nil {
		t.Errorf("decision %+v", d)
	}
	if _, _, ok := sigv4.Peek(sigv4.Request{Header: http.Header{}}); ok {
		t.Error("Peek finds a signature where there is none")
	}
}

func TestASessionTokenReachesTheLookup(t *testing.T) {
	for _, r := range []*http.Request{
		signed(t, "GET", "/", set("X-Amz-Security-Token", "tok")),
		linked(t, "GET", "/?X-Amz-Security-Token=tok", nil),
	} {
		for _, refusal := range []*sigv4.Refusal{nil, sigv4.ExpiredToken(), sigv4.InvalidToken()} {
			o := options(noon)
			o.Lookup = func(_, token string, _ *sigv4.Decision) (string, *sigv4.Refusal) {
				if token != "tok" {
					t.Errorf("token %q", token)
				}
				return secret, refusal
			}
			if d := sigv4.Verify(sigv4.FromHTTP(r), o); d.Refusal != refusal {
				t.Errorf("got %v, want %v", d.Refusal, refusal)
			}
		}
	}
}
