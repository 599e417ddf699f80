package review

import "slices"

// resourcePolicies name whom they mean.
var resourcePolicies = []Kind{BucketPolicyKind, KeyPolicyKind, TrustPolicyKind}

// grants are the kinds whose Allow grants something.
var grants = []Kind{BucketPolicyKind, IdentityPolicyKind, KeyPolicyKind, TrustPolicyKind}

var bucketOnly = []Kind{BucketPolicyKind}

// rules are all rules, in the order their findings are told for one statement. A rule is added here and in a file beside.
var rules = []rule{
	{"public", Danger, "policy.public-test", resourcePolicies, public},
	{"weak-condition", Danger, "policy.public-test", resourcePolicies, weakCondition},
	{"not-principal-allow", Danger, "policy.not-principal", nil, notPrincipalAllow},
	{"not-principal-deny", Trap, "policy.not-principal", nil, notPrincipalDeny},
	{"principal-arn-session", Trap, "policy.principal-arn-role", nil, principalARNSession},

	{"unknown-action", Danger, "policy.unknown-action", nil, unknownAction},
	{"not-action-allow", Trap, "policy.not-action-allow", grants, notActionAllow},
	{"not-resource-allow", Danger, "policy.not-resource-allow", grants, notResourceAllow},
	{"missing-bucket-arn", Danger, "policy.bucket-and-object", nil, missingBucketARN},
	{"missing-object-arn", Danger, "policy.bucket-and-object", nil, missingObjectARN},
	{"bucket-left-out", Trap, "policy.bucket-and-object", grants, bucketLeftOut},
	{"action-resource-mismatch", Trap, "policy.bucket-and-object", nil, mismatch},

	{"unknown-key", Danger, "", nil, unknownKey},
	{"unknown-value", Danger, "sse.header-spelling", nil, unknownEncryption},
	{"impossible-value", Danger, "", nil, impossibleValue},
	{"literal-star", Trap, "policy.wildcards-by-operator", nil, literalStar},
	{"star-value", Trap, "policy.wildcards-by-operator", nil, starValue},
	{"variable-in-2008", Trap, "policy.variables-version", nil, oldVariable},
	{"for-all-values-alone", Trap, "policy.for-all-values-empty", grants, forAllAlone},
	{"absent-key-allowed", Trap, "sse.absent-negated", grants, absentAllowed},
	{"absent-key-denied", Trap, "sse.absent-negated", nil, absentDenied},
	{"null-and-value", Danger, "", nil, nullAndValue},
	{"key-never-present", Danger, "", nil, neverPresent},
	{"never-matches", Danger, "", nil, neverMatches},

	{"mfa-without-if-exists", Danger, "policy.mfa-key-absent", nil, mfa},
	{"mfa-if-exists-allow", Danger, "policy.mfa-key-absent", grants, mfaAllow},
	{"ip-without-vpc", Trap, "policy.source-ip-endpoint", nil, ipWithoutVPC},
	{"vpce-locks-console", Trap, "policy.endpoint-only-locks", bucketOnly, vpceLocksConsole},
	{"owner-lockout", Danger, "policy.root-repairs", bucketOnly, ownerLockout},

	{"key-by-alias", Danger, "policy.kms-key-arn", nil, keyByAlias},
	{"any-kms-key", Style, "sse.kms-header-key", bucketOnly, anyKey},

	{"shadowed-allow", Trap, "policy.deny-wins", nil, shadowed},
	{"duplicate-sid", Style, "", nil, duplicateSid},
}

// Facts are the ids of the facts that findings rest on, each once.
func Facts() []string {
	var out []string
	for _, r := range rules {
		if r.fact != "" && !slices.Contains(out, r.fact) {
			out = append(out, r.fact)
		}
	}
	return out
}
