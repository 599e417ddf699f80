package world

// PrincipalPut adds a user or role, or replaces the one of that name: to change one, look it up, change the value and
// put it. Path, ARN and creation time are filled in when empty. Root users are as the file made them.
func PrincipalPut(p Principal) Effect { return Effect{Kind: KindPrincipalPut, Principal: &p} }

// PrincipalRemoved removes a user that has no access keys and MFA devices, or a role.
func PrincipalRemoved(account, kind, name string) Effect {
	return Effect{Kind: KindPrincipalRemoved, Target: &Target{account, kind, name}}
}

// GroupPut adds a group or replaces the one of that name. Who is in it is up to the users.
func GroupPut(g Group) Effect { return Effect{Kind: KindGroupPut, Group: &g} }

// GroupRemoved removes a group that no user is in.
func GroupRemoved(account, name string) Effect {
	return Effect{Kind: KindGroupRemoved, Target: &Target{Account: account, Name: name}}
}

// PolicyPut adds a managed policy of an account or replaces the one of that ARN, versions and all.
func PolicyPut(p ManagedPolicy) Effect { return Effect{Kind: KindPolicyPut, Policy: &p} }

// PolicyRemoved removes a managed policy that is attached nowhere and is nobody's boundary.
func PolicyRemoved(arn string) Effect {
	return Effect{Kind: KindPolicyRemoved, Target: &Target{Name: arn}}
}

// AccessKeyPut adds an access key (see World.NewAccessKey) or replaces the one of that id, which stays with its user.
func AccessKeyPut(k AccessKey) Effect { return Effect{Kind: KindAccessKeyPut, AccessKey: &k} }

// AccessKeyRemoved removes an access key.
func AccessKeyRemoved(id string) Effect {
	return Effect{Kind: KindAccessKeyRemoved, Target: &Target{Name: id}}
}

// MFAPut adds an MFA device or replaces the one of that serial number. Serial is filled in when empty.
func MFAPut(d MFADevice) Effect { return Effect{Kind: KindMFAPut, MFA: &d} }

// MFARemoved removes an MFA device that is enabled for nobody.
func MFARemoved(serial string) Effect {
	return Effect{Kind: KindMFARemoved, Target: &Target{Name: serial}}
}

// AccountPublicSet sets Block Public Access of an account; nil removes the configuration.
func AccountPublicSet(account string, public *PublicBlock) Effect {
	return Effect{Kind: KindAccountPublicSet, Target: &Target{Account: account}, Public: public}
}

// ObjectGrantsSet gives a version another access control list; nil is the default one.
func ObjectGrantsSet(bucket, key, versionID string, list []ACLGrant) Effect {
	return Effect{Kind: KindObjectGrantsSet, Bucket: bucket, Key: key, Version: versionID, Grants: &Grants{list}}
}
