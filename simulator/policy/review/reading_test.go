package review_test

import (
	"strings"
	"testing"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
)

// marked writes a sentence with its setting: **strong**, ==mark==, `code`.
func marked(s review.Sentence) string {
	around := map[review.SpanKind]string{review.Plain: "", review.Strong: "**", review.Mark: "==", review.Code: "`"}
	var b strings.Builder
	for _, span := range s {
		b.WriteString(around[span.Kind] + span.Text + around[span.Kind])
	}
	return b.String()
}

func TestReading(t *testing.T) {
	d := decode(t, ledger)
	for i, want := range []string{
		"The role **ledger-writer** may put and get any object.",
		"**Nobody** may put an object unless the request says ==aws:kms==.",
		"**Nobody** may do anything to objects over plain HTTP.",
	} {
		if got := marked(review.Reading(&d.Statements[i])); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	for _, test := range []struct{ members, want string }{
		{allow + everyone + get + objects, "**Everybody** may get any object."},
		{allow + `"Action": ["s3:GetObject", "s3:ListBucket"], ` + both, "Whoever has this policy may get any object of `vault` and list the bucket `vault`."},
		{allow + all + both, "Whoever has this policy may do anything to the bucket `vault` and its objects."},
		{deny + everyone + all + both, "**Nobody** may do anything to the bucket and its objects."},
		{allow + `"Action": "s3:*", "Resource": "*"`, "Whoever has this policy may do anything in S3."},
		{allow + `"Action": "*", "Resource": "*"`, "Whoever has this policy may do anything to anything."},
		{deny + ana + `"Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"], ` + objects, "The user **ana** may not delete or delete versions of an object."},
		{allow + `"Principal": {"AWS": ["444455556666", "arn:aws:iam::111122223333:role/a/b/app"], "Service": "logging.s3.amazonaws.com"}, ` + put + `"Resource": "arn:aws:s3:::vault/logs/*"`,
			"The account **444455556666**, the role **app** and the service **logging.s3.amazonaws.com** may put any object under `logs/`."},
		{deny + `"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, ` + get + objects, "**Nobody** except the account **111122223333** may get an object."},
		{allow + `"NotAction": ["s3:DeleteObject", "iam:*"], "Resource": "*"`, "Whoever has this policy may do anything except `s3:DeleteObject` and `iam:*` to anything."},
		{deny + get + `"NotResource": "arn:aws:s3:::vault/public/*"`, "Whoever has this policy may not get anything except `vault/public/*`."},
		{allow + `"Action": "s3:Get*", ` + both, "Whoever has this policy may use every `s3:Get*` on the bucket `vault` and its objects."},
		{allow + `"Action": ["s3:PutBucketPolicy", "s3:GetBucketVersioning", "s3:PutBucketAbac"], ` + theBucket, "Whoever has this policy may change the policy of, read the versioning of and change the attribute-based access control of the bucket `vault`."},
		{allow + `"Action": "ec2:RunInstances", "Resource": "*"`, "Whoever has this policy may use `ec2:RunInstances` on anything."},
		{allow + `"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "` + dataKey + `"`, "Whoever has this policy may decrypt with and make data keys with the key `11111111-aaaa-4aaa-8aaa-111111111111`."},
		{allow + aws("444455556666") + `"Action": "sts:AssumeRole"` + when("StringEquals", "sts:ExternalId", "42"), "The account **444455556666** may assume this role when the external ID is ==42==."},
		{allow + everyone + get + objects + when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), "**Everybody** may get any object when the request comes from ==203.0.113.0/24==."},
		{deny + everyone + get + objects + `, "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]}, "StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`,
			"**Nobody** may get an object unless the request comes from ==203.0.113.0/24== or ==198.51.100.7== or the request comes through the endpoint ==vpce-1==."},
		{deny + everyone + put + objects + `, "Condition": {"StringNotEquals": {"` + sse + `": "aws:kms"}, "Null": {"` + sse + `": "false"}}`,
			"**Nobody** may put an object when the request does not say ==aws:kms== and the request names an encryption."},
		{deny + everyone + put + objects + when("Null", sse, "true"), "**Nobody** may put an object when the request names no encryption."},
		{allow + `"Action": "s3:ListBucket", "Resource": "*"` + when("StringLike", "s3:prefix", "home/${aws:username}/*"), "Whoever has this policy may list any bucket when the request lists the prefix ==home/${aws:username}/*==."},
		{allow + get + objects + when("StringEquals", "s3:ExistingObjectTag/team", "${aws:PrincipalTag/team}"), "Whoever has this policy may get any object of `vault` when the object's tag team is ==the caller's tag team==."},
		{deny + everyone + get + objects + when("NumericGreaterThan", "s3:signatureAge", "600000"), "**Nobody** may get an object when the age of the signature in milliseconds is above ==600000==."},
		{deny + get + objects + when("DateGreaterThanEquals", "aws:CurrentTime", "2027-01-01T00:00:00Z"), "Whoever has this policy may not get an object of `vault` when the time is at or after ==2027-01-01T00:00:00Z==."},
		{deny + get + objects + when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "Whoever has this policy may not get an object of `vault` when the caller signed in without MFA or there is no `aws:MultiFactorAuthPresent`."},
		{allow + `"Action": "s3:PutObjectTagging", ` + objects + when("ForAllValues:StringEquals", "s3:RequestObjectTagKeys", "team"), "Whoever has this policy may tag any object of `vault` when every one of the tag keys of the request is ==team== or there is no `s3:RequestObjectTagKeys`."},
		{allow + get + objects + when("StringEquals", "aws:Unheard", "x"), "Whoever has this policy may get any object of `vault` when `aws:Unheard` is ==x==."},
		{allow + get + `"Resource": "arn:aws:s3:::vault/a.txt"`, "Whoever has this policy may get the object `a.txt` of `vault`."},
	} {
		if got := marked(review.Reading(&statement(t, test.members).Statements[0])); got != test.want {
			t.Errorf("%s\n%s\nwant %s", test.members, got, test.want)
		}
	}
}

