package world

import (
	"errors"
	"fmt"
	"keyhole/simulator/lock"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheWholeFile(t *testing.T) {
	text, err := os.ReadFile("testdata/whole.json")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Parse(text, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	if w.Profile() != Profile2026 || w.Region() != "eu-west-1" {
		t.Errorf("profile %s, region %s", w.Profile(), w.Region())
	}
	if want := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC); !w.Now().Equal(want) {
		t.Errorf("the clock shows %s, want %s", w.Now(), want)
	}
	main, _ := w.Account("111122223333")
	if main.Name != "main" || main.Email != "main@example.com" || main.CanonicalID != strings.Repeat("ab", 32) {
		t.Errorf("account %+v", main)
	}
	var who []string
	for _, p := range w.Principals() {
		who = append(who, p.ARN)
	}
	if want := []string{
		"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/bob",
		"arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:root",
	}; !slices.Equal(who, want) {
		t.Errorf("principals %q, want %q", who, want)
	}
	alice, _ := w.Principal("111122223333", "user", "alice")
	if got := string(alice.Policies["read"]); got != `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}` {
		t.Errorf("alice's policy is %s", got)
	}
	app, _ := w.Principal("111122223333", "role", "app")
	if !strings.Contains(string(app.Trust), "sts:AssumeRole") {
		t.Errorf("the trust policy of app is %s", app.Trust)
	}
	for user, want := range map[string]string{"": "ROOTKEY0000000000001", "alice": "AKIAIOSFODNN7EXAMPLE"} {
		if k, _ := w.KeyOf("111122223333", user); k.ID != want {
			t.Errorf("the key of %q is %q, want %q", user, k.ID, want)
		}
	}
	old, _ := w.Bucket("old-2019")
	if old.Ownership != ObjectWriter || old.Public != (PublicBlock{}) || len(old.Encryption.Blocked) != 0 || old.Versioning != "Enabled" || old.Policy == nil {
		t.Errorf("a bucket of profile 2022: %+v", old)
	}
	vault, _ := w.Bucket("vault")
	if vault.Ownership != OwnerEnforced || !vault.Public.BlockPublicPolicy || !slices.Equal(vault.Encryption.Blocked, []string{"SSE-C"}) ||
		vault.Encryption.Algorithm != "AES256" || vault.Encryption.Explicit || !vault.Encryption.ShowBlocked || vault.Account != "444455556666" {
		t.Errorf("a bucket of profile 2026: %+v", vault)
	}
}

func TestAnEmptyFileIsAWorld(t *testing.T) {
	o := Options{Seed: "s", Now: func() time.Time { return noon }}
	w, err := Parse([]byte(`{}`), o)
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := w.KeyOf(DefaultAccount, "admin"); !ok || len(k.ID) != 20 || k.ID[4:12] != w.Tag() || len(k.Secret) != 40 {
		t.Errorf("the key of admin is %s", k)
	}
	if !w.Now().Equal(noon) {
		t.Errorf("without a clock it shows %s, want the real %s", w.Now(), noon)
	}
	if New(o).Hash() != w.Hash() {
		t.Error("New makes another world than an empty file")
	}
	o.Seed = "t"
	if New(o).Hash() == w.Hash() || New(o).Tag() == w.Tag() {
		t.Error("another seed makes the same world")
	}
}

func TestAnIDFollowsFromTheSeed(t *testing.T) {
	file := []byte(`{"seed":"x","accounts":[{"users":[{"name":"u"}]},{}]}`)
	w, err := Parse(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Parse(file, Options{})
	if w.Hash() != again.Hash() {
		t.Error("the same file makes two worlds")
	}
	a := w.Accounts()
	if !accountDigits.MatchString(a[0].ID) || a[0].ID == a[1].ID || !canonicalHex.MatchString(a[0].CanonicalID) {
		t.Errorf("accounts %+v", a)
	}
	if u, _ := w.Principal(a[0].ID, "user", "u"); len(u.ID) != 21 || !strings.HasPrefix(u.ID, "AIDA") {
		t.Errorf("user id %q", u.ID)
	}
}

func TestWhatAFileMayNotSay(t *testing.T) {
	account := func(s string) string { return `{"accounts":[` + s + `]}` }
	main := func(s string) string { return account(`{"id":"111122223333",` + s + `}`) }
	org := func(s string) string {
		return `{"accounts":[{"id":"111122223333"}],"organization":{"management":"111122223333","root":{` + s + `}}}`
	}
	bucket := func(s string) string { return `{"buckets":[{"name":"bucket",` + s + `}]}` }
	policy := func(s string) string { return bucket(`"policy":{"Statement":[` + s + `]}`) }
	tests := []struct {
		name, file string
		want       []string
	}{
		{"nothing", ``, []string{"1:1: the file ends too early"}},
		{"a list", `[]`, []string{"1:1: a world file must be an object, not a list"}},
		{"nested for ever", strings.Repeat(`[`, 100), []string{"1:34: nested deeper than 32 levels"}},
		{"columns count characters", `{"seed":"äöü","sed":1}`, []string{`1:15: a world file has no field "sed"`}},

		{"an unknown field", "{\n  \"sed\": \"x\"\n}", []string{`2:3: a world file has no field "sed"`}},
		{"another case", `{"Profile":"2026"}`, []string{`1:2: a world file has no field "Profile"; did you mean "profile"? Names are case-sensitive`}},
		{"a field twice", `{"seed":"a","seed":"b"}`, []string{`1:13: field "seed" is given twice`}},
		{"a field in two cases", `{"seed":"a","SEED":"b"}`, []string{
			`1:13: fields "seed" and "SEED" differ only in case`,
			`1:13: a world file has no field "SEED"; did you mean "seed"? Names are case-sensitive`}},
		{"a wrong type", `{"seed":5}`, []string{"1:9: seed must be text, not a number"}},
		{"null", `{"seed":null}`, []string{"1:9: seed must be text, not null"}},
		{"every problem at once", `{"profile":"2024","region":"mars","clock":"noon","keys":{}}`, []string{
			`1:12: profile must be "2026", "2022" or "2018"`,
			"1:28: region must be a region such as us-east-1",
			"1:43: clock must be a time such as 2026-06-01T00:00:00Z, from 1970 to 2200",
			"1:57: keys must be a list, not an object"}},

		{"eleven digits", account(`{"id":"11112222333"}`), []string{"1:20: id must be 12 digits"}},
		{"an account twice", account(`{"id":"111122223333"},{"id":"111122223333"}`), []string{"1:42: account 111122223333 is in the file twice"}},
		{"a canonical id in capitals", account(`{"canonical_id":"` + strings.Repeat("AB", 32) + `"}`), []string{"1:30: canonical_id must be 64 hex digits in lower case"}},
		{"a short access key", account(`{"root":{"access_key":"test","secret_key":"test"}}`), []string{"1:36: access_key must be 16 to 128 letters, digits and underscores, not beginning with ASIA, which is for sessions"}},
		{"a session's access key", account(`{"root":{"access_key":"ASIAIOSFODNN7EXAMPLE","secret_key":"test"}}`), []string{"1:36: access_key must be 16 to 128 letters, digits and underscores, not beginning with ASIA, which is for sessions"}},
		{"half a key pair", account(`{"root":{"access_key":"AKIAIOSFODNN7EXAMPLE"}}`), []string{"1:22: access_key and secret_key go together: give both or neither"}},
		{"an access key twice", account(`{"root":{"access_key":"AKIAIOSFODNN7EXAMPLE","secret_key":"a"},"users":[{"name":"u","access_key":"AKIAIOSFODNN7EXAMPLE","secret_key":"b"}]}`), []string{"1:111: access key AKIAIOSFODNN7EXAMPLE is in the file twice"}},
		{"a user without a name", account(`{"users":[{}]}`), []string{`1:24: a user needs the field "name"`}},
		{"a user twice, as IAM compares", account(`{"users":[{"name":"ann"},{"name":"Ann"}]}`), []string{`1:47: a user named "Ann" is in this account twice`}},
		{"a role with a key", account(`{"roles":[{"name":"app","access_key":"x"}]}`), []string{`1:38: a role has no field "access_key"`}},

		{"a bucket without a name", `{"buckets":[{}]}`, []string{`1:13: a bucket needs the field "name"`}},
		{"a bucket twice", `{"buckets":[{"name":"bucket"},{"name":"bucket"}]}`, []string{`1:39: bucket "bucket" is in the file twice`}},
		{"an impossible bucket name", `{"buckets":[{"name":"My_Bucket"}]}`, []string{`1:21: bucket name "My_Bucket": only lower-case letters, digits, dots and hyphens, and a letter or digit at both ends`}},
		{"a bucket of nobody", bucket(`"account":"999999999999"`), []string{"1:40: account must be the 12 digits of an account of this file"}},
		{"a bucket of whom", `{"accounts":[{"id":"111122223333"},{}],"buckets":[{"name":"bucket"}]}`, []string{`1:51: a bucket of a world with several accounts needs the field "account"`}},
		{"versioning that never was", bucket(`"versioning":"Disabled"`), []string{`1:43: versioning must be "Enabled" or "Suspended"`}},
		{"Object Lock", `{"buckets":[{"name":"vault","object_lock":{"mode":"STRICT","days":0,"weeks":1}}]}`, []string{
			"1:51: mode must be \"GOVERNANCE\" or \"COMPLIANCE\"", "1:67: days must be a whole number from 1 to 36500", "1:69: object_lock has no field \"weeks\""}},
		{"Object Lock without a period", `{"buckets":[{"name":"vault","object_lock":{"mode":"GOVERNANCE"}}]}`, []string{`1:43: object_lock needs either "days" or "years"`}},
		{"MFA delete without versioning", `{"buckets":[{"name":"vault","mfa_delete":"Enabled"}]}`, []string{"1:42: mfa_delete needs versioning"}},
		{"encryption", `{"buckets":[{"name":"vault","encryption":{"algorithm":"AES256","key":"k","blocked":["SSE-S3"]}}]}`, []string{
			"1:70: a key is for aws:kms and aws:kms:dsse", `1:85: the only type that can be blocked is "SSE-C"; an empty list blocks nothing`}},
		{"KMS keys", `{"keys":[{"id":"k"},{"id":"1234abcd-12ab-34cd-56ef-1234567890ab",
"aliases":["x","alias/aws/s3"],"state":"Gone"},
{"id":"1234abcd-12ab-34cd-56ef-1234567890ab"}]}`, []string{
			"1:16: id must be a UUID in small letters", "2:12: an alias must begin with alias/", "2:16: an alias is alias/ and letters, digits, slashes, underscores and hyphens; alias/aws/ is for AWS",
			`2:40: state must be "Enabled" or "Disabled"`, "3:1: key 1234abcd-12ab-34cd-56ef-1234567890ab is in the file twice"}},

		{"an unknown element of a statement", policy(`{"Effect":"Allow","effect":"Deny"}`), []string{
			`1:71: fields "Effect" and "effect" differ only in case`}},
		{"an element twice", policy(`{"Effect":"Allow","Effect":"Deny"}`), []string{`1:71: field "Effect" is given twice`}},
		{"neither Allow nor Deny", policy(`{"Effect":"allow"}`), []string{
			`1:63: the policy of bucket "bucket": Effect is "Allow" or "Deny", with a capital. AWS would say "Invalid effect: allow"`}},
		{"a statement without an effect", policy(`{}`), []string{
			`1:53: the policy of bucket "bucket": A statement needs an Effect. AWS would say "Missing required field Effect"`}},
		{"a statement on a line of its own", "{\"buckets\":[{\"name\":\"bucket\",\"policy\":\n  {\"Statement\":[\n     {\"Effect\":\"ä\", \"Action\":5}]}}]}", []string{
			`3:16: the policy of bucket "bucket": Effect is "Allow" or "Deny", with a capital. AWS would say "Invalid effect: ä"`}},
		{"a policy without statements", bucket(`"policy":{}`), []string{
			`1:39: the policy of bucket "bucket": A policy needs the element Statement. AWS would say "Missing required field Statement"`}},
		{"a policy as text", bucket(`"policy":"{}"`), []string{`1:39: the policy of bucket "bucket" must be an object, not text`}},
		{"a policy of 21 KB", bucket(`"policy":{"Id":"` + strings.Repeat("x", 21<<10) + `","Statement":[]}`), []string{
			`1:39: the policy of bucket "bucket": Without white space the document is still longer than 20,480 bytes. AWS would say "Normalized policy document exceeds the maximum allowed size of 20480 bytes"`}},
		{"a bucket policy for nobody", policy(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), []string{
			`1:53: the policy of bucket "bucket": a statement of a policy of a resource needs a Principal`}},
		{"a bucket policy about nothing", policy(`{"Effect":"Deny","Principal":"*","Action":"s3:*"}`), []string{
			`1:53: the policy of bucket "bucket": a statement needs a Resource or a NotResource`}},
		{"a user's policy that names somebody", main(`"users":[{"name":"u","policies":{"p":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}}}]`), []string{
			`1:104: the policy "p" of user "u" in account 111122223333: a statement of a policy that is attached to somebody has no Principal: the Principal is who it is attached to`}},
		{"a trust policy with a Resource", main(`"roles":[{"name":"r","trust":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]}}]`), []string{
			`1:138: the trust policy of role "r" in account 111122223333: a statement of a trust policy has no Resource: the Resource is its role`}},
		{"a trust policy for nobody", main(`"roles":[{"name":"r","trust":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}}]`), []string{
			`1:77: the trust policy of role "r" in account 111122223333: a statement of a policy of a resource needs a Principal`}},

		{"a group that is not there", main(`"users":[{"name":"u","groups":["devs"]}]`), []string{`1:66: "devs" is no group of account 111122223333, or is given twice`}},
		{"a group twice, as IAM compares", main(`"groups":[{"name":"devs"},{"name":"DEVS"}]`), []string{`1:69: a group named "DEVS" is in this account twice`}},
		{"a managed policy that is not there", main(`"users":[{"name":"u","managed":["Mine"]}]`), []string{
			`1:67: "Mine" is no managed policy of account 111122223333 and none of the AWS managed policies that are built in`}},
		{"a managed policy twice", main(`"roles":[{"name":"r","managed":["ReadOnlyAccess","arn:aws:iam::aws:policy/ReadOnlyAccess"]}]`), []string{
			`1:84: managed policy "arn:aws:iam::aws:policy/ReadOnlyAccess" is attached twice`}},
		{"a boundary that is not there", main(`"users":[{"name":"u","boundary":"Limit"}]`), []string{
			`1:67: "Limit" is no managed policy of account 111122223333 and none of the AWS managed policies that are built in`}},
		{"a path without its last slash", main(`"users":[{"name":"u","path":"/team"}]`), []string{`1:63: path must be a path such as /team/, of at most 512 characters`}},
		{"tags that differ in case only", main(`"users":[{"name":"u","tags":{"a":"1","A":"2"}}]`), []string{
			`1:44: two tags that differ only in case: "a"`,
			`1:72: fields "a" and "A" differ only in case`}},
		{"a session of a week", main(`"roles":[{"name":"r","max_session":604800}]`), []string{`1:70: max_session must be a whole number of seconds from 3600 to 43200`}},

		{"an organization without a management account", `{"organization":{}}`, []string{`1:17: organization needs the field "management"`}},
		{"an organization with an account of nobody", org(`"accounts":["999999999999"]`), []string{`1:101: "999999999999" is no account of this file`}},
		{"an account in two units", org(`"units":[{"name":"A","accounts":["111122223333"]},{"name":"B","accounts":["111122223333"]}]`), []string{
			`1:163: account 111122223333 is in the organization twice`}},
		{"a unit twice", org(`"units":[{"name":"A"},{"name":"A"}]`), []string{`1:119: a unit named "A" is here twice`}},
		{"an SCP that names somebody", org(`"scps":{"S":{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}}`), []string{
			`1:131: the SCP "S" of the root: a statement of a policy that is attached to somebody has no Principal: the Principal is who it is attached to`}},
		{"an RCP that allows", org(`"rcps":[{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}]`), []string{
			`1:110: the RCP "RCP 1" of the root: a resource control policy can only deny`}},
		{"scps as text", org(`"scps":"FullAWSAccess"`), []string{`1:96: scps must be an object or a list, not text`}},

		{"an endpoint with another id", `{"vpc_endpoints":[{"id":"vpc-1a2b3c4d"}]}`, []string{`1:25: id must be an id such as vpce-1a2b3c4d`}},
		{"an endpoint twice", `{"vpc_endpoints":[{"id":"vpce-1a2b3c4d"},{"id":"vpce-1a2b3c4d"}]}`, []string{`1:42: VPC endpoint vpce-1a2b3c4d is in the file twice`}},
		{"an endpoint that listens nowhere", `{"vpc_endpoints":[{"http":"8080"}]}`, []string{`1:27: http must be an address to listen on, such as 127.0.0.1:0`}},
		{"a source address with a port", `{"source_ip":"10.0.0.1:80"}`, []string{`1:14: source_ip must be an IP address such as 203.0.113.10`}},

		{"an ACL where ACLs are off", bucket(`"acl":"public-read"`), []string{`1:36: bucket "bucket" has ACLs off (BucketOwnerEnforced), so its acl can only be private`}},
		{"an ACL that is not canned", bucket(`"ownership":"ObjectWriter","acl":"everybody"`), []string{
			`1:63: acl must be private, public-read, public-read-write, authenticated-read or log-delivery-write`}},
		{"an ownership of somebody else", bucket(`"ownership":"Mine"`), []string{
			`1:42: ownership must be "BucketOwnerEnforced", "BucketOwnerPreferred" or "ObjectWriter"`}},
		{"a switch that is text", bucket(`"public_access_block":{"block_public_acls":"true"}`), []string{`1:73: block_public_acls must be true or false, not text`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse([]byte(tt.file), Options{})
			var fe *FileError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a FileError", err)
			}
			if got := err.Error(); got != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestAFileIsBounded(t *testing.T) {
	if _, err := Parse(make([]byte, FileBytes+1), Options{}); err == nil || !strings.Contains(err.Error(), "more than 1048576") {
		t.Errorf("a file of over 1 MiB: %v", err)
	}
	var fe *FileError
	_, err := Parse([]byte(`{"buckets":[`+strings.Repeat(`{},`, 500)+`{}]}`), Options{})
	if !errors.As(err, &fe) || len(fe.Problems) != MaxProblems+1 {
		t.Fatalf("%d problems are told", len(fe.Problems))
	}
	if last := fe.Problems[MaxProblems].Text; last != "and 401 more problems from here on" {
		t.Errorf("the last line is %q", last)
	}
	var many []string
	for n := range 3 {
		many = append(many, fmt.Sprintf(`{"name":"bucket-%d"}`, n))
	}
	_, err = Parse([]byte(`{"buckets":[`+strings.Join(many, ",")+`]}`), Options{Limits: Limits{Buckets: 2}})
	if err == nil || err.Error() != "1:61: more than 2 buckets" {
		t.Errorf("a bucket too many: %v", err)
	}
}

// What a file says of keys and of protection is what the world has.
func TestKeysAndProtectionOfAFile(t *testing.T) {
	w, err := Parse([]byte(`{"clock": "2026-06-01T00:00:00Z",
		"keys": [{"aliases": ["alias/vault"], "tags": {"team": "a"}}, {"id": "1234abcd-12ab-34cd-56ef-1234567890ab", "region": "eu-west-1", "state": "Disabled"}],
		"buckets": [{"name": "vault", "object_lock": {"mode": "COMPLIANCE", "years": 7}, "tags": {"class": "secret"},
			"encryption": {"algorithm": "aws:kms", "key": "alias/vault", "bucket_key": true, "blocked": []}},
			{"name": "locked", "object_lock": true}, {"name": "two-factors", "versioning": "Enabled", "mfa_delete": "Enabled"}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := w.KMSAlias(DefaultAccount, "us-east-1", "alias/vault")
	k, ok := w.KMSKey("arn:aws:kms:us-east-1:" + DefaultAccount + ":key/" + a.Key)
	if !ok || k.State != "Enabled" || k.Tags["team"] != "a" || len(k.Material) != 1 || w.KeyPolicy(k) == nil {
		t.Errorf("the key of the alias is %+v", k)
	}
	if other := w.KMSKeys(DefaultAccount, "eu-west-1"); len(other) != 1 || other[0].ID != "1234abcd-12ab-34cd-56ef-1234567890ab" || other[0].State != "Disabled" {
		t.Errorf("the other is %+v", other)
	}
	b, _ := w.Bucket("vault")
	if !b.ObjectLock || b.Versioning != "Enabled" || b.Lock != (lock.Default{Mode: "COMPLIANCE", Years: 7}) || b.Tags["class"] != "secret" {
		t.Errorf("vault is %+v", b)
	}
	if e := b.Encryption; e.Algorithm != "aws:kms" || e.KMSKey != "alias/vault" || !e.BucketKeyEnabled || len(e.Blocked) != 0 || !e.ShowBlocked {
		t.Errorf("its encryption is %+v", e)
	}
	if b, _ := w.Bucket("locked"); !b.ObjectLock || b.Lock.Set() {
		t.Errorf("locked is %+v", b)
	}
	if b, _ := w.Bucket("two-factors"); b.MFADelete != "Enabled" {
		t.Errorf("two-factors is %+v", b)
	}
}
