package policy_test

import (
	"fmt"
	"testing"

	"keyhole/simulator/policy"
)

func TestWhatBlockPublicAccessCallsPublic(t *testing.T) {
	for _, row := range []struct {
		what, principal, condition string
		public                     bool
	}{
		{"everybody", `"*"`, ``, true},
		{"everybody of AWS", `{"AWS":"*"}`, ``, true},
		{"one account", `{"AWS":"111122223333"}`, ``, false},
		{"a service", `{"Service":"cloudtrail.amazonaws.com"}`, ``, false},
		{"a federated provider", `{"Federated":"accounts.google.com"}`, ``, true},
		{"one organization", `"*"`, `"StringEquals":{"aws:PrincipalOrgID":"o-abc"}`, false},
		{"an organization that may be absent", `"*"`, `"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}`, true},
		{"any organization", `"*"`, `"StringLike":{"aws:PrincipalOrgID":"o-*"}`, true},
		{"one endpoint", `"*"`, `"StringEquals":{"aws:SourceVpce":"vpce-1"}`, false},
		{"all but one endpoint", `"*"`, `"StringNotEquals":{"aws:SourceVpce":"vpce-1"}`, true},
		{"a network", `"*"`, `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, false},
		{"a quarter of the internet", `"*"`, `"IpAddress":{"aws:SourceIp":"64.0.0.0/2"}`, true},
		{"a wide network of version 6", `"*"`, `"IpAddress":{"aws:SourceIp":"2000::/3"}`, true},
		{"a referer", `"*"`, `"StringLike":{"aws:Referer":"https://example.com/*"}`, true},
		{"TLS", `"*"`, `"Bool":{"aws:SecureTransport":"true"}`, true},
		{"a variable", `"*"`, `"StringEquals":{"aws:SourceVpce":"${aws:SourceVpce}"}`, true},
		{"a role by its id", `"*"`, `"StringLike":{"aws:userid":"AROAEXAMPLE:*"}`, true},
		{"access points of one account", `"*"`, `"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-east-1:111122223333:accesspoint/*"}`, false},
		{"access points of any account", `"*"`, `"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-east-1:*:accesspoint/*"}`, true},
		{"one fixed and one weak condition", `"*"`, `"StringEquals":{"aws:SourceVpc":"vpc-1"},"Bool":{"aws:SecureTransport":"true"}`, false},
	} {
		t.Run(row.what, func(t *testing.T) {
			d, err := policy.Decode(fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[
				{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},
				{"Effect":"Allow","Principal":%s,"Action":"s3:GetObject","Resource":"*","Condition":{%s}}]}`, row.principal, row.condition))
			if err != nil {
				t.Fatal(err)
			}
			public, by := policy.IsPublic(d)
			if public != row.public || public && by.Index != 1 {
				t.Errorf("public %v by %v, want %v", public, by, row.public)
			}
		})
	}
}
