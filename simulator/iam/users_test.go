package iam

import (
	"testing"

	"keyhole/simulator/world"
)

func TestUsers(t *testing.T) {
	newDesk(t).play(
		step{"a user is made", "CreateUser", "UserName=carl&Path=/eng/&Tags.member.1.Key=team&Tags.member.1.Value=a", "<Arn>arn:aws:iam::111122223333:user/eng/carl</Arn>"},
		step{"names are taken whatever their case", "CreateUser", "UserName=CARL", "409 EntityAlreadyExists User with name CARL already exists."},
		step{"the tags are kept", "GetUser", "UserName=carl", "<Tags><member><Key>team</Key><Value>a</Value></member></Tags>"},
		step{"lists show no tags", "ListUsers", "PathPrefix=/eng", "</CreateDate></member></Users>"},
		step{"without a name the caller is meant", "GetUser", "", "<UserName>ana</UserName>"},
		step{"names are looked up with their case", "GetUser", "UserName=Carl", "404 NoSuchEntity The user with name Carl cannot be found."},
		step{"a path needs its slashes", "CreateUser", "UserName=x&Path=eng", "400 ValidationError The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."},
		step{"a boundary has to exist", "CreateUser", "UserName=x&PermissionsBoundary=arn:aws:iam::111122223333:policy/none", "404 NoSuchEntity Scope ARN: arn:aws:iam::111122223333:policy/none does not exist or is not attachable."},
		step{"a tag may not be there twice", "CreateUser", "UserName=x&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=A&Tags.member.2.Value=2", "400 InvalidInput Duplicate tag keys found. Please note that Tag keys are case insensitive."},
		step{"what is not letters is refused", "CreateUser", "UserName=a+b", `400 ValidationError 1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+`},
		step{"a key", "CreateAccessKey", "UserName=carl", "<Status>Active</Status>"},
		step{"keys keep a user", "DeleteUser", "UserName=carl", "409 DeleteConflict Cannot delete entity, must delete access keys first."},
		step{"a rename takes the keys along", "UpdateUser", "UserName=carl&NewUserName=karl&NewPath=/", "<ResponseMetadata>"},
		step{"the old name is nobody's", "GetUser", "UserName=carl", "404 NoSuchEntity The user with name carl cannot be found."},
		step{"the new one has the keys", "ListAccessKeys", "UserName=karl", "<UserName>karl</UserName>"},
		step{"a name that is taken", "UpdateUser", "UserName=karl&NewUserName=ANA", "409 EntityAlreadyExists User with name ANA already exists."},
		step{"the case of a name may change", "UpdateUser", "UserName=karl&NewUserName=Karl", "<ResponseMetadata>"},
		step{"a policy", "PutUserPolicy", "UserName=Karl&PolicyName=p&" + sent("PolicyDocument", readObjects), "<ResponseMetadata>"},
		step{"policies keep a user", "DeleteUser", "UserName=Karl", "409 DeleteConflict Cannot delete entity, must delete policies first."},
		step{"users of another account are not seen", "GetUser", "UserName=bob", "404 NoSuchEntity The user with name bob cannot be found."},
		step{"pages", "ListUsers", "MaxItems=1", "<IsTruncated>true</IsTruncated>"},
		step{"a marker of nobody", "ListUsers", "Marker=x", "400 ValidationError Invalid Marker."},
	)
}

// A key works as long as its user says, whatever the user is called.
func TestARenamedUserKeepsItsKey(t *testing.T) {
	d := newDesk(t)
	before := d.as
	d.play(step{"the rename", "UpdateUser", "UserName=ana&NewUserName=anna", "<ResponseMetadata>"})
	after, err := d.world.Identity(before.AccessKey, "", world.BaseSimulated)
	if err != nil || after.ARN != "arn:aws:iam::111122223333:user/anna" || after.UserID != before.UserID {
		t.Errorf("%+v %v", after, err)
	}
}

func TestSessionsOfIAM(t *testing.T) {
	d := newDesk(t)
	d.as.Temporary = true
	d.play(step{"a session without MFA", "ListUsers", "", "403 InvalidClientTokenId The security token included in the request is invalid."})
	d.as.MFA = d.world.Now()
	d.play(step{"with MFA", "ListUsers", "", "<UserName>ana</UserName>"})
	d.as.Kind, d.as.Name = "role", "app"
	d.play(
		step{"a role is no user", "GetUser", "", "400 ValidationError Must specify userName when calling with non-User credentials"},
		step{"neither for keys", "DeleteAccessKey", "AccessKeyId=AKIAIOSFODNN7EXAMPLE", "400 ValidationError Must specify userName when calling with non-User credentials"})
	d.as.Kind = "federated-user"
	d.play(step{"a federated user", "ListUsers", "", "403 InvalidClientTokenId The security token included in the request is invalid."})
}
