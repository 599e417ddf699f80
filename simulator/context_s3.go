package simulator

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/world"
)

// Actions that share keys. (Service Authorization Reference, Amazon S3; testdata/s3-actions.tsv)
var (
	aclActions      = []string{"s3:CreateBucket", "s3:PutBucketAcl", "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:BypassGovernanceRetention"}
	classActions    = []string{"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:BypassGovernanceRetention"}
	writeActions    = []string{"s3:PutObject", "s3:BypassGovernanceRetention"}
	sealActions     = []string{"s3:PutObject", "s3:BypassGovernanceRetention", "s3:UpdateObjectEncryption"}
	tagActions      = []string{"s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:BypassGovernanceRetention"}
	taggingActions  = []string{"s3:CreateBucket", "s3:CreateAccessPoint", "s3:TagResource"}
	lockActions     = []string{"s3:PutObject", "s3:PutObjectRetention"}
	listActions     = []string{"s3:ListBucket", "s3:ListBucketVersions"}
	versionActions  = []string{"s3:DeleteObjectVersion", "s3:DeleteObjectVersionAnnotation", "s3:DeleteObjectVersionTagging", "s3:GetObjectVersion", "s3:GetObjectVersionAcl", "s3:GetObjectVersionAnnotation", "s3:GetObjectVersionAttributes", "s3:GetObjectVersionTagging", "s3:ListObjectVersionAnnotations", "s3:PutObjectVersionAcl", "s3:PutObjectVersionAnnotation", "s3:PutObjectVersionTagging"}
	existingActions = []string{
		"s3:DeleteObjectAnnotation", "s3:DeleteObjectTagging", "s3:DeleteObjectVersionAnnotation", "s3:DeleteObjectVersionTagging", "s3:GetObject", "s3:GetObjectAcl",
		"s3:GetObjectAnnotation", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionAcl", "s3:GetObjectVersionAnnotation",
		"s3:GetObjectVersionAttributes", "s3:GetObjectVersionTagging", "s3:ListObjectAnnotations", "s3:ListObjectVersionAnnotations", "s3:PutObjectAcl", "s3:PutObjectAnnotation",
		"s3:PutObjectTagging", "s3:PutObjectVersionAcl", "s3:PutObjectVersionAnnotation", "s3:PutObjectVersionTagging", "s3:UpdateObjectEncryption",
	}
)

// s3Rows are the keys of S3's actions. (s3-wire 5.5)
var s3Rows = []contextRow{
	// How it was signed.
	{key: "s3:authType", one: (*pair).authType},
	{key: "s3:signatureversion", one: (*pair).signatureVersion},
	{key: "s3:signatureAge", one: (*pair).signatureAge},
	{key: "s3:TlsVersion", one: func(p *pair) (string, bool) { return p.Transport.TLS, p.Transport.Secure && p.Transport.TLS != "" }},
	{key: "s3:x-amz-content-sha256", one: (*pair).contentHash},
	{key: "s3:ResourceAccount", one: func(p *pair) (string, bool) { return p.account, p.account != "" }},
	// Which access point it goes through, or is about.
	{key: "s3:DataAccessPointArn", one: (*pair).dataPointARN},
	{key: "s3:DataAccessPointAccount", one: (*pair).dataPointAccount},
	{key: "s3:AccessPointNetworkOrigin", one: (*pair).pointOrigin},
	// The bucket's tags, where it is set up for that.
	{key: "aws:ResourceTag/", tags: (*pair).bucketOwnTags},
	{key: "s3:BucketTag/", tags: (*pair).bucketOwnTags},
	// What is read.
	{key: "s3:prefix", only: listActions, one: (*pair).prefix},
	{key: "s3:delimiter", only: listActions, one: query("delimiter")},
	{key: "s3:max-keys", only: listActions, one: query("max-keys")},
	{key: "s3:versionid", only: versionActions, one: (*pair).versionID},
	{key: "s3:ExistingObjectTag/", only: existingActions, tags: (*pair).existingTags},
	// What is written.
	{key: "s3:x-amz-acl", only: append(slices.Clone(aclActions), "s3:CreateAccessPoint"), one: header("X-Amz-Acl")},
	{key: "s3:x-amz-grant-full-control", only: aclActions, one: header("X-Amz-Grant-Full-Control")},
	{key: "s3:x-amz-grant-read", only: aclActions, one: header("X-Amz-Grant-Read")},
	{key: "s3:x-amz-grant-read-acp", only: aclActions, one: header("X-Amz-Grant-Read-Acp")},
	{key: "s3:x-amz-grant-write", only: aclActions, one: header("X-Amz-Grant-Write")},
	{key: "s3:x-amz-grant-write-acp", only: aclActions, one: header("X-Amz-Grant-Write-Acp")},
	{key: "s3:x-amz-server-side-encryption", only: sealActions, one: (*pair).method},
	{key: "s3:x-amz-server-side-encryption-aws-kms-key-id", only: sealActions, one: (*pair).kmsKey},
	{key: "s3:x-amz-server-side-encryption-customer-algorithm", only: writeActions, one: header("X-Amz-Server-Side-Encryption-Customer-Algorithm")},
	{key: "s3:x-amz-copy-source", only: writeActions, one: (*pair).copySource},
	{key: "s3:x-amz-metadata-directive", only: writeActions, one: header("X-Amz-Metadata-Directive")},
	{key: "s3:x-amz-storage-class", only: classActions, one: header("X-Amz-Storage-Class")},
	{key: "s3:x-amz-website-redirect-location", only: writeActions, one: header("X-Amz-Website-Redirect-Location")},
	{key: "s3:RequestObjectTag/", only: tagActions, tags: (*pair).requestTags},
	{key: "s3:RequestObjectTagKeys", only: tagActions, many: func(p *pair) []string { return slices.Sorted(maps.Keys(p.requestTags())) }},
	{key: "s3:object-lock-mode", only: lockActions, one: (*pair).lockMode},
	{key: "s3:object-lock-retain-until-date", only: lockActions, one: (*pair).retainUntil},
	{key: "s3:object-lock-remaining-retention-days", only: lockActions, one: (*pair).remainingDays},
	{key: "s3:object-lock-legal-hold", only: []string{"s3:PutObject", "s3:PutObjectLegalHold"}, one: (*pair).legalHold},
	{key: "s3:if-match", only: []string{"s3:PutObject", "s3:DeleteObject"}, one: header("If-Match")},
	{key: "s3:if-none-match", only: []string{"s3:PutObject"}, one: header("If-None-Match")},
	{key: "s3:ObjectCreationOperation", only: []string{"s3:PutObject"}, one: (*pair).creates},
	// A new bucket.
	{key: "s3:locationconstraint", only: []string{"s3:CreateBucket", "s3:CreateAccessPoint"}, one: (*pair).location},
	{key: "s3:x-amz-object-ownership", only: []string{"s3:CreateBucket"}, one: header("X-Amz-Object-Ownership")},
	{key: "s3:x-amz-bucket-namespace", only: []string{"s3:CreateBucket"}, one: header("X-Amz-Bucket-Namespace")},
	{key: "aws:RequestTag/", only: taggingActions, tags: (*pair).bucketTags},
	{key: "aws:TagKeys", only: append(slices.Clone(taggingActions), "s3:UntagResource"), many: (*pair).tagKeys},
}

