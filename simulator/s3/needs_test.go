package s3

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

func rowNamed(t *testing.T, name string) *exchange.Operation {
	t.Helper()
	for _, rows := range [][]exchange.Operation{Operations(), ControlOperations()} {
		if o := exchange.Named(rows, name); o != nil {
			return o
		}
	}
	t.Fatalf("no operation %s", name)
	return nil
}

// needing is an exchange as the authorize stage sees it. The bucket vault has the key plain, the key tagged with a tag
// and the key sealed under KMS; its upload u was begun with KMS.
func needing(t *testing.T, operation, headers, query, body string) *exchange.Exchange {
	t.Helper()
	w := world.New(world.Options{Seed: "needs"})
	if err := w.Apply(world.BucketMade(w.NewBucket("vault", world.DefaultAccount))); err != nil {
		t.Fatal(err)
	}
	b, _ := w.Bucket("vault")
	b.Objects = world.SortedOf(map[string][]*world.Version{ // straight into the bucket: there are no KMS keys to write with
		"plain":  {{Key: "plain", ID: "null", Sealed: sse.Sealed{Method: sse.SSES3}}},
		"tagged": {{Key: "tagged", ID: "null", Tags: map[string]string{"team": "red"}}},
		"sealed": {{Key: "sealed", ID: "null", Sealed: sse.Sealed{Method: "aws:kms"}}},
	})
	b.Uploads = world.SortedOf(map[string]*world.Upload{"u": {ID: "u", Key: "plain", Method: "aws:kms", AskedMethod: "aws:kms", AskedKey: "1234"}})
	x := &exchange.Exchange{World: w, Op: rowNamed(t, operation), Header: http.Header{}, Bucket: "vault", Key: "plain", At: b, Trace: &exchange.Trace{}}
	x.Caller.Account = world.DefaultAccount
	x.Query, _ = url.ParseQuery(query)
	for _, line := range strings.Split(headers, ", ") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			x.Header.Set(name, value)
		}
	}
	x.Receive(wire.Body{Data: []byte(body)}, nil)
	return x
}

