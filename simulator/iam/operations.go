// Package iam is the IAM service: its table of operations, and the handlers of those that are imitated.
package iam

import (
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
)

// row is one operation of IAM: its name, what it is done to, what its form may hold and who does it.
type row struct {
	name   string
	on     func(*exchange.Exchange) string // ARN that iam:NAME is checked on
	params []query.Param
	do     func(*exchange.Exchange) *exchange.Fault
}

// operations are the rows of IAM, made once.
var operations = func() []exchange.Operation {
	var out []exchange.Operation
	for _, r := range slices.Concat(userRows, groupRows, roleRows, inlineRows, policyRows, versionRows, attachRows, keyRows, mfaRows, tagRows, accountRows, simulateRows) {
		out = append(out, r.operation())
	}
	for _, name := range notImitated {
		out = append(out, exchange.Operation{Service: "iam", Name: name, Method: "POST", Needs: []exchange.Need{{Action: "iam:" + name}}})
	}
	return out
}()

// Operations are all 176 operations of IAM in 2026; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }

func (r row) operation() exchange.Operation {
	return exchange.Operation{
		Service: "iam", Name: r.name, Method: "POST",
		Inspect: func(x *exchange.Exchange) *exchange.Fault {
			if fault := usable(x); fault != nil {
				return fault
			}
			return query.Check(x, false, r.params...)
		},
		Needs:  []exchange.Need{{Action: "iam:" + r.name, Resource: r.on}},
		Handle: r.do,
	}
}

// usable refuses the sessions that IAM takes no calls from: federated users, and GetSessionToken without an MFA code.
// (IAM user guide, comparison of STS credentials)
func usable(x *exchange.Exchange) *exchange.Fault {
	if x.Caller.Kind == "federated-user" || x.Caller.Kind == "user" && x.Caller.Temporary && x.Caller.MFA.IsZero() {
		return exchange.Err(403, "InvalidClientTokenId", "The security token included in the request is invalid.").
			Told("IAM takes no calls from such a session.")
	}
	return nil
}

// notImitated are the operations of IAM that no lab here needs.
var notImitated = []string{
	"AcceptDelegationRequest", "AddClientIDToOpenIDConnectProvider", "AddRoleToInstanceProfile", "AssociateDelegationRequest",
	"ChangePassword", "CreateAccountAlias", "CreateDelegationRequest", "CreateInstanceProfile", "CreateLoginProfile",
	"CreateOpenIDConnectProvider", "CreateSAMLProvider", "CreateServiceLinkedRole", "CreateServiceSpecificCredential",
	"DeleteAccountAlias", "DeleteAccountPasswordPolicy", "DeleteInstanceProfile", "DeleteLoginProfile",
	"DeleteOpenIDConnectProvider", "DeleteSAMLProvider", "DeleteSSHPublicKey", "DeleteServerCertificate",
	"DeleteServiceLinkedRole", "DeleteServiceSpecificCredential", "DeleteSigningCertificate",
	"DisableOrganizationsRootCredentialsManagement", "DisableOrganizationsRootSessions", "DisableOutboundWebIdentityFederation",
	"EnableOrganizationsRootCredentialsManagement", "EnableOrganizationsRootSessions", "EnableOutboundWebIdentityFederation",
	"GenerateCredentialReport", "GenerateOrganizationsAccessReport", "GenerateServiceLastAccessedDetails",
	"GetAccessKeyLastUsed", "GetAccountPasswordPolicy", "GetCredentialReport", "GetDelegationRequest",
	"GetHumanReadableSummary", "GetInstanceProfile", "GetLoginProfile", "GetOpenIDConnectProvider",
	"GetOrganizationsAccessReport", "GetOutboundWebIdentityFederationInfo", "GetSAMLProvider", "GetSSHPublicKey",
	"GetServerCertificate", "GetServiceLastAccessedDetails", "GetServiceLastAccessedDetailsWithEntities",
	"GetServiceLinkedRoleDeletionStatus", "ListDelegationRequests", "ListInstanceProfileTags", "ListInstanceProfiles",
	"ListMFADeviceTags", "ListOpenIDConnectProviderTags", "ListOpenIDConnectProviders",
	"ListOrganizationsFeatures", "ListPoliciesGrantingServiceAccess", "ListSAMLProviderTags", "ListSAMLProviders",
	"ListSSHPublicKeys", "ListServerCertificateTags", "ListServerCertificates", "ListServiceSpecificCredentials",
	"ListSigningCertificates", "RejectDelegationRequest", "RemoveClientIDFromOpenIDConnectProvider",
	"RemoveRoleFromInstanceProfile", "ResetServiceSpecificCredential", "SendDelegationToken",
	"SetSecurityTokenServicePreferences", "TagInstanceProfile", "TagMFADevice", "TagOpenIDConnectProvider", "TagSAMLProvider",
	"TagServerCertificate", "UntagInstanceProfile", "UntagMFADevice", "UntagOpenIDConnectProvider", "UntagSAMLProvider",
	"UntagServerCertificate", "UpdateAccountPasswordPolicy", "UpdateDelegationRequest", "UpdateLoginProfile",
	"UpdateOpenIDConnectProviderThumbprint", "UpdateSAMLProvider", "UpdateSSHPublicKey", "UpdateServerCertificate",
	"UpdateServiceSpecificCredential", "UpdateSigningCertificate", "UploadSSHPublicKey", "UploadServerCertificate",
	"UploadSigningCertificate",
}
