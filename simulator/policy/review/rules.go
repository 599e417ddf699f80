package review

// resourcePolicies name whom they mean.
var resourcePolicies = []Kind{BucketPolicyKind, KeyPolicyKind, TrustPolicyKind}

// grants are the kinds whose Allow grants something.
var grants = []Kind{BucketPolicyKind, IdentityPolicyKind, KeyPolicyKind, TrustPolicyKind}

var bucketOnly = []Kind{BucketPolicyKind}

// rules are all rules, in the order their findings are told for one statement. A rule is added here and in a file beside.
var rules = []rule{
	{"public", Danger, "", resourcePolicies, public},
	{"weak-condition", Danger, "", resourcePolicies, weakCondition},
	{"not-principal-allow", Danger, "", nil, notPrincipalAllow},
	{"not-principal-deny", Trap, "", nil, notPrincipalDeny},
	{"principal-arn-session", Trap, "", nil, principalARNSession},

	{"unknown-action", Danger, "", nil, unknownAction},
	{"not-action-allow", Trap, "", grants, notActionAllow},
	{"not-resource-allow", Danger, "", grants, notResourceAllow},
	{"missing-bucket-arn", Danger, "", nil, missingBucketARN},
	{"missing-object-arn", Danger, "", nil, missingObjectARN},
	{"bucket-left-out", Trap, "", grants, bucketLeftOut},
	{"action-resource-mismatch", Trap, "", nil, mismatch},

	{"unknown-key", Danger, "", nil, unknownKey},
	{"unknown-value", Danger, "sse.header-spelling", nil, unknownEncryption},
	{"impossible-value", Danger, "", nil, impossibleValue},
	{"literal-star", Trap, "", nil, literalStar},
	{"star-value", Trap, "", nil, starValue},
	{"variable-in-2008", Trap, "", nil, oldVariable},
	{"for-all-values-alone", Trap, "", grants, forAllAlone},
	{"absent-key-allowed", Trap, "sse.absent-negated", grants, absentAllowed},
	{"absent-key-denied", Trap, "sse.absent-negated", nil, absentDenied},
	{"null-and-value", Danger, "", nil, nullAndValue},
	{"key-never-present", Danger, "", nil, neverPresent},
	{"never-matches", Danger, "", nil, neverMatches},

	{"mfa-without-if-exists", Danger, "", nil, mfa},
	{"mfa-if-exists-allow", Danger, "", grants, mfaAllow},
	{"ip-without-vpc", Trap, "", nil, ipWithoutVPC},
	{"vpce-locks-console", Trap, "", bucketOnly, vpceLocksConsole},
	{"owner-lockout", Danger, "", bucketOnly, ownerLockout},

	{"key-by-alias", Danger, "", nil, keyByAlias},
	{"any-kms-key", Style, "sse.kms-header-key", bucketOnly, anyKey},

	{"shadowed-allow", Trap, "", nil, shadowed},
	{"duplicate-sid", Style, "", nil, duplicateSid},
}
