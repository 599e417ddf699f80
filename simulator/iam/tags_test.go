package iam

import "testing"

func TestTags(t *testing.T) {
	d := newDesk(t)
	d.play(step{"a policy", "CreatePolicy", "PolicyName=Read&" + sent("PolicyDocument", readObjects), "*"})
	for kind, who := range map[string]string{"User": "UserName=ana", "Role": "RoleName=app"} {
		d.play(step{"none", "List" + kind + "Tags", who, "<Tags></Tags>"},
			step{"one", "Tag" + kind, who + "&Tags.member.1.Key=team&Tags.member.1.Value=a", "<ResponseMetadata>"},
			step{"another spelling takes its place", "Tag" + kind, who + "&Tags.member.1.Key=Team&Tags.member.1.Value=b", "<ResponseMetadata>"},
			step{"one is there", "List" + kind + "Tags", who, "<Tags><member><Key>Team</Key><Value>b</Value></member></Tags>"},
			step{"AWS's own", "Tag" + kind, who + "&Tags.member.1.Key=aws:x&Tags.member.1.Value=b", "400 InvalidInput Tag keys beginning with aws: are reserved for AWS use."},
			step{"removed in any spelling", "Untag" + kind, who + "&TagKeys.member.1=TEAM", "<ResponseMetadata>"},
			step{"none again", "List" + kind + "Tags", who, "<Tags></Tags>"})
	}
	d.play(step{"two of a policy differ in case", "TagPolicy", "PolicyArn=" + readARN + "&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=A&Tags.member.2.Value=2", "<ResponseMetadata>"},
		step{"both are there", "ListPolicyTags", "PolicyArn=" + readARN, "<member><Key>A</Key><Value>2</Value></member><member><Key>a</Key><Value>1</Value></member>"},
		step{"the same key twice", "TagPolicy", "PolicyArn=" + readARN + "&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=a&Tags.member.2.Value=2", "400 InvalidInput Duplicate tag keys found."},
		step{"one goes", "UntagPolicy", "PolicyArn=" + readARN + "&TagKeys.member.1=a", "<ResponseMetadata>"},
		step{"one stays", "ListPolicyTags", "PolicyArn=" + readARN, "<Tags><member><Key>A</Key><Value>2</Value></member></Tags>"},
		step{"no such policy", "TagPolicy", "PolicyArn=" + readARN + "er&Tags.member.1.Key=a&Tags.member.1.Value=1", "404 NoSuchEntity Policy " + readARN + "er was not found."})
}
