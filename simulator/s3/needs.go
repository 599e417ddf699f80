// Package s3 is the S3 service: its table of operations, and the handlers of those that are imitated.
package s3

import (
	"slices"

	"keyhole/simulator/exchange"
)

// operations are the rows of the S3 service, made once.
var operations = func() []exchange.Operation {
	rows := slices.Concat(bucketOperations, objectOperations)
	for i := range rows {
		rows[i].Service = "s3"
	}
	return rows
}()

// Operations are all 116 operations of S3 in 2026; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }

func on(what exchange.Resource, action string) []exchange.Need {
	return []exchange.Need{{Action: action, On: what}}
}

// versioned needs another action when a version is named.
func versioned(current, version string) []exchange.Need {
	return []exchange.Need{
		{Action: current, On: exchange.TheObject, When: func(x *exchange.Exchange) bool { return x.Query.Get("versionId") == "" }},
		{Action: version, On: exchange.TheObject, When: func(x *exchange.Exchange) bool { return x.Query.Get("versionId") != "" },
			Why: "because versionId was sent"},
	}
}

// withHeader needs one action more when a header is sent.
func withHeader(action string, what exchange.Resource, header string) exchange.Need {
	return exchange.Need{Action: action, On: what, Why: "because " + header + " was sent",
		When: func(x *exchange.Exchange) bool { return x.Sent(header) }}
}

var (
	createNeeds = append(on(exchange.TheBucket, "s3:CreateBucket"),
		withHeader("s3:PutBucketAcl", exchange.TheBucket, "x-amz-acl"),
		withHeader("s3:PutBucketObjectLockConfiguration", exchange.TheBucket, "x-amz-bucket-object-lock-enabled"),
		withHeader("s3:PutBucketVersioning", exchange.TheBucket, "x-amz-bucket-object-lock-enabled"),
		withHeader("s3:PutBucketOwnershipControls", exchange.TheBucket, "x-amz-object-ownership"))

	readNeeds = versioned("s3:GetObject", "s3:GetObjectVersion")

	attributeNeeds = append(versioned("s3:GetObject", "s3:GetObjectVersion"),
		versioned("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")...)

	writeNeeds = append(on(exchange.TheObject, "s3:PutObject"),
		withHeader("s3:PutObjectAcl", exchange.TheObject, "x-amz-acl"),
		withHeader("s3:PutObjectTagging", exchange.TheObject, "x-amz-tagging"),
		withHeader("s3:PutObjectRetention", exchange.TheObject, "x-amz-object-lock-mode"),
		withHeader("s3:PutObjectLegalHold", exchange.TheObject, "x-amz-object-lock-legal-hold"))

	deleteNeeds = append(versioned("s3:DeleteObject", "s3:DeleteObjectVersion"),
		withHeader("s3:BypassGovernanceRetention", exchange.TheObject, "x-amz-bypass-governance-retention"))

	retentionNeeds = append(on(exchange.TheObject, "s3:PutObjectRetention"),
		withHeader("s3:BypassGovernanceRetention", exchange.TheObject, "x-amz-bypass-governance-retention"))

	sourceNeeds = []exchange.Need{
		{Action: "s3:GetObject", On: exchange.TheSource, Why: "to read the source",
			When: func(x *exchange.Exchange) bool { return !sourceVersion(x) }},
		{Action: "s3:GetObjectVersion", On: exchange.TheSource, Why: "because the source names a version", When: sourceVersion},
	}

	copyNeeds      = slices.Concat(sourceNeeds, writeNeeds)
	partCopyNeeds  = slices.Concat(sourceNeeds, on(exchange.TheObject, "s3:PutObject"))
	reencryptNeeds = slices.Concat(on(exchange.TheObject, "s3:PutObject"), on(exchange.TheObject, "s3:UpdateObjectEncryption"))
)
