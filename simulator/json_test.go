package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sigv4"
)

// Every way in which a call of a JSON service goes wrong before its operation is asked.
func TestJSONServices(t *testing.T) {
	for _, row := range []struct {
		name, as, target, body string
		spoil                  func(*http.Request)
		status                 int
		want                   string
	}{
		{"a call", "alice", "ListKeys", "{}", nil, 200, `{"Keys":[],"Truncated":false}`},
		{"no body at all", "alice", "ListKeys", "", nil, 200, `{"Keys":[],"Truncated":false}`},
		{"members that there are not", "alice", "ListKeys", `{"Colour":"red","Limit":null}`, nil, 200, `{"Keys":[],"Truncated":false}`},
		{"a target that there is not", "alice", "GetLost", "{}", nil, 400, `{"__type":"UnknownOperationException"}`},
		{"no target", "alice", "ListKeys", "{}", func(r *http.Request) { r.Header.Del("X-Amz-Target") }, 400, `{"__type":"UnknownOperationException"}`},
		{"another method", "alice", "ListKeys", "{}", func(r *http.Request) { r.Method = "PUT" }, 400, `{"__type":"UnknownOperationException"}`},
		{"what is known and not imitated", "alice", "Sign", "{}", nil, 501, `{"__type":"NotImplemented","message":"Sign is not imitated by this simulator."}`},
		{"no JSON", "alice", "ListKeys", "{", nil, 400, `{"__type":"SerializationException"}`},
		{"a list", "alice", "ListKeys", "[]", nil, 400, `{"__type":"SerializationException"}`},
		{"nested too deep", "alice", "ListKeys", strings.Repeat("[", 100), nil, 400, `{"__type":"SerializationException"}`},
		{"a number for text", "alice", "DescribeKey", `{"KeyId":7}`, nil, 400, `{"__type":"SerializationException","message":"NUMBER_VALUE cannot be converted to String"}`},
		{"text for a number", "alice", "ListKeys", `{"Limit":"7"}`, nil, 400, `{"__type":"SerializationException","message":"STRING_VALUE cannot be converted to Integer"}`},
		{"half a number", "alice", "ListKeys", `{"Limit":7.5}`, nil, 400, `"__type":"SerializationException"`},
		{"a number beyond all", "alice", "ListKeys", `{"Limit":1e99}`, nil, 400, `"__type":"SerializationException"`},
		{"bytes that are not base64", "alice", "Decrypt", `{"CiphertextBlob":"*"}`, nil, 400, `"message":"Invalid Base64"`},
		{"nothing where something has to be", "alice", "DescribeKey", "{}", nil, 400, `{"__type":"ValidationException","message":"1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null"}`},
		{"two mistakes", "alice", "ListKeys", `{"Limit":0,"Marker":""}`, nil, 400,
			`"message":"2 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '' at 'marker' failed to satisfy constraint: Member must have length greater than or equal to 1"`},
		{"a body that is too long", "alice", "ListKeys", strings.Repeat(" ", exchange.JSONBytes+1), nil, 413, `"__type":"RequestEntityTooLargeException"`},
		{"unsigned", "nobody", "ListKeys", "{}", nil, 400, `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
		{"a body that was not signed", "alice", "ListKeys", "{}", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{ }")) }, 400, `{"__type":"InvalidSignatureException"`},
		{"a spoilt signature", "alice", "ListKeys", "{}", func(r *http.Request) {
			r.Header.Set("Authorization", r.Header.Get("Authorization")[:len(r.Header.Get("Authorization"))-1]+"x")
		}, 400,
			`{"__type":"InvalidSignatureException","message":"The request signature we calculated does not match`},
		{"a key of nobody", "alice", "ListKeys", "{}", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Credential=AKIA", "Credential=AKIB", 1))
		}, 400, `{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}`},
		{"a region of its own", "alice", "ListKeys", "{}", func(r *http.Request) { r.Host = "kms.eu-west-1.amazonaws.com" }, 400, `{"__type":"InvalidSignatureException","message":"Credential should be scoped to a valid region."}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := scriptOf(t, []byte(peopled))
			r, err := http.NewRequest("POST", "http://kms.us-east-1.amazonaws.com/", strings.NewReader(row.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Amz-Target", "TrentService."+row.target)
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
			if row.as != "nobody" {
				sum := sha256.Sum256([]byte(row.body))
				sigv4.Sign(r, s.keys(row.as), "us-east-1", "kms", hex.EncodeToString(sum[:]), s.now())
			}
			if row.spoil != nil {
				row.spoil(r)
			}
			answer, err := s.simulator.Client(Transport{Secure: true}).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != row.status || !strings.Contains(string(body), row.want) {
				t.Errorf("%d %s\nwant %d %s", answer.StatusCode, body, row.status, row.want)
			}
			if got := answer.Header.Get("Content-Type"); got != "application/x-amz-json-1.1" {
				t.Errorf("it calls itself %q", got)
			}
			if s.last().Service != "kms" || answer.Header.Get("X-Amzn-Requestid") == "" {
				t.Errorf("%q %v", s.last().Service, answer.Header)
			}
		})
	}
}

// A service is named with its package, as botocore writes it, or without, as the SDK for Go does.
func TestTargetsOfTheSDKs(t *testing.T) {
	for _, row := range []struct{ target, service, operation string }{
		{"TrentService.Encrypt", "kms", "Encrypt"},
		{"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents", "cloudtrail", "LookupEvents"},
		{"CloudTrail_20131101.LookupEvents", "cloudtrail", "LookupEvents"},
		{"Other.LookupEvents", "", ""},
		{"", "", ""},
	} {
		header := http.Header{"X-Amz-Target": {row.target}}
		name := targetOf(header)
		operation, _ := targeted[name].operation(header)
		if name != row.service || name != "" && operation != row.operation {
			t.Errorf("%q is %s of %s, want %s of %s", row.target, operation, name, row.operation, row.service)
		}
	}
}
