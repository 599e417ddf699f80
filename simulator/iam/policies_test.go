package iam

import (
	"strings"
	"testing"
)

const readARN = "arn:aws:iam::111122223333:policy/Read"

func TestManagedPolicies(t *testing.T) {
	newDesk(t).play(
		step{"a policy", "CreatePolicy", "PolicyName=Read&Description=reads&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=A&Tags.member.2.Value=2&" + sent("PolicyDocument", readObjects), "<Tags><member><Key>A</Key>"},
		step{"its name is taken", "CreatePolicy", "PolicyName=read&" + sent("PolicyDocument", readObjects), "409 EntityAlreadyExists A policy called read already exists. Duplicate names are not allowed."},
		step{"Get describes it", "GetPolicy", "PolicyArn=" + readARN, "<IsAttachable>true</IsAttachable><Description>reads</Description>"},
		step{"a name is no ARN", "GetPolicy", "PolicyArn=longpolicynamebutnoarn", "400 ValidationError ARN longpolicynamebutnoarn is not valid."},
		step{"no such policy", "GetPolicy", "PolicyArn=" + readARN + "er", "404 NoSuchEntity Policy " + readARN + "er was not found."},
		step{"a policy nobody has is not attached", "ListPolicies", "OnlyAttached=true", "<Policies></Policies>"},
		step{"nothing to attach", "AttachUserPolicy", "UserName=ana&PolicyArn=" + readARN + "er", "404 NoSuchEntity Policy " + readARN + "er does not exist or is not attachable."},
		step{"attached to a user", "AttachUserPolicy", "UserName=ana&PolicyArn=" + readARN, "<ResponseMetadata>"},
		step{"twice is once", "AttachUserPolicy", "UserName=ana&PolicyArn=" + readARN, "<ResponseMetadata>"},
		step{"a boundary of a role", "PutRolePermissionsBoundary", "RoleName=app&PermissionsBoundary=" + readARN, "<ResponseMetadata>"},
		step{"both are counted", "GetPolicy", "PolicyArn=" + readARN, "<AttachmentCount>1</AttachmentCount><PermissionsBoundaryUsageCount>1</PermissionsBoundaryUsageCount>"},
		step{"both are found", "ListEntitiesForPolicy", "PolicyArn=" + readARN, "<PolicyUsers><member><UserName>ana</UserName>"},
		step{"or the boundary alone", "ListEntitiesForPolicy", "PolicyUsageFilter=PermissionsBoundary&PolicyArn=" + readARN, "<PolicyUsers></PolicyUsers><PolicyRoles><member><RoleName>app</RoleName>"},
		step{"what is attached stays", "DeletePolicy", "PolicyArn=" + readARN, "409 DeleteConflict Cannot delete a policy attached to entities."},
		step{"not attached to the role", "DetachRolePolicy", "RoleName=app&PolicyArn=" + readARN, "404 NoSuchEntity Policy " + readARN + " was not found."},
		step{"the boundary goes", "DeleteRolePermissionsBoundary", "RoleName=app", "<ResponseMetadata>"},
		step{"and is gone", "DeleteRolePermissionsBoundary", "RoleName=app", "404 NoSuchEntity The role with name app does not have a permissions boundary."},
		step{"attached ones keep a user", "DeleteUser", "UserName=ana", "409 DeleteConflict Cannot delete entity, must detach all policies first."},
		step{"detached", "DetachUserPolicy", "UserName=ana&PolicyArn=" + readARN, "<ResponseMetadata>"},
		step{"then it may go", "DeletePolicy", "PolicyArn=" + readARN, "<ResponseMetadata>"},
	)
}

