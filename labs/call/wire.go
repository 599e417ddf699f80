package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// userAgent replaces the SDK's, which tells about the machine and reads its environment.
const userAgent = "keyhole-console"

// habits are the differences between the SDK's requests and those of the CLI, and the learner's edit; applied last
// before the signature.
type habits struct {
	xml    bool   // a service of S3's family
	target string // begins X-Amz-Target as the CLI writes it; "" when the protocol has none
	typed  bool   // the caller gave a content type
	summed bool   // the caller gave a checksum
	edit   func(*http.Request)
}

func (h habits) apply(r *http.Request) {
	r.Header.Set("User-Agent", userAgent)
	r.Header.Del("Amz-Sdk-Invocation-Id") // random: would make two equal requests differ
	r.Header.Del("Amz-Sdk-Request")
	if named := r.Header.Get("X-Amz-Target"); h.target != "" {
		r.Header.Set("X-Amz-Target", h.target+named[strings.LastIndex(named, ".")+1:])
	}
	if h.xml && !h.typed {
		// The SDK names a type for every body; the CLI leaves it to the service.
		r.Header.Del("Content-Type")
	}
	computed := r.Header.Get("X-Amz-Checksum-Crc32") != "" || r.Header.Get("X-Amz-Trailer") == "x-amz-checksum-crc32"
	if computed && !h.summed && r.Header.Get("X-Amz-Sdk-Checksum-Algorithm") == "" {
		r.Header.Set("X-Amz-Sdk-Checksum-Algorithm", "CRC32") // the CLI names what it computed
	}
	if q := r.URL.Query(); q.Has("x-id") {
		r.URL.RawQuery = without(r.URL.RawQuery, "x-id")
	}
	if h.edit != nil {
		h.edit(r)
	}
}

// without drops one parameter from a raw query and leaves the others as they are written.
func without(raw, name string) string {
	parts := strings.Split(raw, "&")
	kept := parts[:0]
	for _, p := range parts {
		if key, _, _ := strings.Cut(p, "="); key != name {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

// signer signs in the time of the sandbox.
type signer struct {
	v4     *v4.Signer
	now    func() time.Time
	before func(*http.Request)
}

func newSigner(now func() time.Time, before func(*http.Request)) *signer {
	return &signer{v4: v4.NewSigner(), now: now, before: before}
}

// SignHTTP is called by the SDK when everything else in the request is settled.
func (s *signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, o ...func(*v4.SignerOptions)) error {
	s.before(r)
	o = append(o, func(so *v4.SignerOptions) { so.DisableURIPathEscaping = true })
	return s.v4.SignHTTP(ctx, c, r, hash, service, region, s.now(), o...)
}

// recorder is the SDK's HTTP client: one exchange through the transport, whose answer it keeps.
type recorder struct {
	next   http.RoundTripper
	scheme string // replaces that of the request; "" leaves it
	before func(*http.Request)

	answered bool
	status   int
	header   http.Header
	body     []byte
	err      error
}

// errAnswerTooLong is returned when an answer is longer than MaxAnswer.
var errAnswerTooLong = errors.New("call: the answer is longer than the console reads")

// Do sends the request.
func (w *recorder) Do(r *http.Request) (*http.Response, error) {
	if w.before != nil {
		w.before(r)
	}
	if w.scheme != "" {
		r.URL.Scheme = w.scheme
	}
	res, err := w.next.RoundTrip(r)
	if err != nil {
		w.err = fmt.Errorf("call: %w", err)
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	if err == nil && len(body) > MaxAnswer {
		err = errAnswerTooLong
	}
	if err != nil {
		w.err = fmt.Errorf("call: %w", err)
		return nil, err
	}
	w.answered, w.status, w.header, w.body = true, res.StatusCode, res.Header.Clone(), body
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// Presign returns a link that reads one object: a SigV4 URL, good for the given time from the sandbox's now.
func (c *Client) Presign(ctx context.Context, bucket, key string, good time.Duration) (string, error) {
	region := c.Region
	if region == "" {
		region = "us-east-1"
	}
	at := strings.TrimSuffix(c.Endpoint, "/") + "/" + escape(bucket, "") + "/" + escape(key, "/")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", fmt.Errorf("call: presign %s/%s: %w", bucket, key, err)
	}
	q := r.URL.Query()
	q.Set("X-Amz-Expires", strconv.Itoa(int(good/time.Second)))
	r.URL.RawQuery = q.Encode()
	credentials, _ := c.Credentials.Retrieve(ctx)
	link, _, err := v4.NewSigner().PresignHTTP(ctx, credentials, r, "UNSIGNED-PAYLOAD", "s3", region, c.Now(),
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		return "", fmt.Errorf("call: presign %s/%s: %w", bucket, key, err)
	}
	return link, nil
}
