package wire_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyhole/simulator/wire"
)

func unb64(s string) string {
	b, _ := base64.StdEncoding.DecodeString(s)
	return string(b)
}

func TestBothAddressingStylesGiveBucketAndKey(t *testing.T) {
	bases := []string{"s3.localhost", "localhost", "s3.us-east-1.amazonaws.com"}
	for _, c := range []struct{ host, path, bucket, key string }{
		{"127.0.0.1:9000", "/", "", ""},
		{"127.0.0.1:9000", "/vault", "vault", ""},
		{"127.0.0.1:9000", "/vault/", "vault", ""},
		{"127.0.0.1:9000", "/vault/a/b.txt", "vault", "a/b.txt"},
		{"127.0.0.1:9000", "/vault//a/../b", "vault", "/a/../b"},
		{"127.0.0.1:9000", "/vault/a%2Fb%20c%252F+", "vault", "a/b c%2F+"},
		{"127.0.0.1:9000", "/%2Fvault/k", "/vault", "k"},
		{"[::1]:9000", "/vault/k", "vault", "k"},
		{"localhost:9000", "/vault/k", "vault", "k"},
		{"s3.localhost:9000", "/vault/k", "vault", "k"},
		{"vault.localhost:9000", "/k", "vault", "k"},
		{"vault.s3.localhost:9000", "/a/k", "vault", "a/k"},
		{"Vault.S3.localhost", "/a/k", "vault", "a/k"},
		{"my.vault.s3.us-east-1.amazonaws.com", "//k", "my.vault", "/k"},
		{"vault.s3.us-east-1.amazonaws.com:443", "/", "vault", ""},
		{"example.com", "/vault/k", "vault", "k"},
	} {
		bucket, key, refusal := wire.Address(c.host, c.path, bases)
		if bucket != c.bucket || key != c.key || refusal != nil {
			t.Errorf("%s%s: %q %q %v, want %q %q", c.host, c.path, bucket, key, refusal, c.bucket, c.key)
		}
	}
	_, _, refusal := wire.Address("h", "/b/%zz", bases)
	expect(t, refusal, 400, "InvalidURI", "Couldn't parse the specified URI.", "URI=/b/%zz")
	if _, _, refusal = wire.Address("h", "/b/"+strings.Repeat("%C3%A9", 512), bases); refusal != nil {
		t.Error("a key of 1024 bytes is refused")
	}
	_, _, refusal = wire.Address("h", "/b/"+strings.Repeat("k", 1025), bases)
	expect(t, refusal, 400, "KeyTooLongError", "Your key is too long", "Size=1025 MaxSizeAllowed=1024")
}

func TestARangeIsServedIgnoredOrRefused(t *testing.T) {
	for _, c := range []struct {
		header string
		size   int64
		want   string
	}{
		{"", 10, "all"},
		{"bytes=0-8", 10, "bytes 0-8/10"},
		{"bytes=5-", 10, "bytes 5-9/10"},
		{"bytes=-3", 10, "bytes 7-9/10"},
		{"bytes=-30", 10, "bytes 0-9/10"},
		{"bytes=5-99999999999999999999", 10, "bytes 5-9/10"},
		{"bytes=1-0", 10, "all"},
		{"bytes=-1-", 10, "all"},
		{"bytes=0-1,3-4", 10, "all"},
		{"bytes=a-b", 10, "all"},
		{"bytes=-", 10, "all"},
		{"bytes=5", 10, "all"},
		{"lines=0-8", 10, "all"},
		{"bytes=+1-2", 10, "all"},
		{"bytes=-0", 10, "416"},
		{"bytes=100-200", 10, "416"},
		{"bytes=10-", 10, "416"},
		{"bytes=99999999999999999999-", 10, "416"},
		{"bytes=0-", 0, "416"},
		{"bytes=-5", 0, "416"},
	} {
		r, partial, refusal := wire.ParseRange(c.header, c.size)
		got := "all"
		switch {
		case refusal != nil:
			got = "416"
			expect(t, refusal, 416, "InvalidRange", "The requested range is not satisfiable", fmt.Sprintf("RangeRequested=%s ActualObjectSize=%d", c.header, c.size))
		case partial:
			got = r.ContentRange(c.size)
		case r.Length() != c.size:
			t.Errorf("%s: %d bytes", c.header, r.Length())
		}
		if got != c.want {
			t.Errorf("%s of %d: %s, want %s", c.header, c.size, got, c.want)
		}
	}
}

