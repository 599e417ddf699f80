package shell

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"
)

// maxDebugBody is how many bytes of a body --debug prints.
const maxDebugBody = 4 << 10

// debugged prints each exchange: what is sent after "> ", what is answered after "< ". Customer keys, session tokens and
// bodies that hold a plaintext are not printed, as they stand in no X-ray either.
type debugged struct {
	next http.RoundTripper
	out  *output
}

// hiddenHeaders hold secrets; the end of a name covers copies of the header for another object.
var hiddenHeaders = []string{"server-side-encryption-customer-key", "x-amz-security-token"}

// RoundTrip sends the request and prints it and its answer.
func (d debugged) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	d.out.print("> %s %s HTTP/1.1\n> Host: %s\n", r.Method, r.URL.RequestURI(), firstOf(r.Host, r.URL.Host))
	d.headers("> ", r.Header)
	d.body("> ", sent)
	res, err := d.next.RoundTrip(r)
	if err != nil {
		d.out.print("< no answer: %v\n", err)
		return nil, err
	}
	got, err := io.ReadAll(io.LimitReader(res.Body, maxDebugBody+1))
	rest := res.Body
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(got), rest), rest}
	if err != nil {
		return res, err
	}
	d.out.print("< HTTP/1.1 %s\n", res.Status)
	d.headers("< ", res.Header)
	d.body("< ", got)
	return res, nil
}

func (d debugged) headers(mark string, header http.Header) {
	for _, name := range sortedNames(header) {
		value := strings.Join(header[name], ", ")
		for _, secret := range hiddenHeaders {
			if strings.HasSuffix(strings.ToLower(name), secret) {
				value = "(not shown)"
			}
		}
		d.out.text(mark + name + ": " + value + "\n")
	}
}

func (d debugged) body(mark string, data []byte) {
	switch {
	case len(data) == 0:
		d.out.text(strings.TrimSpace(mark) + "\n")
	case bytes.Contains(data, []byte(`"Plaintext"`)) || bytes.Contains(data, []byte("SecretAccessKey>")):
		d.out.print("%s\n%s(%d bytes with a secret, not shown)\n", strings.TrimSpace(mark), mark, len(data))
	case len(data) > maxDebugBody || !utf8.Valid(data):
		d.out.print("%s\n%s(%d bytes or more, not shown)\n", strings.TrimSpace(mark), mark, min(len(data), maxDebugBody))
	default:
		d.out.text(strings.TrimSpace(mark) + "\n" + mark + strings.ReplaceAll(strings.TrimSuffix(string(data), "\n"), "\n", "\n"+mark) + "\n")
	}
}
