package review

import "strings"

// verbs of actions; what they act on follows. Those that are not here are told by name.
var verbs = map[string]string{
	"s3:GetObject": "get", "s3:GetObjectVersion": "get versions of", "s3:PutObject": "put", "s3:DeleteObject": "delete",
	"s3:DeleteObjectVersion": "delete versions of", "s3:GetObjectTagging": "read the tags of", "s3:PutObjectTagging": "tag",
	"s3:DeleteObjectTagging": "remove the tags of", "s3:GetObjectAcl": "read the ACL of", "s3:PutObjectAcl": "change the ACL of",
	"s3:GetObjectAttributes": "read the attributes of", "s3:GetObjectRetention": "read the retention of", "s3:PutObjectRetention": "set the retention of",
	"s3:GetObjectLegalHold": "read the legal hold of", "s3:PutObjectLegalHold": "set a legal hold on",
	"s3:BypassGovernanceRetention": "bypass the governance retention of", "s3:AbortMultipartUpload": "abort uploads of",
	"s3:ListMultipartUploadParts": "list the uploaded parts of", "s3:RestoreObject": "restore", "s3:ReplicateObject": "replicate into",
	"s3:UpdateObjectEncryption": "change the encryption of",

	"s3:ListBucket": "list", "s3:ListBucketVersions": "list the versions in", "s3:ListBucketMultipartUploads": "list the uploads in",
	"s3:CreateBucket": "create", "s3:DeleteBucket": "delete", "s3:DeleteBucketPolicy": "delete the policy of",
	"s3:GetBucketPolicyStatus": "see whether everybody may reach", "s3:GetBucketLocation": "read the Region of",
	"s3:DeleteBucketWebsite": "remove the website of",

	"kms:Decrypt": "decrypt with", "kms:Encrypt": "encrypt with", "kms:GenerateDataKey": "make data keys with",
	"kms:GenerateDataKeyWithoutPlaintext": "make encrypted data keys with", "kms:ReEncryptFrom": "re-encrypt from", "kms:ReEncryptTo": "re-encrypt to",
	"kms:DescribeKey": "describe", "kms:CreateGrant": "create grants on", "kms:ListGrants": "list the grants on", "kms:RevokeGrant": "revoke grants on",
	"kms:PutKeyPolicy": "change the policy of", "kms:GetKeyPolicy": "read the policy of", "kms:ScheduleKeyDeletion": "schedule the deletion of",
	"kms:CancelKeyDeletion": "keep from deletion", "kms:DisableKey": "disable", "kms:EnableKey": "enable", "kms:EnableKeyRotation": "turn on the rotation of",

	"sts:AssumeRole": "assume", "sts:AssumeRoleWithWebIdentity": "assume with a web identity", "sts:AssumeRoleWithSAML": "assume with a SAML assertion",
	"sts:TagSession": "tag sessions of", "sts:SetSourceIdentity": "set the source identity of sessions of", "iam:PassRole": "pass",
	"iam:GetUser": "read", "iam:GetRole": "read", "iam:CreateUser": "create", "iam:CreateRole": "create", "iam:DeleteUser": "delete", "iam:DeleteRole": "delete",
	"iam:CreateAccessKey": "create access keys of", "iam:UpdateAssumeRolePolicy": "change the trust policy of",
}

// settings of a bucket that are read with s3:Get… and changed with s3:Put….
var settings = map[string]string{
	"BucketPolicy": "the policy", "BucketAcl": "the ACL", "BucketVersioning": "the versioning", "BucketTagging": "the tags", "BucketCORS": "the CORS rules",
	"BucketLogging": "the access logging", "BucketNotification": "the notifications", "BucketWebsite": "the website", "BucketOwnershipControls": "the object ownership",
	"BucketPublicAccessBlock": "the public access settings", "BucketObjectLockConfiguration": "the Object Lock settings", "BucketRequestPayment": "who pays for requests",
	"EncryptionConfiguration": "the default encryption", "LifecycleConfiguration": "the lifecycle rules", "ReplicationConfiguration": "the replication",
	"AccelerateConfiguration": "the acceleration", "InventoryConfiguration": "the inventory", "BucketAbac": "the attribute-based access control",
}

// verb is what an action does, before what it does it to.
func verb(a *ActionInfo) Sentence {
	if v, ok := verbs[a.Name]; ok {
		return plain(v)
	}
	for prefix, does := range map[string]string{"s3:Get": "read ", "s3:Put": "change "} {
		if rest, ok := strings.CutPrefix(a.Name, prefix); ok && settings[rest] != "" {
			return plain(does + settings[rest] + " of")
		}
	}
	return join(plain("use "), coded(a.Name), plain(" on"))
}
