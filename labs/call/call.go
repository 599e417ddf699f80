// Package call makes one AWS call: an operation name and parameters become a signed request of the real SDK.
//
// What the AWS CLI adds by itself is added here too, because lessons depend on it: the customer key is encoded and its
// MD5 computed, a checksum is sent, list results are asked for URL-encoded. The SDK alone does none of the first.
package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Credentials sign a request; the zero value leaves it unsigned.
type Credentials struct {
	AccessKey, Secret, Token string
}

// String hides the secret, so that credentials can stand in an error or a log line.
func (c Credentials) String() string { return "credentials of " + c.AccessKey }

// GoString is String, for %#v.
func (c Credentials) GoString() string { return c.String() }

// Client makes calls of one principal to one endpoint. It reads no environment and no file and opens no connection of
// its own: everything goes through Transport, once, without retries.
type Client struct {
	Transport   http.RoundTripper
	Endpoint    string // "http://localhost:9000"; the scheme decides about plain HTTP
	Region      string // "" is us-east-1
	Credentials Credentials

	// Now is the time of the signature; nil is an error, because the right clock is the sandbox's.
	Now func() time.Time

	// Edit changes the request before it is signed, so that an edited header is covered by the signature.
	Edit func(*http.Request)

	// Follow sends a request to a bucket again when the answer names another region, once, as the CLI does.
	Follow bool

	// Token makes the idempotency token of an operation that takes one and was given none; nil derives one from the time
	// and the parameters.
	Token func() string

	// VirtualHost puts the bucket into the host name. The default, path style, needs no name resolution.
	VirtualHost bool
}

// Output is what came back, as wire facts and as the CLI would print them.
type Output struct {
	Status int
	Header http.Header
	Fields map[string]any // member names and JSON-ready values; nil when the operation failed
	Body   []byte         // the answer's body on the wire; the object for GetObject
	Fault  *Fault         // nil on success

	order map[uintptr][]string // keys of each map in Fields in the order of the CLI
}

// Fault is the refusal of a service.
type Fault struct {
	Code, Message string
	Status        int
}

// Error reads like the CLI's sentence without the operation.
func (f *Fault) Error() string { return fmt.Sprintf("(%s): %s", f.Code, f.Message) }

// ParamError lists what is wrong with the parameters of a call that was therefore never sent. Its text is the CLI's.
type ParamError struct {
	Problems []string
}

// ErrUnknownOperation is returned by Do for a name that is no operation.
var ErrUnknownOperation = errors.New("no such operation")

// MaxAnswer is how many bytes of an answer's body are read; a longer one is an error.
const MaxAnswer = 64 << 20

// Do makes one call. operation is that of S3 ("GetObject") or has its service before it ("kms:Decrypt"). params are by member name: strings, numbers, bools, []byte for blobs, bodies and customer keys,
// time.Time or ISO text for times, []any and map[string]any for lists and structures. A refusal by the service is in
// Output.Fault, not an error. Errors: *ParamError, ErrUnknownOperation, and what the transport returns.
func (c *Client) Do(ctx context.Context, operation string, params map[string]any) (Output, error) {
	r, ok := byName()[qualified(operation)]
	if !ok {
		return Output{}, fmt.Errorf("%w: %q", ErrUnknownOperation, operation)
	}
	if c.Now == nil || c.Transport == nil {
		return Output{}, errors.New("call: a client needs Now and Transport")
	}
	prepared, decode, err := r.prepare(params)
	if err != nil {
		return Output{}, err
	}
	if problems := validate(r, prepared); len(problems) > 0 {
		return Output{}, &ParamError{Problems: problems}
	}
	o, err := c.send(ctx, r, prepared, decode)
	if region := c.elsewhere(r, prepared, o); err == nil && region != "" {
		there := *c
		there.Region = region
		return there.send(ctx, r, prepared, decode)
	}
	return o, err
}

// send makes one request of checked parameters.
func (c *Client) send(ctx context.Context, r row, params map[string]any, decode bool) (Output, error) {
	in := reflect.New(r.input)
	if err := fill(in.Elem(), params); err != nil {
		return Output{}, err
	}
	s, wire := serviceNamed(r.service), &recorder{next: c.Transport}
	out, err := r.call(ctx, s.open(c.options(s, wire, params)), in.Interface())
	return s.answer(wire, r, out, err, decode)
}

// answer turns what the SDK and the wire say into an Output.
func (s service) answer(wire *recorder, r row, out any, err error, decode bool) (Output, error) {
	if wire.err != nil {
		return Output{}, wire.err
	}
	if !wire.answered {
		if _, name, ok := strings.Cut(fmt.Sprint(err), "unknown checksum algorithm, "); ok {
			return Output{}, fmt.Errorf("Unsupported checksum algorithm: %s", strings.ToLower(name)) //nolint:staticcheck // the CLI's words
		}
		return Output{}, fmt.Errorf("call: %w", err)
	}
	o := Output{Status: wire.status, Header: wire.header, Body: wire.body}
	if err != nil {
		if o.Fault = faultOf(wire); o.Fault == nil {
			return o, fmt.Errorf("call: the answer could not be read: %w", err)
		}
		return o, nil
	}
	o.order = map[uintptr][]string{}
	if s.target != "" {
		o.Fields, err = o.fromJSON(r.output, wire.body)
		return o, err
	}
	p := printing{Output: o, service: s, body: wire.body}
	o.Fields = p.fields(reflect.ValueOf(out), wire.header)
	if decode {
		decodeKeys(o.Fields)
	}
	return o, checkBody(out)
}

// Retrieve lets Credentials stand as the SDK's provider.
func (c Credentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: c.AccessKey, SecretAccessKey: c.Secret, SessionToken: c.Token}, nil
}

// checkBody reads a streamed body to its end, which is where the SDK compares the checksum.
func checkBody(out any) error {
	body := reflect.ValueOf(out).Elem().FieldByName("Body")
	if !body.IsValid() {
		return nil
	}
	reader, ok := body.Interface().(interface {
		Read([]byte) (int, error)
		Close() error
	})
	if !ok || reader == nil {
		return nil
	}
	defer reader.Close()
	var sink bytes.Buffer
	if _, err := sink.ReadFrom(reader); err != nil {
		return fmt.Errorf("call: the body does not match its checksum: %w", err)
	}
	return nil
}
