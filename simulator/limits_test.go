package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func TestLimitsAreErrorsOfS3(t *testing.T) {
	s := newScript(t, "2026")
	w := world.New(world.Options{Seed: "small", Limits: world.Limits{ObjectBytes: 10, SandboxBytes: 25, Buckets: 2, Versions: 3}})
	s.simulator = New(Options{World: w})
	k, _ := w.KeyOf(world.DefaultAccount, "admin")
	s.who = &sigv4.Keys{AccessKey: k.ID, Secret: k.Secret}
	s.run(`
-- request: a bucket --
PUT /vault
-- want --
200
-- request: an object of the most bytes --
PUT /vault/a

0123456789
-- want --
200
-- request: one more byte --
PUT /vault/b

0123456789+
-- want --
400 EntityTooLarge
message Your proposed upload exceeds the maximum allowed size
element ProposedSize 11
element MaxSizeAllowed 10
-- request: another of the most --
PUT /vault/b

0123456789
-- want --
200
-- request: now the sandbox is full --
PUT /vault/c

0123456789
-- want --
400 EntityTooLarge
element ProposedSize 30
element MaxSizeAllowed 25
-- request: replacing gives its bytes back --
PUT /vault/b

9876543210
-- want --
200
-- request: a third version --
PUT /vault/c
-- want --
200
-- request: a fourth --
PUT /vault/d
-- want --
400 InvalidRequest
message This sandbox keeps at most 3 versions.
-- request: a second bucket --
PUT /second
-- want --
200
-- request: a third --
PUT /third
-- want --
400 TooManyBuckets
message You have attempted to create more buckets than allowed
`)
	s.run("-- request: a long key --\nGET /vault/" + strings.Repeat("k", wire.KeyBytes+1) + "\n-- want --\n400 KeyTooLongError\nelement Size 1025\nelement MaxSizeAllowed 1024\n")
	s.run("-- request: much metadata --\nPUT /vault/a\nx-amz-meta-m: " + strings.Repeat("m", wire.MetadataBytes) + "\n\nx\n-- want --\n400 MetadataTooLarge\nelement Size 2049\nelement MaxSizeAllowed 2048\n")
	s.run("-- request: many headers --\nGET /vault/a\nx-much: " + strings.Repeat("m", wire.HeaderBytes) + "\n-- want --\n400 RequestHeaderSectionTooLarge\nelement MaxSizeAllowed 8192\n")
	s.run("-- request: deep XML --\nPUT /vault?versioning\n\n" + strings.Repeat("<a>", 100) + "\n-- want --\n400 MalformedXML\n")
	s.run("-- request: a number that is too long --\nGET /vault?max-keys=99999999999999999999\n-- want --\n400 InvalidArgument\nelement ArgumentName max-keys\nelement ArgumentValue 99999999999999999999\n")
}

// What is signed for another service gets an error its client can read.
func TestOtherServicesAreNamed(t *testing.T) {
	for service, want := range map[string]string{"organizations": `"message":"AWS Organizations is not imitated`, "s3express": "<Error><Code>NotImplemented"} {
		s := newScript(t, "2026")
		r, _ := http.NewRequest("POST", "http://localhost/", strings.NewReader("{}"))
		sigv4.Sign(r, s.keys("alice"), "us-east-1", service, "UNSIGNED-PAYLOAD", s.now())
		answer, err := s.simulator.Client(Transport{}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != 501 || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s %s", service, answer.Status, body)
		}
		if service == "organizations" && !json.Valid(body) {
			t.Errorf("no JSON: %s", body)
		}
		if trace := s.last(); trace.Service != service || len(trace.Notes) == 0 {
			t.Errorf("%s: %q %q", service, trace.Service, trace.Notes)
		}
	}
}

// Every answer says who gives it and when, and spells its own headers in small letters, as S3 does.
func TestHeadersOfEveryAnswer(t *testing.T) {
	s := newScript(t, "2026")
	for _, method := range []string{"GET", "HEAD", "PATCH", "OPTIONS"} {
		w := httptest.NewRecorder()
		s.simulator.ServeHTTP(w, httptest.NewRequest(method, "/nowhere/key", nil))
		trace := s.last()
		small := map[string][]string(w.Header())
		if got := small["x-amz-request-id"]; !slices.Equal(got, []string{trace.ID}) || len(trace.ID) != 16 {
			t.Errorf("%s: request id %q, trace %q", method, got, trace.ID)
		}
		if got := small["x-amz-id-2"]; !slices.Equal(got, []string{trace.HostID}) {
			t.Errorf("%s: host id %q", method, got)
		}
		if w.Header().Get("Server") != "AmazonS3" || w.Header().Get("Date") != "Mon, 01 Jun 2026 00:00:00 GMT" {
			t.Errorf("%s: %v", method, w.Header())
		}
		if method == "HEAD" && w.Body.Len() > 0 {
			t.Error("HEAD has a body")
		}
	}
}

func TestATraceOfAPresignedLinkHidesNothingButSecrets(t *testing.T) {
	s := newScript(t, "2026")
	s.run("-- request: a link --\nGET /vault/a?response-content-type=text/plain\n@presign 60\n")
	trace := s.last()
	if !strings.Contains(trace.Request.Target, "X-Amz-Signature=") || !strings.Contains(trace.Request.Target, "response-content-type=text/plain") {
		t.Errorf("%s", trace.Request.Target)
	}
	if trace.Authentication.Scheme != "presigned" {
		t.Errorf("%+v", trace.Authentication)
	}
}
