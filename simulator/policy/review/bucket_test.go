package review_test

import (
	"errors"
	"strings"
	"testing"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
)

func decode(t testing.TB, text string) *policy.Document {
	t.Helper()
	d, err := policy.Decode([]byte(text))
	if m := (*policy.Malformed)(nil); errors.As(err, &m) {
		t.Fatalf("%s: %s (%s, line %d)", text, m.Message, m.Say, m.Line)
	}
	return d
}

// statement is a policy of one statement, whose members are given.
func statement(t testing.TB, members string) *policy.Document {
	t.Helper()
	return decode(t, `{"Version": "2012-10-17", "Statement": [{`+members+`}]}`)
}

const (
	everyone  = `"Principal": "*", `
	objects   = `"Resource": "arn:aws:s3:::vault/*"`
	theBucket = `"Resource": "arn:aws:s3:::vault"`
	both      = `"Resource": ["arn:aws:s3:::vault", "arn:aws:s3:::vault/*"]`
	get       = `"Action": "s3:GetObject", `
	allow     = `"Effect": "Allow", `
	deny      = `"Effect": "Deny", `
)

func when(operator, key, value string) string {
	return `, "Condition": {"` + operator + `": {"` + key + `": "` + value + `"}}`
}

func aws(arn string) string { return `"Principal": {"AWS": "` + arn + `"}, ` }

var people = map[string]bool{
	"arn:aws:iam::111122223333:root": true, "arn:aws:iam::111122223333:user/ana": true, "arn:aws:iam::111122223333:role/app": true,
	"arn:aws:sts::111122223333:assumed-role/app/s1": true, strings.Repeat("ab", 32): true,
}

