package situation

import (
	"slices"
	"strings"
	"sync"

	"keyhole/simulator"
)

// scope is what an action acts on.
type scope int

const (
	onNothing scope = iota
	onBucket
	onObject
)

// sendable is an action with the request that asks for it.
type sendable struct {
	action, operation string
	scope             scope
	in                func(s *Situation) map[string]any // parameters beside Bucket and Key; nil: none
}

// sendables are the actions that a request of S3 asks for as its own. What a request needs besides shows on the wire.
var sendables = []sendable{
	{"s3:PutObject", "PutObject", onObject, func(*Situation) map[string]any { return map[string]any{"Body": []byte("quarter,total\n1,4200\n")} }},
	{"s3:GetObject", "GetObject", onObject, nil},
	{"s3:DeleteObject", "DeleteObject", onObject, nil},
	{"s3:ListBucket", "ListObjectsV2", onBucket, nil},
	{"s3:ListBucketVersions", "ListObjectVersions", onBucket, nil},
	{"s3:ListAllMyBuckets", "ListBuckets", onNothing, nil},
	{"s3:GetObjectTagging", "GetObjectTagging", onObject, nil},
	{"s3:GetObjectAcl", "GetObjectAcl", onObject, nil},
	{"s3:ListBucketMultipartUploads", "ListMultipartUploads", onBucket, nil},
	{"s3:GetBucketLocation", "GetBucketLocation", onBucket, nil},
	{"s3:GetBucketVersioning", "GetBucketVersioning", onBucket, nil},
	{"s3:GetBucketAcl", "GetBucketAcl", onBucket, nil},
	{"s3:GetEncryptionConfiguration", "GetBucketEncryption", onBucket, nil},
	{"s3:GetBucketPublicAccessBlock", "GetPublicAccessBlock", onBucket, nil},
	{"s3:GetBucketOwnershipControls", "GetBucketOwnershipControls", onBucket, nil},
	{"s3:GetBucketPolicy", "GetBucketPolicy", onBucket, nil},
	{"s3:GetBucketPolicyStatus", "GetBucketPolicyStatus", onBucket, nil},
	{"s3:PutBucketPolicy", "PutBucketPolicy", onBucket, func(s *Situation) map[string]any {
		text := s.Documents["bucket"]
		if text == "" {
			text = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + s.Owner + `"},"Action":"s3:GetObject","Resource":"` + "arn:aws:s3:::" + s.bucket() + `/*"}]}`
		}
		return map[string]any{"Policy": text}
	}},
	{"s3:DeleteBucketPolicy", "DeleteBucketPolicy", onBucket, nil},
	{"s3:DeleteBucket", "DeleteBucket", onBucket, nil},
}

func sendRow(action string) (sendable, bool) {
	i := slices.IndexFunc(sendables, func(s sendable) bool { return strings.EqualFold(s.action, action) })
	if i < 0 {
		return sendable{}, false
	}
	return sendables[i], true
}

// ActsOn says what the request asks about whose own action this is: an object, else a bucket. ok is false for an action that
// is of no such request.
func ActsOn(action string) (object, bucket, ok bool) {
	row, known := sendRow(action)
	return row.scope == onObject, row.scope == onBucket, known
}

// imitated are the operations of S3 that the simulator answers.
var imitated = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, o := range simulator.Operations() {
		if o.Service == "s3" && o.Handle != nil {
			out[o.Name] = true
		}
	}
	return out
})
