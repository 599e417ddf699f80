package s3

import "keyhole/simulator/exchange"

// objectOperations are the rows whose path names an object.
var objectOperations = []exchange.Operation{
	// Objects.
	{Name: "PutObject", Method: "PUT", Scope: exchange.Object, Payload: exchange.Bytes, Needs: writeNeeds, Handle: putObject},
	{Name: PostObject, Method: "POST", Scope: exchange.Bucket, Payload: exchange.Bytes, Needs: writeNeeds, Handle: postObject},
	{Name: "GetObject", Method: "GET", Scope: exchange.Object, Needs: readNeeds, Handle: getObject},
	{Name: "HeadObject", Method: "HEAD", Scope: exchange.Object, Needs: headNeeds, Handle: headObject},
	{Name: "CopyObject", Method: "PUT", Scope: exchange.Object, Header: "X-Amz-Copy-Source", Needs: copyNeeds, Handle: copyObject},
	{Name: "GetObjectAttributes", Method: "GET", Scope: exchange.Object, Query: map[string]string{"attributes": exchange.Any}, Needs: attributeNeeds, Handle: getObjectAttributes},
	{Name: "RenameObject", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"renameObject": exchange.Any}, Header: "X-Amz-Rename-Source"},
	{Name: "RestoreObject", Method: "POST", Scope: exchange.Object, Query: map[string]string{"restore": exchange.Any}, Payload: exchange.Document, Needs: on(exchange.TheObject, "s3:RestoreObject"), Handle: restoreObject},
	{Name: "SelectObjectContent", Method: "POST", Scope: exchange.Object, Query: map[string]string{"select": exchange.Any, "select-type": "2"}, Payload: exchange.Document, Needs: on(exchange.TheObject, "s3:GetObject")},
	{Name: "GetObjectTorrent", Method: "GET", Scope: exchange.Object, Query: map[string]string{"torrent": exchange.Any}, Needs: on(exchange.TheObject, "s3:GetObjectTorrent")},
	// Multipart uploads.
	{Name: "CreateMultipartUpload", Method: "POST", Scope: exchange.Object, Query: map[string]string{"uploads": exchange.Any}, Needs: writeNeeds, Handle: createMultipartUpload},
	{Name: "UploadPart", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"uploadId": exchange.Any, "partNumber": exchange.Any}, Payload: exchange.Bytes, Needs: partNeeds, Handle: uploadPart},
	{Name: "UploadPartCopy", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"uploadId": exchange.Any, "partNumber": exchange.Any}, Header: "X-Amz-Copy-Source", Needs: partCopyNeeds, Handle: uploadPartCopy},
	{Name: "CompleteMultipartUpload", Method: "POST", Scope: exchange.Object, Query: map[string]string{"uploadId": exchange.Any}, Payload: exchange.Document, Needs: endNeeds, Handle: completeMultipartUpload},
	{Name: "AbortMultipartUpload", Method: "DELETE", Scope: exchange.Object, Query: map[string]string{"uploadId": exchange.Any}, Needs: on(exchange.TheObject, "s3:AbortMultipartUpload"), Handle: abortMultipartUpload},
	{Name: "ListParts", Method: "GET", Scope: exchange.Object, Query: map[string]string{"uploadId": exchange.Any}, Needs: partListNeeds, Handle: listParts},
	// What an object carries.
	{Name: "GetObjectAcl", Method: "GET", Scope: exchange.Object, Query: map[string]string{"acl": exchange.Any}, Needs: versioned("s3:GetObjectAcl", "s3:GetObjectVersionAcl"), Handle: getObjectACL},
	{Name: "PutObjectAcl", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"acl": exchange.Any}, Payload: exchange.Document, Needs: versioned("s3:PutObjectAcl", "s3:PutObjectVersionAcl"), Handle: putObjectACL},
	{Name: "GetObjectTagging", Method: "GET", Scope: exchange.Object, Query: map[string]string{"tagging": exchange.Any}, Needs: versioned("s3:GetObjectTagging", "s3:GetObjectVersionTagging"), Handle: getObjectTagging},
	{Name: "PutObjectTagging", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"tagging": exchange.Any}, Payload: exchange.Document, Needs: versioned("s3:PutObjectTagging", "s3:PutObjectVersionTagging"), Handle: putObjectTagging},
	{Name: "DeleteObjectTagging", Method: "DELETE", Scope: exchange.Object, Query: map[string]string{"tagging": exchange.Any}, Needs: versioned("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"), Handle: deleteObjectTagging},
	{Name: "PutObjectAnnotation", Method: "PUT", Scope: exchange.Object, Query: map[string]string{"annotation": exchange.Any, "annotationName": exchange.Any}, Payload: exchange.Bytes, Needs: versioned("s3:PutObjectAnnotation", "s3:PutObjectVersionAnnotation")},
	{Name: "GetObjectAnnotation", Method: "GET", Scope: exchange.Object, Query: map[string]string{"annotation": exchange.Any, "annotationName": exchange.Any}, Needs: versioned("s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation")},
	{Name: "DeleteObjectAnnotation", Method: "DELETE", Scope: exchange.Object, Query: map[string]string{"annotation": exchange.Any, "annotationName": exchange.Any}, Needs: versioned("s3:DeleteObjectAnnotation", "s3:DeleteObjectVersionAnnotation")},
	{Name: "ListObjectAnnotations", Method: "GET", Scope: exchange.Object, Query: map[string]string{"annotation": exchange.Any}, Needs: versioned("s3:ListObjectAnnotations", "s3:ListObjectVersionAnnotations")},
}
