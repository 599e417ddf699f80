package trail

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
)

// dataOperations are the operations of S3 whose events are data events, which only a trail that selects them writes down.
// (CloudTrail user guide; S3 user guide, CloudTrail events)
var dataOperations = []string{
	"AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "DeleteObject", "DeleteObjects", "DeleteObjectTagging",
	"GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging", "GetObjectTorrent", "HeadObject",
	"ListObjects", "ListObjectsV2", "ListObjectVersions", "ListParts", "PutObject", "PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention",
	"PutObjectTagging", "RestoreObject", "SelectObjectContent", "UploadPart", "UploadPartCopy", "UpdateObjectEncryption", "HeadBucket",
}

// IsData says whether the events of an operation are data events.
func IsData(op *exchange.Operation) bool {
	return op.Service == "s3" && slices.Contains(dataOperations, op.Name)
}

// otherNames are operations that CloudTrail calls by another name than the API. (S3 user guide, CloudTrail events)
var otherNames = map[string]string{
	"s3 ListObjectsV2": "ListObjects", "s3 GetPublicAccessBlock": "GetBucketPublicAccessBlock", "s3 PutPublicAccessBlock": "PutBucketPublicAccessBlock",
	"s3 DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock", "s3 GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
	"s3 PutObjectLockConfiguration": "PutBucketObjectLockConfiguration", "s3 GetObjectRetention": "GetObjectLockRetention", "s3 PutObjectRetention": "PutObjectLockRetention",
	"s3 GetObjectLegalHold": "GetObjectLockLegalHold", "s3 PutObjectLegalHold": "PutObjectLockLegalHold",
	"s3 PutBucketLifecycleConfiguration": "PutBucketLifecycle", "s3 GetBucketLifecycleConfiguration": "GetBucketLifecycle",
	"s3 PutBucketNotificationConfiguration": "PutBucketNotification", "s3 GetBucketNotificationConfiguration": "GetBucketNotification",
	"s3control GetPublicAccessBlock": "GetAccountPublicAccessBlock", "s3control PutPublicAccessBlock": "PutAccountPublicAccessBlock",
	"s3control DeletePublicAccessBlock": "DeleteAccountPublicAccessBlock",
}

// readOnly: the beginnings of the names of operations that change nothing.
var readOnly = regexp.MustCompile(`^(Get|List|Head|Describe|Lookup|Select|Simulate|Decrypt|Encrypt|GenerateDataKey|GenerateRandom|ReEncrypt|Verify|Sign|AssumeRole|DecodeAuthorizationMessage)`)

// Read is the event of a request that was authenticated, as the caller's account gets it. fault is how it ended; nil: well.
func Read(x *exchange.Exchange, fault *exchange.Fault) Event {
	e := Event{Category: Management, Name: x.Op.Name, Source: sources[x.Op.Service], Caller: x.Caller.ARN}
	if other, ok := otherNames[x.Op.Service+" "+x.Op.Name]; ok {
		e.Name = other
	}
	e.ReadOnly = readOnly.MatchString(x.Op.Name)
	r := Record{
		EventVersion: "1.11", UserIdentity: identityOf(x), EventTime: x.Trace.At.UTC().Format(stamp), EventSource: e.Source, EventName: e.Name,
		AWSRegion: region(x), SourceIPAddress: x.Transport.SourceIP, UserAgent: "[" + x.Header.Get("User-Agent") + "]", RequestParameters: parameters(x),
		RequestID: x.Trace.ID, ReadOnly: e.ReadOnly, EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: x.Caller.Account, EventCategory: Management,
		Resources: resources(x),
	}
	if strings.HasPrefix(x.Transport.Network, "vpce-") {
		r.VPCEndpointID = x.Transport.Network
	}
	if fault != nil {
		r.ErrorCode, r.ErrorMessage = fault.Code, fault.Message
		if e.Source == "kms.amazonaws.com" {
			r.ErrorCode = strings.TrimSuffix(r.ErrorCode, "Exception")
		}
	}
	if x.Transport.Secure {
		r.TLSDetails = map[string]any{"tlsVersion": "TLSv" + x.Transport.TLS, "clientProvidedHostHeader": header(x, "Host")}
	}
	if IsData(x.Op) {
		e.Category, r.EventCategory, r.ManagementEvent = Data, Data, false
		e.ARN = x.ObjectARN() // a bucket's ends in a slash
	}
	if x.Op.Service == "s3" {
		r.AdditionalEventData = map[string]any{"x-amz-id-2": x.Trace.HostID, "bytesTransferredIn": max(x.Size, 0), "bytesTransferredOut": len(x.Answer.Body)}
		if how := methods[scheme(x)]; how != "" {
			r.AdditionalEventData["AuthenticationMethod"], r.AdditionalEventData["SignatureVersion"] = how, "SigV4"
		}
	}
	e.Record = r
	e.Record.EventID = eventID(x, e.Name, e.Source, r.RecipientAccountID)
	return e
}