func TestBucketPolicy(t *testing.T) {
	for _, test := range []struct{ title, members, want, at string }{
		{"everybody may read", allow + everyone + get + objects, "", ""},
		{"a user that exists", allow + aws("arn:aws:iam::111122223333:user/ana") + get + objects, "", ""},
		{"twelve digits", allow + aws("111122223333") + get + objects, "", ""},
		{"a session", allow + aws("arn:aws:sts::111122223333:assumed-role/app/s1") + get + objects, "", ""},
		{"a service", allow + `"Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject", ` + objects, "", ""},
		{"a canonical user", allow + `"Principal": {"CanonicalUser": "` + strings.Repeat("ab", 32) + `"}, ` + get + objects, "", ""},
		{"no principal", allow + get + objects, "Missing required field Principal", "{"},
		{"Allow with NotPrincipal", allow + `"NotPrincipal": {"AWS": "111122223333"}, ` + get + objects, "Allow with NotPrincipal is not allowed.", `"NotPrincipal"`},
		{"Deny with NotPrincipal", deny + `"NotPrincipal": {"AWS": "111122223333"}, ` + get + objects, "", ""},
		{"a user that is gone", allow + aws("arn:aws:iam::111122223333:user/eva") + get + objects, "Invalid principal in policy", `"arn:aws:iam::111122223333:user/eva"`},
		{"an account that is not there", allow + aws("999999999999") + get + objects, "Invalid principal in policy", `"999999999999"`},
		{"a wildcard in a principal", allow + aws("arn:aws:iam::111122223333:user/*") + get + objects, "Invalid principal in policy", `"arn:aws:iam::111122223333:user/*"`},
		{"a unique id of somebody deleted", allow + aws("AIDAEXAMPLEEXAMPLE123") + get + objects, "Invalid principal in policy", `"AIDA`},
		{"a group is no principal", allow + aws("arn:aws:iam::111122223333:group/devs") + get + objects, "Invalid principal in policy", `"arn`},
		{"no resource", allow + everyone + `"Action": "s3:GetObject"`, "Missing required field Resource", "{"},
		{"every resource", allow + everyone + get + `"Resource": "*"`, "Policy has invalid resource", `"*"}`},
		{"every bucket", allow + everyone + get + `"Resource": "arn:aws:s3:::*"`, "Policy has invalid resource", `"arn:aws:s3:::*"`},
		{"another bucket", allow + everyone + get + `"Resource": "arn:aws:s3:::other/*"`, "Policy has invalid resource", `"arn:aws:s3:::other/*"`},
		{"a bucket whose name begins alike", allow + everyone + get + `"Resource": "arn:aws:s3:::vault-2/*"`, "Policy has invalid resource", `"arn:aws:s3:::vault-2/*"`},
		{"the bucket and its objects with one star", allow + everyone + `"Action": "s3:*", "Resource": "arn:aws:s3:::vault*"`, "", ""},
		{"the second resource is wrong", allow + everyone + get + `"Resource": ["arn:aws:s3:::vault/*", "vault"]`, "Policy has invalid resource", `"vault"]`},
		{"a key that is none", allow + everyone + get + objects + when("StringEquals", "s3:x-amz-tls", "1"), "Policy has an invalid condition key", `"s3:x-amz-tls"`},
		{"a prefix for a read", allow + everyone + get + objects + when("StringEquals", "s3:prefix", "a/"), "Conditions do not apply to combination of actions and resources in statement", `"s3:prefix"`},
		{"a prefix for a list and a read", allow + everyone + `"Action": ["s3:ListBucket", "s3:GetObject"], ` + both + when("StringEquals", "s3:prefix", "a/"), "Conditions do not apply to combination of actions and resources in statement", `"s3:prefix"`},
		{"a prefix for s3:*", allow + everyone + `"Action": "s3:*", ` + both + when("StringEquals", "s3:prefix", "a/"), "", ""},
		{"an encryption header for an upload", deny + everyone + `"Action": "s3:PutObject", ` + objects + when("StringNotEquals", "s3:x-amz-server-side-encryption", "aws:kms"), "", ""},
		{"an address that is none", allow + everyone + get + objects + when("IpAddress", "aws:SourceIp", "203.0.113.0/33"), "Invalid IP address in Conditions", `"203.0.113.0/33"`},
		{"an address", allow + everyone + get + objects + when("IpAddress", "aws:SourceIp", "203.0.113.7"), "", ""},
		{"whether there is an address", deny + everyone + get + objects + when("Null", "aws:SourceIp", "true"), "", ""},
		{"an action that is none", allow + everyone + `"Action": "s3:HeadObject", ` + objects, "Policy has invalid action", `"s3:HeadObject"`},
		{"an action of KMS", allow + everyone + `"Action": "kms:Decrypt", ` + objects, "Policy has invalid action", `"kms:Decrypt"`},
		{"no service", allow + everyone + `"Action": "*GetObject", ` + objects, "Policy has invalid action", `"*GetObject"`},
		{"only the service", allow + everyone + `"Action": "s3:", ` + objects, "Policy has invalid action", `"s3:"`},
		{"all actions", allow + everyone + `"Action": "*", ` + both, "", ""},
		{"creating buckets", allow + everyone + `"Action": "s3:CreateBucket", ` + theBucket, "Policy has invalid action", `"s3:CreateBucket"`},
		{"listing buckets", allow + everyone + `"Action": ["s3:GetObject", "s3:ListAllMyBuckets"], ` + both, "Policy has invalid action", `"s3:ListAllMyBuckets"`},
		{"a listing of objects", allow + everyone + `"Action": "s3:ListBucket", ` + objects, "Action does not apply to any resource(s) in statement", `"s3:ListBucket"`},
		{"a read of the bucket", allow + everyone + get + theBucket, "Action does not apply to any resource(s) in statement", `"s3:GetObject"`},
		{"a list and a read of objects", allow + everyone + `"Action": ["s3:GetObject", "s3:ListBucket"], ` + objects, "Action does not apply to any resource(s) in statement", `"s3:ListBucket"`},
		{"every action of objects", deny + everyone + `"Action": "s3:*", ` + objects, "", ""},
		{"the principal is looked at before the resource", allow + aws("x") + get + `"Resource": "*"`, "Invalid principal in policy", `"x"`},
		{"the resource before the condition", allow + everyone + get + `"Resource": "*"` + when("StringEquals", "s3:nothing", "1"), "Policy has invalid resource", `"*", `},
		{"the condition before the action's resource", allow + everyone + get + theBucket + when("StringEquals", "s3:prefix", "1"), "Conditions do not apply to combination of actions and resources in statement", `"s3:prefix"`},
	} {
		t.Run(test.title, func(t *testing.T) {
			d := statement(t, test.members)
			m := review.BucketPolicy(d, "vault", func(p string) bool { return people[p] })
			refused(t, d, m, test.want, test.at)
		})
	}
}

