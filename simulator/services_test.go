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

// form sends a form to a query service as somebody of the world, signed as its clients sign: without x-amz-content-sha256.
func (s *script) form(service, region, as, host, form string, spoil func(*http.Request)) (status int, body string) {
	s.t.Helper()
	r, err := http.NewRequest("POST", "http://"+host+"/", strings.NewReader(form))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if as != "" {
		sum := sha256.Sum256([]byte(form))
		sigv4.SignOnly(r, s.keys(as), region, service, hex.EncodeToString(sum[:]), s.now(), "content-type", "host", "x-amz-date")
		r.Header.Del("X-Amz-Content-Sha256")
	}
	if spoil != nil {
		spoil(r)
	}
	answer, err := s.simulator.Client(Transport{Secure: true}).RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	data, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(data)
}

func TestQueryServices(t *testing.T) {
	const who = "Action=GetCallerIdentity&Version=2011-06-15"
	spoilt := func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(strings.Replace(who, "Get", "Set", 1))) }
	for _, row := range []struct {
		name, service, region, as, host, form string
		spoil                                 func(*http.Request)
		status                                int
		want                                  string
	}{
		{"a call", "sts", "us-east-1", "alice", "localhost", who, nil, 200, "<Arn>arn:aws:iam::111122223333:user/staff/alice</Arn>"},
		{"a call at the service's own host", "sts", "us-east-1", "alice", "sts.us-east-1.amazonaws.com", who, nil, 200, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`},
		{"an action that there is not", "sts", "us-east-1", "alice", "localhost", "Action=GetLost&Version=2011-06-15", nil, 400,
			`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation GetLost for version 2011-06-15</Message></Error>`},
		{"no action", "iam", "us-east-1", "alice", "localhost", "Version=2010-05-08", nil, 400, "<Code>MissingAction</Code>"},
		{"a form that cannot be read", "iam", "us-east-1", "alice", "localhost", "Action=%zz", nil, 400, "<Code>MalformedQueryString</Code>"},
		{"a long form", "iam", "us-east-1", "alice", "localhost", "Action=ListUsers&x=" + strings.Repeat("x", exchange.FormBytes), nil, 413, "<Code>RequestEntityTooLarge</Code>"},
		{"unsigned", "", "", "", "sts.amazonaws.com", who, nil, 403, "<Code>MissingAuthenticationToken</Code>"},
		{"another form than was signed", "sts", "us-east-1", "alice", "localhost", "Action=GetSessionToken&Version=2011-06-15", spoilt, 400, "<Code>InvalidAction</Code>"},
		{"IAM is signed for one region", "iam", "eu-west-1", "alice", "localhost", "Action=ListUsers&Version=2010-05-08", nil, 403, "<Message>Credential should be scoped to a valid region.</Message>"},
		{"a date of yesterday", "sts", "us-east-1", "alice", "localhost", who, func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260531T000000Z") }, 400, "<Code>IncompleteSignature</Code>"},
		{"a spoilt signature", "sts", "us-east-1", "alice", "localhost", who, func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")+"0") }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"a key of nobody", "sts", "us-east-1", "alice", "localhost", who, func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Credential=AKIA", "Credential=AKIB", 1))
		}, 403, "<Code>InvalidClientTokenId</Code>"},
		{"a role that there is not", "sts", "us-east-1", "alice", "localhost", "Action=AssumeRole&Version=2011-06-15&RoleSessionName=lesson&RoleArn=arn:aws:iam::444455556666:role/none", nil, 403,
			"<Message>User: arn:aws:iam::111122223333:user/staff/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/none</Message>"},
		{"a user whom nothing allows it", "iam", "us-east-1", "bob", "localhost", "Action=CreateUser&Version=2010-05-08&UserName=eve", nil, 403,
			"<Message>User: arn:aws:iam::444455556666:user/bob is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::444455556666:user/eve because no identity-based policy allows the iam:CreateUser action</Message>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := scriptOf(t, []byte(peopled))
			status, body := s.form(row.service, row.region, row.as, row.host, row.form, row.spoil)
			if status != row.status || !strings.Contains(body, row.want) {
				t.Errorf("%d %s\nwant %d %s", status, body, row.status, row.want)
			}
			if row.status < 400 && s.last().Stopped != "" {
				t.Errorf("stopped at %s", s.last().Stopped)
			}
		})
	}
}

// What IAM and STS hand out once is in no trace.
func TestTracesOfQueryServicesHoldNoSecret(t *testing.T) {
	for _, row := range []struct{ service, form, element string }{
		{"iam", "Action=CreateAccessKey&Version=2010-05-08", "SecretAccessKey"},
		{"iam", "Action=CreateVirtualMFADevice&Version=2010-05-08&VirtualMFADeviceName=phone", "Base32StringSeed"},
		{"sts", "Action=GetSessionToken&Version=2011-06-15", "SessionToken"},
	} {
		s := scriptOf(t, []byte(peopled))
		status, body := s.form(row.service, "us-east-1", "alice", "localhost", row.form, nil)
		_, after, _ := strings.Cut(body, "<"+row.element+">")
		secret, _, ok := strings.Cut(after, "<")
		if status != 200 || !ok || len(secret) < 20 {
			t.Errorf("%s: %d %s", row.form, status, body)
			continue
		}
		kept := s.last().Response.Body
		if strings.Contains(kept, secret) || !strings.Contains(kept, "<"+row.element+">(hidden)<") {
			t.Errorf("%s: the trace keeps %s", row.form, kept)
		}
	}
}

// S3 Control is signed as S3 and told apart by its path; its errors are wrapped.
func TestS3Control(t *testing.T) {
	s := scriptOf(t, []byte(peopled))
	s.run("-- request: nothing is set --\nGET /v20180820/configuration/publicAccessBlock\nx-amz-account-id: 111122223333\n")
	if body := string(s.body); s.answer.StatusCode != 404 || !strings.Contains(body, "<ErrorResponse><Error><Code>NoSuchPublicAccessBlockConfiguration</Code>") || !strings.Contains(body, "</Error><RequestId>") {
		t.Errorf("%s\n%s", s.answer.Status, body)
	}
	if trace := s.last(); trace.Service != "s3control" || trace.Authorization[0].Action != "s3:GetAccountPublicAccessBlock" || trace.Authorization[0].Resource != "*" {
		t.Errorf("%s %+v", trace.Service, trace.Authorization)
	}
	s.run("-- request: not imitated --\nGET /v20180820/jobs\nx-amz-account-id: 111122223333\n-- want --\n501 NotImplemented\nmessage ListJobs is not imitated by this simulator.\n")
}
