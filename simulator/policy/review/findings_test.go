package review_test

import (
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
)

var vault = review.Options{Bucket: "vault", Kind: review.BucketPolicyKind, Owner: "111122223333"}

const identity = review.IdentityPolicyKind

const (
	put     = `"Action": "s3:PutObject", `
	all     = `"Action": "s3:*", `
	list    = `"Action": "s3:ListBucket", `
	sse     = "s3:x-amz-server-side-encryption"
	ana     = `"Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, `
	tlsDeny = deny + everyone + all
	dataKey = "arn:aws:kms:us-east-1:111122223333:key/11111111-aaaa-4aaa-8aaa-111111111111"
)

// One document a row, with the rules it breaks in order; "fix" after a rule says that a fix is offered, "sent" that a request proves it.
func TestFindings(t *testing.T) {
	for _, test := range []struct {
		title, members, want string
		kind                 review.Kind
	}{
		{"one user may read", allow + ana + get + objects, "", ""},
		{"everybody may read", allow + everyone + get + objects, "public", ""},
		{"everybody of one organization", allow + everyone + get + objects + when("StringEquals", "aws:PrincipalOrgID", "o-abcdefghij"), "", ""},
		{"everybody from a wide network", allow + everyone + get + objects + when("IpAddress", "aws:SourceIp", "0.0.0.0/0"), "public", ""},
		{"everybody who says where they come from", allow + everyone + get + objects + when("StringLike", "aws:Referer", "https://example.com/*"), "weak-condition", ""},
		{"everybody with a certain program", allow + everyone + get + objects + when("StringEquals", "aws:UserAgent", "secret"), "weak-condition", ""},
		{"everybody over HTTPS", allow + everyone + get + objects + when("Bool", "aws:SecureTransport", "true"), "weak-condition", ""},
		{"everybody for one prefix", allow + everyone + list + theBucket + when("StringEquals", "s3:prefix", "public/"), "weak-condition", ""},
		{"a trust policy for everybody", allow + everyone + `"Action": "sts:AssumeRole"`, "public", review.TrustPolicyKind},
		{"a trust policy with an external id", allow + everyone + `"Action": "sts:AssumeRole"` + when("StringEquals", "sts:ExternalId", "42"), "", review.TrustPolicyKind},
		{"a key for everybody", allow + everyone + `"Action": "kms:*", "Resource": "*"`, "public", review.KeyPolicyKind},
		{"a key for one account's callers", allow + everyone + `"Action": "kms:*", "Resource": "*"` + when("StringEquals", "kms:CallerAccount", "111122223333"), "", review.KeyPolicyKind},

		{"Allow with NotPrincipal", allow + `"NotPrincipal": {"AWS": "111122223333"}, ` + get + objects, "not-principal-allow", ""},
		{"Deny with NotPrincipal of a user alone", deny + `"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/ana"}, ` + get + objects, "not-principal-deny fix", ""},
		{"Deny with NotPrincipal of a role and its session", deny + `"NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s"]}, ` + get + objects, "not-principal-deny fix", ""},
		{"Deny with NotPrincipal of a session", deny + `"NotPrincipal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app/s"}, ` + get + objects, "not-principal-deny", ""},
		{"aws:PrincipalArn of any session", deny + everyone + get + objects + when("ArnNotLike", "aws:PrincipalArn", "arn:aws:sts::111122223333:assumed-role/app/*"), "principal-arn-session fix", ""},
		{"aws:PrincipalArn of one session", deny + everyone + get + objects + when("ArnNotLike", "aws:PrincipalArn", "arn:aws:sts::111122223333:assumed-role/app/s"), "principal-arn-session", ""},
		{"aws:PrincipalArn of a role", deny + everyone + get + objects + when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/app"), "", ""},

		{"an API operation for an action", allow + `"Action": "s3:HeadObject", ` + objects, "unknown-action fix", identity},
		{"a typo", allow + `"Action": ["s3:GetObject", "s3:PutObjectTaging"], ` + objects, "unknown-action fix", identity},
		{"an action that is nothing like any", allow + `"Action": "s3:Frobnicate", ` + objects, "unknown-action", identity},
		{"an action of another service", allow + `"Action": "ec2:Frobnicate", "Resource": "*"`, "", identity},
		{"Allow with NotAction", allow + `"NotAction": "s3:DeleteObject", "Resource": "*"`, "not-action-allow", identity},
		{"Deny with NotAction", deny + `"NotAction": "s3:GetObject", "Resource": "*"`, "", identity},
		{"Allow with NotResource", allow + get + `"NotResource": "arn:aws:s3:::vault/secret/*"`, "not-resource-allow", identity},
		{"TLS for objects only", tlsDeny + objects + when("Bool", "aws:SecureTransport", "false"), "missing-bucket-arn fix sent", ""},
		{"TLS for the bucket only", tlsDeny + theBucket + when("Bool", "aws:SecureTransport", "false"), "missing-object-arn fix sent", ""},
		{"TLS for both", tlsDeny + both + when("Bool", "aws:SecureTransport", "false"), "", ""},
		{"TLS in two statements", tlsDeny + objects + when("Bool", "aws:SecureTransport", "false") + `}, {` + tlsDeny + theBucket + when("Bool", "aws:SecureTransport", "false"), "", ""},
		{"a Deny of everything on objects", deny + everyone + all + objects, "missing-bucket-arn", ""},
		{"everything on objects for one user", allow + ana + all + objects, "bucket-left-out", ""},
		{"a listing of objects", allow + `"Action": ["s3:ListBucket", "s3:GetObject"], ` + objects, "action-resource-mismatch fix", identity},
		{"a read of the bucket", allow + get + theBucket, "action-resource-mismatch fix", identity},
		{"listing buckets on one", allow + `"Action": "s3:ListAllMyBuckets", ` + theBucket, "action-resource-mismatch", identity},

		{"a key that does not exist", allow + ana + put + objects + when("StringEquals", "s3:x-amz-serverside-encryption", "aws:kms"), "unknown-key", ""},
		{"AES-256", allow + ana + put + objects + when("StringEquals", sse, "AES-256"), "unknown-value fix", ""},
		{"yes for true", deny + everyone + get + objects + when("Bool", "aws:SecureTransport", "no"), "impossible-value", ""},
		{"a number in words", deny + everyone + get + objects + when("NumericGreaterThan", "s3:signatureAge", "ten"), "impossible-value", ""},
		{"a star that is a star", allow + ana + list + theBucket + when("StringEquals", "s3:prefix", "home/*"), "literal-star fix", ""},
		{"an escaped star", allow + ana + list + theBucket + when("StringEquals", "s3:prefix", "home/${*}"), "", ""},
		{"a pattern", allow + ana + list + theBucket + when("StringLike", "s3:prefix", "home/*"), "", ""},
		{"anything at all", allow + ana + list + theBucket + when("StringLike", "s3:prefix", "*"), "star-value", ""},
		{"ForAllValues alone", allow + ana + `"Action": "s3:PutObjectTagging", ` + objects + when("ForAllValues:StringEquals", "s3:RequestObjectTagKeys", "team"), "for-all-values-alone fix", ""},
		{"ForAllValues with Null", allow + ana + `"Action": "s3:PutObjectTagging", ` + objects + `, "Condition": {"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": "team"}, "Null": {"s3:RequestObjectTagKeys": "false"}}`, "", ""},
		{"Allow unless a header", allow + ana + put + objects + when("StringNotEquals", "s3:x-amz-acl", "public-read"), "absent-key-allowed fix", ""},
		{"Allow one user unless of a kind, which every caller has", allow + ana + get + objects + when("StringNotEquals", "aws:PrincipalType", "Account"), "", ""},
		{"Allow one user unless of an account, which every caller who signs has", allow + ana + get + objects + when("StringNotEquals", "aws:PrincipalAccount", "444455556666"), "", ""},
		{"a star among two keys of one operator", allow + ana + list + theBucket + `, "Condition": {"StringEquals": {"s3:prefix": "home/*", "s3:delimiter": "/"}}`, "literal-star", ""},
		{"Deny unless encrypted", deny + everyone + put + objects + when("StringNotEquals", sse, "AES256"), "absent-key-denied", ""},
		{"Deny unless encrypted, if it says so", deny + everyone + put + objects + when("StringNotEqualsIfExists", sse, "AES256"), "absent-key-denied", ""},
		{"Deny a wrong encryption only", deny + everyone + put + objects + `, "Condition": {"StringNotEquals": {"` + sse + `": "AES256"}, "Null": {"` + sse + `": "false"}}`, "", ""},
		{"Null and StringNotEquals in one", deny + everyone + put + objects + `, "Condition": {"StringNotEquals": {"` + sse + `": "AES256"}, "Null": {"` + sse + `": "true"}}`, "null-and-value", ""},
		{"an encryption header for every action", deny + everyone + all + objects + when("StringNotEquals", sse, "AES256"), "key-never-present fix sent", ""},
		{"a prefix for reads", allow + `"Action": ["s3:GetObject", "s3:ListBucket"], ` + both + when("StringEquals", "s3:prefix", "home/"), "key-never-present", identity},
		{"a prefix for one listing", allow + list + theBucket + when("StringEquals", "s3:prefix", "home/"), "", identity},
		{"a Deny that never bites", deny + get + objects + when("StringEquals", "s3:prefix", "home/"), "key-never-present", identity},
		{"two values at once", allow + get + objects + `, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}, "StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "b"}}`, "never-matches", identity},
		{"absent and equal", deny + everyone + put + objects + `, "Condition": {"StringEquals": {"` + sse + `": "AES256"}, "Null": {"` + sse + `": "true"}}`, "never-matches", ""},
		{"no value", allow + get + objects + `, "Condition": {"StringEquals": {"aws:PrincipalTag/team": []}}`, "never-matches", identity},

		{"MFA false", deny + `"Action": "s3:DeleteObject", ` + objects + when("Bool", "aws:MultiFactorAuthPresent", "false"), "mfa-without-if-exists fix sent", identity},
		{"MFA false, if it exists", deny + `"Action": "s3:DeleteObject", ` + objects + when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "", identity},
		{"MFA true, if it exists, in an Allow", allow + `"Action": "s3:DeleteObject", ` + objects + when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"), "mfa-if-exists-allow fix", identity},
		{"Deny from outside an address", deny + everyone + get + objects + when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), "ip-without-vpc", ""},
		{"Deny from outside an address or endpoint", deny + everyone + get + objects + `, "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`, "", ""},
		{"Deny from outside an endpoint", deny + everyone + all + both + when("StringNotEquals", "aws:SourceVpce", "vpce-1"), "vpce-locks-console", ""},
		{"Deny from outside an endpoint but to a team", deny + everyone + all + both + `, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalTag/team": "ops"}}`, "absent-key-denied", ""},
		{"Deny objects from outside an endpoint", deny + everyone + get + objects + when("StringNotEquals", "aws:SourceVpce", "vpce-1"), "", ""},
		{"Deny everything to everybody", deny + everyone + all + both, "owner-lockout", ""},
		{"Deny everything to the owner", deny + aws("111122223333") + all + both, "owner-lockout", ""},
		{"Deny everything to another account", deny + aws("444455556666") + all + both, "", ""},

		{"a key by alias", deny + everyone + put + objects + `, "Condition": {"StringNotEquals": {"` + sse + `-aws-kms-key-id": "alias/data"}, "Null": {"` + sse + `-aws-kms-key-id": "false"}}`, "key-by-alias", ""},
		{"a key by ARN", deny + everyone + put + objects + `, "Condition": {"StringNotEquals": {"` + sse + `-aws-kms-key-id": "` + dataKey + `"}, "Null": {"` + sse + `-aws-kms-key-id": "false"}}`, "", ""},
		{"SSE-KMS with any key", deny + everyone + put + objects + when("StringNotEquals", sse, "aws:kms"), "absent-key-denied any-kms-key", ""},
		{"one name for two", `"Sid": "A", ` + allow + get + objects + `}, {"Sid": "A", ` + allow + list + theBucket, "duplicate-sid fix", identity},
		{"an Allow under a Deny", allow + get + objects + `}, {` + deny + `"Action": "s3:Get*", "Resource": "*"`, "shadowed-allow", identity},
		{"an Allow under a Deny with a condition", allow + get + objects + `}, {` + deny + `"Action": "s3:Get*", "Resource": "*"` + when("Bool", "aws:SecureTransport", "false"), "", identity},
	} {
		t.Run(test.title, func(t *testing.T) {
			o := vault
			if test.kind != "" {
				o = review.Options{Kind: test.kind, Owner: vault.Owner}
			}
			d := statement(t, test.members)
			if m := review.Refusal(d, o); m != nil && !slices.Contains([]string{
				"not-principal-allow", "unknown-key", "duplicate-sid fix"}, test.want) {
				t.Logf("refused when it is put: %s", m.Message)
			}
			if got := told(review.Findings(d, o)); got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func told(found []review.Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, f.Rule)
		if f.Fix != nil {
			out = append(out, "fix")
			if f.Fix.Proof != "" {
				out = append(out, "sent")
			}
		}
	}
	return strings.Join(out, " ")
}

func TestOldVariable(t *testing.T) {
	for title, version := range map[string]string{"an old version": `"Version": "2008-10-17", `, "no version": ``} {
		t.Run(title, func(t *testing.T) {
			d := decode(t, `{`+version+`"Statement": {`+allow+get+`"Resource": "arn:aws:s3:::vault/${aws:username}/*"}}`)
			found := review.Findings(d, review.Options{})
			if told(found) != "variable-in-2008 fix" {
				t.Fatalf("found %q", told(found))
			}
			if !decode(t, found[0].Fix.Text).Variables {
				t.Errorf("the fix is %s", found[0].Fix.Text)
			}
		})
	}
}

// The policy of the screen in the design, with what it is said to miss.
func TestLedger(t *testing.T) {
	d := decode(t, ledger)
	found := review.Findings(d, review.Options{Bucket: "ledger-prod", Kind: review.BucketPolicyKind, Owner: "111122223333", Key: dataKey})
	titles := make([]string, len(found))
	for i, f := range found {
		titles[i] = f.Title
	}
	want := []string{
		"KmsOnly denies uploads without an encryption header too",
		"KmsOnly accepts any KMS key, and refuses dual-layer",
		"TlsOnly leaves the bucket itself open to HTTP",
	}
	if !slices.Equal(titles, want) {
		t.Fatalf("found %q", titles)
	}
	if f := found[2].Fix; f == nil || f.Proof != "A listing over HTTP was allowed and is denied now." ||
		!strings.Contains(f.Text, `"Resource": ["arn:aws:s3:::ledger-prod/*", "arn:aws:s3:::ledger-prod"],`) {
		t.Errorf("the fix of TlsOnly: %+v", f)
	}
	if f := found[1].Fix; f == nil || f.Proof != "An upload under another key was allowed and is denied now." || !strings.Contains(f.Text, dataKey) {
		t.Errorf("the fix of KmsOnly: %+v", f)
	}
	if at := found[1].At; at != (policy.Position{Line: 19, Column: 11}) {
		t.Errorf("KmsOnly's finding is at %v", at)
	}
	if found[0].Fix != nil {
		t.Error("whether header-less uploads may pass is not ours to choose")
	}
	if !strings.Contains(found[2].Text, "Its resource is `ledger-prod/*`, which covers objects only.") {
		t.Errorf("says %s", found[2].Text)
	}
}

const ledger = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "WriterRole",
      "Effect": "Allow",
      "Principal": { "AWS": "arn:aws:iam::111122223333:role/ledger-writer" },
      "Action": ["s3:PutObject", "s3:GetObject"],
      "Resource": "arn:aws:s3:::ledger-prod/*"
    },
    {
      "Sid": "KmsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::ledger-prod/*",
      "Condition": {
        "StringNotEquals": {
          "s3:x-amz-server-side-encryption": "aws:kms"
        }
      }
    },
    {
      "Sid": "TlsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": "arn:aws:s3:::ledger-prod/*",
      "Condition": {
        "Bool": { "aws:SecureTransport": "false" }
      }
    }
  ]
}`

func TestNotPrincipalText(t *testing.T) {
	const user, role, session = "arn:aws:iam::111122223333:user/ana", "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s"
	for _, test := range []struct{ listed, want string }{
		{`"` + user + `"`, "its account, `111122223333`, is listed too"},
		{`["` + user + `", "111122223333"]`, "Services treat accounts in `NotPrincipal` differently"},
		{`["` + role + `", "111122223333"]`, "A role is listed, but a session of it"},
		{`["` + session + `", "` + user + `", "111122223333"]`, "A session is spared only if its role and its account are listed too"},
	} {
		found := review.Findings(statement(t, deny+`"NotPrincipal": {"AWS": `+test.listed+`}, `+get+objects), vault)
		if len(found) != 1 || !strings.Contains(found[0].Text, test.want) {
			t.Errorf("%s: %+v", test.listed, found)
		}
	}
}
