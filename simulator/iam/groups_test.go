package iam

import "testing"

func TestGroups(t *testing.T) {
	newDesk(t).play(
		step{"a group", "CreateGroup", "GroupName=devs&Path=/a/", "<Arn>arn:aws:iam::111122223333:group/a/devs</Arn>"},
		step{"its name is taken", "CreateGroup", "GroupName=DEVS", "409 EntityAlreadyExists Group with name DEVS already exists."},
		step{"nobody is in it", "GetGroup", "GroupName=devs", "<Users></Users><IsTruncated>false</IsTruncated>"},
		step{"a user joins", "AddUserToGroup", "GroupName=devs&UserName=ana", "<ResponseMetadata>"},
		step{"joining twice is joining once", "AddUserToGroup", "GroupName=devs&UserName=ana", "<ResponseMetadata>"},
		step{"somebody is in it", "GetGroup", "GroupName=devs", "<Users><member><Path>/</Path><UserName>ana</UserName>"},
		step{"the user is missed before the group", "RemoveUserFromGroup", "GroupName=none&UserName=nobody", "404 NoSuchEntity The user with name nobody cannot be found."},
		step{"then the group", "AddUserToGroup", "GroupName=none&UserName=ana", "404 NoSuchEntity The group with name none cannot be found."},
		step{"members keep a group", "DeleteGroup", "GroupName=devs", "409 DeleteConflict Cannot delete entity, must remove users from group first."},
		step{"groups keep a user", "DeleteUser", "UserName=ana", "409 DeleteConflict Cannot delete entity, must remove users from group first."},
		step{"a group is renamed", "UpdateGroup", "GroupName=devs&NewGroupName=eng&NewPath=/", "<ResponseMetadata>"},
		step{"its members stay", "ListGroupsForUser", "UserName=ana", "<GroupName>eng</GroupName>"},
		step{"the old name is gone", "GetGroup", "GroupName=devs", "404 NoSuchEntity The group with name devs cannot be found."},
		step{"a user leaves", "RemoveUserFromGroup", "GroupName=eng&UserName=ana", "<ResponseMetadata>"},
		step{"leaving twice is leaving once", "RemoveUserFromGroup", "GroupName=eng&UserName=ana", "<ResponseMetadata>"},
		step{"a policy of the group", "PutGroupPolicy", "GroupName=eng&PolicyName=p&" + sent("PolicyDocument", readObjects), "<ResponseMetadata>"},
		step{"policies keep a group", "DeleteGroup", "GroupName=eng", "409 DeleteConflict Cannot delete entity, must delete policies first."},
		step{"the policy goes", "DeleteGroupPolicy", "GroupName=eng&PolicyName=p", "<ResponseMetadata>"},
		step{"then the group may", "DeleteGroup", "GroupName=eng", "<ResponseMetadata>"},
		step{"none is left", "ListGroups", "", "<Groups></Groups>"},
	)
}

func TestAUserIsInTenGroupsAtMost(t *testing.T) {
	d := newDesk(t)
	for _, name := range "abcdefghij" {
		d.play(step{"a group", "CreateGroup", "GroupName=" + string(name), "*"}, step{"joined", "AddUserToGroup", "UserName=ana&GroupName=" + string(name), "<ResponseMetadata>"})
	}
	d.play(step{"an eleventh", "CreateGroup", "GroupName=k", "*"},
		step{"is one too many", "AddUserToGroup", "UserName=ana&GroupName=k", "409 LimitExceeded Cannot exceed quota for GroupsPerUser: 10"})
}
