package s3

import "keyhole/simulator/exchange"

// bucketOperations are the rows whose path names no object.
var bucketOperations = []exchange.Operation{
	// Service and buckets.
	{Name: "ListBuckets", Method: "GET", Needs: on(exchange.Everything, "s3:ListAllMyBuckets"), Handle: listBuckets},
	{Name: "ListDirectoryBuckets", Method: "GET", Host: "s3express-control.", Needs: on(exchange.Everything, "s3express:ListAllMyDirectoryBuckets")},
	{Name: "WriteGetObjectResponse", Method: "POST", Header: "X-Amz-Request-Route", Path: "/WriteGetObjectResponse", Needs: on(exchange.Everything, "s3-object-lambda:WriteGetObjectResponse")},
	{Name: "CreateBucket", Method: "PUT", Scope: exchange.Bucket, Payload: exchange.Document, Needs: createNeeds, Handle: createBucket},
	{Name: "DeleteBucket", Method: "DELETE", Scope: exchange.Bucket, Needs: on(exchange.TheBucket, "s3:DeleteBucket"), Handle: deleteBucket},
	{Name: "HeadBucket", Method: "HEAD", Scope: exchange.Bucket, Needs: on(exchange.TheBucket, "s3:ListBucket"), Handle: headBucket},
	{Name: "GetBucketLocation", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"location": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketLocation"), Handle: getBucketLocation},
	{Name: "CreateSession", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"session": exchange.Any}, Needs: on(exchange.TheBucket, "s3express:CreateSession")},
	// Listings.
	{Name: "ListObjects", Method: "GET", Scope: exchange.Bucket, Needs: on(exchange.TheBucket, "s3:ListBucket"), Handle: listObjects},
	{Name: "ListObjectsV2", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"list-type": "2"}, Needs: on(exchange.TheBucket, "s3:ListBucket"), Handle: listObjectsV2},
	{Name: "ListObjectVersions", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"versions": exchange.Any}, Needs: on(exchange.TheBucket, "s3:ListBucketVersions"), Handle: listObjectVersions},
	{Name: "ListMultipartUploads", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"uploads": exchange.Any}, Needs: on(exchange.TheBucket, "s3:ListBucketMultipartUploads"), Handle: listMultipartUploads},
	// Access.
	{Name: "GetBucketAcl", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"acl": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketAcl"), Handle: getBucketACL},
	{Name: "PutBucketAcl", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"acl": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketAcl"), Handle: putBucketACL},
	{Name: "GetBucketPolicy", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"policy": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketPolicy"), Handle: getBucketPolicy},
	{Name: "PutBucketPolicy", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"policy": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketPolicy"), Handle: putBucketPolicy},
	{Name: "DeleteBucketPolicy", Method: "DELETE", Scope: exchange.Bucket, Query: map[string]string{"policy": exchange.Any}, Needs: on(exchange.TheBucket, "s3:DeleteBucketPolicy"), Handle: deleteBucketPolicy},
	{Name: "GetBucketPolicyStatus", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"policyStatus": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketPolicyStatus"), Handle: getBucketPolicyStatus},
	{Name: "GetPublicAccessBlock", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"publicAccessBlock": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketPublicAccessBlock"), Handle: getPublicAccessBlock},
	{Name: "PutPublicAccessBlock", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"publicAccessBlock": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketPublicAccessBlock"), Handle: putPublicAccessBlock},
	{Name: "DeletePublicAccessBlock", Method: "DELETE", Scope: exchange.Bucket, Query: map[string]string{"publicAccessBlock": exchange.Any}, Needs: on(exchange.TheBucket, "s3:PutBucketPublicAccessBlock"), Handle: deletePublicAccessBlock},
	{Name: "GetBucketOwnershipControls", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"ownershipControls": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketOwnershipControls"), Handle: getOwnershipControls},
	{Name: "PutBucketOwnershipControls", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"ownershipControls": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketOwnershipControls"), Handle: putOwnershipControls},
	{Name: "DeleteBucketOwnershipControls", Method: "DELETE", Scope: exchange.Bucket, Query: map[string]string{"ownershipControls": exchange.Any}, Needs: on(exchange.TheBucket, "s3:PutBucketOwnershipControls"), Handle: deleteOwnershipControls},
}