func TestWhatOneRequestNeeds(t *testing.T) {
	for _, row := range []struct{ operation, headers, query, body, want string }{
		{"PutObject", "", "", "", "s3:PutObject"},
		{"PutObject", "x-amz-tagging: a=b", "", "", "s3:PutObject s3:PutObjectTagging"},
		{"PutObject", "x-amz-acl: private", "", "", "s3:PutObject s3:PutObjectAcl"},
		{"PutObject", "x-amz-grant-read: id=x", "", "", "s3:PutObject s3:PutObjectAcl"},
		{"PutObject", "x-amz-object-lock-mode: GOVERNANCE, x-amz-object-lock-retain-until-date: 2027-01-01T00:00:00Z", "", "", "s3:PutObject s3:PutObjectRetention"},
		{"PutObject", "x-amz-object-lock-retain-until-date: 2027-01-01T00:00:00Z", "", "", "s3:PutObject s3:PutObjectRetention"},
		{"PutObject", "x-amz-object-lock-legal-hold: ON", "", "", "s3:PutObject s3:PutObjectLegalHold"},
		{"PutObject", "x-amz-server-side-encryption: AES256", "", "", "s3:PutObject"},
		{"PutObject", "x-amz-server-side-encryption: aws:kms", "", "", "s3:PutObject kms:GenerateDataKey"},
		{"CreateMultipartUpload", "x-amz-server-side-encryption: aws:kms, x-amz-tagging: a=b", "", "", "s3:PutObject s3:PutObjectTagging kms:GenerateDataKey"},
		{"UploadPart", "", "uploadId=u&partNumber=1", "", "s3:PutObject kms:Decrypt kms:GenerateDataKey"},
		{"UploadPart", "", "uploadId=other&partNumber=1", "", "s3:PutObject"},
		{"CompleteMultipartUpload", "", "uploadId=u", "", "s3:PutObject kms:Decrypt"},
		{"AbortMultipartUpload", "", "uploadId=u", "", "s3:AbortMultipartUpload"},
		{"ListParts", "", "uploadId=u", "", "s3:ListMultipartUploadParts kms:Decrypt"},
		{"GetObject", "", "", "", "s3:GetObject"},
		{"GetObject", "", "versionId=null", "", "s3:GetObjectVersion"},
		{"GetObjectAttributes", "", "", "", "s3:GetObject s3:GetObjectAttributes"},
		{"GetObjectAttributes", "", "versionId=null", "", "s3:GetObjectVersion s3:GetObjectVersionAttributes"},
		{"CopyObject", "x-amz-copy-source: vault/plain", "", "", "s3:GetObject s3:PutObject"},
		{"CopyObject", "x-amz-copy-source: vault/plain?versionId=null", "", "", "s3:GetObjectVersion s3:PutObject"},
		{"CopyObject", "x-amz-copy-source: vault/tagged", "", "", "s3:GetObject s3:GetObjectTagging s3:PutObject s3:PutObjectTagging"},
		{"CopyObject", "x-amz-copy-source: vault/tagged?versionId=null", "", "", "s3:GetObjectVersion s3:GetObjectVersionTagging s3:PutObject s3:PutObjectTagging"},
		{"CopyObject", "x-amz-copy-source: vault/tagged, x-amz-tagging-directive: REPLACE", "", "", "s3:GetObject s3:PutObject"},
		{"CopyObject", "x-amz-copy-source: vault/tagged, x-amz-tagging-directive: REPLACE, x-amz-tagging: a=b", "", "", "s3:GetObject s3:PutObject s3:PutObjectTagging"},
		{"CopyObject", "x-amz-copy-source: vault/sealed", "", "", "s3:GetObject s3:PutObject kms:Decrypt"},
		{"CopyObject", "x-amz-copy-source: vault/plain, x-amz-server-side-encryption: aws:kms", "", "", "s3:GetObject s3:PutObject kms:GenerateDataKey"},
		{"UploadPartCopy", "x-amz-copy-source: vault/sealed", "uploadId=u&partNumber=1", "", "s3:GetObject s3:PutObject kms:Decrypt kms:Decrypt kms:GenerateDataKey"},
		{"DeleteObject", "", "", "", "s3:DeleteObject"},
		{"DeleteObject", "", "versionId=null", "", "s3:DeleteObjectVersion"},
		{"DeleteObject", "x-amz-bypass-governance-retention: true", "versionId=null", "", "s3:DeleteObjectVersion s3:BypassGovernanceRetention"},
		{"DeleteObject", "x-amz-bypass-governance-retention: false", "versionId=null", "", "s3:DeleteObjectVersion"},
		{"PutObjectRetention", "x-amz-bypass-governance-retention: true", "", "", "s3:PutObjectRetention s3:BypassGovernanceRetention"},
		{"CreateBucket", "", "", "", "s3:CreateBucket"},
		{"CreateBucket", "x-amz-acl: private", "", "", "s3:CreateBucket"},
		{"CreateBucket", "x-amz-acl: public-read", "", "", "s3:CreateBucket s3:PutBucketAcl"},
		{"CreateBucket", "x-amz-bucket-object-lock-enabled: true", "", "", "s3:CreateBucket s3:PutBucketObjectLockConfiguration s3:PutBucketVersioning"},
		{"CreateBucket", "x-amz-object-ownership: ObjectWriter", "", "", "s3:CreateBucket s3:PutBucketOwnershipControls"},
		{"CreateBucket", "", "", "<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags></CreateBucketConfiguration>", "s3:CreateBucket s3:TagResource"},
		{"PutBucketReplication", "", "", "<ReplicationConfiguration><Role>arn:aws:iam::111122223333:role/copier</Role></ReplicationConfiguration>", "s3:PutReplicationConfiguration iam:PassRole"},
		{"UpdateObjectEncryption", "", "", "", "s3:PutObject s3:UpdateObjectEncryption kms:Encrypt kms:Decrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo"},
	} {
		x := needing(t, row.operation, row.headers, row.query, row.body)
		var got []string
		for _, need := range x.Op.Needs {
			if need.When == nil || need.When(x) {
				got = append(got, need.Action)
			}
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s %s %s:\n got %s\nwant %s", row.operation, row.headers, row.query, strings.Join(got, " "), row.want)
		}
	}
}

// An object that is sealed with a KMS key needs the key to be read, and the key that is named is the one asked for.
func TestTheKeyOfARequest(t *testing.T) {
	x := needing(t, "GetObject", "", "", "")
	x.Key = "sealed"
	if i := slices.IndexFunc(x.Op.Needs, func(n exchange.Need) bool { return n.Action == "kms:Decrypt" && n.When(x) }); i < 0 {
		t.Error("reading needs no kms:Decrypt")
	}
	for _, row := range []struct{ name, operation, headers, query, want string }{
		{"of the upload", "UploadPart", "", "uploadId=u&partNumber=1", "arn:aws:kms:us-east-1:111122223333:key/1234"},
		{"as an ARN", "PutObject", "x-amz-server-side-encryption: aws:kms, x-amz-server-side-encryption-aws-kms-key-id: arn:aws:kms:us-east-1:444455556666:key/5", "", "arn:aws:kms:us-east-1:444455556666:key/5"},
		{"without an id", "PutObject", "x-amz-server-side-encryption: aws:kms", "", "arn:aws:kms:us-east-1:111122223333:key/c1588675-ebea-42ff-ab4e-add6e1cefd0c"},
	} {
		x := needing(t, row.operation, row.headers, row.query, "")
		for _, need := range x.Op.Needs {
			if need.Action == "kms:GenerateDataKey" && need.Resource(x) != row.want {
				t.Errorf("%s: %s, want %s", row.name, need.Resource(x), row.want)
			}
		}
	}
	pass := needing(t, "PutBucketReplication", "", "", "<ReplicationConfiguration><Role>arn:aws:iam::111122223333:role/copier</Role></ReplicationConfiguration>")
	if got := pass.Op.Needs[1].Resource(pass); got != "arn:aws:iam::111122223333:role/copier" {
		t.Errorf("iam:PassRole on %s", got)
	}
}

