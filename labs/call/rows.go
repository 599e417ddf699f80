package call

import (
	"context"
	"path"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// row is one operation of the SDK. A method expression in each row keeps the linker able to drop what is not named here;
// looking methods up by name at run time would keep every exported method of the whole binary.
type row struct {
	service string // "s3", "kms"
	name    string
	input   reflect.Type
	output  reflect.Type
	call    func(ctx context.Context, client, input any) (any, error)
}

// of makes the row of one client method; its name is that of the input type, its service that of the package.
func of[C, I, O, F any](method func(*C, context.Context, *I, ...func(*F)) (*O, error)) row {
	input := reflect.TypeFor[I]()
	return row{
		service: path.Base(input.PkgPath()),
		name:    strings.TrimSuffix(input.Name(), "Input"),
		input:   input,
		output:  reflect.TypeFor[O](),
		call: func(ctx context.Context, client, in any) (any, error) {
			return method(client.(*C), ctx, in.(*I))
		},
	}
}

// s3Rows lists every operation of the pinned SDK; a test compares each list of rows with the methods of its client.
var s3Rows = []row{
	of((*s3.Client).AbortMultipartUpload),
	of((*s3.Client).CompleteMultipartUpload),
	of((*s3.Client).CopyObject),
	of((*s3.Client).CreateBucket),
	of((*s3.Client).CreateBucketMetadataConfiguration),
	of((*s3.Client).CreateBucketMetadataTableConfiguration),
	of((*s3.Client).CreateMultipartUpload),
	of((*s3.Client).CreateSession),
	of((*s3.Client).DeleteBucket),
	of((*s3.Client).DeleteBucketAnalyticsConfiguration),
	of((*s3.Client).DeleteBucketCors),
	of((*s3.Client).DeleteBucketEncryption),
	of((*s3.Client).DeleteBucketIntelligentTieringConfiguration),
	of((*s3.Client).DeleteBucketInventoryConfiguration),
	of((*s3.Client).DeleteBucketLifecycle),
	of((*s3.Client).DeleteBucketMetadataConfiguration),
	of((*s3.Client).DeleteBucketMetadataTableConfiguration),
	of((*s3.Client).DeleteBucketMetricsConfiguration),
	of((*s3.Client).DeleteBucketOwnershipControls),
	of((*s3.Client).DeleteBucketPolicy),
	of((*s3.Client).DeleteBucketReplication),
	of((*s3.Client).DeleteBucketTagging),
	of((*s3.Client).DeleteBucketWebsite),
	of((*s3.Client).DeleteObject),
	of((*s3.Client).DeleteObjectAnnotation),
	of((*s3.Client).DeleteObjectTagging),
	of((*s3.Client).DeleteObjects),
	of((*s3.Client).DeletePublicAccessBlock),
	of((*s3.Client).GetBucketAbac),
	of((*s3.Client).GetBucketAccelerateConfiguration),
	of((*s3.Client).GetBucketAcl),
	of((*s3.Client).GetBucketAnalyticsConfiguration),
	of((*s3.Client).GetBucketCors),
	of((*s3.Client).GetBucketEncryption),
	of((*s3.Client).GetBucketIntelligentTieringConfiguration),
	of((*s3.Client).GetBucketInventoryConfiguration),
	of((*s3.Client).GetBucketLifecycleConfiguration),
	of((*s3.Client).GetBucketLocation),
	of((*s3.Client).GetBucketLogging),
	of((*s3.Client).GetBucketMetadataConfiguration),
	of((*s3.Client).GetBucketMetadataTableConfiguration),
	of((*s3.Client).GetBucketMetricsConfiguration),
	of((*s3.Client).GetBucketNotificationConfiguration),
	of((*s3.Client).GetBucketOwnershipControls),
	of((*s3.Client).GetBucketPolicy),
	of((*s3.Client).GetBucketPolicyStatus),
	of((*s3.Client).GetBucketReplication),
	of((*s3.Client).GetBucketRequestPayment),
	of((*s3.Client).GetBucketTagging),
	of((*s3.Client).GetBucketVersioning),
	of((*s3.Client).GetBucketWebsite),
	of((*s3.Client).GetObject),
	of((*s3.Client).GetObjectAcl),
	of((*s3.Client).GetObjectAnnotation),
	of((*s3.Client).GetObjectAttributes),
	of((*s3.Client).GetObjectLegalHold),
	of((*s3.Client).GetObjectLockConfiguration),
	of((*s3.Client).GetObjectRetention),
	of((*s3.Client).GetObjectTagging),
	of((*s3.Client).GetObjectTorrent),
	of((*s3.Client).GetPublicAccessBlock),
	of((*s3.Client).HeadBucket),
	of((*s3.Client).HeadObject),
	of((*s3.Client).ListBucketAnalyticsConfigurations),
	of((*s3.Client).ListBucketIntelligentTieringConfigurations),
	of((*s3.Client).ListBucketInventoryConfigurations),
	of((*s3.Client).ListBucketMetricsConfigurations),
	of((*s3.Client).ListBuckets),
	of((*s3.Client).ListDirectoryBuckets),
	of((*s3.Client).ListMultipartUploads),
	of((*s3.Client).ListObjectAnnotations),
	of((*s3.Client).ListObjectVersions),
	of((*s3.Client).ListObjects),
	of((*s3.Client).ListObjectsV2),
	of((*s3.Client).ListParts),
	of((*s3.Client).PutBucketAbac),
	of((*s3.Client).PutBucketAccelerateConfiguration),
	of((*s3.Client).PutBucketAcl),
	of((*s3.Client).PutBucketAnalyticsConfiguration),
	of((*s3.Client).PutBucketCors),
	of((*s3.Client).PutBucketEncryption),
	of((*s3.Client).PutBucketIntelligentTieringConfiguration),
	of((*s3.Client).PutBucketInventoryConfiguration),
	of((*s3.Client).PutBucketLifecycleConfiguration),
	of((*s3.Client).PutBucketLogging),
	of((*s3.Client).PutBucketMetricsConfiguration),
	of((*s3.Client).PutBucketNotificationConfiguration),
	of((*s3.Client).PutBucketOwnershipControls),
	of((*s3.Client).PutBucketPolicy),
	of((*s3.Client).PutBucketReplication),
	of((*s3.Client).PutBucketRequestPayment),
	of((*s3.Client).PutBucketTagging),
	of((*s3.Client).PutBucketVersioning),
	of((*s3.Client).PutBucketWebsite),
	of((*s3.Client).PutObject),
	of((*s3.Client).PutObjectAcl),
	of((*s3.Client).PutObjectAnnotation),
	of((*s3.Client).PutObjectLegalHold),
	of((*s3.Client).PutObjectLockConfiguration),
	of((*s3.Client).PutObjectRetention),
	of((*s3.Client).PutObjectTagging),
	of((*s3.Client).PutPublicAccessBlock),
	of((*s3.Client).RenameObject),
	of((*s3.Client).RestoreObject),
	of((*s3.Client).SelectObjectContent),
	of((*s3.Client).UpdateBucketMetadataAnnotationTableConfiguration),
	of((*s3.Client).UpdateBucketMetadataInventoryTableConfiguration),
	of((*s3.Client).UpdateBucketMetadataJournalTableConfiguration),
	of((*s3.Client).UpdateObjectEncryption),
	of((*s3.Client).UploadPart),
	of((*s3.Client).UploadPartCopy),
	of((*s3.Client).WriteGetObjectResponse),
}
