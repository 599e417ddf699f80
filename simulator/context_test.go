package simulator

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// peopled is a world with an organization, an endpoint and tags, in which alice may do anything.
const peopled = `{"seed": "context", "clock": "2026-06-01T00:00:00Z", "source_ip": "203.0.113.10",
 "accounts": [
  {"id": "111122223333", "name": "main",
   "users": [{"name": "alice", "path": "/staff/", "tags": {"team": "red"}, "policies": {"All": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}}],
   "roles": [{"name": "app", "path": "/service/", "tags": {"team": "blue"}, "policies": {"All": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}}]},
  {"id": "444455556666", "name": "other", "users": [{"name": "bob"}]}],
 "organization": {"id": "o-aaaaaaaaaa", "management": "444455556666", "root": {"accounts": ["111122223333", "444455556666"]}},
 "vpc_endpoints": [{"id": "vpce-1a2b3c4d", "vpc": "vpc-11112222"}],
 "buckets": [{"name": "vault", "account": "111122223333", "versioning": "Enabled"}]}`

const vault = "-- request: tagged --\nPUT /vault/tagged\nx-amz-tagging: team=red&level=2\n\nhello\n-- want --\n200\n"

// What a request looks like, and what a condition can ask about it. "aws:x=" wants the key without a value, "no aws:x"
// that it is absent, "aws:x=*" any value. A list has commas.
func TestTheContextOfARequest(t *testing.T) {
	for _, row := range []struct {
		name, request, action string // action "" is that of the first pair
		want                  string
	}{
		{"the connection", "GET /vault", "", "aws:SecureTransport=true; s3:TlsVersion=1.3; aws:SourceIp=203.0.113.10; no aws:VpcSourceIp; no aws:SourceVpce; no aws:SourceVpc"},
		{"plain HTTP from elsewhere", "GET /vault\n@plain\n@from 198.51.100.7", "", "aws:SecureTransport=false; no s3:TlsVersion; aws:SourceIp=198.51.100.7"},
		{"through an endpoint", "GET /vault\n@through vpce-1a2b3c4d", "", "no aws:SourceIp; aws:VpcSourceIp=203.0.113.10; aws:SourceVpce=vpce-1a2b3c4d; aws:SourceVpc=vpc-11112222"},
		{"the time", "GET /vault", "", "aws:CurrentTime=2026-06-01T00:00:00Z; aws:EpochTime=1780272000"},
		{"the browser", "GET /vault\nUser-Agent: curl/8\nReferer: https://example.com/", "", "aws:UserAgent=curl/8; aws:Referer=https://example.com/"},
		{"a user", "GET /vault", "", "aws:PrincipalArn=arn:aws:iam::111122223333:user/staff/alice; aws:PrincipalAccount=111122223333; aws:PrincipalType=User; aws:userid=*; aws:username=alice; aws:PrincipalTag/team=red; aws:PrincipalIsAWSService=false; aws:ViaAWSService=false; no aws:TokenIssueTime; no aws:MultiFactorAuthPresent; no aws:MultiFactorAuthAge"},
		{"the root user", "GET /vault\n@as root", "", "aws:PrincipalArn=arn:aws:iam::111122223333:root; aws:PrincipalType=Account; aws:userid=111122223333; no aws:username"},
		{"a session of a role", "GET /vault\n@as app/lesson", "", "aws:PrincipalArn=arn:aws:iam::111122223333:role/service/app; aws:PrincipalType=AssumedRole; aws:userid=*; no aws:username; aws:PrincipalTag/team=blue; aws:TokenIssueTime=2026-06-01T00:00:00Z; aws:MultiFactorAuthPresent=false; no aws:MultiFactorAuthAge"},
		{"nobody", "GET /vault\n@as nobody", "", "aws:PrincipalType=Anonymous; aws:userid=anonymous; no aws:PrincipalArn; no aws:PrincipalAccount; no aws:username; no aws:PrincipalOrgID; no aws:PrincipalIsAWSService; no s3:authType; no s3:signatureversion"},
		{"the organization", "GET /vault", "", "aws:PrincipalOrgID=o-aaaaaaaaaa; aws:ResourceOrgID=o-aaaaaaaaaa; aws:ResourceAccount=111122223333; s3:ResourceAccount=111122223333; aws:RequestedRegion=us-east-1"},
		{"another account's bucket", "GET /vault\n@as bob", "", "aws:PrincipalAccount=444455556666; aws:ResourceAccount=111122223333"},
		{"signed in the header", "GET /vault", "", "s3:authType=REST-HEADER; s3:signatureversion=AWS4-HMAC-SHA256; s3:x-amz-content-sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855; no s3:signatureAge"},
		{"a link of ten minutes ago", "GET /vault/tagged\n@presign 3600 2026-05-31T23:50:00Z", "", "s3:authType=REST-QUERY-STRING; s3:signatureAge=600000; no s3:x-amz-content-sha256"},
		{"a listing", "GET /vault?list-type=2&prefix=a/&delimiter=/&max-keys=5", "", "s3:prefix=a/; s3:delimiter=/; s3:max-keys=5"},
		{"a listing of everything", "GET /vault?list-type=2", "", "no s3:prefix; no s3:delimiter; no s3:max-keys"},
		{"a listing of uploads does not know the prefix", "GET /vault?uploads&prefix=a/", "", "no s3:prefix"},
		{"HeadBucket", "HEAD /vault", "", "no s3:prefix"},
		{"reading an object with tags", "GET /vault/tagged", "", "s3:ExistingObjectTag/team=red; s3:ExistingObjectTag/level=2; no s3:versionid; no s3:prefix; no s3:x-amz-acl"},
		{"asking whether a missing key may be known to be", "GET /vault/missing/x", "s3:ListBucket", "s3:prefix=missing/x"},
		{"a version", "GET /vault/tagged?versionId=null", "", "s3:versionid=null"},
		{"a plain upload", "PUT /vault/a\n\nx", "", "no s3:x-amz-server-side-encryption; no s3:x-amz-acl; no s3:RequestObjectTagKeys; no s3:object-lock-mode; no s3:x-amz-storage-class; no s3:if-none-match; no s3:x-amz-copy-source; s3:ObjectCreationOperation=true; no s3:ExistingObjectTag/team"},
		{"an upload that overwrites", "PUT /vault/tagged\n\nx", "", "no s3:ExistingObjectTag/team"},
		{"an upload with all of it", "PUT /vault/a\nx-amz-server-side-encryption: AES256\nx-amz-tagging: team=red&a=b\nx-amz-storage-class: STANDARD_IA\nIf-None-Match: *\nx-amz-acl: bucket-owner-full-control\n\nx", "s3:PutObject", "s3:x-amz-server-side-encryption=AES256; s3:RequestObjectTag/team=red; s3:RequestObjectTag/a=b; s3:RequestObjectTagKeys=a,team; s3:x-amz-storage-class=STANDARD_IA; s3:if-none-match=*; s3:x-amz-acl=bucket-owner-full-control"},
		{"its tagging permission knows the tags and not the class", "PUT /vault/a\nx-amz-tagging: team=red\nx-amz-storage-class: STANDARD_IA\n\nx", "s3:PutObjectTagging", "s3:RequestObjectTag/team=red; no s3:x-amz-storage-class"},
		{"KMS with an alias", "PUT /vault/a\nx-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: alias/mine\n\nx", "s3:PutObject", "s3:x-amz-server-side-encryption=aws:kms; s3:x-amz-server-side-encryption-aws-kms-key-id=arn:aws:kms:us-east-1:111122223333:alias/mine"},
		{"KMS without an id", "PUT /vault/a\nx-amz-server-side-encryption: aws:kms\n\nx", "s3:PutObject", "s3:x-amz-server-side-encryption-aws-kms-key-id=arn:aws:kms:us-east-1:111122223333:key/fb678571-9ea4-417b-8371-b03b0895164e"},
		{"a customer key", "PUT /vault/a\n@key 1234567890abcdef1234567890abcdef\n\nx", "", "s3:x-amz-server-side-encryption-customer-algorithm=AES256; no s3:x-amz-server-side-encryption"},
		{"a lock", "PUT /vault/a\nx-amz-object-lock-mode: GOVERNANCE\nx-amz-object-lock-retain-until-date: 2026-06-11T00:00:00Z\nx-amz-object-lock-legal-hold: ON\n\nx", "s3:PutObject", "s3:object-lock-mode=GOVERNANCE; s3:object-lock-retain-until-date=2026-06-11T00:00:00Z; s3:object-lock-remaining-retention-days=10; s3:object-lock-legal-hold=ON"},
		{"a copy", "PUT /vault/b\nx-amz-copy-source: /vault/tagged\nx-amz-metadata-directive: REPLACE", "s3:PutObject", "s3:x-amz-copy-source=vault/tagged; s3:x-amz-metadata-directive=REPLACE; no s3:ExistingObjectTag/team"},
		{"its source", "PUT /vault/b\nx-amz-copy-source: vault/tagged", "s3:GetObject", "s3:ExistingObjectTag/team=red; no s3:x-amz-copy-source"},
		{"a version as the source", "PUT /vault/b\nx-amz-copy-source: vault/tagged?versionId=null", "s3:GetObjectVersion", "s3:versionid=null"},
		{"beginning an upload", "POST /vault/m?uploads", "", "s3:ObjectCreationOperation=false"},
		{"a conditional delete", "DELETE /vault/tagged\nIf-Match: \"x\"", "", "s3:if-match=\"x\""},
		{"a version in a list of keys", "POST /vault?delete\n\n<Delete><Object><Key>tagged</Key><VersionId>null</VersionId></Object></Delete>", "", "s3:versionid=null"},
		{"a new bucket", "PUT /fresh\nx-amz-object-ownership: ObjectWriter\n\n<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>", "s3:CreateBucket", "s3:locationconstraint=eu-west-1; s3:x-amz-object-ownership=ObjectWriter; aws:ResourceAccount=111122223333"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := scriptOf(t, []byte(peopled))
			s.run(vault)
			s.run("-- request: it --\n" + row.request + "\n")
			var found *exchange.Authorization
			for i := range s.last().Authorization {
				if a := &s.last().Authorization[i]; found == nil && a.Decision != nil && (row.action == "" || a.Action == row.action) {
					found = a
				}
			}
			if found == nil {
				t.Fatalf("no pair %q was evaluated: %+v", row.action, s.last().Authorization)
			}
			for _, want := range strings.Split(row.want, "; ") {
				checkKey(t, found, want)
			}
		})
	}
}

