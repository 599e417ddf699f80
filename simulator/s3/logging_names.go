package s3

import "keyhole/simulator/exchange"

// logResources is what the access log calls that which an operation is about, by the operation's name: the end of
// REST.METHOD.RESOURCE. Those behind "modelled" were seen in no log and follow the pattern of the others. (s3-wire 10.2;
// S3 user guide, server access log format)
var logResources = map[string]string{
	"ListBuckets": "SERVICE", "CreateBucket": "BUCKET", "DeleteBucket": "BUCKET", "HeadBucket": "BUCKET",
	"ListObjects": "BUCKET", "ListObjectsV2": "BUCKET", "ListObjectVersions": "BUCKETVERSIONS", "ListMultipartUploads": "UPLOADS",
	"GetBucketLocation": "LOCATION", "GetBucketAcl": "ACL", "PutBucketAcl": "ACL", "GetObjectAcl": "ACL", "PutObjectAcl": "ACL",
	"GetBucketPolicy": "BUCKETPOLICY", "PutBucketPolicy": "BUCKETPOLICY", "DeleteBucketPolicy": "BUCKETPOLICY", "GetBucketPolicyStatus": "POLICY_STATUS",
	"GetPublicAccessBlock": "PUBLIC_ACCESS_BLOCK", "PutPublicAccessBlock": "PUBLIC_ACCESS_BLOCK", "DeletePublicAccessBlock": "PUBLIC_ACCESS_BLOCK",
	"GetBucketOwnershipControls": "OWNERSHIP_CONTROLS", "PutBucketOwnershipControls": "OWNERSHIP_CONTROLS", "DeleteBucketOwnershipControls": "OWNERSHIP_CONTROLS",
	"GetBucketVersioning": "VERSIONING", "PutBucketVersioning": "VERSIONING",
	"GetObjectLockConfiguration": "OBJECT_LOCK_CONFIGURATION", "PutObjectLockConfiguration": "OBJECT_LOCK_CONFIGURATION",
	"GetBucketEncryption": "ENCRYPTION", "PutBucketEncryption": "ENCRYPTION", "DeleteBucketEncryption": "ENCRYPTION",
	"GetBucketLogging": "LOGGING_STATUS", "PutBucketLogging": "LOGGING_STATUS",
	"GetBucketLifecycleConfiguration": "LIFECYCLE", "PutBucketLifecycleConfiguration": "LIFECYCLE", "DeleteBucketLifecycle": "LIFECYCLE",
	"GetBucketLifecycle": "LIFECYCLE", "PutBucketLifecycle": "LIFECYCLE",
	"GetBucketReplication": "REPLICATION", "PutBucketReplication": "REPLICATION", "DeleteBucketReplication": "REPLICATION",
	"GetBucketCors": "CORS", "PutBucketCors": "CORS", "DeleteBucketCors": "CORS",
	"GetBucketTagging": "TAGGING", "PutBucketTagging": "TAGGING", "DeleteBucketTagging": "TAGGING",
	"GetBucketNotificationConfiguration": "NOTIFICATION", "PutBucketNotificationConfiguration": "NOTIFICATION",
	"GetBucketNotification": "NOTIFICATION", "PutBucketNotification": "NOTIFICATION",
	"GetBucketWebsite": "WEBSITE", "PutBucketWebsite": "WEBSITE", "DeleteBucketWebsite": "WEBSITE",
	"GetBucketRequestPayment": "REQUEST_PAYMENT", "PutBucketRequestPayment": "REQUEST_PAYMENT",
	"GetBucketAccelerateConfiguration": "ACCELERATE", "PutBucketAccelerateConfiguration": "ACCELERATE",
	"GetBucketAnalyticsConfiguration": "ANALYTICS", "PutBucketAnalyticsConfiguration": "ANALYTICS", "DeleteBucketAnalyticsConfiguration": "ANALYTICS", "ListBucketAnalyticsConfigurations": "ANALYTICS",
	"GetBucketInventoryConfiguration": "INVENTORY", "PutBucketInventoryConfiguration": "INVENTORY", "DeleteBucketInventoryConfiguration": "INVENTORY", "ListBucketInventoryConfigurations": "INVENTORY",
	"GetBucketMetricsConfiguration": "METRICS", "PutBucketMetricsConfiguration": "METRICS", "DeleteBucketMetricsConfiguration": "METRICS", "ListBucketMetricsConfigurations": "METRICS",
	"GetBucketIntelligentTieringConfiguration": "INTELLIGENT_TIERING", "PutBucketIntelligentTieringConfiguration": "INTELLIGENT_TIERING",
	"DeleteBucketIntelligentTieringConfiguration": "INTELLIGENT_TIERING", "ListBucketIntelligentTieringConfigurations": "INTELLIGENT_TIERING",

	"PutObject": "OBJECT", "GetObject": "OBJECT", "HeadObject": "OBJECT", "DeleteObject": "OBJECT", PostObject: "OBJECT",
	"DeleteObjects": "MULTI_OBJECT_DELETE", "RestoreObject": "RESTORE",
	"GetObjectTagging": "OBJECT_TAGGING", "PutObjectTagging": "OBJECT_TAGGING", "DeleteObjectTagging": "OBJECT_TAGGING",
	"CreateMultipartUpload": "UPLOADS", "UploadPart": "PART", "CompleteMultipartUpload": "UPLOAD", "AbortMultipartUpload": "UPLOAD", "ListParts": "UPLOAD",

	// Modelled.
	"GetObjectAttributes": "OBJECT_ATTRIBUTES", "GetObjectRetention": "OBJECT_LOCK_RETENTION", "PutObjectRetention": "OBJECT_LOCK_RETENTION",
	"GetObjectLegalHold": "OBJECT_LOCK_LEGALHOLD", "PutObjectLegalHold": "OBJECT_LOCK_LEGALHOLD",
	"SelectObjectContent": "SELECT", "GetObjectTorrent": "OBJECT_TORRENT", "RenameObject": "RENAME_OBJECT", "UpdateObjectEncryption": "OBJECT_ENCRYPTION",
	"GetBucketAbac": "ABAC", "PutBucketAbac": "ABAC", "CreateSession": "SESSION", "ListDirectoryBuckets": "SERVICE", "WriteGetObjectResponse": "OBJECT_RESPONSE",
	"PutObjectAnnotation": "OBJECT_ANNOTATION", "GetObjectAnnotation": "OBJECT_ANNOTATION", "DeleteObjectAnnotation": "OBJECT_ANNOTATION", "ListObjectAnnotations": "OBJECT_ANNOTATIONS",
	"CreateBucketMetadataConfiguration": "METADATA_CONFIGURATION", "GetBucketMetadataConfiguration": "METADATA_CONFIGURATION", "DeleteBucketMetadataConfiguration": "METADATA_CONFIGURATION",
	"CreateBucketMetadataTableConfiguration": "METADATA_TABLE", "GetBucketMetadataTableConfiguration": "METADATA_TABLE", "DeleteBucketMetadataTableConfiguration": "METADATA_TABLE",
	"UpdateBucketMetadataInventoryTableConfiguration": "METADATA_INVENTORY_TABLE", "UpdateBucketMetadataJournalTableConfiguration": "METADATA_JOURNAL_TABLE",
	"UpdateBucketMetadataAnnotationTableConfiguration": "METADATA_ANNOTATION_TABLE",
}

