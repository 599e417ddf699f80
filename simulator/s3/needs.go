// Package s3 is the S3 service: its table of operations, and the handlers of those that are imitated.
package s3

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// operations are the rows of the S3 service, made once.
var operations = func() []exchange.Operation {
	rows := slices.Concat(bucketOperations, objectOperations, lockOperations, encryptionOperations, configurationOperations)
	for i := range rows {
		rows[i].Service = "s3"
	}
	return rows
}()

// Operations are all 116 operations of S3 in 2026 and the form upload of browsers; those with a nil Handle are not imitated. Do not change them.
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

// withHeader needs one action more when one of some headers is sent.
func withHeader(action string, what exchange.Resource, headers ...string) exchange.Need {
	return exchange.Need{Action: action, On: what, Why: "because " + strings.Join(headers, " or ") + " was sent",
		When: func(x *exchange.Exchange) bool { return slices.ContainsFunc(headers, x.Sent) }}
}

// whenTrue is withHeader for a switch.
func whenTrue(action string, what exchange.Resource, header string) exchange.Need {
	return exchange.Need{Action: action, On: what, Why: "because " + header + " is true",
		When: func(x *exchange.Exchange) bool { return strings.EqualFold(x.Header.Get(header), "true") }}
}

var (
	// A new bucket.
	createNeeds = append(on(exchange.TheBucket, "s3:CreateBucket"),
		exchange.Need{Action: "s3:PutBucketAcl", On: exchange.TheBucket, When: listsGrants, Why: "because the new bucket is to have an ACL that is not private"},
		whenTrue("s3:PutBucketObjectLockConfiguration", exchange.TheBucket, "x-amz-bucket-object-lock-enabled"),
		whenTrue("s3:PutBucketVersioning", exchange.TheBucket, "x-amz-bucket-object-lock-enabled"),
		withHeader("s3:PutBucketOwnershipControls", exchange.TheBucket, "x-amz-object-ownership"),
		exchange.Need{Action: "s3:TagResource", On: exchange.TheBucket, When: bringsTags, Why: "because the document has tags"})

	replicationNeeds = append(on(exchange.TheBucket, "s3:PutReplicationConfiguration"),
		exchange.Need{Action: "iam:PassRole", Resource: replicationRole, Why: "because the document hands a role to S3"})

	// Reading.
	readNeeds = append(versioned("s3:GetObject", "s3:GetObjectVersion"),
		decrypts(theObject, "to open the object with its KMS key"))
	headNeeds = versioned("s3:GetObject", "s3:GetObjectVersion")

	attributeNeeds = slices.Concat(readNeeds, versioned("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"))

	partListNeeds = append(on(exchange.TheObject, "s3:ListMultipartUploadParts"),
		exchange.Need{Action: "kms:Decrypt", On: exchange.TheKey, Resource: writeKey, When: sealsWithKMS, Why: "because the upload is encrypted with a KMS key"})

	// Writing.
	describedNeeds = append(on(exchange.TheObject, "s3:PutObject"),
		withHeader("s3:PutObjectAcl", exchange.TheObject, slices.Concat([]string{"x-amz-acl"}, grantHeaders)...),
		withHeader("s3:PutObjectTagging", exchange.TheObject, "x-amz-tagging"),
		withHeader("s3:PutObjectRetention", exchange.TheObject, "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"),
		withHeader("s3:PutObjectLegalHold", exchange.TheObject, "x-amz-object-lock-legal-hold"))

	dataKey  = exchange.Need{Action: "kms:GenerateDataKey", On: exchange.TheKey, Resource: writeKey, When: sealsWithKMS, Why: "to encrypt with a KMS key"}
	dataOpen = exchange.Need{Action: "kms:Decrypt", On: exchange.TheKey, Resource: writeKey, When: sealsWithKMS, Why: "because the parts of an upload share its data key"}

	writeNeeds = append(slices.Clone(describedNeeds), dataKey)
	partNeeds  = append(on(exchange.TheObject, "s3:PutObject"), dataOpen, dataKey)
	endNeeds   = append(on(exchange.TheObject, "s3:PutObject"), dataOpen)

	sourceNeeds = []exchange.Need{
		{Action: "s3:GetObject", On: exchange.TheSource, Why: "to read the source", When: func(x *exchange.Exchange) bool { return !sourceVersion(x) }},
		{Action: "s3:GetObjectVersion", On: exchange.TheSource, Why: "because the source names a version", When: sourceVersion},
	}
	sourceOpen = decrypts(theSource, "to open the source with its KMS key")

	copyNeeds = slices.Concat(sourceNeeds, []exchange.Need{
		{Action: "s3:GetObjectTagging", On: exchange.TheSource, Why: "because the source's tags are copied", When: func(x *exchange.Exchange) bool { return copiesTags(x) && !sourceVersion(x) }},
		{Action: "s3:GetObjectVersionTagging", On: exchange.TheSource, Why: "because the source's tags are copied", When: func(x *exchange.Exchange) bool { return copiesTags(x) && sourceVersion(x) }},
	}, describedNeeds, []exchange.Need{
		{Action: "s3:PutObjectTagging", On: exchange.TheObject, Why: "because the source's tags are copied", When: func(x *exchange.Exchange) bool { return copiesTags(x) && !x.Sent("x-amz-tagging") }},
		sourceOpen, dataKey,
	})
	partCopyNeeds = slices.Concat(sourceNeeds, on(exchange.TheObject, "s3:PutObject"), []exchange.Need{sourceOpen, dataOpen, dataKey})

	// Re-encrypting in place.
	reencryptNeeds = slices.Concat(on(exchange.TheObject, "s3:PutObject"), on(exchange.TheObject, "s3:UpdateObjectEncryption"), keyNeeds(
		"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"))

	// Deleting and holding.
	bypassNeed     = whenTrue("s3:BypassGovernanceRetention", exchange.TheObject, "x-amz-bypass-governance-retention")
	deleteNeeds    = append(versioned("s3:DeleteObject", "s3:DeleteObjectVersion"), bypassNeed)
	retentionNeeds = append(on(exchange.TheObject, "s3:PutObjectRetention"), bypassNeed)
)