// The request of the screen in the design: dev-ana puts an object under AES256 over HTTPS.
func TestParts(t *testing.T) {
	d := decode(t, ledger)
	r := policy.Request{Action: "s3:PutObject", Resource: "arn:aws:s3:::ledger-prod/2026/q1.csv", ResourceAccount: "111122223333"}
	r.Principal, _ = policy.ParsePrincipal("arn:aws:iam::111122223333:user/dev-ana")
	r.Context.Set("aws:SecureTransport", "true")
	r.Context.Set(sse, "AES256")
	decision := policy.Evaluate(r, policy.Layers{Resource: &policy.Attached{Name: "bucket policy", Document: d}})
	var traces []policy.StatementTrace
	for _, l := range decision.Trace {
		if l.Layer == policy.Resource {
			traces = l.Policies[0].Statements
		}
	}
	for i, want := range []struct{ cells, outcome string }{
		{"no Who: dev-ana is not ledger-writer; yes Action: s3:PutObject; yes Object: ledger-prod/*", "Does not apply to this request"},
		{"yes Who: everyone; yes Action: s3:PutObject; yes Object: ledger-prod/*; yes When: `AES256` is not `aws:kms`", "All four parts match, so this decides it"},
		{"yes Who: everyone; yes Action: s3:*; yes Object: ledger-prod/*; no When: this request used HTTPS", "Does not apply to this request"},
	} {
		if got := cells(&traces[i], &r); got != want.cells {
			t.Errorf("%s\nwant %s", got, want.cells)
		}
		if got := review.Outcome(&traces[i], decision.Deciding() == &traces[i]); got != want.outcome {
			t.Errorf("%s, want %s", got, want.outcome)
		}
	}
}

func cells(t *policy.StatementTrace, r *policy.Request) string {
	var out []string
	for _, p := range review.Parts(t, r) {
		yes := map[bool]string{true: "yes ", false: "no "}[p.Matched]
		out = append(out, yes+p.Name+": "+marked(p.Say))
	}
	return strings.Join(out, "; ")
}

func TestPartsWords(t *testing.T) {
	for _, test := range []struct{ members, caller, want string }{
		{allow + aws("444455556666") + get + objects, "arn:aws:iam::111122223333:user/ana", "no Who: ana is not of account 444455556666; yes Action: s3:GetObject; yes Object: vault/*"},
		{allow + aws("arn:aws:iam::444455556666:user/ana") + get + objects, "arn:aws:iam::111122223333:user/ana", "no Who: ana is not arn:aws:iam::444455556666:user/ana; yes Action: s3:GetObject; yes Object: vault/*"},
		{allow + ana + put + theBucket, "anonymous", "no Who: an anonymous caller is not ana; no Action: s3:GetObject is not s3:PutObject; no Object: vault/a is not vault"},
		{allow + aws("arn:aws:iam::111122223333:role/app") + get + objects, "arn:aws:sts::111122223333:assumed-role/app/s1", "yes Who: app; yes Action: s3:GetObject; yes Object: vault/*"},
		{deny + `"NotPrincipal": {"AWS": "111122223333"}, "NotAction": "s3:Put*", "NotResource": "arn:aws:s3:::vault/a"`, "arn:aws:iam::111122223333:user/ana", "no Who: ana is left out; yes Action: s3:GetObject is not left out; no Object: vault/a is left out"},
		{allow + `"Action": ["s3:PutObject", "s3:DeleteObject"], ` + objects + when("StringEquals", "aws:PrincipalOrgID", "o-1"), "anonymous", "no Action: s3:GetObject is none of two; yes Object: vault/*; no When: the request has no `aws:PrincipalOrgID`"},
		{allow + get + objects + when("IpAddress", "aws:SourceIp", "203.0.113.0/24"), "anonymous", "yes Action: s3:GetObject; yes Object: vault/*; no When: `198.51.100.7` is not in `203.0.113.0/24`"},
		{allow + get + objects + when("NumericLessThan", "s3:signatureAge", "1000"), "anonymous", "yes Action: s3:GetObject; yes Object: vault/*; no When: `5000` is not below `1000`"},
		{allow + get + objects + `, "Condition": {"NumericGreaterThan": {"s3:signatureAge": "1000"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}`, "anonymous", "yes Action: s3:GetObject; yes Object: vault/*; yes When: `5000` is above `1000` and `198.51.100.7` is not in `203.0.113.0/24`"},
	} {
		d := statement(t, test.members)
		r := policy.Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::vault/a", ResourceAccount: "111122223333"}
		r.Principal, _ = policy.ParsePrincipal(test.caller)
		r.Context.Set("aws:SourceIp", "198.51.100.7")
		r.Context.Set("s3:signatureAge", "5000")
		decision := policy.Evaluate(r, policy.Layers{Resource: &policy.Attached{Document: d}})
		for _, l := range decision.Trace {
			if l.Layer != policy.Resource {
				continue
			}
			if got := cells(&l.Policies[0].Statements[0], &r); got != test.want {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		}
	}
}