func query(name string) func(*pair) (string, bool) {
	return func(p *pair) (string, bool) { return p.Query.Get(name), p.Asked(name) }
}

func (p *pair) scheme() string {
	if p.Trace.Authentication == nil {
		return ""
	}
	return p.Trace.Authentication.Scheme
}

func (p *pair) authType() (string, bool) {
	switch p.scheme() {
	case "header", "header v2":
		return "REST-HEADER", true
	case "presigned", "presigned v2":
		return "REST-QUERY-STRING", true
	case "post", "post v2":
		return "POST", true
	}
	return "", false
}

// signatureVersion is what the signature was made with.
func (p *pair) signatureVersion() (string, bool) {
	if p.Anonymous {
		return "", false
	}
	if strings.HasSuffix(p.scheme(), " v2") {
		return "AWS", true
	}
	return "AWS4-HMAC-SHA256", true
}

// signatureAge is how long ago a link or a form was signed, in milliseconds; always 0 under Version 2, which does not say.
func (p *pair) signatureAge() (string, bool) {
	switch p.scheme() {
	case "presigned", "post":
	case "presigned v2", "post v2":
		return "0", true
	default:
		return "", false
	}
	age := p.World.In(p.Base, p.Trace.At).Sub(p.Trace.Authentication.Date)
	return strconv.FormatInt(max(age.Milliseconds(), 0), 10), true
}

// contentHash is the header only: a link's parameter does not count. The two actions on the Object Lock configuration of
// a bucket do not know the key.
func (p *pair) contentHash() (string, bool) {
	if p.scheme() != "header" || strings.HasSuffix(p.action, "BucketObjectLockConfiguration") {
		return "", false
	}
	return p.Header.Get("X-Amz-Content-Sha256"), p.Sent("X-Amz-Content-Sha256")
}

// prefix is what a listing asks for. When S3 looks whether a missing key may be known to be missing, it is that key.
func (p *pair) prefix() (string, bool) {
	if source, ok := p.source(); ok {
		return source.Key, true
	}
	if p.Key != "" {
		return p.Key, true
	}
	return p.Query.Get("prefix"), p.Asked("prefix")
}

func (p *pair) versionID() (string, bool) {
	if p.named != "" { // an entry of DeleteObjects
		return p.named, true
	}
	if source, ok := p.source(); ok && p.resource == s3ARN+source.Bucket+"/"+source.Key {
		return source.VersionID, source.VersionID != ""
	}
	return p.Query.Get("versionId"), p.Query.Get("versionId") != ""
}

