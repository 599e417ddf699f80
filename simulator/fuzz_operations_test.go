package simulator

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/s3"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sts"
	"keyhole/simulator/trail"
	"keyhole/simulator/world"
)

// arena is a simulator that fuzz targets begin from, and whoever asks there.
type arena struct {
	base  *Simulator
	start *World
	keys  sigv4.Keys
}

// newArena has a bucket "vault" with versions, an object "seeded" and whatever else a target needs.
func newArena(f *testing.F, more func(*World)) arena {
	f.Helper()
	file, err := os.ReadFile("testdata/world.json")
	if err != nil {
		f.Fatal(err)
	}
	start, err := ParseWorld(file, WorldOptions{})
	if err != nil {
		f.Fatal(err)
	}
	key, _ := start.KeyOf("111122223333", "alice")
	st := arena{New(Options{World: start}), start, sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}}
	for _, target := range []string{"/vault", "/vault/seeded"} {
		seed(st.base, st.keys, start.Now(), target)
	}
	st.base.View(func(w *World) {
		enabled, preferred := "Enabled", world.OwnerPreferred
		if err := w.Apply(world.BucketSet("vault", world.Settings{Versioning: &enabled, Ownership: &preferred})); err != nil {
			f.Fatal(err)
		}
		if more != nil {
			more(w)
		}
	})
	return st
}

// ask sends a signed request over TLS, and a body with the digest that some operations want.
func (st arena) ask(s *Simulator, service, method, url, body string, header ...string) (int, http.Header, []byte, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	digest := md5.Sum([]byte(body))
	r.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(digest[:]))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	sum := sha256.Sum256([]byte(body))
	sigv4.Sign(r, st.keys, "us-east-1", service, hex.EncodeToString(sum[:]), st.start.Now())
	answer, err := s.Client(Transport{Secure: true}).RoundTrip(r)
	if err != nil {
		return 0, nil, nil, err
	}
	data, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, data, err
}

