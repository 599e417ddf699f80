package exchange

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"keyhole/simulator/lock"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// Exchange is one request on its way to its answer. Handlers read it, leave their decisions in its Trace, change the
// world last, say what they did, and fill in Answer.
type Exchange struct {
	World *world.World // held under its lock from the stage "inspect" on
	Op    *Operation
	Trace *Trace

	Method      string
	Bucket, Key string
	Query       url.Values
	Form        url.Values  // parameters of a query service (iam, sts), from the body and the query; nil otherwise
	Header      http.Header // with the x-amz-* values of a presigned URL's query
	Size        int64       // declared Content-Length; -1 unknown
	Caller      world.Identity
	Anonymous   bool
	Base        world.Base // in which time the request was signed
	Transport   Transport

	Point *world.AccessPoint // the access point it is addressed to; nil: to the bucket itself
	Alias bool               // and that by its alias
	Named map[string]string  // what stands in the path for each {name} of the row's Path

	At     *world.Bucket // the bucket, once located
	Found  any           // what a JSON service found out in "inspect" and "locate", for its handler
	Answer Answer

	Upload  *wire.Form // of PostObject: what the browser sent; its fields are headers too
	Address string     // host and path as the client wrote them: "127.0.0.1:9000/bucket"

	body    wire.Body
	refused *Fault // what is wrong with the body, told when the handler asks for it
	done    []string
	sealing sse.Sealed // what Seal found out about a KMS key, for Store
	asking  *KeyUse    // of KMS, while the policies are asked about it; shared with what Imagine makes
	judge   func(action, resource, version, why string) Authorization
	lend    func(n int) []byte // room for the answer; nil: none is lent
}

// Answer is what a handler has to say when it worked. Status 0 is 200.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	XML    bool // Body is a document of ours
}

// Set adds one header line to the answer.
func (x *Exchange) Set(name, value string) { x.Answer.Header.Set(name, value) }

// Document answers with an S3 XML document.
func (x *Exchange) Document(root string, v any) {
	x.Answer.Body = wire.Encode(root, v)
	x.Answer.XML = true
}

// Receive hands over the decoded body, or what is wrong with it.
func (x *Exchange) Receive(b wire.Body, refused *Fault) { x.body, x.refused = b, refused }

// Payload is the decoded body. Its fault is told here, so that it comes in the order S3 checks things.
func (x *Exchange) Payload() (wire.Body, *Fault) { return x.body, x.refused }

// XML decodes the body into v; an empty body is malformed.
func (x *Exchange) XML(v any) *Fault {
	body, fault := x.Payload()
	if fault != nil {
		return fault
	}
	return Refused(wire.Decode(strings.NewReader(string(body.Data)), wire.XMLBytes, wire.XMLDepth, v))
}

// Did says in words what has just been changed in the world. What was done before a fault is undone with it.
func (x *Exchange) Did(say string, args ...any) { x.done = append(x.done, fmt.Sprintf(say, args...)) }

// Done is what was changed, in words.
func (x *Exchange) Done() []string { return x.done }

// Failed is the answer to an error of the world: a limit that was reached, else a failure of ours.
func (x *Exchange) Failed(err error) *Fault {
	if fault := overLimit(err); fault != nil {
		return fault
	}
	x.Note("the world refused the change: %v", err)
	if errors.Is(err, world.ErrLocked) {
		return Err(403, "AccessDenied", "Access Denied because object protected by object lock.").Told("A lock keeps this version.")
	}
	return Internal()
}

// Note adds a sentence to the trace.
func (x *Exchange) Note(format string, args ...any) {
	x.Trace.Notes = append(x.Trace.Notes, fmt.Sprintf(format, args...))
}

// Asked says whether a query parameter was sent, empty or not.
func (x *Exchange) Asked(name string) bool { _, sent := x.Query[name]; return sent }

// Sent says whether a header was sent, empty or not.
func (x *Exchange) Sent(name string) bool {
	_, sent := x.Header[http.CanonicalHeaderKey(name)]
	return sent
}

// BucketARN and ObjectARN name what the request is about.
func (x *Exchange) BucketARN() string { return "arn:aws:s3:::" + x.Bucket }
func (x *Exchange) ObjectARN() string { return x.BucketARN() + "/" + x.Key }

// Refused makes a Fault of a mechanism's refusal; nil stays nil.
func Refused[R wire.Refusal | sse.Refusal | sigv4.Refusal | lock.Refusal](r *R) *Fault {
	if r == nil {
		return nil
	}
	w := wire.Refusal{}
	switch r := any(r).(type) {
	case *wire.Refusal:
		w = *r
	case *sse.Refusal:
		w = wire.Refusal(*r)
	case *sigv4.Refusal:
		w = wire.Refusal(*r)
	case *lock.Refusal:
		w = wire.Refusal(*r)
	}
	f := &Fault{Status: w.Status, Code: w.Code, Message: w.Message, Say: w.Say}
	for _, e := range w.Extra {
		f.Extra = append(f.Extra, Element{e[0], e[1]})
	}
	return f
}

// overLimit is the answer when a change would pass a limit of the sandbox; nil when err is something else.
func overLimit(err error) *Fault {
	var limit *world.LimitError
	if !errors.As(err, &limit) {
		return nil
	}
	switch limit.Limit {
	case "ObjectBytes":
		return TooLarge(limit.Want, limit.Max)
	case "SandboxBytes":
		f := TooLarge(limit.Want, limit.Max)
		f.Say = "This sandbox is full."
		return f
	case "Buckets":
		return Err(400, "TooManyBuckets", "You have attempted to create more buckets than allowed").
			Told("This sandbox has no room for another bucket.")
	}
	return Err(400, "InvalidRequest", fmt.Sprintf("This sandbox keeps at most %d %s.", limit.Max, strings.ToLower(limit.Limit))).
		Told("This sandbox is full.")
}
