package situation_test

import (
	"context"
	"strings"
	"testing"

	"keyhole/content"
	"keyhole/labs/situation"
	"keyhole/simulator/policy"
)

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`

// ask is a user of the owner's account who puts an object over HTTPS.
func ask(t *testing.T, edit func(*situation.Situation)) situation.Sent {
	t.Helper()
	p, err := policy.ParsePrincipal("arn:aws:iam::111122223333:user/ana")
	if err != nil {
		t.Fatal(err)
	}
	s := &situation.Situation{
		Principal: p, Action: "s3:PutObject", Resource: "arn:aws:s3:::vault/a.txt", Owner: "111122223333", Secure: true,
		Pairs: 1, Clock: content.ProofClock, Documents: map[string]string{"identity": everything},
	}
	edit(s)
	sent, err := situation.Send(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestAQuestionIsAskedForReal(t *testing.T) {
	tlsOnly := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::vault/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	for _, row := range []struct {
		what   string
		edit   func(*situation.Situation)
		status int
		say    string // in the message of the answer
	}{
		{"her own policy allows it", func(*situation.Situation) {}, 200, ""},
		{"nothing allows it", func(s *situation.Situation) { s.Documents = nil }, 403, "because no identity-based policy allows the s3:PutObject action"},
		{"over plain HTTP", func(s *situation.Situation) { s.Secure, s.Documents["bucket"] = false, tlsOnly }, 403, "with an explicit deny in a resource-based policy"},
		{"the object is there to be read", func(s *situation.Situation) { s.Action = "s3:GetObject" }, 200, ""},
		{"through an endpoint that allows reading only", func(s *situation.Situation) {
			s.Private = true
			s.Documents["vpce"] = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}`
		}, 403, "because no VPC endpoint policy allows the s3:PutObject action"},
		{"a control policy without an Allow of its own", func(s *situation.Situation) {
			s.Documents["scp"] = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"}]}`
		}, 200, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			sent := ask(t, row.edit)
			if sent.Refused != "" || sent.Trace.Response.Status != row.status {
				t.Fatalf("%q, %+v", sent.Refused, sent.Trace)
			}
			if row.say != "" && !strings.Contains(sent.Trace.Fault.Message, row.say) {
				t.Errorf("%q, want it to say %q", sent.Trace.Fault.Message, row.say)
			}
		})
	}
}

func TestWhatCannotBeSentSaysWhy(t *testing.T) {
	for _, row := range []struct {
		what string
		edit func(*situation.Situation)
		why  string
	}{
		{"a KMS action", func(s *situation.Situation) { s.Action = "kms:Decrypt" }, "S3 asks KMS for its callers"},
		{"an object that is a pattern", func(s *situation.Situation) { s.Resource = "arn:aws:s3:::vault/*" }, "needs the key of one object"},
		{"no bucket", func(s *situation.Situation) { s.Resource = "*" }, "needs the name of a bucket"},
		{"a key no request carries", func(s *situation.Situation) {
			s.Lines = []situation.Line{{Key: "aws:PrincipalOrgID", List: []string{"o-1"}}}
		}, "no request that can be sent here carries"},
	} {
		t.Run(row.what, func(t *testing.T) {
			if sent := ask(t, row.edit); sent.Trace != nil || !strings.Contains(sent.Refused, row.why) {
				t.Errorf("%q, want %q", sent.Refused, row.why)
			}
		})
	}
}
