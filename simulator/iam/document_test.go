package iam

import (
	"net/url"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

func nobody() *exchange.Exchange { return &exchange.Exchange{Trace: &exchange.Trace{}} }

// The texts are recorded AWS answers to CreatePolicy, but for the last three.
func TestIdentityDocuments(t *testing.T) {
	policy := func(statement string) string { return `{"Version":"2012-10-17","Statement":[` + statement + `]}` }
	with := func(action, resource string) string {
		return policy(`{"Effect":"Allow","Action":` + action + `,"Resource":` + resource + `}`)
	}
	for what, row := range map[string]struct{ text, want string }{
		"a policy":                        {readObjects, ""},
		"no JSON":                         {"This is not a json document", "Syntax errors in policy."},
		"no Version":                      {`{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`, "Policy document must be version 2012-10-17 or greater."},
		"the old Version":                 {`{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`, "Policy document must be version 2012-10-17 or greater."},
		"a Version of nobody":             {`{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}`, "Syntax errors in policy."},
		"no Statement":                    {`{"Version":"2012-10-17"}`, "Syntax errors in policy."},
		"no Effect":                       {policy(`{"Action":"s3:ListBucket","Resource":"*"}`), "Syntax errors in policy."},
		"an unknown operator":             {policy(`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"x":{"a:b":"c"}}}`), "Syntax errors in policy."},
		"no service":                      {with(`"invalid"`, `"*"`), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		"a service with a space":          {with(`"a a:ListBucket"`, `"*"`), "Vendor a a is not valid"},
		"two colons":                      {with(`"s3:s3:ListBucket"`, `"*"`), "Actions/Condition can contain only one colon."},
		"no ARN":                          {with(`"s3:ListBucket"`, `"invalid resource"`), `Resource invalid resource must be in ARN format or "*".`},
		"an empty resource":               {with(`"s3:ListBucket"`, `""`), `Resource  must be in ARN format or "*".`},
		"a partition of nobody":           {with(`"s3:ListBucket"`, `"arn:bsdfdsafsad"`), `Partition "bsdfdsafsad" is not valid for resource "arn:bsdfdsafsad:*:*:*:*".`},
		"the partition left out":          {with(`"s3:ListBucket"`, `"arn:s3:::example_bucket"`), `Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".`},
		"a wild service":                  {with(`"s3:ListBucket"`, `"arn:aws:s3*:::b"`), "Resource vendor must be fully qualified and cannot contain regexes."},
		"a bucket with a region":          {with(`"s3:ListBucket"`, `"arn:aws:s3:us-east-1::example_bucket"`), "Resource arn:aws:s3:us-east-1::example_bucket can not contain region information."},
		"a user with a region":            {with(`"s3:ListBucket"`, `"arn:aws:iam:us-east-1::example_bucket"`), "IAM resource arn:aws:iam:us-east-1::example_bucket cannot contain region information."},
		"an IAM path of nobody":           {with(`"s3:ListBucket"`, `"arn:aws:iam::111122223333:usr/x"`), `IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.`},
		"no Resource":                     {policy(`{"Effect":"Allow","Action":"s3:ListBucket"}`), "Policy statement must contain resources."},
		"an empty list of resources":      {policy(`{"Effect":"Allow","Action":"s3:ListBucket","Resource":[]}`), "Policy statement must contain resources."},
		"no Action":                       {policy(`{"Effect":"Allow","Resource":"*"}`), "Policy statement must contain actions."},
		"an empty list of actions":        {policy(`{"Effect":"Allow","Action":[],"Resource":"*"}`), "Policy statement must contain actions."},
		"one Sid twice":                   {policy(`{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}`), "Statement IDs (SID) in a single policy must be unique."},
		"an access point has a region":    {with(`"s3:GetObject"`, `"arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/*"`), ""},
		"a Principal":                     {policy(`{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}`), "Policy document should not specify a principal."},
		"6,145 characters of white space": {strings.Replace(readObjects, ":", ":"+strings.Repeat(" ", 6145), 1), ""},
	} {
		got := ""
		if fault := identityDocument(nobody(), row.text, true); fault != nil {
			if got = fault.Message; fault.Code != "MalformedPolicyDocument" || fault.Status != 400 {
				t.Errorf("%s: %d %s", what, fault.Status, fault.Code)
			}
		}
		if got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", what, got, row.want)
		}
	}
	long := strings.Replace(readObjects, "b/*", strings.Repeat("b", 6144), 1)
	if fault := identityDocument(nobody(), long, true); fault == nil || fault.Message != "Cannot exceed quota for PolicySize: 6144" {
		t.Errorf("a long one: %v", fault)
	}
	if fault := identityDocument(nobody(), strings.Replace(readObjects, "2012", "2008", 1), false); fault != nil {
		t.Errorf("an inline policy of the old version: %v", fault)
	}
}

// The first three texts are recorded AWS answers to UpdateAssumeRolePolicy.
func TestTrustDocuments(t *testing.T) {
	d := newDesk(t)
	trust := func(statement string) string { return `{"Version":"2012-10-17","Statement":[` + statement + `]}` }
	for what, row := range map[string]struct{ text, want string }{
		"no JSON":            {`{"Version"`, "This policy contains invalid Json"},
		"another action":     {trust(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject"}`), "AssumeRole policy may only specify STS AssumeRole actions."},
		"a Resource":         {trust(`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Resource":"*"}`), "Has prohibited field Resource"},
		"no Principal":       {trust(`{"Effect":"Allow","Action":"sts:AssumeRole"}`), "Missing required field Principal"},
		"a user of nobody":   {strings.Replace(trustAna, "ana", "nobody", 1), `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/nobody"`},
		"the other path":     {strings.Replace(trustAna, "user/ana", "user/x/ana", 1), `Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/x/ana"`},
		"another account":    {strings.Replace(trustAna, "111122223333:user/ana", "444455556666:root", 1), ""},
		"an account of ours": {strings.Replace(trustAna, "arn:aws:iam::111122223333:user/ana", "444455556666", 1), ""},
		"a strange account":  {strings.Replace(trustAna, "111122223333", "999988887777", 1), ""},
		"a service":          {strings.Replace(trustAna, `"AWS":"arn:aws:iam::111122223333:user/ana"`, `"Service":"ec2.amazonaws.com"`, 1), ""},
	} {
		x := &exchange.Exchange{World: d.world, Caller: d.as, Base: world.BaseSimulated, Trace: &exchange.Trace{}}
		got := ""
		if fault := trustDocument(x, row.text); fault != nil {
			got = fault.Message
		}
		if got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", what, got, row.want)
		}
	}
	x := &exchange.Exchange{World: d.world, Caller: d.as, Trace: &exchange.Trace{}}
	if fault := trustDocument(x, strings.Replace(trustAna, `"Statement":[`, `"Statement":[`+strings.Repeat(`{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"},`, 40), 1)); fault == nil || fault.Message != "Cannot exceed quota for ACLSizePerRole: 2048" {
		t.Errorf("a long one: %v", fault)
	}
}

// Documents are foreign bytes: whatever they are, they are taken or refused, and a document that is taken comes back as it was.
func FuzzIdentityDocument(f *testing.F) {
	f.Add(readObjects)
	f.Add("{ \"a+b\": \"100 %\"\n}")
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","NotAction":"*","NotResource":["arn:","arn:aws:iam::1:user/x"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		fault := identityDocument(nobody(), text, true)
		if fault != nil && (fault.Message == "" || fault.Status < 400) {
			t.Errorf("%+v", fault)
		}
		if back, err := url.PathUnescape(escape([]byte(text))); err != nil || back != text {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	})
}
