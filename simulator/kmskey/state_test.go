package kmskey

import (
	"slices"
	"testing"
)

func TestWhatAStateLetsThrough(t *testing.T) {
	for _, row := range []struct{ operation, state, want string }{
		{"Encrypt", Enabled, ""},
		{"Encrypt", Disabled, "DisabledException: key is disabled."},
		{"Decrypt", PendingDeletion, "KMSInvalidStateException: key is pending deletion."},
		{"GenerateDataKey", PendingImport, "KMSInvalidStateException: key is pending import."},
		{"CreateGrant", Disabled, "DisabledException: key is disabled."},
		{"RevokeGrant", PendingDeletion, ""},
		{"EnableKey", Disabled, ""},
		{"EnableKey", PendingDeletion, "KMSInvalidStateException: key is pending deletion."},
		{"DisableKey", PendingDeletion, "KMSInvalidStateException: key is pending deletion."},
		{"EnableKey", PendingImport, "KMSInvalidStateException: key is pending import."},
		{"TagResource", Disabled, ""},
		{"TagResource", PendingImport, ""},
		{"TagResource", PendingDeletion, "KMSInvalidStateException: key is pending deletion."},
		{"PutKeyPolicy", PendingDeletion, ""},
		{"DescribeKey", PendingDeletion, ""},
		{"RotateKeyOnDemand", Disabled, "DisabledException: key is disabled."},
		{"ScheduleKeyDeletion", Disabled, ""},
		{"CancelKeyDeletion", PendingDeletion, ""},
		{"CancelKeyDeletion", Enabled, "KMSInvalidStateException: key is not pending deletion."},
	} {
		got := ""
		if r := CheckState(row.operation, row.state, "key"); r != nil {
			got = r.Code + ": " + r.Message
		}
		if got != row.want {
			t.Errorf("%s of a key that is %s: %q, want %q", row.operation, row.state, got, row.want)
		}
	}
}

func TestWhatAKindDoes(t *testing.T) {
	for _, row := range []struct{ operation, spec, usage, algorithm, want string }{
		{"Encrypt", Symmetric, EncryptDecrypt, "", ""},
		{"Encrypt", Symmetric, EncryptDecrypt, Symmetric, ""},
		{"Encrypt", Symmetric, EncryptDecrypt, "SM2PKE", "Algorithm SM2PKE is incompatible with key spec SYMMETRIC_DEFAULT."},
		{"Encrypt", "RSA_2048", SignVerify, "", "key key usage is SIGN_VERIFY which is not valid for Encrypt."},
		{"Encrypt", "RSA_2048", EncryptDecrypt, "", "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."},
		{"Encrypt", "RSA_2048", EncryptDecrypt, "RSAES_OAEP_SHA_1", ""},
		{"GenerateDataKey", "HMAC_256", MAC, "", "key key usage is GENERATE_VERIFY_MAC which is not valid for GenerateDataKey."},
		{"GenerateDataKey", "RSA_2048", EncryptDecrypt, "", "key key spec is RSA_2048 which is not valid for GenerateDataKey."},
	} {
		got := ""
		if r := CheckKind(row.operation, row.spec, row.usage, row.algorithm, "key"); r != nil {
			got = r.Message
		}
		if got != row.want {
			t.Errorf("%s with %s: %q, want %q", row.operation, row.spec, got, row.want)
		}
	}
}

// A spec has algorithms for each of its uses, and for nothing else.
func TestSpecsAreWhole(t *testing.T) {
	for _, s := range Specs {
		for usage, list := range map[string][]string{EncryptDecrypt: s.Encryption, SignVerify: s.Signing, MAC: s.MAC, Agreement: s.Agreement} {
			if slices.Contains(s.Usages, usage) != (len(list) > 0) {
				t.Errorf("%s for %s: %v", s.Name, usage, list)
			}
		}
	}
	if _, ok := SpecOf("HMAC_random"); ok {
		t.Error("a spec that there is not")
	}
}
