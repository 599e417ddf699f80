package sse_test

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"keyhole/simulator/sse"
)

const (
	h        = "x-amz-server-side-encryption"
	key32    = "1234567890abcdef1234567890abcdef"
	other32  = "abcdef1234567890abcdef1234567890"
	key24    = "123456789012345678901234"
	subject  = "arn:aws:iam::111122223333:user/alice"
	resource = "arn:aws:s3:::vault/secret.txt"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func md5of(s string) string {
	sum := md5.Sum([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// sends builds headers from "alg=AES256 key=… md5=…" style words; a copy's source has the prefix "copy-".
func sends(words string) http.Header {
	out := http.Header{}
	for _, w := range strings.Fields(words) {
		name, value, _ := strings.Cut(w, "=")
		prefix := h + "-customer-"
		if n, ok := strings.CutPrefix(name, "copy-"); ok {
			name, prefix = n, "x-amz-copy-source-server-side-encryption-customer-"
		}
		switch name {
		case "method":
			out.Set(h, value)
		case "kms-key":
			out.Set(h+"-aws-kms-key-id", value)
		case "bucket-key":
			out.Set(h+"-bucket-key-enabled", value)
		case "context":
			out.Set(h+"-context", value)
		case "alg":
			out.Set(prefix+"algorithm", value)
		case "key":
			out.Set(prefix+"key", value)
		case "md5":
			out.Set(prefix+"key-MD5", value)
		}
	}
	return out
}

// trio is a complete, consistent set of the three headers.
func trio(key string) string { return "alg=AES256 key=" + b64(key) + " md5=" + md5of(key) }

var who = sse.Subject{PrincipalARN: subject, Action: "s3:PutObject", ResourceARN: resource}

var (
	blocked   = sse.Default{Algorithm: "AES256", Blocked: []string{"SSE-C"}}
	unblocked = sse.Default{Algorithm: "AES256"}
)

const (
	blockedText = `User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::vault/secret.txt" because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). Please specify a different server-side encryption type`
	conflict    = "Server Side Encryption with Customer provided key is incompatible with the encryption method specified"
	noAlgorithm = "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm."
	algorithm   = "The Encryption request you specified is not valid. Supported value: AES256."
	noKey       = "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key."
	badMD5      = "The calculated MD5 hash of the key did not match the hash that was provided."
	badLength   = "The secret key was invalid for the specified algorithm."
	noMD5       = "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key."
	plainHTTP   = "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection."
	wrongKey    = "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key."
	needsKey    = "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."
	notForThis  = "The encryption parameters are not applicable to this object."
	notOnReads  = "x-amz-server-side-encryption header is not supported for this operation."
	notTheSame  = "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters."
	otherKey    = "The provided encryption parameters did not match the ones used originally."
	unsupported = "The encryption method specified is not supported"
	needsKMS    = "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
	badContext  = "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map"
	notYet      = "A header you provided implies functionality that is not implemented"

	culprit = "ArgumentName=x-amz-server-side-encryption"
)

func TestAWriteIsRefusedRowByRow(t *testing.T) {
	for _, c := range []struct {
		name    string
		sent    string
		bucket  sse.Default
		over    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"blocked, with a good key", trio(key32), blocked, "https", 403, "AccessDenied", blockedText, ""},
		{"blocked, with a wrong MD5: the block comes first", "alg=AES256 key=" + b64(key32) + " md5=" + md5of(other32), blocked, "https", 403, "AccessDenied", blockedText, ""},
		{"blocked, with a single header, over HTTP", "md5=x", blocked, "http", 403, "AccessDenied", blockedText, ""},
		{"blocked, and a method beside the key", "method=AES256 " + trio(key32), blocked, "https", 403, "AccessDenied", blockedText, ""},
		{"a method beside the key", "method=AES256 " + trio(key32), unblocked, "https", 400, "InvalidArgument", conflict, culprit + " ArgumentValue=AES256"},
		{"a method beside a bad algorithm: the conflict comes first", "method=AES256 alg=KMS key=" + b64(key32) + " md5=" + md5of(key32), unblocked, "https", 400, "InvalidArgument", conflict, culprit + " ArgumentValue=AES256"},
		{"aws:kms beside the key", "method=aws:kms " + trio(key32), unblocked, "https", 400, "InvalidArgument", conflict, culprit + " ArgumentValue=aws:kms"},
		{"a key without an algorithm", "key=" + b64(key32) + " md5=" + md5of(key32), unblocked, "https", 400, "InvalidArgument", noAlgorithm, culprit},
		{"an MD5 alone", "md5=" + md5of(key32), unblocked, "https", 400, "InvalidArgument", noAlgorithm, culprit},
		{"algorithm KMS", "alg=KMS key=" + b64(key32) + " md5=" + md5of(key32), unblocked, "https", 400, "InvalidEncryptionAlgorithmError", algorithm, culprit + " ArgumentValue=KMS"},
		{"algorithm aes256", "alg=aes256 key=" + b64(key32) + " md5=" + md5of(key32), unblocked, "https", 400, "InvalidEncryptionAlgorithmError", algorithm, culprit + " ArgumentValue=aes256"},
		{"an algorithm without a key", "alg=AES256", unblocked, "https", 400, "InvalidArgument", noKey, culprit},
		{"an algorithm and an MD5 without a key", "alg=AES256 md5=" + md5of(key32), unblocked, "https", 400, "InvalidArgument", noKey, culprit},
		{"another key's MD5", "alg=AES256 key=" + b64(key32) + " md5=" + md5of(other32), unblocked, "https", 400, "InvalidArgument", badMD5, culprit},
		{"24 bytes and a wrong MD5: the MD5 comes first", "alg=AES256 key=" + b64(key24) + " md5=" + md5of(key32), unblocked, "https", 400, "InvalidArgument", badMD5, culprit},
		{"24 bytes", trio(key24), unblocked, "https", 400, "InvalidArgument", badLength, culprit},
		{"a key encoded twice", trio(b64(key32)), unblocked, "https", 400, "InvalidArgument", badLength, culprit},
		{"a key that is not base64", "alg=AES256 key=!!! md5=" + md5of("!!!"), unblocked, "https", 400, "InvalidArgument", badLength, culprit},
		{"24 bytes and no MD5", "alg=AES256 key=" + b64(key24), unblocked, "https", 400, "InvalidArgument", badLength, culprit},
		{"no MD5", "alg=AES256 key=" + b64(key32), unblocked, "https", 400, "InvalidArgument", noMD5, culprit},
		{"all good, over HTTP", trio(key32), unblocked, "http", 400, "InvalidRequest", plainHTTP, ""},
		{"no MD5, over HTTP: the header comes first", "alg=AES256 key=" + b64(key32), unblocked, "http", 400, "InvalidArgument", noMD5, culprit},
		{"all good", trio(key32), unblocked, "https", 0, "", "", ""},
		{"nothing, into a blocked bucket", "", blocked, "http", 0, "", "", ""},
		{"AES256, into a blocked bucket", "method=AES256", blocked, "http", 0, "", "", ""},
		{"an empty method", "method=", unblocked, "https", 400, "InvalidArgument", unsupported, culprit + " ArgumentValue="},
		{"aes256", "method=aes256", unblocked, "https", 400, "InvalidArgument", unsupported, culprit + " ArgumentValue=aes256"},
		{"AES256 with a KMS key", "method=AES256 kms-key=alias/x", unblocked, "https", 400, "InvalidArgument", needsKMS, culprit},
		{"a KMS key alone", "kms-key=alias/x", unblocked, "https", 400, "InvalidArgument", needsKMS, culprit},
		{"aws:fsx", "method=aws:fsx", unblocked, "https", 501, "NotImplemented", notYet, "Header=x-amz-server-side-encryption additionalMessage=Keyhole does not imitate aws:fsx yet"},
		{"aws:kms", "method=aws:kms", unblocked, "https", 0, "", "", ""},
		{"AWS:KMS", "method=AWS:KMS", unblocked, "https", 400, "InvalidArgument", unsupported, culprit + " ArgumentValue=AWS:KMS"},
		{"a context alone", "context=e30=", unblocked, "https", 400, "InvalidArgument", needsKMS, culprit},
		{"a KMS key beside a customer key", "kms-key=x " + trio(key32), unblocked, "https", 400, "InvalidArgument", needsKMS, culprit},
		{"aws:kms with a context", "method=aws:kms context=" + b64(`{"project":"x"}`), unblocked, "https", 0, "", "", ""},
		{"a context that is not base64", "method=aws:kms context={}", unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context with a number", "method=aws:kms context=" + b64(`{"n":1}`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context with a null", "method=aws:kms context=" + b64(`{"n":null}`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context that is a list", "method=aws:kms context=" + b64(`["a"]`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context that is null", "method=aws:kms context=" + b64(`null`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context with something after it", "method=aws:kms context=" + b64(`{} {}`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context that is not UTF-8", "method=aws:kms context=" + b64("{\"a\":\"\xff\"}"), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context of 9 KB", "method=aws:kms context=" + b64(`{"a":"`+strings.Repeat("x", 9<<10)+`"}`), unblocked, "https", 400, "InvalidArgument", badContext, ""},
		{"a context with S3's own name", "method=aws:kms context=" + b64(`{"aws:s3:arn":"arn:aws:s3:::mine"}`), unblocked, "https", 400, "InvalidArgument",
			"The encryption context key aws:s3:arn is reserved for Amazon S3 and cannot be provided in the request.", ""},
		{"a bucket key that is maybe", "method=aws:kms bucket-key=maybe", unblocked, "https", 400, "InvalidArgument", "The BucketKeyEnabled value isn't valid. Valid values are true or false.",
			"ArgumentName=x-amz-server-side-encryption-bucket-key-enabled ArgumentValue=maybe"},
		{"a bucket key without KMS", "method=AES256 bucket-key=true", unblocked, "https", 0, "", "", ""},
		{"nothing, where the default is aws:kms", "", sse.Default{Algorithm: "aws:kms"}, "https", 0, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, secret := sse.Seal(sse.Read(sends(c.sent)), c.bucket, c.over == "https", who)
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
			if d.Blocked != (c.message == blockedText) {
				t.Errorf("blocked: %v", d.Blocked)
			}
			if secret.Present() != (d.Refusal == nil && d.Method == sse.SSEC) {
				t.Errorf("key handed out: %v, refusal %v", secret.Present(), d.Refusal)
			}
			if d.Blocked && len(d.Checks) > 0 {
				t.Errorf("looked at the key of a blocked write: %v", d.Checks)
			}
		})
	}
}

func expect(t *testing.T, r *sse.Refusal, status int, code, message, extra string) {
	t.Helper()
	if status == 0 {
		if r != nil {
			t.Fatalf("refused: %s: %s", r.Code, r.Message)
		}
		return
	}
	if r == nil {
		t.Fatalf("accepted, want %d %s", status, code)
	}
	var extras []string
	for _, e := range r.Extra {
		extras = append(extras, e[0]+"="+e[1])
	}
	if got := strings.Join(extras, " "); r.Status != status || r.Code != code || r.Message != message || got != extra {
		t.Errorf("got  %d %s %q [%s]\nwant %d %s %q [%s]", r.Status, r.Code, r.Message, got, status, code, message, extra)
	}
	if n := len(strings.Fields(r.Say)); n == 0 || n > 9 {
		t.Errorf("headline has %d words: %q", n, r.Say)
	}
}

func TestTheLadderSaysWhichEncryptionAndWhy(t *testing.T) {
	for _, c := range []struct {
		name    string
		sent    string
		bucket  sse.Default
		method  sse.Method
		because string
		rungs   string
	}{
		{"a customer key", trio(key32), unblocked, sse.SSEC, "request header", "SSE-C with key md5 JMwg…! AES256 AES256"},
		{"a method", "method=AES256", unblocked, sse.SSES3, "request header", "AES256! AES256 AES256"},
		{"nothing, with a default", "", unblocked, sse.SSES3, "bucket default", "none AES256! AES256"},
		{"nothing at all", "", sse.Default{}, sse.SSES3, "S3 baseline", "none none AES256!"},
		{"nothing at all, before January 2023", "", sse.Default{NoFloor: true}, sse.None, "S3 baseline", "none none none!"},
		{"a default, before January 2023", "", sse.Default{Algorithm: "AES256", NoFloor: true}, sse.SSES3, "bucket default", "none AES256! none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := sse.Seal(sse.Read(sends(c.sent)), c.bucket, true, who)
			var rungs []string
			for _, r := range d.Ladder {
				if r.Decided {
					r.Value += "!"
				}
				if r.Say == "" {
					t.Errorf("the rung %s says nothing", r.Name)
				}
				rungs = append(rungs, r.Value)
			}
			if got := strings.Join(rungs, " "); d.Method != c.method || d.Because != c.because || got != c.rungs {
				t.Errorf("got %q because of %q, %s; want %q because of %q, %s", d.Method, d.Because, got, c.method, c.because, c.rungs)
			}
		})
	}
}

func TestABlockedAnonymousWriteSaysNoMore(t *testing.T) {
	d, _ := sse.Seal(sse.Read(sends(trio(key32))), blocked, true, sse.Subject{Action: "s3:PutObject", ResourceARN: resource})
	expect(t, d.Refusal, 403, "AccessDenied", "Access Denied", "")
	expect(t, sse.CheckBlocked(true, blocked, who), 403, "AccessDenied", blockedText, "")
	expect(t, sse.CheckBlocked(false, blocked, who), 0, "", "", "")
	expect(t, sse.CheckBlocked(true, unblocked, who), 0, "", "", "")
}

func TestAReadIsRefusedRowByRow(t *testing.T) {
	withKey, _ := seal(t, sse.SSEC, key32, "secret")
	plain, _ := seal(t, sse.SSES3, "", "secret")
	bare, _ := seal(t, sse.None, "", "secret")
	for _, c := range []struct {
		name    string
		sent    string
		stored  sse.Sealed
		over    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"the right key", trio(key32), withKey, "https", 0, "", "", ""},
		{"no key", "", withKey, "https", 400, "InvalidRequest", needsKey, ""},
		{"no key, over HTTP", "", withKey, "http", 400, "InvalidRequest", needsKey, ""},
		{"another key", trio(other32), withKey, "https", 403, "AccessDenied", wrongKey, ""},
		{"a key encoded twice", trio(b64(key32)), withKey, "https", 403, "AccessDenied", wrongKey, ""},
		{"the right key, over HTTP", trio(key32), withKey, "http", 400, "InvalidRequest", plainHTTP, ""},
		{"another key, over HTTP", trio(other32), withKey, "http", 400, "InvalidRequest", plainHTTP, ""},
		{"algorithm KMS", "alg=KMS key=" + b64(key32) + " md5=" + md5of(key32), withKey, "https", 400, "InvalidEncryptionAlgorithmError", algorithm, culprit + " ArgumentValue=KMS"},
		{"no algorithm", "key=" + b64(key32) + " md5=" + md5of(key32), withKey, "https", 400, "InvalidArgument", noAlgorithm, culprit},
		{"another key's MD5", "alg=AES256 key=" + b64(key32) + " md5=" + md5of(other32), withKey, "https", 400, "InvalidArgument", badMD5, culprit},
		{"no MD5", "alg=AES256 key=" + b64(key32), withKey, "https", 400, "InvalidArgument", noMD5, culprit},
		{"a key for an object without", trio(key32), plain, "https", 400, "InvalidRequest", notForThis, ""},
		{"a key for an object that is not encrypted", trio(key32), bare, "https", 400, "InvalidRequest", notForThis, ""},
		{"nothing for an object without", "", plain, "http", 0, "", "", ""},
		{"a method", "method=AES256", plain, "https", 400, "InvalidArgument", notOnReads, culprit + " ArgumentValue=AES256"},
		{"a method and the right key", "method=AES256 " + trio(key32), withKey, "https", 400, "InvalidArgument", notOnReads, culprit + " ArgumentValue=AES256"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, secret := sse.Open(sse.Read(sends(c.sent)), c.stored, c.over == "https", false)
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
			if secret.Present() != (d.Refusal == nil && c.stored.Method == sse.SSEC) {
				t.Errorf("key handed out: %v", secret.Present())
			}
		})
	}
}

func TestTheSourceOfACopyHasHeadersOfItsOwn(t *testing.T) {
	withKey, _ := seal(t, sse.SSEC, key32, "secret")
	source := func(words string) string { return "copy-" + strings.Join(strings.Fields(words), " copy-") }
	for _, c := range []struct {
		name    string
		sent    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"the source's key", source(trio(key32)), 0, "", "", ""},
		{"the source's key and a method for the target", "method=AES256 " + source(trio(key32)), 0, "", "", ""},
		{"only the target's key", trio(key32), 400, "InvalidRequest", needsKey, ""},
		{"another key", source(trio(other32)), 403, "AccessDenied", wrongKey, ""},
		{"algorithm KMS", source("alg=KMS key=" + b64(key32) + " md5=" + md5of(key32)), 400, "InvalidEncryptionAlgorithmError", algorithm, culprit + " ArgumentValue=KMS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := sse.Open(sse.ReadCopySource(sends(c.sent)), withKey, true, true)
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
		})
	}
}