func TestACopyTakesOneFormOfRange(t *testing.T) {
	if r, refusal := wire.ParseCopyRange("bytes=0-9", 10); refusal != nil || r.Length() != 10 {
		t.Errorf("%v, %v", r, refusal)
	}
	for _, bad := range []string{"", "0-9", "bytes=0-", "bytes=-9", "bytes=9-0", "bytes=a-b", "bytes=0-1,2-3"} {
		_, refusal := wire.ParseCopyRange(bad, 10)
		expect(t, refusal, 400, "InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy", "ArgumentName=x-amz-copy-source-range ArgumentValue="+bad)
	}
	_, refusal := wire.ParseCopyRange("bytes=0-10", 10)
	expect(t, refusal, 400, "InvalidArgument", "Range specified is not valid for source object of size: 10", "ArgumentName=x-amz-copy-source-range ArgumentValue=bytes=0-10")
	for _, bad := range []string{"0", "10001", "x", ""} {
		_, refusal := wire.ParsePartNumber(bad)
		expect(t, refusal, 400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", "ArgumentName=partNumber ArgumentValue="+bad)
	}
	if n, refusal := wire.ParsePartNumber("10000"); n != 10000 || refusal != nil {
		t.Errorf("%d, %v", n, refusal)
	}
}

func TestACopySourceNamesBucketKeyAndVersion(t *testing.T) {
	for header, want := range map[string]wire.Source{
		"vault/secret.txt":                      {Bucket: "vault", Key: "secret.txt"},
		"/vault/secret.txt":                     {Bucket: "vault", Key: "secret.txt"},
		"vault/a/b%20c%3F":                      {Bucket: "vault", Key: "a/b c?"},
		"vault%2Fsecret.txt":                    {Bucket: "vault", Key: "secret.txt"},
		"vault//a":                              {Bucket: "vault", Key: "/a"},
		"vault/secret.txt?versionId=3sL4kqtJlc": {Bucket: "vault", Key: "secret.txt", VersionID: "3sL4kqtJlc"},
	} {
		if got, refusal := wire.ParseCopySource(header); refusal != nil || got != want {
			t.Errorf("%s: %+v, %v", header, got, refusal)
		}
	}
	for _, bad := range []string{"", "/", "vault", "vault/", "/vault/", "//k", "vault/%zz", "vault/k?version=1", "vault/k?versionId=%zz"} {
		_, refusal := wire.ParseCopySource(bad)
		expect(t, refusal, 400, "InvalidArgument", "Invalid copy source object key", "ArgumentName=x-amz-copy-source ArgumentValue=x-amz-copy-source") // AWS names the header twice (AR test_s3_copy_object_wrong_format)
	}
	if _, refusal := wire.ParseCopySource("arn:aws:s3:us-east-1:111122223333:accesspoint/x/object/k"); refusal == nil || refusal.Status != 501 {
		t.Errorf("access point: %v", refusal)
	}
}

func TestConditionsOfARead(t *testing.T) {
	modified := time.Date(2026, 6, 1, 12, 0, 0, 500, time.UTC)
	const before, same, after = "Mon, 01 Jun 2026 11:00:00 GMT", "Mon, 01 Jun 2026 12:00:00 GMT", "Mon, 01 Jun 2026 13:00:00 GMT"
	for _, c := range []struct{ sent, want, copied string }{
		{"", "", ""},
		{`If-Match: "abc"`, "", ""},
		{"If-Match: abc", "", ""},
		{"If-Match: *", "", ""},
		{`If-Match: "x", "abc"`, "", ""},
		{"If-Match: x", "412 If-Match", "412 x-amz-copy-source-If-Match"},
		{"If-None-Match: x", "", ""},
		{"If-None-Match: abc", "304", "412 x-amz-copy-source-If-None-Match"},
		{`If-None-Match: W/"abc"`, "304", "412 x-amz-copy-source-If-None-Match"},
		{"If-Modified-Since: " + before, "", ""},
		{"If-Modified-Since: " + same, "304", "412 x-amz-copy-source-If-Modified-Since"},
		{"If-Unmodified-Since: " + same, "", ""},
		{"If-Unmodified-Since: " + before, "412 If-Unmodified-Since", "412 x-amz-copy-source-If-Unmodified-Since"},
		{"If-Match: abc|If-Unmodified-Since: " + before, "", ""},
		{"If-None-Match: x|If-Modified-Since: " + after, "", ""},
		{"If-Modified-Since: yesterday", "", ""},
	} {
		plain, copied := http.Header{}, http.Header{}
		for _, line := range strings.Split(c.sent, "|") {
			name, value, _ := strings.Cut(line, ": ")
			plain.Set(name, value)
			copied.Set("x-amz-copy-source-"+name, value)
		}
		if got := condition(wire.ReadConditions(plain).Read("abc", modified)); got != c.want {
			t.Errorf("%s: %q, want %q", c.sent, got, c.want)
		}
		if got := condition(wire.CopyConditions(copied).Read("abc", modified)); got != c.copied {
			t.Errorf("%s on a copy: %q, want %q", c.sent, got, c.copied)
		}
	}
}

func condition(r *wire.Refusal) string {
	if r == nil {
		return ""
	}
	if len(r.Extra) > 0 && r.Extra[0][0] == "Condition" {
		return fmt.Sprintf("%d %s", r.Status, r.Extra[0][1])
	}
	return fmt.Sprint(r.Status)
}

func TestConditionsOfAWrite(t *testing.T) {
	const notTaken = "A header you provided implies functionality that is not implemented"
	for _, c := range []struct {
		name    string
		sent    []string
		etag    string
		status  int
		code    string
		message string
		extra   string
	}{
		{"only if it is not there, and it is not", []string{"If-None-Match: *"}, "", 0, "", "", ""},
		{"only if it is not there, and it is", []string{"If-None-Match: *"}, "abc", 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", "Condition=If-None-Match"},
		{"only if it is not that one", []string{"If-None-Match: abc"}, "abc", 501, "NotImplemented", notTaken, "Header=If-None-Match additionalMessage=We don't accept the provided value of If-None-Match header for this API"},
		{"only if it is any", []string{"If-Match: *"}, "abc", 501, "NotImplemented", notTaken, "Header=If-Match additionalMessage=We don't accept the provided value of If-Match header for this API"},
		{"both", []string{"If-Match: abc", "If-None-Match: *"}, "abc", 501, "NotImplemented", notTaken, "Header=If-Match,If-None-Match additionalMessage=Multiple conditional request headers present in the request"},
		{"only if it is that one, and it is", []string{`If-Match: "abc"`}, "abc", 0, "", "", ""},
		{"only if it is that one, and it is not", []string{"If-Match: x"}, "abc", 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", "Condition=If-Match"},
		{"only if it is that one, and there is none", []string{"If-Match: x"}, "", 404, "NoSuchKey", "The specified key does not exist.", "Key=secret.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conditions := wire.ReadConditions(headers(c.sent...))
			refusal := conditions.WriteSyntax()
			if refusal == nil {
				refusal = conditions.Write("secret.txt", c.etag)
			}
			expect(t, refusal, c.status, c.code, c.message, c.extra)
		})
	}
}

func TestHeadersAndMetadataHaveLimits(t *testing.T) {
	meta, refusal := wire.Metadata(headers("X-Amz-Meta-Colour: red", "X-Amz-Meta-Colour: blue", "X-Amz-Acl: private"))
	if refusal != nil || len(meta) != 1 || meta["colour"] != "red,blue" {
		t.Errorf("%v, %v", meta, refusal)
	}
	if _, refusal = wire.Metadata(headers("X-Amz-Meta-A: " + strings.Repeat("x", 2047))); refusal != nil {
		t.Error("2048 bytes are refused")
	}
	_, refusal = wire.Metadata(headers("X-Amz-Meta-A: " + strings.Repeat("x", 2048)))
	expect(t, refusal, 400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", "Size=2049 MaxSizeAllowed=2048")
	expect(t, wire.CheckHeaderSize("GET", "/", headers("X-A: "+strings.Repeat("x", 8000))), 0, "", "", "")
	expect(t, wire.CheckHeaderSize("GET", "/", headers("X-A: "+strings.Repeat("x", 8192))), 400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.", "MaxSizeAllowed=8192")
	expect(t, wire.CheckHeaderSize("GET", "/"+strings.Repeat("x", 8192), nil), 400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.", "MaxSizeAllowed=8192")
}

func TestKeysAndTimesAsListsPrintThem(t *testing.T) {
	if got := wire.EncodeKey("a b/c+d(é)%"); got != "a+b/c%2Bd%28%C3%A9%29%25" {
		t.Error(got)
	}
	at := time.Date(2026, 6, 1, 2, 0, 0, 7_900_000, time.FixedZone("", 7200))
	if got := wire.ISO(at); got != "2026-06-01T00:00:00.007Z" {
		t.Error(got)
	}
	if got := wire.HTTPDate(at); got != "Mon, 01 Jun 2026 00:00:00 GMT" {
		t.Error(got)
	}
}