func keyNeeds(actions ...string) (needs []exchange.Need) {
	for _, action := range actions {
		needs = append(needs, exchange.Need{Action: action, On: exchange.TheKey, Why: "because the object's key is changed"})
	}
	return needs
}

// listsGrants says whether a new bucket asks for an ACL that is not private.
func listsGrants(x *exchange.Exchange) bool {
	return x.Sent("x-amz-acl") && x.Header.Get("x-amz-acl") != "private" || slices.ContainsFunc(grantHeaders, x.Sent)
}

func bringsTags(x *exchange.Exchange) bool {
	var doc struct {
		Keys []string `xml:"Tags>Tag>Key"`
	}
	peek(x, &doc)
	return len(doc.Keys) > 0
}

// replicationRole is the role that a replication configuration hands to S3.
func replicationRole(x *exchange.Exchange) string {
	var doc struct {
		Role string `xml:"Role"`
	}
	peek(x, &doc)
	return doc.Role
}

// peek reads the request's document into v as far as it can be read. What is wrong with it is told by the operation.
func peek(x *exchange.Exchange, v any) {
	body, _ := x.Payload()
	_ = xml.NewDecoder(bytes.NewReader(body.Data)).Decode(v)
}

// copiesTags says whether a copy takes over tags that its source has.
func copiesTags(x *exchange.Exchange) bool {
	v := theSource(x)
	return v != nil && len(v.Tags) > 0 && x.Header.Get("x-amz-tagging-directive") != "REPLACE"
}

// theObject is the version a read means; nil when there is none.
func theObject(x *exchange.Exchange) *world.Version {
	if x.At == nil {
		return nil
	}
	return versionIn(x.At, x.Key, x.Query.Get("versionId"))
}

// theSource is the version a copy reads; nil when there is none.
func theSource(x *exchange.Exchange) *world.Version {
	source, refusal := wire.ParseCopySource(x.Header.Get("X-Amz-Copy-Source"))
	b, ok := x.World.Bucket(source.Bucket)
	if refusal != nil || !ok {
		return nil
	}
	return versionIn(b, source.Key, source.VersionID)
}

func versionIn(b *world.Bucket, key, id string) *world.Version {
	if id == "" {
		v, _ := b.Current(key)
		return v
	}
	v, _ := b.Version(key, id)
	return v
}

// decrypts needs kms:Decrypt when a version is encrypted with a KMS key.
func decrypts(of func(*exchange.Exchange) *world.Version, why string) exchange.Need {
	return exchange.Need{Action: "kms:Decrypt", On: exchange.TheKey, Why: why,
		When: func(x *exchange.Exchange) bool {
			v := of(x)
			return v != nil && v.Sealed.Method.KMS()
		},
		Resource: func(x *exchange.Exchange) string {
			if v := of(x); v != nil {
				return v.Sealed.KeyARN
			}
			return ""
		}}
}

// sealing is the method and the key id that a write would be encrypted with: those of its upload, of its headers, or of
// the bucket's default.
func sealing(x *exchange.Exchange) (method, key string) {
	if x.At != nil && x.Asked("uploadId") {
		if u := x.At.Uploads.Get(x.Query.Get("uploadId")); u != nil {
			return string(u.Method), u.AskedKey
		}
	}
	asked := sse.Read(x.Header)
	if asked.MethodSent || asked.Customer() || x.At == nil {
		return asked.Method, asked.KMSKeyID
	}
	return x.At.Encryption.Algorithm, x.At.Encryption.KMSKey
}

func sealsWithKMS(x *exchange.Exchange) bool {
	method, _ := sealing(x)
	return sse.Method(method).KMS()
}

func writeKey(x *exchange.Exchange) string {
	_, key := sealing(x)
	return x.KeyARN(key)
}
