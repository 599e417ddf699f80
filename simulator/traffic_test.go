package simulator

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// traffic sends requests drawn at random: every operation of S3 that has a handler, by several people, with the headers
// and documents that belong to it and those that do not.
type traffic struct {
	t        *testing.T
	s        *Simulator
	rand     *rand.Rand
	keys     []sigv4.Keys
	versions []string // ids that were seen in answers
	uploads  []string
}

func newTraffic(t *testing.T, s *Simulator, seed uint64) *traffic {
	t.Helper()
	r := &traffic{t: t, s: s, rand: rand.New(rand.NewPCG(seed, 1)), versions: []string{"null", "nonsense"}, uploads: []string{"nonsense"}}
	s.View(func(w *World) {
		for _, who := range [][2]string{{"111122223333", "alice"}, {"111122223333", ""}, {"444455556666", "bob"}} {
			if key, ok := w.KeyOf(who[0], who[1]); ok {
				r.keys = append(r.keys, sigv4.Keys{AccessKey: key.ID, Secret: key.Secret})
			}
		}
	})
	return r
}

// requests are what is sent, with {b} for a bucket, {k} for a key, {v} for a version id and {u} for an upload id.
var requests = []string{
	"PUT /{b}", "DELETE /{b}", "HEAD /{b}", "GET /", "GET /{b}?list-type=2", "GET /{b}?versions", "GET /{b}?uploads",
	"PUT /{b}/{k}", "PUT /{b}/{k}", "PUT /{b}/{k}", "PUT /{b}/{k}", "GET /{b}/{k}", "GET /{b}/{k}", "HEAD /{b}/{k}", "GET /{b}/{k}?versionId={v}",
	"DELETE /{b}/{k}", "DELETE /{b}/{k}?versionId={v}", "DELETE /{b}/{k}?versionId={v}", "POST /{b}?delete", "GET /{b}/{k}?attributes",
	"PUT /{b}/{k}?tagging", "GET /{b}/{k}?tagging", "DELETE /{b}/{k}?tagging", "PUT /{b}/{k}?acl", "GET /{b}/{k}?acl",
	"PUT /{b}/{k}?retention", "PUT /{b}/{k}?retention&versionId={v}", "GET /{b}/{k}?retention", "PUT /{b}/{k}?legal-hold", "GET /{b}/{k}?legal-hold",
	"POST /{b}/{k}?uploads", "PUT /{b}/{k}?uploadId={u}&partNumber=1", "POST /{b}/{k}?uploadId={u}", "DELETE /{b}/{k}?uploadId={u}", "GET /{b}/{k}?uploadId={u}",
	"PUT /{b}?versioning", "PUT /{b}?object-lock", "GET /{b}?object-lock", "PUT /{b}?encryption", "GET /{b}?encryption", "DELETE /{b}?encryption",
	"PUT /{b}?policy", "GET /{b}?policy", "DELETE /{b}?policy", "PUT /{b}?publicAccessBlock", "DELETE /{b}?publicAccessBlock", "PUT /{b}?ownershipControls",
	"PUT /{b}?tagging", "PUT /{b}?cors", "GET /{b}?cors", "PUT /{b}?lifecycle", "DELETE /{b}?lifecycle", "PUT /{b}?requestPayment", "PUT /{b}?replication",
	"PUT /{b}?logging", "OPTIONS /{b}/{k}", "PUT /{b}/{k}?encryption", "POST /{b}/{k}?restore", "DELETE /{b}?nonsense",
}

// bodies are documents; most requests get one that means something to somebody else.
var bodies = []string{
	"", "a few bytes", strings.Repeat("many bytes ", 200),
	"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
	"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
	"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
	"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2026-07-01T00:00:00Z</RetainUntilDate></Retention>",
	"<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2026-06-02T00:00:00Z</RetainUntilDate></Retention>",
	"<LegalHold><Status>ON</Status></LegalHold>", "<LegalHold><Status>OFF</Status></LegalHold>",
	"<Tagging><TagSet><Tag><Key>class</Key><Value>secret</Value></Tag></TagSet></Tagging>",
	"<Delete><Object><Key>a</Key></Object><Object><Key>b/c</Key><VersionId>null</VersionId></Object></Delete>",
	"<ServerSideEncryptionConfiguration><Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>",
	"<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>",
	`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::law-a/*"}]}`,
	`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":["arn:aws:s3:::law-b","arn:aws:s3:::law-b/*"]}]}`,
	"<PublicAccessBlockConfiguration><BlockPublicAcls>false</BlockPublicAcls></PublicAccessBlockConfiguration>",
	"<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
	"<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
	"<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
	"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
	"<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", "<broken", "{", "\x00\xff",
}

