package call

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answering gives one answer and keeps the request that asked for it.
type answering struct {
	status  int
	header  map[string]string
	body    string
	request *http.Request
	sent    []byte
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.request = r
	if r.Body != nil {
		a.sent, _ = io.ReadAll(r.Body)
	}
	res := &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)),
		ContentLength: int64(len(a.body)), Request: r, ProtoMajor: 1, ProtoMinor: 1}
	for k, v := range a.header {
		res.Header.Set(k, v)
	}
	return res, nil
}

func client(a *answering, endpoint string) *Client {
	return &Client{Transport: a, Endpoint: endpoint, Credentials: Credentials{"AKIDEXAMPLE", "secret", ""},
		Now: func() time.Time { return time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC) }}
}

var rawKey = []byte(strings.Repeat("\x07", 32))

// Over plain HTTP a put is sent as the CLI sends it: key encoded, its MD5 added, a checksum header, the hash of the body.
func TestPutOverHTTP(t *testing.T) {
	a := &answering{status: 200, header: map[string]string{"ETag": `"e"`}}
	c := client(a, "http://localhost:9000")
	c.Edit = func(r *http.Request) { r.Header.Set("X-Amz-Meta-Edited", "yes") }
	out, err := c.Do(context.Background(), "PutObject", map[string]any{
		"Bucket": "vault", "Key": "a b.txt", "Body": []byte("hello"), "SSECustomerAlgorithm": "AES256", "SSECustomerKey": rawKey,
		"Metadata": map[string]any{"who": "me"},
	})
	if err != nil || out.Fault != nil || out.Fields["ETag"] != `"e"` {
		t.Fatalf("Do = %+v, %v", out, err)
	}
	sum := md5.Sum(rawKey)
	h := a.request.Header
	for name, want := range map[string]string{
		"X-Amz-Server-Side-Encryption-Customer-Key":     base64.StdEncoding.EncodeToString(rawKey),
		"X-Amz-Server-Side-Encryption-Customer-Key-Md5": base64.StdEncoding.EncodeToString(sum[:]),
		"X-Amz-Checksum-Crc32":                          "NhCmhg==",
		"X-Amz-Content-Sha256":                          "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
		"X-Amz-Sdk-Checksum-Algorithm":                  "CRC32",
		"X-Amz-Date":                                    "20310102T030405Z",
		"X-Amz-Meta-Who":                                "me",
		"X-Amz-Meta-Edited":                             "yes",
		"Content-Type":                                  "",
		"Amz-Sdk-Invocation-Id":                         "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := a.request.URL.EscapedPath() + "?" + a.request.URL.RawQuery; got != "/vault/a%20b.txt?" {
		t.Errorf("target %q", got)
	}
	if auth := h.Get("Authorization"); !strings.Contains(auth, "x-amz-meta-edited") {
		t.Errorf("the edit is not signed: %s", auth)
	}
	if string(a.sent) != "hello" {
		t.Errorf("sent %q", a.sent)
	}
}

func TestPutOverTLSHasATrailer(t *testing.T) {
	a := &answering{status: 200}
	if _, err := client(a, "https://localhost:9443").Do(context.Background(), "PutObject", map[string]any{"Bucket": "b", "Key": "k", "Body": "hello"}); err != nil {
		t.Fatal(err)
	}
	if got := a.request.Header.Get("X-Amz-Content-Sha256"); got != "STREAMING-UNSIGNED-PAYLOAD-TRAILER" || !bytes.Contains(a.sent, []byte("x-amz-checksum-crc32:NhCmhg==")) {
		t.Errorf("hash %q, body %q", got, a.sent)
	}
}

func TestCustomerKeyHabits(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString(rawKey)
	for _, c := range []struct {
		name, want string
		params     map[string]any
	}{
		{"raw bytes are encoded", encoded, map[string]any{"SSECustomerKey": rawKey}},
		{"an encoded key is encoded again", base64.StdEncoding.EncodeToString([]byte(encoded)), map[string]any{"SSECustomerKey": encoded}},
		{"with an MD5 the key is sent as it is", encoded, map[string]any{"SSECustomerKey": encoded, "SSECustomerKeyMD5": "wrong"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &answering{status: 200, header: map[string]string{}}
			c.params["Bucket"], c.params["Key"] = "b", "k"
			if _, err := client(a, "http://h").Do(context.Background(), "HeadObject", c.params); err != nil {
				t.Fatal(err)
			}
			if got := a.request.Header.Get("X-Amz-Server-Side-Encryption-Customer-Key"); got != c.want {
				t.Errorf("key %q, want %q", got, c.want)
			}
		})
	}
	_, err := client(&answering{}, "http://h").Do(context.Background(), "HeadObject", map[string]any{"Bucket": "b", "Key": "k", "SSECustomerKey": rawKey, "SSECustomerKeyMD5": "m"})
	var bad *ParamError
	if !errors.As(err, &bad) || strings.Contains(err.Error(), string(rawKey)) {
		t.Errorf("raw bytes with an MD5: %v", err)
	}
}

