package s3

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"keyhole/simulator/exchange"
)

// fields takes a line of an access log apart, as the programs that read logs do: a field is a word, or stands in
// quotation marks; the third, the time, in brackets.
func fields(line string) (out []string, err error) {
	for line != "" {
		end, skip := " ", 0
		switch {
		case line[0] == '[' && len(out) == 2:
			end, skip = "]", 1
		case line[0] == '"':
			end, skip = `"`, 1
		}
		i := strings.Index(line[skip:], end)
		switch {
		case i < 0 && skip > 0:
			return nil, fmt.Errorf("no end of %q", line)
		case i < 0:
			return append(out, line), nil
		}
		out = append(out, line[skip:skip+i])
		if line = line[skip+i+skip:]; line == "" {
			return out, nil
		}
		if line[0] != ' ' || len(line) == 1 {
			return nil, fmt.Errorf("no space before %q", line)
		}
		line = line[1:]
	}
	return out, nil
}

func TestEveryOperationHasANameInTheLog(t *testing.T) {
	for _, o := range Operations() {
		name := LogName(&o, o.Method, o.Scope == exchange.Object)
		if copyNames[o.Name] == "" && logResources[o.Name] == "" {
			t.Errorf("%s has none: it would be %s", o.Name, name)
		}
	}
	for name := range logResources {
		if exchange.Named(Operations(), name) == nil {
			t.Errorf("%s is no operation", name)
		}
	}
	for _, row := range []struct{ operation, want string }{
		{"GetBucketVersioning", "REST.GET.VERSIONING"}, {"GetBucketLogging", "REST.GET.LOGGING_STATUS"}, {"GetBucketPolicy", "REST.GET.BUCKETPOLICY"},
		{"PutObject", "REST.PUT.OBJECT"}, {"CopyObject", "REST.COPY.OBJECT"}, {"UploadPart", "REST.PUT.PART"}, {"CompleteMultipartUpload", "REST.POST.UPLOAD"},
		{"CreateMultipartUpload", "REST.POST.UPLOADS"}, {"ListObjectVersions", "REST.GET.BUCKETVERSIONS"}, {"DeleteObjects", "REST.POST.MULTI_OBJECT_DELETE"},
		{PostObject, "REST.POST.OBJECT"}, {"PutObjectAcl", "REST.PUT.ACL"}, {"GetObjectTagging", "REST.GET.OBJECT_TAGGING"},
	} {
		o := exchange.Named(Operations(), row.operation)
		if got := LogName(o, o.Method, o.Scope == exchange.Object); got != row.want {
			t.Errorf("%s is %s, want %s", row.operation, got, row.want)
		}
	}
	if got := LogName(nil, "OPTIONS", true); got != "REST.OPTIONS.PREFLIGHT" {
		t.Error(got)
	}
	if got := LogName(nil, "PATCH", true); got != "REST.PATCH.OBJECT" {
		t.Error(got)
	}
}

// The example of the S3 user guide, with the fields that came later.
func TestALine(t *testing.T) {
	r := LogRecord{Owner: "79a59df900b949e55d96a1e698fbaced", Bucket: "b", At: time.Date(2019, 2, 6, 0, 0, 38, 0, time.UTC), IP: "192.0.2.3",
		Requester: "arn:aws:iam::111122223333:user/alice", RequestID: "3E57427F33A59F07", Operation: "REST.PUT.OBJECT", Key: "2019/a b.jpg",
		URI: "PUT /b/2019/a%20b.jpg HTTP/1.1", Status: 200, Size: 4406583, Agent: "S3Console/0.4", HostID: "s9lzHYrFp76=", Signature: "SigV4",
		Cipher: "ECDHE-RSA-AES128-GCM-SHA256", Auth: "AuthHeader", Host: "b.s3.us-west-1.amazonaws.com", TLS: "TLSv1.2", ACL: true}
	const want = `79a59df900b949e55d96a1e698fbaced b [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:aws:iam::111122223333:user/alice 3E57427F33A59F07 REST.PUT.OBJECT 2019/a%2520b.jpg "PUT /b/2019/a%20b.jpg HTTP/1.1" 200 - - 4406583 - - "-" "S3Console/0.4" - s9lzHYrFp76= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader b.s3.us-west-1.amazonaws.com TLSv1.2 - Yes -`
	if got := r.Line(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Whatever a client sends, its record is one line of 27 fields.
func checkLine(t interface{ Fatalf(string, ...any) }, r LogRecord) {
	line := r.Line()
	list, err := fields(line)
	if err != nil || len(list) != 27 || strings.ContainsAny(line, "\r\n") {
		t.Fatalf("%d fields, %v: %q", len(list), err, line)
	}
	for i, f := range list {
		if f == "" {
			t.Fatalf("field %d is empty: %q", i+1, line)
		}
	}
	if strings.Contains(list[7], `"`) || utf8.RuneCountInString(list[7]) != len(list[7]) {
		t.Fatalf("the key is not encoded: %q", list[7])
	}
}

func TestALineIsALine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return rapid.String().Draw(t, name) }
		checkLine(t, LogRecord{Owner: text("owner"), Bucket: text("bucket"), At: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0), IP: text("ip"), Requester: text("requester"),
			Operation: text("operation"), Key: text("key"), URI: text("uri"), Status: rapid.IntRange(0, 599).Draw(t, "status"), Code: text("code"),
			Sent: rapid.Int64Range(0, 1e9).Draw(t, "sent"), Size: rapid.Int64Range(-1, 1e9).Draw(t, "size"), Referer: text("referer"), Agent: text("agent"),
			Version: text("version"), Host: text("host"), Point: text("point")})
	})
}

func FuzzALine(f *testing.F) {
	f.Add("a b\"c\n", "GET /\" HTTP/1.1", "] [", "x", "-")
	f.Add("", "", "", "", "")
	f.Fuzz(func(t *testing.T, key, uri, agent, host, version string) {
		checkLine(t, LogRecord{Key: key, URI: uri, Referer: agent, Agent: agent, Host: host, Version: version, Requester: host, Size: -1})
	})
}

func TestTheKeyOfALogObject(t *testing.T) {
	at := time.Date(2026, 6, 1, 13, 4, 5, 0, time.UTC)
	for _, row := range []struct{ head, how, want string }{
		{"app/", "", "app/2026-06-01-13-04-05-0123456789ABCDEF"},
		{"", "", "2026-06-01-13-04-05-0123456789ABCDEF"},
		{"p111122223333/us-east-1/app/", deliveryTime, "p111122223333/us-east-1/app/2026/06/01/2026-06-01-13-04-05-0123456789ABCDEF"},
		{"p111122223333/us-east-1/app/", eventTime + "2026-05-31", "p111122223333/us-east-1/app/2026/05/31/2026-05-31-00-00-00-0123456789ABCDEF"},
	} {
		if got := logKey(row.head, row.how, at, "0123456789ABCDEF"); got != row.want {
			t.Errorf("%q, %q: %s, want %s", row.head, row.how, got, row.want)
		}
	}
}
