package iam

import "testing"

func TestRoles(t *testing.T) {
	d := newDesk(t)
	d.play(
		step{"a role", "CreateRole", "RoleName=reader&Path=/x/&MaxSessionDuration=7200&Description=reads&" + sent("AssumeRolePolicyDocument", trustAna), "<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22"},
		step{"Get tells how long sessions may last", "GetRole", "RoleName=reader", "<Description>reads</Description><MaxSessionDuration>7200</MaxSessionDuration><RoleLastUsed></RoleLastUsed>"},
		step{"the name is taken", "CreateRole", "RoleName=Reader&" + sent("AssumeRolePolicyDocument", trustAna), "409 EntityAlreadyExists Role with name Reader already exists."},
		step{"no role", "GetRole", "RoleName=none", "404 NoSuchEntity The role with name none cannot be found."},
		step{"sessions of less than an hour", "UpdateRole", "RoleName=reader&MaxSessionDuration=900", "400 ValidationError 1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"},
		step{"another description alone", "UpdateRole", "RoleName=reader&Description=writes", "<UpdateRoleResult></UpdateRoleResult>"},
		step{"the duration stays", "GetRole", "RoleName=reader", "<Description>writes</Description><MaxSessionDuration>7200</MaxSessionDuration>"},
		step{"the old way to describe", "UpdateRoleDescription", "RoleName=reader&Description=none", "<Description>none</Description></Role>"},
		step{"trust without JSON", "UpdateAssumeRolePolicy", "RoleName=reader&PolicyDocument=%7B%22a%22", "400 MalformedPolicyDocument This policy contains invalid Json"},
		step{"a role of path", "ListRoles", "PathPrefix=/x/", "<RoleName>reader</RoleName>"},
		step{"it is in no instance profile", "ListInstanceProfilesForRole", "RoleName=reader", "<InstanceProfiles></InstanceProfiles>"},
		step{"nor is a role that is none", "ListInstanceProfilesForRole", "RoleName=none", "404 NoSuchEntity The role with name none cannot be found."},
		step{"a role without policies goes", "DeleteRole", "RoleName=reader", "<ResponseMetadata>"},
	)
	d.play(step{"a policy", "PutRolePolicy", "RoleName=app&PolicyName=p&" + sent("PolicyDocument", readObjects), "<ResponseMetadata>"},
		step{"keeps the role", "DeleteRole", "RoleName=app", "409 DeleteConflict Cannot delete entity, must delete policies first."},
		step{"without a word about when it was used", "GetRole", "RoleName=app", "<RoleLastUsed></RoleLastUsed>"})
	if len(d.notes) != 1 {
		t.Errorf("GetRole says %q", d.notes)
	}
}
