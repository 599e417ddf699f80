package labs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"keyhole/simulator"
)

// prefixPath begins a path that names its sandbox: "/-/RUN/bucket/key". No bucket can be called "-".
const prefixPath = "/-/"

// ServeHTTP is the handler of the AWS listeners: it finds the sandbox a request is meant for and lets it answer. A
// sandbox is named by the access key id of the signature, by a path prefix, or not at all when there is only one.
func (rs *Runs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, r := rs.route(r)
	if id == "" {
		unknownKey(w, accessKey(r))
		return
	}
	sb, release, err := rs.acquire(r.Context(), id)
	if errors.Is(err, ErrNoRun) {
		unknownKey(w, accessKey(r))
		return
	}
	if err != nil {
		rs.o.Logger.Error("a sandbox cannot be loaded", "run", id, "error", err)
		refuse(w, http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.", "")
		return
	}
	defer release()
	sb.sim.ServeHTTP(w, r)
	sb.mu.Lock()
	defer sb.mu.Unlock()
	if err := sb.settle(context.WithoutCancel(r.Context())); err != nil {
		rs.o.Logger.Error("a request could not be kept", "run", id, "error", err)
	}
}

// route names the run a request is for, "" when nothing does. A path prefix is cut off, and the simulator told.
func (rs *Runs) route(r *http.Request) (string, *http.Request) {
	escaped := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(escaped, prefixPath); ok {
		id, path, _ := strings.Cut(rest, "/")
		if rs.known(id) {
			return id, cutPrefix(r, prefixPath+id, "/"+path)
		}
		return "", r
	}
	key := accessKey(r)
	if key == "" {
		key = formKey(r)
	}
	if len(key) >= 12 {
		if id := strings.ToLower(key[4:12]); rs.known(id) {
			return id, r
		}
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if len(rs.owners) != 1 {
		return "", r
	}
	for id := range rs.owners {
		return id, r
	}
	return "", r
}

func (rs *Runs) known(id string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	_, ok := rs.owners[id]
	return ok
}

// cutPrefix returns the request with another path; what was signed still has the prefix.
func cutPrefix(r *http.Request, prefix, escaped string) *http.Request {
	c := r.Clone(simulator.WithPrefix(r.Context(), prefix))
	c.Body = r.Body
	c.URL.Path = strings.TrimPrefix(r.URL.Path, prefix)
	if c.URL.Path == "" {
		c.URL.Path = "/"
	}
	c.URL.RawPath = escaped
	c.RequestURI = escaped
	if r.URL.RawQuery != "" {
		c.RequestURI += "?" + r.URL.RawQuery
	}
	return c
}

// accessKey is the access key id of a request by what it claims: nothing is verified here.
func accessKey(r *http.Request) string {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if credential == "" {
		credential = r.URL.Query().Get("AWSAccessKeyId") // version 2
	}
	if auth := r.Header.Get("Authorization"); auth != "" {
		_, credential, _ = strings.Cut(auth, "Credential=")
		if rest, ok := strings.CutPrefix(auth, "AWS "); ok { // version 2
			credential, _, _ = strings.Cut(rest, ":")
		}
	}
	id, _, _ := strings.Cut(credential, "/")
	if len(id) > 128 {
		return ""
	}
	return id
}

// formBytes is how much of a browser's form is read to find its access key: its fields may have 20 KB, and a few names.
const formBytes = 32 << 10

// formKey is the access key id that a browser's form claims in its fields. The body is whole again afterwards.
func formKey(r *http.Request) string {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || err != nil || kind != "multipart/form-data" || r.Body == nil {
		return ""
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, formBytes))
	rest := io.Reader(r.Body)
	if err != nil {
		rest = failed{err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), r.Body}
	for form := multipart.NewReader(bytes.NewReader(head), parameters["boundary"]); ; {
		part, err := form.NextRawPart()
		if err != nil || strings.EqualFold(part.FormName(), "file") {
			return ""
		}
		switch strings.ToLower(part.FormName()) {
		case "x-amz-credential", "awsaccesskeyid":
			value, _ := io.ReadAll(io.LimitReader(part, 256))
			id, _, _ := strings.Cut(string(value), "/")
			return id
		}
	}
}

// failed is what is left of a body that could not be read.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// unknownKey answers a request that belongs to no sandbox here as S3 answers an access key it does not know.
func unknownKey(w http.ResponseWriter, key string) {
	if key == "" {
		refuse(w, http.StatusForbidden, "AccessDenied", "Access Denied", "")
		return
	}
	refuse(w, http.StatusForbidden, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.",
		"<AWSAccessKeyId>"+escape.Replace(key)+"</AWSAccessKeyId>")
}

// noRequest are the ids of an answer that no sandbox gave.
const noRequest = "<RequestId>0000000000000000</RequestId><HostId>keyhole</HostId>"

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func refuse(w http.ResponseWriter, status int, code, message, extra string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("x-amz-request-id", "0000000000000000")
	w.Header().Set("Connection", "close") // the body was not read
	w.WriteHeader(status)
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message>%s%s</Error>", code, message, extra, noRequest)
}
