package kms

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// modelled are the operations of the service model. (botocore 1.43, kms 2014-11-01)
var modelled = []string{
	"CancelKeyDeletion", "ConnectCustomKeyStore", "CreateAlias", "CreateCustomKeyStore", "CreateGrant", "CreateKey", "Decrypt",
	"DeleteAlias", "DeleteCustomKeyStore", "DeleteImportedKeyMaterial", "DeriveSharedSecret", "DescribeCustomKeyStores",
	"DescribeKey", "DisableKey", "DisableKeyRotation", "DisconnectCustomKeyStore", "EnableKey", "EnableKeyRotation", "Encrypt",
	"GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext",
	"GenerateMac", "GenerateRandom", "GetKeyLastUsage", "GetKeyPolicy", "GetKeyRotationStatus", "GetParametersForImport",
	"GetPublicKey", "ImportKeyMaterial", "ListAliases", "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListKeys",
	"ListResourceTags", "ListRetirableGrants", "PutKeyPolicy", "ReEncrypt", "ReplicateKey", "RetireGrant", "RevokeGrant",
	"RotateKeyOnDemand", "ScheduleKeyDeletion", "Sign", "TagResource", "UntagResource", "UpdateAlias", "UpdateCustomKeyStore",
	"UpdateKeyDescription", "UpdatePrimaryRegion", "Verify", "VerifyMac",
}

func TestEveryOperationHasOneRow(t *testing.T) {
	var names []string
	for _, op := range Operations() {
		names = append(names, op.Name)
		if op.Service != "kms" || op.Method != "POST" || len(op.Needs) == 0 {
			t.Errorf("%s: %q %q, %d needs", op.Name, op.Service, op.Method, len(op.Needs))
		}
		if (op.Handle == nil) != slices.Contains(notImitated, op.Name) {
			t.Errorf("%s: imitated or not", op.Name)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, modelled) {
		t.Errorf("rows %v, want %v", names, modelled)
	}
}

// Every need is an action there is: an operation's own name, or one of the two that differ.
func TestNeedsAreActions(t *testing.T) {
	for _, op := range Operations() {
		for _, need := range op.Needs {
			name, ok := strings.CutPrefix(need.Action, "kms:")
			if !ok || !slices.Contains(modelled, name) && name != "ReEncryptFrom" && name != "ReEncryptTo" {
				t.Errorf("%s needs %s", op.Name, need.Action)
			}
		}
	}
}

// Every member a row reads is one that params has; a member nobody reads would be there for nothing.
func TestRowsReadMembersThatThereAre(t *testing.T) {
	read := map[string]bool{}
	for _, r := range slices.Concat(keyRows, deletionRows, rotationRows, aliasRows, policyRows, grantRows, cryptoRows, tagRows) {
		for _, name := range strings.Fields(r.takes) {
			name = strings.TrimSuffix(name, "!")
			if _, ok := reflect.TypeFor[params]().FieldByName(name); !ok {
				t.Errorf("%s reads %s", r.name, name)
			}
			read[name] = true
		}
	}
	for i := range reflect.TypeFor[params]().NumField() {
		if name := reflect.TypeFor[params]().Field(i).Name; !read[name] {
			t.Errorf("nobody reads %s", name)
		}
	}
}