var (
	mentioned = regexp.MustCompile(`\b(?:s3|kms|iam):[A-Z…][\w…*]+`)
	verb      = regexp.MustCompile(`^(Get|Put|Delete)`)
)

// shorthand are the rows of the table that name no operation, or another way than the API does.
var shorthand = map[string][]string{
	"ListObjects, ListObjectsV2":                     {"ListObjects", "ListObjectsV2"},
	"GetPublicAccessBlock / Put / Delete":            {"GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock"},
	"GetBucketLifecycleConfiguration / Put / Delete": {"GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"},
	"Inventory / Metrics / Analytics / IntelligentTiering config (Get, List / Put, Delete)": {
		"GetBucketInventoryConfiguration", "ListBucketInventoryConfigurations", "PutBucketInventoryConfiguration", "DeleteBucketInventoryConfiguration",
		"GetBucketMetricsConfiguration", "ListBucketMetricsConfigurations", "PutBucketMetricsConfiguration", "DeleteBucketMetricsConfiguration",
		"GetBucketAnalyticsConfiguration", "ListBucketAnalyticsConfigurations", "PutBucketAnalyticsConfiguration", "DeleteBucketAnalyticsConfiguration",
		"GetBucketIntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurations", "PutBucketIntelligentTieringConfiguration", "DeleteBucketIntelligentTieringConfiguration",
	},
	"UpdateObjectEncryption (new)": {"UpdateObjectEncryption"},
	"DeleteObjects":                nil, // asks for each key by itself
	"POST Object (HTML form)":      nil, // not imitated
	"Replication (service role)":   nil, // no operation
	"Access points (s3control)":    nil, // not imitated
}

// elsewhere are actions that the table mentions where they are no need of the operation.
var elsewhere = map[string]string{
	"GetObject s3:ListBucket":                        "the handler asks, to choose between 404 and 403",
	"GetObjectTorrent s3:GetObject":                  "the documentation's other name",
	"GetBucketAbac / PutBucketAbac s3:PutBucketABAC": "the documentation's other spelling",
}

// testdata/s3-operations.tsv is the table of facts/policy.md section 3: every action it mentions is a need of its
// operations, and they need nothing else.
func TestNeedsAreThoseOfTheTable(t *testing.T) {
	file, err := os.ReadFile("testdata/s3-operations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	texts, rows := map[string]string{}, 0
	for line := range strings.Lines(string(file)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cells) < 4 || cells[0] == "operation" {
			continue
		}
		names, special := shorthand[cells[0]]
		if special && names == nil {
			continue
		}
		if names == nil {
			parts := strings.Split(cells[0], " / ")
			for _, p := range parts {
				if verb.FindString(p) == p { // "Put" after "GetBucketCors"
					p += verb.ReplaceAllString(parts[0], "")
				}
				names = append(names, p)
			}
		}
		rows++
		text := cells[2] + " " + cells[3]
		texts[cells[0]] = text
		if strings.Contains(text, "rules as PutObject") {
			text += " " + texts["PutObject"]
		}
		if strings.Contains(text, "kms as CopyObject") {
			text += " kms:Decrypt kms:GenerateDataKey"
		}
		compareNeeds(t, cells[0], names, mentioned.FindAllString(text, -1))
	}
	if rows < 40 {
		t.Errorf("only %d rows were compared", rows)
	}
}

func compareNeeds(t *testing.T, row string, names, want []string) {
	t.Helper()
	var patterns []*regexp.Regexp
	for _, action := range want {
		pattern := strings.NewReplacer("…", `\w*`, "*", `\w*`).Replace(action)
		patterns = append(patterns, regexp.MustCompile("^"+pattern+"$"))
	}
	var got []string
	for _, name := range names {
		for _, need := range rowNamed(t, name).Needs {
			got = append(got, need.Action)
		}
	}
	for i, p := range patterns { // the account's settings belong to S3 Control
		if !slices.ContainsFunc(got, p.MatchString) && elsewhere[row+" "+want[i]] == "" && !strings.Contains(want[i], "AccountPublic") {
			t.Errorf("%s does not need %s", row, want[i])
		}
	}
	for _, action := range got {
		if !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(action) }) {
			t.Errorf("%s needs %s, which the table does not mention", row, action)
		}
	}
}
