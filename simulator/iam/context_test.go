package iam

import (
	"net/url"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// What a condition can ask about a call.
func TestContext(t *testing.T) {
	d := newDesk(t)
	d.play(step{"a policy", "CreatePolicy", "PolicyName=Read&Tags.member.1.Key=p&Tags.member.1.Value=1&" + sent("PolicyDocument", readObjects), "*"},
		step{"a boundary", "PutUserPermissionsBoundary", "UserName=ana&PermissionsBoundary=" + readARN, "*"},
		step{"a tag", "TagUser", "UserName=ana&Tags.member.1.Key=team&Tags.member.1.Value=a", "*"})
	for what, row := range map[string]struct{ action, form, want string }{
		"the policy that is attached":       {"AttachRolePolicy", "RoleName=app&PolicyArn=" + readARN, "iam:PolicyARN=" + readARN},
		"the boundary and tags of the user": {"PutUserPolicy", "UserName=ana&PolicyName=p", "aws:ResourceTag/team=a iam:PermissionsBoundary=" + readARN + " iam:ResourceTag/team=a"},
		"the boundary that is asked for":    {"CreateUser", "UserName=x&PermissionsBoundary=" + readARN, "iam:PermissionsBoundary=" + readARN},
		"tags that are sent":                {"TagRole", "RoleName=app&Tags.member.1.Key=a&Tags.member.1.Value=1", "aws:RequestTag/a=1 aws:TagKeys=a"},
		"tags that are removed":             {"UntagRole", "RoleName=app&TagKeys.member.1=a&TagKeys.member.2=b", "aws:TagKeys=a,b"},
		"tags of a policy":                  {"GetPolicy", "PolicyArn=" + readARN, "aws:ResourceTag/p=1 iam:ResourceTag/p=1"},
		"nothing":                           {"ListUsers", "", ""},
	} {
		form, _ := url.ParseQuery(row.form)
		x := &exchange.Exchange{World: d.world, Caller: d.as, Base: world.BaseSimulated, Form: form, Op: exchange.Named(Operations(), row.action)}
		var c policy.Context
		Context(x, &c)
		var got []string
		for _, v := range c.Keys() {
			got = append(got, v.Name+"="+strings.Join(v.List, ","))
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: %s, want %s", what, got, row.want)
		}
	}
}