func TestParameterProblems(t *testing.T) {
	for _, c := range []struct {
		operation string
		params    map[string]any
		want      string
	}{
		{"PutObject", map[string]any{}, `Missing required parameter in input: "Bucket"` + "\n" + `Missing required parameter in input: "Key"`},
		{"HeadBucket", map[string]any{"Bucket": "b", "Foo": 1}, `Unknown parameter in input: "Foo", must be one of: Bucket, ExpectedBucketOwner`},
		{"ListObjectsV2", map[string]any{"Bucket": "b", "MaxKeys": "7"}, "Invalid type for parameter MaxKeys, value: 7, type: <class 'str'>, valid types: <class 'int'>"},
		{"PutBucketTagging", map[string]any{"Bucket": "b", "Tagging": map[string]any{"TagSet": []any{map[string]any{"Key": "a"}}}}, `Missing required parameter in Tagging.TagSet[0]: "Value"`},
		{"PutObjectRetention", map[string]any{"Bucket": "b", "Key": "k", "Retention": map[string]any{"RetainUntilDate": "soon"}},
			"Invalid type for parameter Retention.RetainUntilDate, value: soon, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string"},
	} {
		_, err := client(&answering{}, "http://h").Do(context.Background(), c.operation, c.params)
		if err == nil || err.Error() != "Parameter validation failed:\n"+c.want {
			t.Errorf("%s %v\nis   %v\nwant %s", c.operation, c.params, err, c.want)
		}
	}
	if _, err := client(&answering{}, "http://h").Do(context.Background(), "PutNothing", nil); !errors.Is(err, ErrUnknownOperation) {
		t.Errorf("PutNothing: %v", err)
	}
}

func TestFaults(t *testing.T) {
	refused := `<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>`
	for _, c := range []struct {
		operation string
		status    int
		body      string
		want      string
	}{
		{"GetObject", 404, refused, "(NoSuchKey): gone"},
		{"HeadObject", 404, "", "(404): Not Found"},
		{"HeadObject", 403, "", "(403): Forbidden"},
		{"HeadObject", 400, "", "(400): Bad Request"},
		{"GetObject", 304, "", "(304): Not Modified"},
		{"CopyObject", 200, refused, "(NoSuchKey): gone"},
	} {
		a := &answering{status: c.status, body: c.body}
		params := map[string]any{"Bucket": "b", "Key": "k"}
		if c.operation == "CopyObject" {
			params["CopySource"] = "b/k"
		}
		out, err := client(a, "http://h").Do(context.Background(), c.operation, params)
		if err != nil || out.Fault == nil || out.Fault.Error() != c.want || out.Status != c.status {
			t.Errorf("%s %d = %v, %v; want %s", c.operation, c.status, out.Fault, err, c.want)
		}
	}
}

func TestUnsignedAndPresigned(t *testing.T) {
	a := &answering{status: 200}
	c := client(a, "http://h")
	link, err := c.Presign(context.Background(), "b", "a b", time.Minute)
	if err != nil || !strings.HasPrefix(link, "http://h/b/a%20b?") || !strings.Contains(link, "X-Amz-Expires=60") || !strings.Contains(link, "X-Amz-Date=20310102T030405Z") {
		t.Errorf("Presign = %s, %v", link, err)
	}
	c.Credentials = Credentials{}
	if _, err := c.Do(context.Background(), "HeadBucket", map[string]any{"Bucket": "b"}); err != nil || a.request.Header.Get("Authorization") != "" {
		t.Errorf("unsigned: %v, %v", err, a.request.Header)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	c := &Client{Credentials: Credentials{"AKID", "hush", "token"}}
	if text := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(text, "hush") || strings.Contains(text, "token") {
		t.Error(text)
	}
}
