package iam

import (
	"maps"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var accountRows = []row{
	{"GetAccountSummary", onEverything, nil, getAccountSummary},
	{"GetAccountAuthorizationDetails", onEverything, paged(query.Param{Name: "Filter", Kind: query.List, Of: &query.Param{OneOf: kinds}}), getAccountAuthorizationDetails},
	{"ListAccountAliases", onEverything, paged(), listAccountAliases},
}

// entry is one line of the account's summary.
type entry struct {
	Key   string `xml:"key"`
	Value int    `xml:"value"`
}

// getAccountSummary counts what there is, next to the quotas. (names and quotas: recorded)
func getAccountSummary(x *exchange.Exchange) *exchange.Fault {
	devices := x.World.MFADevices(x.Caller.Account, "")
	used := 0
	for _, d := range devices {
		if d.User != "" {
			used++
		}
	}
	attached := 0
	for _, account := range []string{x.Caller.Account, world.AWS} {
		for _, p := range x.World.ManagedPolicies(account) {
			if n, boundaries := uses(x, p.ARN); n+boundaries > 0 {
				attached++
			}
		}
	}
	rootKeys := min(len(x.World.KeysOf(x.Caller.Account, "")), 1)
	counts := map[string]int{
		"Users": len(principals(x, "user")), "Groups": len(groups(x)), "Roles": len(principals(x, "role")),
		"Policies": len(x.World.ManagedPolicies(x.Caller.Account)), "PolicyVersionsInUse": attached, "MFADevices": len(devices), "MFADevicesInUse": used,
		"AccountAccessKeysPresent": rootKeys, "AccountMFAEnabled": 0, "AccountPasswordPresent": 0, "AccountSigningCertificatesPresent": 0,
		"InstanceProfiles": 0, "Providers": 0, "ServerCertificates": 0, "GlobalEndpointTokenVersion": 1,
		"UsersQuota": world.MaxUsers, "GroupsQuota": world.MaxGroups, "RolesQuota": world.MaxRoles, "PoliciesQuota": world.MaxManagedPolicies,
		"GroupsPerUserQuota": world.MaxGroupsPerUser, "AccessKeysPerUserQuota": world.MaxAccessKeysPerUser, "VersionsPerPolicyQuota": world.MaxPolicyVersions,
		"AttachedPoliciesPerUserQuota": world.MaxAttachedPolicies, "AttachedPoliciesPerGroupQuota": world.MaxAttachedPolicies, "AttachedPoliciesPerRoleQuota": world.MaxAttachedPolicies,
		"UserPolicySizeQuota": world.MaxUserPolicySize, "GroupPolicySizeQuota": world.MaxGroupPolicySize, "RolePolicySizeQuota": world.MaxRolePolicySize,
		"PolicySizeQuota": world.MaxManagedPolicySize, "AssumeRolePolicySizeQuota": world.MaxTrustPolicySize, "PolicyVersionsInUseQuota": 10000,
		"InstanceProfilesQuota": 1000, "ServerCertificatesQuota": 20, "SigningCertificatesPerUserQuota": 2,
	}
	var out struct {
		SummaryMap struct {
			Entry []entry `xml:"entry"`
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out.SummaryMap.Entry = append(out.SummaryMap.Entry, entry{name, counts[name]})
	}
	x.Result(out)
	return nil
}

// listAccountAliases has nothing to list: accounts here have no aliases.
func listAccountAliases(x *exchange.Exchange) *exchange.Fault {
	x.Result(struct {
		AccountAliases query.Members[string]
		query.More
	}{})
	return nil
}