func TestEveryPartComesAsTheUploadWasBegun(t *testing.T) {
	kept := sse.Keep(sse.NewCustomerSecret([]byte(key32)), counter())
	for _, c := range []struct {
		name    string
		sent    string
		method  sse.Method
		over    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"the upload's key", trio(key32), sse.SSEC, "https", 0, "", "", ""},
		{"no key", "", sse.SSEC, "https", 400, "InvalidRequest", notTheSame, ""},
		{"a key for an upload without", trio(key32), sse.SSES3, "https", 400, "InvalidRequest", notTheSame, ""},
		{"nothing for an upload without", "", sse.SSES3, "http", 0, "", "", ""},
		{"another key", trio(other32), sse.SSEC, "https", 400, "InvalidRequest", otherKey, ""},
		{"24 bytes", trio(key24), sse.SSEC, "https", 400, "InvalidArgument", badLength, culprit},
		{"over HTTP", trio(key32), sse.SSEC, "http", 400, "InvalidRequest", plainHTTP, ""},
		{"a method", "method=AES256", sse.SSES3, "https", 400, "InvalidArgument", notOnReads, culprit + " ArgumentValue=AES256"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := kept
			if c.method != sse.SSEC {
				k = sse.CustomerKey{}
			}
			d, secret := sse.MatchUpload(sse.Read(sends(c.sent)), c.method, k, c.over == "https")
			expect(t, d.Refusal, c.status, c.code, c.message, c.extra)
			if secret.Present() != (d.Refusal == nil && c.method == sse.SSEC) {
				t.Errorf("key handed out: %v", secret.Present())
			}
		})
	}
}

func TestTheChecksTellHowFarItCame(t *testing.T) {
	d, _ := sse.Seal(sse.Read(sends("alg=AES256 key="+b64(key24)+" md5="+md5of(key24))), unblocked, true, who)
	want := []sse.KeyCheck{
		{Name: "algorithm", Passed: true, Sent: "AES256", Want: "AES256"},
		{Name: "key MD5", Passed: true, Sent: md5of(key24), Want: md5of(key24)},
		{Name: "key length", Passed: false, Sent: "24 bytes", Want: "32 bytes"},
	}
	if len(d.Checks) != len(want) {
		t.Fatalf("checks %v", d.Checks)
	}
	for i := range want {
		if d.Checks[i] != want[i] {
			t.Errorf("check %d: %+v, want %+v", i, d.Checks[i], want[i])
		}
	}
	if d.KeyMD5 != md5of(key24) {
		t.Errorf("key MD5 %s", d.KeyMD5)
	}
}
