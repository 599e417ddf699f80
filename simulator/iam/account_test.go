package iam

import (
	"strings"
	"testing"
)

func TestAccountAsAWhole(t *testing.T) {
	d := newDesk(t)
	d.play(step{"a policy", "CreatePolicy", "PolicyName=Read&" + sent("PolicyDocument", readObjects), "*"},
		step{"a group", "CreateGroup", "GroupName=devs", "*"},
		step{"with ana", "AddUserToGroup", "GroupName=devs&UserName=ana", "*"},
		step{"a count", "GetAccountSummary", "", "<entry><key>Users</key><value>1</value></entry>"},
		step{"a quota", "GetAccountSummary", "", "<entry><key>RolePolicySizeQuota</key><value>10240</value></entry>"},
		step{"everything of everybody", "GetAccountAuthorizationDetails", "", "<GroupList><member>devs</member></GroupList>"},
		step{"with the documents", "GetAccountAuthorizationDetails", "Filter.member.1=LocalManagedPolicy", "<UserDetailList></UserDetailList>"},
		step{"a filter of nobody", "GetAccountAuthorizationDetails", "Filter.member.1=Cat", "400 ValidationError 1 validation error detected: Value at 'filter.1.member' failed to satisfy constraint: Member must satisfy enum value set"},
		step{"no aliases", "ListAccountAliases", "", "<AccountAliases></AccountAliases><IsTruncated>false</IsTruncated>"})
	one := d.call("GetAccountAuthorizationDetails", "MaxItems=1")
	if strings.Count(one, "<Arn>") != 1 || !strings.Contains(one, "<IsTruncated>true</IsTruncated>") {
		t.Error(one)
	}
}
