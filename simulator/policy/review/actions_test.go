package review_test

import (
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/policy/review"
)

func TestAction(t *testing.T) {
	for _, test := range []struct{ name, level, types string }{
		{"s3:PutObject", "Write", "accesspointobject object"},
		{"S3:listbucket", "List", "accesspoint bucket"},
		{"s3:PutBucketPolicy", "Permissions management", "bucket"},
		{"s3:ListAllMyBuckets", "List", ""},
		{"s3:PutObjectTagging", "Tagging", "accesspointobject object"},
		{"kms:Decrypt", "Write", "key"},
		{"sts:AssumeRole", "Write", "role"},
		{"iam:PassRole", "Write", "role"},
	} {
		a, ok := review.Action(test.name)
		if !ok || a.Level != test.level || strings.Join(a.Types, " ") != test.types {
			t.Errorf("%s: %v %+v", test.name, ok, a)
		}
	}
	for _, name := range []string{"s3:HeadObject", "s3:", "s3", "ec2:RunInstances", "*"} {
		if a, ok := review.Action(name); ok {
			t.Errorf("%s is no action of a table, got %+v", name, a)
		}
	}
	for service, least := range map[string]int{"s3": 170, "KMS": 50, "sts": 15, "iam": 180, "ec2": 0} {
		if n := len(review.Actions(service)); n < least || least == 0 && n > 0 {
			t.Errorf("%s has %d actions", service, n)
		}
	}
}

func TestExpand(t *testing.T) {
	names := func(pattern string) string {
		var out []string
		for _, a := range review.Expand(pattern) {
			out = append(out, a.Name)
		}
		return strings.Join(out, " ")
	}
	for pattern, want := range map[string]string{
		"s3:GetObject":        "s3:GetObject",
		"s3:?etObject":        "s3:GetObject",
		"S3:PUT*LEGALHOLD":    "s3:PutObjectLegalHold",
		"kms:ReEncrypt*":      "kms:ReEncryptFrom kms:ReEncryptTo",
		"s3:NoSuchThing*":     "",
		"s3:HeadBucket":       "",
		"*:assumerolewithsa*": "sts:AssumeRoleWithSAML",
	} {
		if got := names(pattern); got != want {
			t.Errorf("%s covers %q, want %q", pattern, got, want)
		}
	}
	if len(review.Expand("*")) < 400 {
		t.Error("a star covers everything")
	}
}

func TestKeyKnown(t *testing.T) {
	for _, key := range []string{"aws:SecureTransport", "AWS:sourceip", "aws:PrincipalTag/team", "s3:x-amz-server-side-encryption",
		"s3:ExistingObjectTag/class", "s3:VersionId", "s3:DataAccessPointAccount", "s3:BucketTag/env", "kms:EncryptionContext:aws:s3:arn",
		"kms:ViaService", "sts:ExternalId", "token.actions.githubusercontent.com:sub", "iam:PassedToService"} {
		if !review.KeyKnown(key) {
			t.Errorf("%s is a key", key)
		}
	}
	for _, key := range []string{"s3:x-amz-serverside-encryption", "aws:Nonsense", "aws:PrincipalTag/", "aws:PrincipalTag", "SourceIp", "", "s3:ExistingObjectTag/"} {
		if review.KeyKnown(key) {
			t.Errorf("%s is no key", key)
		}
	}
}

func TestCarries(t *testing.T) {
	for _, test := range []struct {
		action, key string
		want        bool
	}{
		{"s3:ListBucket", "s3:prefix", true},
		{"s3:GetObject", "s3:prefix", false},
		{"s3:ListBucketMultipartUploads", "s3:prefix", false},
		{"s3:PutObject", "s3:x-amz-acl", true},
		{"s3:GetObject", "s3:x-amz-acl", false},
		{"s3:GetObject", "aws:SecureTransport", true},
		{"s3:GetObject", "s3:TlsVersion", true},
		{"s3:PutBucketObjectLockConfiguration", "s3:x-amz-content-sha256", true},
		{"s3:PutObject", "s3:DataAccessPointAccount", true},
		{"s3:GetObjectVersion", "S3:VERSIONID", true},
		{"s3:PutObject", "kms:ViaService", false},
		{"kms:Decrypt", "kms:EncryptionContext:team", true},
	} {
		a, _ := review.Action(test.action)
		if a.Carries(test.key) != test.want {
			t.Errorf("%s carries %s: %v", test.action, test.key, !test.want)
		}
	}
}

func TestTypesOf(t *testing.T) {
	for pattern, want := range map[string]string{
		"*":                                  "*",
		"arn:aws:s3:::*":                     "*",
		"arn:aws:s3:::vault":                 "bucket",
		"arn:aws:s3:::vault/*":               "object",
		"arn:aws:s3:::vault*":                "bucket object",
		"arn:aws:s3:::home-${aws:username}":  "bucket object",
		"arn:aws:s3:::vault/${aws:username}": "object",
		"arn:aws:s3:eu-west-1:111122223333:accesspoint/ap":          "accesspoint multiregionaccesspoint",
		"arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/*": "accesspointobject",
		"arn:aws:kms:eu-west-1:111122223333:key/*":                  "key",
		"arn:aws:iam::111122223333:role/app":                        "role",
		"arn:aws:sqs:eu-west-1:111122223333:queue":                  "",
	} {
		if got := strings.Join(review.TypesOf(pattern), " "); got != want {
			t.Errorf("%s may cover %q, want %q", pattern, got, want)
		}
	}
	list, _ := review.Action("s3:ListAllMyBuckets")
	if !list.Covers("*") || !list.Covers("arn:aws:s3:::*") || list.Covers("arn:aws:s3:::vault") {
		t.Error("an action on no resource needs a star")
	}
	put, _ := review.Action("s3:PutObject")
	if slices.Contains(review.TypesOf("arn:aws:s3:::vault"), "object") || put.Covers("arn:aws:s3:::vault") || !put.Covers("arn:aws:s3:::vault/*") {
		t.Error("PutObject acts on objects")
	}
}