// headers are lines that some requests carry.
var headers = [][2]string{
	{"x-amz-server-side-encryption", "AES256"}, {"x-amz-server-side-encryption", "aws:kms"}, {"x-amz-server-side-encryption", "aws:kms:dsse"},
	{"x-amz-object-lock-mode", "GOVERNANCE"}, {"x-amz-object-lock-retain-until-date", "2026-06-03T00:00:00Z"}, {"x-amz-object-lock-legal-hold", "ON"},
	{"x-amz-bypass-governance-retention", "true"}, {"x-amz-tagging", "a=b&c=d"}, {"x-amz-acl", "public-read"}, {"x-amz-acl", "bucket-owner-full-control"},
	{"x-amz-copy-source", "law-a/a"}, {"x-amz-copy-source", "law-lock/b/c"}, {"if-none-match", "*"}, {"if-match", `"x"`}, {"range", "bytes=1-3"},
	{"x-amz-bucket-object-lock-enabled", "true"}, {"x-amz-storage-class", "GLACIER"}, {"x-amz-expected-bucket-owner", "444455556666"},
	{"x-amz-checksum-algorithm", "SHA256"}, {"x-amz-object-attributes", "ETag,ObjectSize"}, {"origin", "https://example.com"}, {"x-amz-request-payer", "requester"},
}

var lawKey = []byte("a customer key of the laws ... !")

func (r *traffic) pick(list []string) string { return list[r.rand.IntN(len(list))] }

// next sends one request.
func (r *traffic) next() {
	target := r.pick(requests)
	for placeholder, list := range map[string][]string{"{b}": {"law-a", "law-b", "law-lock"}, "{k}": {"a", "b/c", "d d", "%C3%BC"}, "{v}": r.versions, "{u}": r.uploads} {
		target = strings.ReplaceAll(target, placeholder, r.pick(list))
	}
	method, path, _ := strings.Cut(target, " ")
	path = strings.ReplaceAll(path, " ", "%20")
	body := []byte(r.pick(bodies))
	h := httptest.NewRequest(method, "http://s3.amazonaws.com"+path, bytes.NewReader(body))
	for range r.rand.IntN(3) {
		line := headers[r.rand.IntN(len(headers))]
		h.Header.Set(line[0], line[1])
	}
	if r.rand.IntN(8) == 0 {
		customer(h.Header, "X-Amz-Server-Side-Encryption-Customer-", string(lawKey))
	}
	if r.rand.IntN(2) == 0 {
		sum := md5.Sum(body)
		h.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	if who := r.rand.IntN(len(r.keys) + 1); who < len(r.keys) {
		sum := sha256.Sum256(body)
		var now time.Time
		r.s.View(func(w *World) { now = w.Now() })
		sigv4.Sign(h, r.keys[who], "us-east-1", "s3", hex.EncodeToString(sum[:]), now)
	}
	h = h.WithContext(WithTransport(h.Context(), Transport{Secure: r.rand.IntN(20) > 0, TLS: "1.3", Network: "internet"}))
	answer := httptest.NewRecorder()
	r.s.ServeHTTP(answer, h)
	if answer.Code == http.StatusInternalServerError {
		traces := r.s.Traces()
		r.t.Fatalf("%s failed: %s %q", target, answer.Body, traces[len(traces)-1].Notes)
	}
	r.learn(answer)
}

var uploadIDs = regexp.MustCompile(`<UploadId>([^<]+)<`)

// learn keeps ids for later requests.
func (r *traffic) learn(answer *httptest.ResponseRecorder) {
	const kept = 40
	if id := answer.Header().Get("X-Amz-Version-Id"); id != "" {
		r.versions = append(r.versions, id)
	}
	if m := uploadIDs.FindSubmatch(answer.Body.Bytes()); m != nil {
		r.uploads = append(r.uploads, string(m[1]))
	}
	if len(r.versions) > kept {
		r.versions = r.versions[len(r.versions)/2:]
	}
	if len(r.uploads) > kept {
		r.uploads = r.uploads[len(r.uploads)/2:]
	}
}

// bytesOf is everything a world holds: its hash, and every ciphertext that a version or part names.
func bytesOf(t *testing.T, s *Simulator) (sum string) {
	t.Helper()
	s.View(func(w *world.World) {
		h := sha256.New()
		fmt.Fprintln(h, w.Hash())
		for _, b := range w.Buckets("") {
			for _, key := range b.Keys() {
				for _, v := range b.Objects.Get(key) {
					for _, hash := range append([]string{v.Sealed.Ciphertext}, partHashes(v.Parts)...) {
						if hash == "" {
							continue
						}
						blob, err := w.Blob(hash)
						if err != nil {
							t.Fatal(err)
						}
						h.Write(blob)
					}
				}
			}
		}
		sum = hex.EncodeToString(h.Sum(nil))
	})
	return sum
}

func partHashes(parts []world.Part) (out []string) {
	for _, p := range parts {
		out = append(out, p.Sealed.Ciphertext)
	}
	return out
}