func (p *pair) existingTags() map[string]string {
	if p.version == nil {
		return nil
	}
	return p.version.Tags
}

// method is x-amz-server-side-encryption as it was sent; parts and the end of an upload are judged with that of its
// beginning. (s3-wire 5.3)
func (p *pair) method() (string, bool) {
	if u := p.upload(); u != nil && !p.Sent("X-Amz-Server-Side-Encryption") {
		return u.AskedMethod, u.AskedMethod != ""
	}
	return p.Header.Get("X-Amz-Server-Side-Encryption"), p.Sent("X-Amz-Server-Side-Encryption")
}

func (p *pair) kmsKey() (string, bool) {
	method, _ := p.method()
	if !strings.HasPrefix(method, "aws:kms") {
		return "", false
	}
	id := p.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")
	if u := p.upload(); u != nil && id == "" {
		id = u.AskedKey
	}
	return p.KeyARN(id), true
}

// upload is the upload in progress that the request belongs to; nil when it names none.
func (p *pair) upload() *world.Upload {
	if p.At == nil || !p.Asked("uploadId") {
		return nil
	}
	return p.At.Uploads.Get(p.Query.Get("uploadId"))
}

func (p *pair) copySource() (string, bool) {
	source, ok := p.source()
	return source.Bucket + "/" + source.Key, ok
}

// requestTags are the tags a write brings: in x-amz-tagging, or in the document of PutObjectTagging.
func (p *pair) requestTags() map[string]string {
	if p.Sent("X-Amz-Tagging") {
		values, err := url.ParseQuery(p.Header.Get("X-Amz-Tagging"))
		if err != nil {
			return nil
		}
		return first(values)
	}
	if p.Op.Name != "PutObjectTagging" {
		return nil
	}
	var doc struct {
		Tags []tag `xml:"TagSet>Tag"`
	}
	p.peek(&doc)
	return tagMap(doc.Tags)
}

type tag struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

func tagMap(tags []tag) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, t := range tags {
		out[t.Key] = t.Value
	}
	return out
}

func first(values url.Values) map[string]string {
	out := map[string]string{}
	for name, list := range values {
		out[name] = list[0]
	}
	return out
}

// peek reads the request's document into v as far as it can be read. What is wrong with it is told by its operation.
func (p *pair) peek(v any) {
	body, _ := p.Payload()
	_ = xml.NewDecoder(bytes.NewReader(body.Data)).Decode(v)
}

type lockDocument struct {
	Mode            string `xml:"Mode"`
	RetainUntilDate string `xml:"RetainUntilDate"`
	Status          string `xml:"Status"`
}

// lock is what the request says of Object Lock, in headers or in the document of PutObjectRetention and PutObjectLegalHold.
func (p *pair) lock() (d lockDocument) {
	switch p.Op.Name {
	case "PutObjectRetention", "PutObjectLegalHold":
		p.peek(&d)
	default:
		d = lockDocument{p.Header.Get("X-Amz-Object-Lock-Mode"), p.Header.Get("X-Amz-Object-Lock-Retain-Until-Date"), p.Header.Get("X-Amz-Object-Lock-Legal-Hold")}
	}
	return d
}

func (p *pair) lockMode() (string, bool)    { mode := p.lock().Mode; return mode, mode != "" }
func (p *pair) retainUntil() (string, bool) { d := p.lock().RetainUntilDate; return d, d != "" }
func (p *pair) legalHold() (string, bool)   { hold := p.lock().Status; return hold, hold != "" }

// remainingDays is how many days, begun ones counted, the retention that is asked for would last.
func (p *pair) remainingDays() (string, bool) {
	until, err := time.Parse(time.RFC3339, p.lock().RetainUntilDate)
	if err != nil {
		return "", false
	}
	const day = 24 * time.Hour
	return strconv.FormatInt(int64((until.Sub(p.World.In(p.Base, p.Trace.At))+day-1)/day), 10), true
}

// creates says whether the operation makes an object: beginning an upload and its parts do not.
func (p *pair) creates() (string, bool) {
	switch p.Op.Name {
	case "CreateMultipartUpload", "UploadPart", "UploadPartCopy":
		return "false", true
	}
	return "true", true
}

type bucketDocument struct {
	Location string `xml:"LocationConstraint"`
	Tags     []tag  `xml:"Tags>Tag"`
}

func (p *pair) location() (string, bool) {
	var doc bucketDocument
	p.peek(&doc)
	return doc.Location, doc.Location != ""
}

// tagKeys are the keys of the tags a request gives to a bucket or takes from it.
func (p *pair) tagKeys() []string {
	if p.action == "s3:UntagResource" {
		return p.Query["tagKeys"]
	}
	return slices.Sorted(maps.Keys(p.bucketTags()))
}

func (p *pair) bucketTags() map[string]string {
	var doc bucketDocument
	p.peek(&doc)
	return tagMap(doc.Tags)
}