func checkKey(t *testing.T, a *exchange.Authorization, want string) {
	t.Helper()
	name, value, _ := strings.Cut(want, "=")
	absent := strings.HasPrefix(name, "no ")
	got, present := a.Decision.Request.Context.Get(strings.TrimPrefix(name, "no "))
	switch text := strings.Join(got.List, ","); {
	case absent && present:
		t.Errorf("%s: %s is %q and should be absent", a.Action, name, text)
	case !absent && !present:
		t.Errorf("%s: %s is absent", a.Action, name)
	case !absent && value == "*" && text != "":
	case !absent && text != value:
		t.Errorf("%s: %s is %q, want %q", a.Action, name, text, value)
	}
}

// What is not imitated on the wire has its keys too.
func TestTheContextWithoutTheWire(t *testing.T) {
	for _, row := range []struct{ operation, action, body, want string }{
		{"PutObjectRetention", "s3:PutObjectRetention", "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2026-06-02T12:00:00Z</RetainUntilDate></Retention>",
			"s3:object-lock-mode=COMPLIANCE; s3:object-lock-remaining-retention-days=2; no s3:object-lock-legal-hold"},
		{"PutObjectLegalHold", "s3:PutObjectLegalHold", "<LegalHold><Status>ON</Status></LegalHold>", "s3:object-lock-legal-hold=ON; no s3:object-lock-mode"},
		{"PutObjectTagging", "s3:PutObjectTagging", "<Tagging><TagSet><Tag><Key>team</Key><Value>red</Value></Tag></TagSet></Tagging>", "s3:RequestObjectTag/team=red; s3:RequestObjectTagKeys=team"},
		{"PutObject", "kms:GenerateDataKey", "", "kms:ViaService=s3.us-east-1.amazonaws.com; kms:CallerAccount=111122223333; kms:EncryptionContext:aws:s3:arn=arn:aws:s3:::vault/k; kms:EncryptionContextKeys=aws:s3:arn; no s3:authType"},
		{"CreateBucket", "s3:TagResource", "<CreateBucketConfiguration><Tags><Tag><Key>team</Key><Value>red</Value></Tag></Tags></CreateBucketConfiguration>", "aws:RequestTag/team=red; aws:TagKeys=team"},
		{"GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", "", "no s3:x-amz-content-sha256; s3:authType=REST-HEADER"},
	} {
		w, err := ParseWorld([]byte(peopled), WorldOptions{})
		if err != nil {
			t.Fatal(err)
		}
		x := &exchange.Exchange{
			World: w, Op: exchange.Named(Operations(), row.operation), Bucket: "vault", Key: "k", Query: url.Values{}, Header: http.Header{"X-Amz-Content-Sha256": {"x"}},
			Base: world.BaseSimulated, Trace: &exchange.Trace{At: w.Now(), Service: "s3", Authentication: &sigv4.Decision{Scheme: "header", Date: w.Now().Add(-time.Minute)}},
		}
		x.At, _ = w.Bucket("vault")
		x.Caller = world.Identity{Kind: "user", Account: "111122223333", Name: "alice", ARN: "arn:aws:iam::111122223333:user/staff/alice"}
		x.Receive(wire.Body{Data: []byte(row.body)}, nil)
		c := (&visit{Exchange: x}).pairOf(row.action, "arn:aws:s3:::vault/k").context()
		for _, want := range strings.Split(row.want, "; ") {
			checkKey(t, &exchange.Authorization{Action: row.action, Decision: &policy.Decision{Request: policy.Request{Context: c}}}, want)
		}
	}
}