func TestVersionsOfPolicies(t *testing.T) {
	d := newDesk(t)
	version := "PolicyArn=" + readARN + "&" + sent("PolicyDocument", readObjects)
	d.play(step{"a policy", "CreatePolicy", "PolicyName=Read&" + sent("PolicyDocument", readObjects), "<DefaultVersionId>v1</DefaultVersionId>"},
		step{"a second version in force", "CreatePolicyVersion", version + "&SetAsDefault=true", "<VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion>"},
		step{"a third not", "CreatePolicyVersion", version, "<VersionId>v3</VersionId><IsDefaultVersion>false</IsDefaultVersion>"},
		step{"newest first", "ListPolicyVersions", "PolicyArn=" + readARN, "<Versions><member><VersionId>v3</VersionId>"},
		step{"a fourth", "CreatePolicyVersion", version, "*"}, step{"a fifth", "CreatePolicyVersion", version, "*"},
		step{"a sixth is too many", "CreatePolicyVersion", version, "409 LimitExceeded A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."},
		step{"the one in force stays", "DeletePolicyVersion", "VersionId=v2&PolicyArn=" + readARN, "409 DeleteConflict Cannot delete the default version of a policy."},
		step{"another may go", "DeletePolicyVersion", "VersionId=v1&PolicyArn=" + readARN, "<ResponseMetadata>"},
		step{"its number does not come again", "CreatePolicyVersion", version, "<VersionId>v6</VersionId>"},
		step{"an older one is put in force", "SetDefaultPolicyVersion", "VersionId=v3&PolicyArn=" + readARN, "<ResponseMetadata>"},
		step{"and is", "GetPolicyVersion", "VersionId=v3&PolicyArn=" + readARN, "<IsDefaultVersion>true</IsDefaultVersion>"},
		step{"no such version", "GetPolicyVersion", "VersionId=v9&PolicyArn=" + readARN, "404 NoSuchEntity Policy " + readARN + " version v9 does not exist or is not attachable."},
		step{"no version at all", "GetPolicyVersion", "VersionId=9&PolicyArn=" + readARN, `400 ValidationError 1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`},
		step{"versions keep a policy", "DeletePolicy", "PolicyArn=" + readARN, "409 DeleteConflict This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."})
	text := d.call("GetPolicyVersion", "VersionId=v3&PolicyArn="+readARN)
	if !strings.Contains(text, "<Document>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22") {
		t.Errorf("the document is not encoded after RFC 3986: %s", text)
	}
}

func TestInlinePolicies(t *testing.T) {
	d := newDesk(t)
	for _, k := range kindsOfHolder {
		name := map[string]string{"user": "ana", "group": "devs", "role": "app"}[k.word]
		if k.word == "group" {
			d.play(step{"a group", "CreateGroup", "GroupName=devs", "*"})
		}
		who := k.Name + "Name=" + name
		d.play(step{"none", "List" + k.Name + "Policies", who, "<PolicyNames></PolicyNames>"},
			step{"put", "Put" + k.Name + "Policy", who + "&PolicyName=p&" + sent("PolicyDocument", readObjects), "<ResponseMetadata>"},
			step{"got", "Get" + k.Name + "Policy", who + "&PolicyName=p", "<" + k.Name + "Name>" + name + "</" + k.Name + "Name><PolicyName>p</PolicyName><PolicyDocument>%7B"},
			step{"listed", "List" + k.Name + "Policies", who, "<PolicyNames><member>p</member></PolicyNames>"},
			step{"deleted", "Delete" + k.Name + "Policy", who + "&PolicyName=p", "<ResponseMetadata>"},
			step{"gone", "Get" + k.Name + "Policy", who + "&PolicyName=p", "404 NoSuchEntity The " + k.word + " policy with name p cannot be found."})
	}
	long := strings.Replace(readObjects, "b/*", strings.Repeat("b", 1900)+"/*", 1)
	d.play(step{"a long one fits", "PutUserPolicy", "UserName=ana&PolicyName=one&" + sent("PolicyDocument", long), "<ResponseMetadata>"},
		step{"two do not", "PutUserPolicy", "UserName=ana&PolicyName=two&" + sent("PolicyDocument", long), "409 LimitExceeded Maximum policy size of 2048 bytes exceeded for user ana"},
		step{"a role takes both", "PutRolePolicy", "RoleName=app&PolicyName=one&" + sent("PolicyDocument", long), "<ResponseMetadata>"})
}