// refused compares a refusal; at is what the document has at its place.
func refused(t *testing.T, d *policy.Document, m *policy.Malformed, want, at string) {
	t.Helper()
	switch {
	case m == nil && want != "":
		t.Fatalf("accepted, want %q", want)
	case m != nil && m.Message != want:
		t.Fatalf("%q (%s), want %q", m.Message, m.Say, want)
	case m == nil:
		return
	}
	if m.Say == "" || !strings.HasSuffix(m.Say, ".") && !strings.HasSuffix(m.Say, "?") {
		t.Errorf("says %q", m.Say)
	}
	lines := strings.Split(d.Text, "\n")
	if rest := lines[m.Line-1][m.Column-1:]; !strings.HasPrefix(rest, at) {
		t.Errorf("points at %.60s, want %s", rest, at)
	}
}

func TestIdentityPolicy(t *testing.T) {
	for _, test := range []struct{ title, members, want, at string }{
		{"any action of any service", allow + `"Action": ["ec2:Anything", "*"], "Resource": "*"`, "", ""},
		{"a variable for the resource", allow + get + `"Resource": "arn:aws:s3:::home/${aws:username}/*"`, "", ""},
		{"a principal", allow + everyone + get + objects, "Policy document should not specify a principal.", `"Principal"`},
		{"no resource", allow + `"Action": "s3:GetObject"`, "Policy statement must contain resources.", "{"},
		{"no service", allow + `"Action": "GetObject", ` + objects, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", `"GetObject"`},
		{"a bucket's name", allow + get + `"Resource": "vault"`, `Resource vault must be in ARN format or "*".`, `"vault"`},
		{"two statements of one name", `"Sid": "A", ` + allow + get + objects + `}, {"Sid": "A", ` + deny + get + objects, "Statement IDs (SID) in a single policy must be unique.", `{"Sid"`},
	} {
		t.Run(test.title, func(t *testing.T) {
			d := statement(t, test.members)
			refused(t, d, review.IdentityPolicy(d), test.want, test.at)
		})
	}
}

func TestTrustPolicy(t *testing.T) {
	const assume = `"Action": "sts:AssumeRole"`
	for _, test := range []struct{ title, members, want, at string }{
		{"an account may assume it", allow + aws("444455556666") + assume, "", ""},
		{"a service and tags", allow + `"Principal": {"Service": "ec2.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]`, "", ""},
		{"nobody is named", allow + assume, "Missing required field Principal", "{"},
		{"a resource", allow + everyone + assume + `, "Resource": "*"`, "Has prohibited field Resource", `"Resource"`},
		{"a resource left out", allow + everyone + assume + `, "NotResource": "*"`, "AssumeRole policy must not contain resources.", `"NotResource"`},
		{"everybody but one", allow + `"NotPrincipal": {"AWS": "444455556666"}, ` + assume, "Allow with NotPrincipal is not allowed.", `"NotPrincipal"`},
		{"an action of S3", allow + everyone + `"Action": "s3:GetObject"`, "AssumeRole policy may only specify STS AssumeRole actions.", `"s3:GetObject"`},
	} {
		t.Run(test.title, func(t *testing.T) {
			d := statement(t, test.members)
			refused(t, d, review.TrustPolicy(d), test.want, test.at)
		})
	}
}

func TestEndpointPolicy(t *testing.T) {
	for _, test := range []struct{ title, members, want, at string }{
		{"only this bucket", allow + everyone + `"Action": "s3:*", ` + both, "", ""},
		{"no principal", allow + get + objects, "Missing required field Principal", "{"},
		{"no resource", allow + everyone + `"Action": "s3:GetObject"`, "Missing required field Resource", "{"},
	} {
		t.Run(test.title, func(t *testing.T) {
			d := statement(t, test.members)
			refused(t, d, review.EndpointPolicy(d), test.want, test.at)
		})
	}
	d := statement(t, allow+everyone+`"Action": "s3:*", `+both)
	for kind, refused := range map[review.Kind]bool{review.BucketPolicyKind: false, review.IdentityPolicyKind: true, review.TrustPolicyKind: true, review.EndpointKind: false, review.KeyPolicyKind: false} {
		if m := review.Refusal(d, review.Options{Kind: kind, Bucket: "vault"}); (m != nil) != refused {
			t.Errorf("as %s: %v", kind, m)
		}
	}
}
