package s3

import "keyhole/simulator/exchange"

// lockOperations are the rows of versioning, deletion and Object Lock.
var lockOperations = []exchange.Operation{
	{Name: "DeleteObjects", Method: "POST", Scope: exchange.Bucket, Query: map[string]string{"delete": exchange.Any}, Payload: exchange.Document, Handle: deleteObjects},
	{Name: "GetBucketVersioning", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"versioning": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketVersioning"), Handle: getBucketVersioning},
	{Name: "PutBucketVersioning", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"versioning": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketVersioning"), Handle: putBucketVersioning},
	{Name: "GetObjectLockConfiguration", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"object-lock": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetBucketObjectLockConfiguration"), Handle: getObjectLockConfiguration},
	{Name: "PutObjectLockConfiguration", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"object-lock": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutBucketObjectLockConfiguration"), Handle: putObjectLockConfiguration},
	{Name: "DeleteObject", Method: "DELETE", Scope: exchange.Object, Needs: deleteNeeds, Handle: deleteObject},
	{Name: "GetObjectRetention", Method: "GET", Scope: exchange.Object, Query: map[string]string{"retention": exchange.Any}, Needs: on(exchange.TheObject, "s3:GetObjectRetention"), Handle: getObjectRetention},
	{Name: "PutObjectRetention", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"retention": exchange.Any}, Payload: exchange.Document, Needs: retentionNeeds, Handle: putObjectRetention},
	{Name: "GetObjectLegalHold", Method: "GET", Scope: exchange.Object, Query: map[string]string{"legal-hold": exchange.Any}, Needs: on(exchange.TheObject, "s3:GetObjectLegalHold"), Handle: getObjectLegalHold},
	{Name: "PutObjectLegalHold", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"legal-hold": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheObject, "s3:PutObjectLegalHold"), Handle: putObjectLegalHold},
}