// Operations of the log that are not REST.METHOD.RESOURCE of one request.
const (
	LogCopied  = "REST.COPY.OBJECT_GET" // in the source's log
	LogPartGot = "REST.COPY.PART_GET"   // likewise, of a part
	LogBatch   = "BATCH.DELETE.OBJECT"  // one key of a DeleteObjects
	logWritten = "REST.PUT.OBJECT"      // what the log service writes
)

// copyNames are the operations that the log calls copies.
var copyNames = map[string]string{"CopyObject": "REST.COPY.OBJECT", "UploadPartCopy": "REST.COPY.PART"}

// LogName is what the log calls a request: op is nil when it is none that S3 knows, then object says whether it names one.
func LogName(op *exchange.Operation, method string, object bool) string {
	resource := "BUCKET"
	switch {
	case op != nil && copyNames[op.Name] != "":
		return copyNames[op.Name]
	case op != nil && logResources[op.Name] != "":
		resource = logResources[op.Name]
	case method == "OPTIONS":
		resource = "PREFLIGHT"
	case object:
		resource = "OBJECT"
	}
	return "REST." + method + "." + resource
}

// moveNames are the moves of a lifecycle rule by the storage class. (S3 user guide, lifecycle and other bucket configurations)
var moveNames = map[string]string{
	"STANDARD_IA": "S3.TRANSITION_SIA.OBJECT", "ONEZONE_IA": "S3.TRANSITION_ZIA.OBJECT", "INTELLIGENT_TIERING": "S3.TRANSITION_INT.OBJECT",
	"GLACIER_IR": "S3.TRANSITION_GIR.OBJECT", "GLACIER": "S3.TRANSITION.OBJECT", "DEEP_ARCHIVE": "S3.TRANSITION_GDA.OBJECT",
}
