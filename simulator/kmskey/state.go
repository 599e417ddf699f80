package kmskey

import "slices"

// The states of a key. (KMS developer guide, key states)
const (
	Enabled         = "Enabled"
	Disabled        = "Disabled"
	PendingDeletion = "PendingDeletion"
	PendingImport   = "PendingImport"
)

// Refusal is why a key does not do something, in KMS's words. Every client error of KMS has status 400.
type Refusal struct {
	Code    string // "DisabledException"
	Message string
}

// alive are the operations that change a key and need one that is not about to be deleted. (key state table)
var alive = []string{"CreateAlias", "UpdateAlias", "EnableKey", "DisableKey", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription"}

// always are the operations that any state lets through.
var always = []string{
	"DescribeKey", "ListKeys", "ListAliases", "DeleteAlias", "GetKeyPolicy", "PutKeyPolicy", "ListKeyPolicies", "ListGrants", "RevokeGrant", "RetireGrant",
	"ListRetirableGrants", "ListResourceTags", "GetKeyRotationStatus", "ListKeyRotations", "CreateKey", "GenerateRandom",
}

// CheckState says whether a key in a state takes part in an operation; nil: it does. Operations that are not named need an
// enabled key, as all cryptographic ones do.
func CheckState(operation, state, arn string) *Refusal {
	const invalid = "KMSInvalidStateException"
	switch {
	case operation == "CancelKeyDeletion":
		if state != PendingDeletion {
			return &Refusal{invalid, arn + " is not pending deletion."}
		}
		return nil
	case state == Enabled || slices.Contains(always, operation):
		return nil
	case state == PendingDeletion:
		return &Refusal{invalid, arn + " is pending deletion."}
	case state == PendingImport && (operation == "EnableKey" || operation == "DisableKey" || !slices.Contains(alive, operation)):
		return &Refusal{invalid, arn + " is pending import."}
	case slices.Contains(alive, operation):
		return nil
	}
	return &Refusal{"DisabledException", arn + " is disabled."}
}
