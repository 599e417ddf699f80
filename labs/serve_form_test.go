package labs

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// A form and a link of version 2 name their sandbox too, and the form's body is whole afterwards.
func TestTheKeyOfAFormAndOfALinkOfVersion2(t *testing.T) {
	const key = "AKIAABCDEFGHIJKLMNOP"
	form := func(field string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--x\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + key +
			"/20260601/us-east-1/s3/aws4_request\r\n--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n" + strings.Repeat("data", 20_000) + "\r\n--x--\r\n"
	}
	for _, c := range []struct{ name, target, body, want string }{
		{"a form", "/vault", form("X-Amz-Credential"), key},
		{"a form of version 2", "/vault", form("AWSAccessKeyId"), key},
		{"a form without a key", "/vault", form("x-ignore-me"), ""},
		{"no form at all", "/vault", "text", ""},
		{"a link of version 2", "/vault/a?AWSAccessKeyId=" + key + "&Signature=x&Expires=1", "", key},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequest("POST", "http://127.0.0.1:9000"+c.target, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			got := accessKey(r)
			if got == "" {
				got = formKey(r)
			}
			if body, err := io.ReadAll(r.Body); got != c.want || err != nil || string(body) != c.body {
				t.Errorf("key %q, %d of %d bytes, %v", got, len(body), len(c.body), err)
			}
		})
	}
}
