package kmskey

import "slices"

// What a key is for.
const (
	EncryptDecrypt = "ENCRYPT_DECRYPT"
	SignVerify     = "SIGN_VERIFY"
	MAC            = "GENERATE_VERIFY_MAC"
	Agreement      = "KEY_AGREEMENT"
)

// Symmetric is the spec of the keys that really encrypt here.
const Symmetric = "SYMMETRIC_DEFAULT"

// Spec is a kind of key: what it may be for, and its algorithms for each use.
type Spec struct {
	Name       string
	Usages     []string
	Encryption []string
	Signing    []string
	MAC        []string
	Agreement  []string
}

var (
	rsaEncryption = []string{"RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"}
	rsaSigning    = []string{"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512", "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512"}
	ecdh          = []string{"ECDH"}
	oneOfTwo      = []string{EncryptDecrypt, SignVerify}
	orAgreement   = []string{SignVerify, Agreement}
)

// Specs are the kinds of keys that a region outside China has, in the order AWS's error messages list them, newer ones
// last. (recorded; botocore model)
var Specs = []Spec{
	{Name: "RSA_2048", Usages: oneOfTwo, Encryption: rsaEncryption, Signing: rsaSigning},
	{Name: "ECC_NIST_P384", Usages: orAgreement, Signing: []string{"ECDSA_SHA_384"}, Agreement: ecdh},
	{Name: "ECC_NIST_P256", Usages: orAgreement, Signing: []string{"ECDSA_SHA_256"}, Agreement: ecdh},
	{Name: "ECC_NIST_P521", Usages: orAgreement, Signing: []string{"ECDSA_SHA_512"}, Agreement: ecdh},
	{Name: "HMAC_384", Usages: []string{MAC}, MAC: []string{"HMAC_SHA_384"}},
	{Name: "RSA_3072", Usages: oneOfTwo, Encryption: rsaEncryption, Signing: rsaSigning},
	{Name: "ECC_SECG_P256K1", Usages: []string{SignVerify}, Signing: []string{"ECDSA_SHA_256"}},
	{Name: "RSA_4096", Usages: oneOfTwo, Encryption: rsaEncryption, Signing: rsaSigning},
	{Name: Symmetric, Usages: []string{EncryptDecrypt}, Encryption: []string{Symmetric}},
	{Name: "HMAC_256", Usages: []string{MAC}, MAC: []string{"HMAC_SHA_256"}},
	{Name: "HMAC_224", Usages: []string{MAC}, MAC: []string{"HMAC_SHA_224"}},
	{Name: "HMAC_512", Usages: []string{MAC}, MAC: []string{"HMAC_SHA_512"}},
	{Name: "ML_DSA_44", Usages: []string{SignVerify}, Signing: []string{"ML_DSA_SHAKE_256"}},
	{Name: "ML_DSA_65", Usages: []string{SignVerify}, Signing: []string{"ML_DSA_SHAKE_256"}},
	{Name: "ML_DSA_87", Usages: []string{SignVerify}, Signing: []string{"ML_DSA_SHAKE_256"}},
	{Name: "ECC_NIST_EDWARDS25519", Usages: []string{SignVerify}, Signing: []string{"ED25519_SHA_512", "ED25519_PH_SHA_512"}},
}

// SpecOf is the spec of a name.
func SpecOf(name string) (Spec, bool) {
	i := slices.IndexFunc(Specs, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, false
	}
	return Specs[i], true
}

// CheckKind says whether a key of a spec and a usage can do an operation ("Encrypt") with an algorithm; "" is its default.
func CheckKind(operation, spec, usage, algorithm, arn string) *Refusal {
	const code = "InvalidKeyUsageException"
	switch {
	case usage != EncryptDecrypt:
		return &Refusal{code, arn + " key usage is " + usage + " which is not valid for " + operation + "."}
	case spec != Symmetric && operation != "Encrypt" && operation != "Decrypt" && operation != "ReEncrypt":
		return &Refusal{code, arn + " key spec is " + spec + " which is not valid for " + operation + "."}
	}
	kind, _ := SpecOf(spec)
	if algorithm == "" {
		algorithm = Symmetric
	}
	if !slices.Contains(kind.Encryption, algorithm) {
		return &Refusal{code, "Algorithm " + algorithm + " is incompatible with key spec " + spec + "."}
	}
	return nil
}