// wellFormed says whether a document ends, and has no unknown entity on the way.
func wellFormed(text []byte) error {
	d := xml.NewDecoder(strings.NewReader(string(text)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// answered fails when an answer is none that AWS would give: a 500, or a document that nobody can read.
func answered(t *testing.T, s *Simulator, op exchange.Operation, status int, h http.Header, data []byte, asked string) {
	t.Helper()
	if status == http.StatusNotImplemented {
		return
	}
	traces := s.Traces()
	if status >= 500 || status < 200 {
		t.Fatalf("%s %q: %d %s %q", op.Name, asked, status, data, traces[len(traces)-1].Notes)
	}
	if len(data) > 0 && strings.HasPrefix(h.Get("Content-Type"), "application/xml") {
		if err := wellFormed(data); err != nil {
			t.Fatalf("%s %q: %v in %s", op.Name, asked, err, data)
		}
	}
}

// addressed is the path and query of a row of S3 or S3 Control.
func addressed(op exchange.Operation) string {
	if op.Path != "" {
		path := strings.ReplaceAll(op.Path, "{resourceArn+}", "arn%3Aaws%3As3:::vault")
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + "point" + after
		}
		return "http://localhost" + path
	}
	url := "http://localhost" + []string{"/", "/vault", "/vault/seeded"}[op.Scope]
	var query []string
	for name, value := range op.Query {
		query = append(query, name+"="+strings.ReplaceAll(value, exchange.Any, "x"))
	}
	slices.Sort(query)
	return url + "?" + strings.Join(query, "&")
}

// documented are the rows whose request has a document.
func documented() (rows []exchange.Operation) {
	for _, op := range slices.Concat(s3.Operations(), s3.ControlOperations()) {
		if op.Payload == exchange.Document && op.Handle != nil {
			rows = append(rows, op)
		}
	}
	return rows
}

// documents are one that is right, or nearly, for each kind.
var documents = []string{
	`<AccessControlPolicy><Owner><ID>x</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`,
	`<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin><AllowedHeader>x-*</AllowedHeader><MaxAgeSeconds>-1</MaxAgeSeconds></CORSRule></CORSConfiguration>`,
	`<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag><ChecksumCRC32>x</ChecksumCRC32></Part></CompleteMultipartUpload>`,
	`<CreateBucketConfiguration><LocationConstraint>EU</LocationConstraint><Tags><Tag><Key>a</Key><Value/></Tag></Tags></CreateBucketConfiguration>`,
	`<CreateAccessPointRequest><Bucket>vault</Bucket><VpcConfiguration><VpcId>vpc-1</VpcId></VpcConfiguration><PublicAccessBlockConfiguration/></CreateAccessPointRequest>`,
	`<Delete><Quiet>1</Quiet><Object><Key>seeded</Key><VersionId>null</VersionId><Size>x</Size></Object></Delete>`,
	`<LegalHold><Status>ON</Status></LegalHold>`,
	`<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>99999</Days></DefaultRetention></Rule></ObjectLockConfiguration>`,
	`<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>`,
	`<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>`,
	`<PutAccessPointPolicyRequest><Policy>{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}</Policy></PutAccessPointPolicyRequest>`,
	`<ReplicationConfiguration><Role>arn:aws:iam::111122223333:role/app</Role><Rule><Status>Enabled</Status><Priority>1</Priority><Filter/><DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::vault</Bucket></Destination></Rule></ReplicationConfiguration>`,
	`<RestoreRequest><Days>1</Days></RestoreRequest>`,
	`<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate></Retention>`,
	`<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>alias/aws/s3</KMSMasterKeyID></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`,
	`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`,
	`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>aws:a</Key><Value/></Tag></TagSet></Tagging>`,
	`<TagResourceRequest><Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags></TagResourceRequest>`,
	`<ObjectEncryption><SSE-KMS><KMSKeyArn>arn:aws:kms:us-east-1:111122223333:key/x</KMSKeyArn><BucketKeyEnabled>x</BucketKeyEnabled></SSE-KMS></ObjectEncryption>`,
	`<VersioningConfiguration><Status>Suspended</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>`,
	`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::vault/*"}}`,
	`<!DOCTYPE x [<!ENTITY a "b">]><Tagging>&a;</Tagging>`,
}

// FuzzDocuments: whatever document comes with whatever operation of S3 and S3 Control that takes one, the answer is one of
// S3's, and what was accepted can be read again.
func FuzzDocuments(f *testing.F) {
	st := newArena(f, func(w *World) {
		locked := true
		if err := w.Apply(world.BucketSet("vault", world.Settings{ObjectLock: &locked})); err != nil {
			f.Fatal(err)
		}
	})
	point := `<CreateAccessPointRequest><Bucket>vault</Bucket></CreateAccessPointRequest>`
	if status, _, data, err := st.ask(st.base, "s3", "PUT", "http://localhost/v20180820/accesspoint/point", point, "X-Amz-Account-Id", "111122223333"); status != 200 {
		f.Fatal(status, string(data), err)
	}
	rows := documented()
	for i := range rows {
		for _, text := range documents {
			f.Add(byte(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body string) {
		op := rows[int(which)%len(rows)]
		s := st.base.Clone()
		url := addressed(op)
		status, h, data, err := st.ask(s, "s3", op.Method, url, body, "X-Amz-Account-Id", "111122223333")
		if err != nil {
			return // no request that HTTP has
		}
		answered(t, s, op, status, h, data, body)
		if status < 300 && op.Method == http.MethodPut {
			status, h, data, err := st.ask(s, "s3", http.MethodGet, url, "", "X-Amz-Account-Id", "111122223333")
			if err != nil {
				t.Fatal(err)
			}
			answered(t, s, op, status, h, data, body)
		}
	})
}

// spoken are those of objects that hold a language of their own.
var spoken = []string{
	"X-Amz-Mfa", "X-Amz-Tagging", "X-Amz-Server-Side-Encryption-Context", "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", "X-Amz-Server-Side-Encryption",
	"X-Amz-Server-Side-Encryption-Customer-Key", "X-Amz-Grant-Read", "X-Amz-Acl", "X-Amz-Copy-Source", "X-Amz-Copy-Source-Range", "X-Amz-Copy-Source-If-Modified-Since",
	"X-Amz-Object-Lock-Retain-Until-Date", "X-Amz-Object-Lock-Legal-Hold", "X-Amz-Checksum-Crc64nvme", "X-Amz-Sdk-Checksum-Algorithm", "X-Amz-Storage-Class",
	"X-Amz-Website-Redirect-Location", "X-Amz-Expected-Bucket-Owner", "X-Amz-Request-Payer", "X-Amz-Meta-A", "X-Amz-Security-Token", "X-Amz-Object-Attributes",
	"If-Match", "If-None-Match", "If-Modified-Since", "Range", "Content-Type", "Content-Encoding", "Expires", "Cache-Control", "Origin", "Expect",
}

// FuzzObjectHeaders: whatever a header of an object's operation says, the answer is one of S3's.
func FuzzObjectHeaders(f *testing.F) {
	st := newArena(f, func(w *World) {
		on := "Enabled"
		device := world.MFADevice{Account: "111122223333", Name: "phone", User: "alice", Seed: []byte("phone"), Enabled: w.Now()}
		if err := errors.Join(w.Apply(world.MFAPut(device)), w.Apply(world.BucketSet("vault", world.Settings{MFADelete: &on}))); err != nil {
			f.Fatal(err)
		}
	})
	for i, value := range []string{"arn:aws:iam::111122223333:mfa/phone 123456", "a=b&c=%zz", "eyJhIjoiYiJ9", "alias/aws/s3", "aws:kms", "AAAA", `id="x", uri=y`, "private",
		"vault/seeded?versionId=null", "bytes=0-1", "Mon, 01 Jun 2026 00:00:00 GMT", "2030-01-01T00:00:00Z", "ON", "AAAAAAAAAAA=", "CRC64NVME", "GLACIER",
		"/elsewhere", "111122223333", "requester", "=?utf-8?q?=ff?=", "x", "ETag,Checksum", `"x"`, "*"} {
		for _, method := range []byte{0, 1, 2, 3, 4, 5} {
			f.Add(method, byte(i), value)
		}
	}
	asks := []exchange.Operation{
		{Name: "PutObject", Method: "PUT"}, {Name: "GetObject", Method: "GET"}, {Name: "HeadObject", Method: "HEAD"}, {Name: "DeleteObject of a version", Method: "DELETE", Path: "?versionId=null"},
		{Name: "CreateMultipartUpload", Method: "POST", Path: "?uploads"}, {Name: "GetObjectAttributes", Method: "GET", Path: "?attributes"},
	}
	f.Fuzz(func(t *testing.T, which, name byte, value string) {
		op, header := asks[int(which)%len(asks)], spoken[int(name)%len(spoken)]
		s := st.base.Clone()
		status, h, data, err := st.ask(s, "s3", op.Method, "http://localhost/vault/seeded"+op.Path, "", header, value)
		if err != nil {
			return
		}
		answered(t, s, op, status, h, data, header+": "+value)
		if op.Method == http.MethodDelete && status < 300 {
			t.Fatalf("%s: %s deleted a version without a code", header, value)
		}
	})
}

// FuzzCloudTrail: whatever JSON comes with an operation of CloudTrail, and whatever a trail then selects by.
func FuzzCloudTrail(f *testing.F) {
	st := newArena(f, nil)
	operations := trail.Operations()
	call := func(s *Simulator, name, body string) (int, http.Header, []byte, error) {
		return st.ask(s, "cloudtrail", "POST", "http://cloudtrail.us-east-1.amazonaws.com/", body, "X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."+name, "Content-Type", "application/x-amz-json-1.1")
	}
	policy := `{"Statement":{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":["s3:GetBucketAcl","s3:PutObject"],"Resource":["arn:aws:s3:::vault","arn:aws:s3:::vault/*"]}}`
	if status, _, data, err := st.ask(st.base, "s3", "PUT", "http://localhost/vault?policy", policy); status != 204 {
		f.Fatal(status, string(data), err)
	}
	for _, step := range [][2]string{{"CreateTrail", `{"Name":"all","S3BucketName":"vault"}`}, {"StartLogging", `{"Name":"all"}`}} {
		if status, _, data, err := call(st.base, step[0], step[1]); status != 200 {
			f.Fatal(status, string(data), err)
		}
	}
	for i, op := range operations {
		f.Add(byte(i), `{"Name":"all","TrailName":"all"}`)
		switch op.Name {
		case "PutEventSelectors":
			f.Add(byte(i), `{"TrailName":"all","EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":false,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3:::vault/"]}]}]}`)
			f.Add(byte(i), `{"TrailName":"all","AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.ARN","StartsWith":["arn"],"NotEndsWith":[""]}]}]}`)
		case "LookupEvents":
			f.Add(byte(i), `{"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"CreateBucket"}],"StartTime":1e9,"MaxResults":1,"NextToken":"x"}`)
		case "CreateTrail":
			f.Add(byte(i), `{"Name":"two","S3BucketName":"vault","S3KeyPrefix":"a/b","TagsList":[{"Key":"a"}],"KmsKeyId":"alias/x"}`)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body string) {
		op := operations[int(which)%len(operations)]
		s := st.base.Clone()
		status, h, data, err := call(s, op.Name, body)
		if err != nil {
			return
		}
		answered(t, s, op, status, h, data, body)
		if len(data) > 0 && !json.Valid(data) {
			t.Fatalf("%s %q: %s", op.Name, body, data)
		}
		seed(s, st.keys, st.start.Now(), "/vault/another") // an event that is selected or not
		if err := s.Advance(time.Hour); err != nil {       // and delivered
			t.Fatal(err)
		}
	})
}

// FuzzQueryServices: whatever form comes with an action of IAM or STS, the answer is an XML document of theirs.
func FuzzQueryServices(f *testing.F) {
	st := newArena(f, nil)
	operations := slices.Concat(iam.Operations(), sts.Operations())
	for i := range operations {
		f.Add(byte(i), "UserName=alice&RoleName=app&PolicyName=Everything&MaxItems=1&Marker=MSB4")
		f.Add(byte(i), "RoleArn=arn:aws:iam::111122223333:role/app&RoleSessionName=x&Policy={}&DurationSeconds=900&Tags.member.1.Key=a&Tags.member.1.Value=b&TokenCode=123456")
		f.Add(byte(i), "PolicyDocument=%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D&PolicyName=p&UserName=alice&RoleName=app&GroupName=g")
	}
	f.Fuzz(func(t *testing.T, which byte, form string) {
		op := operations[int(which)%len(operations)]
		s := st.base.Clone()
		body := fmt.Sprintf("Action=%s&Version=%s&%s", op.Name, map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}[op.Service], form)
		status, h, data, err := st.ask(s, op.Service, "POST", "http://localhost/", body, "Content-Type", "application/x-www-form-urlencoded")
		if err != nil {
			return
		}
		answered(t, s, op, status, h, data, form)
		if err := wellFormed(data); err != nil {
			t.Fatalf("%s %q: %v in %s", op.Name, form, err, data)
		}
	})
}