// testdata/s3-actions.tsv is the Service Authorization Reference. A row of the context is for exactly those actions that
// know its key, as far as an operation here needs them.
func TestKeysAreForTheActionsThatKnowThem(t *testing.T) {
	file, err := os.ReadFile("testdata/s3-actions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	knows := map[string][]string{} // action to its keys, a tag's key up to its slash
	for line := range strings.Lines(string(file)) {
		if cells := strings.Split(line, "\t"); len(cells) >= 4 {
			for _, key := range strings.Split(cells[3], ",") {
				key, _, _ = strings.Cut(key, "<")
				key, _, _ = strings.Cut(key, "$")
				knows[cells[0]] = append(knows[cells[0]], key)
			}
		}
	}
	needed := map[string]bool{"s3:DeleteObject": true, "s3:DeleteObjectVersion": true}
	for _, o := range Operations() {
		if o.Service == s3control && o.Handle == nil {
			continue
		}
		for _, need := range o.Needs {
			needed[need.Action] = true
		}
	}
	for _, row := range s3Rows {
		for action := range knows {
			if row.only == nil || !needed[action] {
				continue
			}
			if in, should := slices.Contains(row.only, action), slices.Contains(knows[action], row.key); in != should {
				t.Errorf("%s with %s: %v, want %v", row.key, action, in, should)
			}
		}
		for _, action := range row.only {
			if !slices.Contains(knows[action], row.key) {
				t.Errorf("%s does not know %s", action, row.key)
			}
		}
	}
	for action := range needed { // the common keys
		for _, key := range []string{"s3:authType", "s3:signatureversion", "s3:signatureAge", "s3:TlsVersion", "s3:ResourceAccount"} {
			if knows[action] != nil && !slices.Contains(knows[action], key) {
				t.Errorf("%s does not know %s", action, key)
			}
		}
		hash := !strings.HasSuffix(action, "BucketObjectLockConfiguration")
		if knows[action] != nil && slices.Contains(knows[action], "s3:x-amz-content-sha256") != hash {
			t.Errorf("%s and s3:x-amz-content-sha256: want %v", action, hash)
		}
	}
}