// sources are the services as CloudTrail names them.
var sources = map[string]string{"s3": "s3.amazonaws.com", "s3control": "s3.amazonaws.com", "iam": "iam.amazonaws.com", "sts": "sts.amazonaws.com",
	"kms": "kms.amazonaws.com", "cloudtrail": "cloudtrail.amazonaws.com"}

// methods are the forms of a signature as CloudTrail names them.
var methods = map[string]string{"header": "AuthHeader", "presigned": "QueryString", "post": "HtmlForm"}

func scheme(x *exchange.Exchange) string {
	if x.Trace.Authentication == nil {
		return ""
	}
	return x.Trace.Authentication.Scheme
}

// region is where a call was made. IAM's are all in us-east-1.
func region(x *exchange.Exchange) string {
	switch {
	case x.Op.Service == "iam":
		return "us-east-1"
	case x.At != nil:
		return x.At.Region
	}
	return x.World.Region()
}

func header(x *exchange.Exchange, name string) string {
	for _, h := range x.Trace.Request.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// eventID is a UUID that follows from the request, so that writing events down draws nothing from the world's generator.
func eventID(x *exchange.Exchange, more ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append([]string{x.Trace.ID, x.Trace.HostID}, more...), "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// secret are members that no record holds: keys, passwords, tokens, plaintexts and what is encrypted.
var secret = regexp.MustCompile(`(?i)secret|password|token|plaintext|ciphertext|seed|authenticationcode|privatekey|credential|customer-key|signature|^message$`)

// longest is how much of one value a record shows, in bytes.
const longest = 20_480

func small(name string) string {
	if name == "" {
		return name
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// parameters is what a request asked for, without what is secret.
func parameters(x *exchange.Exchange) map[string]any {
	out := map[string]any{}
	put := func(name string, value any) {
		if s, ok := value.(string); ok && len(s) > longest {
			value = s[:longest]
		}
		if !secret.MatchString(name) {
			out[name] = value
		}
	}
	switch x.Op.Service {
	case "iam", "sts":
		for name, values := range x.Form {
			if name != "Action" && name != "Version" && !strings.HasPrefix(name, "X-Amz-") && len(values) > 0 {
				put(small(name), values[0])
			}
		}
	case "kms", "cloudtrail":
		body, _ := x.Payload()
		var members map[string]any
		if json.Unmarshal(body.Data, &members) == nil {
			for name, value := range members {
				put(small(name), value)
			}
		}
	default:
		if x.Bucket != "" {
			put("bucketName", x.Bucket)
		}
		if x.Key != "" {
			put("key", x.Key)
		}
		for name, value := range x.Named {
			put(name, value)
		}
		put("Host", header(x, "Host"))
		for name, values := range x.Query {
			if !strings.HasPrefix(strings.ToLower(name), "x-") && name != "AWSAccessKeyId" && name != "Expires" {
				put(name, values[0])
			}
		}
		for name, values := range x.Header {
			name = strings.ToLower(name)
			if shownHeader.MatchString(name) && len(values) > 0 {
				put(name, values[0])
			}
		}
		if x.Trace.Point != "" {
			put("accessPointArn", x.Trace.Point)
		}
		if x.Op.Name == "PutBucketPolicy" {
			body, _ := x.Payload()
			var document any
			if len(body.Data) <= longest && json.Unmarshal(body.Data, &document) == nil {
				put("bucketPolicy", document)
			}
		}
	}
	return out
}

// shownHeader are the headers of S3 that a record repeats.
var shownHeader = regexp.MustCompile(`^x-amz-(acl|grant-.*|server-side-encryption|server-side-encryption-aws-kms-key-id|server-side-encryption-customer-algorithm|storage-class|copy-source|metadata-directive|tagging-directive|object-lock-.*|bypass-governance-retention|object-ownership|bucket-object-lock-enabled|bucket-namespace|account-id|request-payer|expected-bucket-owner|checksum-algorithm|mfa-.*)$`)

// resources are what a call was about.
func resources(x *exchange.Exchange) (out []Resource) {
	if x.Bucket != "" && x.Op.Service == "s3" {
		account := ""
		if x.At != nil {
			account = x.At.Account
		}
		if x.Key != "" {
			out = append(out, Resource{Type: objectType, ARN: x.ObjectARN()})
		}
		return append(out, Resource{account, "AWS::S3::Bucket", x.BucketARN()})
	}
	for _, a := range x.Trace.Authorization {
		if kind := kindOf(a.Resource); kind != "" && !a.Asked && !slices.ContainsFunc(out, func(r Resource) bool { return r.ARN == a.Resource }) {
			out = append(out, Resource{strings.SplitN(a.Resource, ":", 6)[4], kind, a.Resource})
		}
	}
	return out
}

// kinds are the types of resources by the beginning of their ARN's end.
var kinds = []struct{ service, prefix, kind string }{
	{"kms", "key/", "AWS::KMS::Key"}, {"iam", "user/", "AWS::IAM::User"}, {"iam", "role/", "AWS::IAM::Role"}, {"iam", "group/", "AWS::IAM::Group"},
	{"iam", "policy/", "AWS::IAM::Policy"}, {"cloudtrail", "trail/", "AWS::CloudTrail::Trail"}, {"s3", "accesspoint/", "AWS::S3::AccessPoint"},
}

func kindOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	for _, k := range kinds {
		if len(parts) == 6 && parts[2] == k.service && strings.HasPrefix(parts[5], k.prefix) {
			return k.kind
		}
	}
	return ""
}

// Keys are the events of what S3 asked of KMS for the caller of a request, one for each call. (s3-wire 10.1)
func Keys(x *exchange.Exchange) (out []Event) {
	if x.Op.Service != "s3" {
		return nil
	}
	seen := map[string]bool{}
	for _, a := range x.Trace.Authorization {
		name, kms := strings.CutPrefix(a.Action, "kms:")
		if !kms || a.Asked || seen[a.Action+a.Resource] || kindOf(a.Resource) == "" {
			continue
		}
		seen[a.Action+a.Resource] = true
		e := Event{Category: Management, Name: name, Source: "kms.amazonaws.com", ReadOnly: true, Caller: x.Caller.ARN}
		r := Record{EventVersion: "1.11", UserIdentity: identityOf(x), EventTime: x.Trace.At.UTC().Format(stamp), EventSource: e.Source, EventName: name,
			AWSRegion: region(x), SourceIPAddress: "AWS Internal", UserAgent: "AWS Internal", RequestID: eventID(x, "request", a.Action, a.Resource), ReadOnly: true,
			EventType: "AwsApiCall", ManagementEvent: true, RecipientAccountID: x.Caller.Account, EventCategory: Management,
			RequestParameters: map[string]any{"encryptionContext": contextOf(a, x), "keyId": a.Resource},
			Resources:         []Resource{{strings.SplitN(a.Resource, ":", 6)[4], "AWS::KMS::Key", a.Resource}}}
		r.UserIdentity.InvokedBy = "AWS Internal"
		if !a.Allowed {
			r.ErrorCode, r.ErrorMessage = "AccessDenied", a.Reason
		}
		e.Record = r
		e.Record.EventID = eventID(x, name, e.Source, a.Resource)
		out = append(out, e)
	}
	return out
}

// contextOf is the encryption context S3 gave to KMS.
func contextOf(a exchange.Authorization, x *exchange.Exchange) map[string]string {
	out := map[string]string{}
	const prefix = "kms:EncryptionContext:"
	if a.Decision != nil {
		for _, k := range a.Decision.Request.Context.Keys() {
			if name, ok := strings.CutPrefix(k.Name, prefix); ok && len(k.List) == 1 {
				out[name] = k.List[0]
			}
		}
	}
	if len(out) == 0 {
		out["aws:s3:arn"] = x.ObjectARN()
	}
	return out
}
