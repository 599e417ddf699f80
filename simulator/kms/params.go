package kms

// params are the members of all operations together; each row reads some. What they may be is that of the service model.
// (botocore 1.43, kms 2014-11-01)
type params struct {
	AliasName                      string `aws:"min=1,max=256"`
	BypassPolicyLockoutSafetyCheck bool
	CiphertextBlob                 []byte `aws:"min=1,max=6144"`
	Constraints                    *constraints
	CustomerMasterKeySpec          string `aws:"enum=RSA_2048|ECC_NIST_P384|ECC_NIST_P256|ECC_NIST_P521|HMAC_384|RSA_3072|ECC_SECG_P256K1|RSA_4096|SYMMETRIC_DEFAULT|HMAC_256|HMAC_224|HMAC_512|ML_DSA_44|ML_DSA_65|ML_DSA_87|ECC_NIST_EDWARDS25519"`
	CustomKeyStoreId               string `aws:"min=1,max=64"`
	Description                    string `aws:"max=8192"`
	DestinationEncryptionAlgorithm string `aws:"enum=SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"`
	DestinationEncryptionContext   map[string]string
	DestinationKeyId               string `aws:"min=1,max=2048"`
	DryRun                         bool
	EncryptionAlgorithm            string `aws:"enum=SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"`
	EncryptionContext              map[string]string
	GrantId                        string   `aws:"min=1,max=128"`
	GrantToken                     string   `aws:"min=1,max=8192"`
	GrantTokens                    []string `aws:"max=10"`
	GranteePrincipal               string   `aws:"min=1,max=256"`
	IncludeKeyMaterial             string   `aws:"enum=ALL_KEY_MATERIAL|ROTATIONS_ONLY"`
	KeyId                          string   `aws:"min=1,max=2048"`
	KeySpec                        string   `aws:"enum=RSA_2048|ECC_NIST_P384|ECC_NIST_P256|ECC_NIST_P521|HMAC_384|RSA_3072|ECC_SECG_P256K1|RSA_4096|SYMMETRIC_DEFAULT|HMAC_256|HMAC_224|HMAC_512|ML_DSA_44|ML_DSA_65|ML_DSA_87|ECC_NIST_EDWARDS25519|AES_256|AES_128"`
	KeyUsage                       string   `aws:"enum=ENCRYPT_DECRYPT|SIGN_VERIFY|GENERATE_VERIFY_MAC|KEY_AGREEMENT"`
	Limit                          *int     `aws:"min=1,max=1000"`
	Marker                         string   `aws:"min=1,max=1024"`
	MultiRegion                    bool
	Name                           string   `aws:"min=1,max=256"`
	NumberOfBytes                  *int     `aws:"min=1,max=1024"`
	Operations                     []string `aws:"enum=Decrypt|Encrypt|GenerateDataKey|GenerateDataKeyWithoutPlaintext|ReEncryptFrom|ReEncryptTo|Sign|Verify|GetPublicKey|CreateGrant|RetireGrant|DescribeKey|GenerateDataKeyPair|GenerateDataKeyPairWithoutPlaintext|GenerateMac|VerifyMac|DeriveSharedSecret"`
	Origin                         string   `aws:"enum=AWS_KMS|EXTERNAL|AWS_CLOUDHSM|EXTERNAL_KEY_STORE"`
	PendingWindowInDays            *int     `aws:"min=1,max=365"`
	Plaintext                      []byte   `aws:"min=1,max=4096,secret"`
	Policy                         string   `aws:"min=1,max=131072"`
	PolicyName                     string   `aws:"min=1,max=128"`
	Recipient                      *struct{}
	RetiringPrincipal              string `aws:"min=1,max=256"`
	RotationPeriodInDays           *int   `aws:"min=90,max=2560"`
	SourceEncryptionAlgorithm      string `aws:"enum=SYMMETRIC_DEFAULT|RSAES_OAEP_SHA_1|RSAES_OAEP_SHA_256|SM2PKE"`
	SourceEncryptionContext        map[string]string
	SourceKeyId                    string `aws:"min=1,max=2048"`
	TagKeys                        []string
	Tags                           []tag
	TargetKeyId                    string `aws:"min=1,max=2048"`
	XksKeyId                       string `aws:"min=1,max=128"`
}

type tag struct {
	TagKey   string `aws:"required,min=1,max=128"`
	TagValue string `aws:"required,max=256"`
}

type constraints struct {
	EncryptionContextEquals map[string]string `json:",omitempty"`
	EncryptionContextSubset map[string]string `json:",omitempty"`
}
