package s3

import "keyhole/simulator/exchange"

// encryptionOperations are the rows of encryption at rest.
var encryptionOperations = []exchange.Operation{
	{Name: "GetBucketEncryption", Method: "GET", Scope: exchange.Bucket, Query: map[string]string{"encryption": exchange.Any}, Needs: on(exchange.TheBucket, "s3:GetEncryptionConfiguration"), Handle: getBucketEncryption},
	{Name: "PutBucketEncryption", Method: "PUT", Scope: exchange.Bucket, Query: map[string]string{"encryption": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheBucket, "s3:PutEncryptionConfiguration"), Handle: putBucketEncryption},
	{Name: "DeleteBucketEncryption", Method: "DELETE", Scope: exchange.Bucket, Query: map[string]string{"encryption": exchange.Any}, Needs: on(exchange.TheBucket, "s3:PutEncryptionConfiguration"), Handle: deleteBucketEncryption},
	{Name: "UpdateObjectEncryption", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"encryption": exchange.Any}, Payload: exchange.Document, Needs: reencryptNeeds, Handle: updateObjectEncryption},
}
