package exchange

import (
	"time"

	"keyhole/simulator/lock"
	"keyhole/simulator/policy"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/sse"
)

// Trace is everything that was decided about one request, in the order it was decided.
// It is not a log beside the code: the answer the client got is derived from these values.
// No field ever holds a customer key, a secret key or a session token: they are redacted
// when the exchange is made.
type Trace struct {
	ID     string    // x-amz-request-id: 16 upper-case letters and digits
	HostID string    // x-amz-id-2
	Number int       // 1 for the first request of a sandbox
	At     time.Time // simulated time, UTC

	Service   string // "s3", "s3control", "iam", "sts"; the signing name of a service that is not imitated
	Operation string // "PutObject"; "" when no row matched
	Bucket    string
	Key       string
	VersionID string // as asked for
	Point     string // ARN of the access point it was addressed to; ""

	Caller    Caller
	Transport Transport
	Request   Message
	Response  Message

	Stages         []Stage // every stage of the pipeline, in order; the unreached ones too
	Authentication *sigv4.Decision
	Authorization  []Authorization // one for each action the operation needed
	Seal           *sse.SealDecision
	Open           *sse.OpenDecision
	Guard          *lock.Decision // of a version that is removed, replaced or differently protected; of many, one that was held
	Shadow         *Shadow        // what would have come after a refusal; nil when nothing was tried

	Fault   *Fault   // nil: it worked
	Stopped string   // name of the stage that ended it; "" when every stage passed
	Effects []string // what changed, in words: "stored version 3sL4 of secret.txt"; empty when nothing was written
	Notes   []string // what the simulator wants to say: "modelled: …", "x-id is ignored"
}

// Caller is who signed the request.
type Caller struct {
	Kind      string // "root", "user", "role", "federated-user", "anonymous", "unknown"
	Account   string // 12 digits; "" when anonymous
	Name      string // user or role name
	Session   string // role session name
	ARN       string
	AccessKey string
}

// Transport is a property of the connection, never of a header.
type Transport struct {
	Secure   bool   // TLS
	TLS      string // "1.3"; "" on plain HTTP
	Network  string // "internet", or the id of the VPC endpoint it came through: "vpce-…"
	SourceIP string
}

// Message is a request or a response as it was on the wire, redacted.
type Message struct {
	Line    string   // "PUT /vault/secret.txt?x-id=PutObject HTTP/1.1" or "HTTP/1.1 403 Forbidden"
	Method  string   // request only
	Target  string   // request only: path and query
	Status  int      // response only
	Headers []Header // in the order they were sent, as far as Go keeps it: sorted by name
	Body    string   // the first BodyShown bytes when it is text, else ""
	Size    int64    // of the whole body, bytes
}

// BodyShown is how many bytes of a body a trace keeps.
const BodyShown = 4096

// Header is one header line. A redacted value says what it was: "(32 bytes, md5 JMwg…)".
type Header struct {
	Name, Value string
	Signed      bool
	Redacted    bool
}

// Verdict is what a stage said.
type Verdict string

const (
	Passed    Verdict = "pass"
	Skipped   Verdict = "skip" // had nothing to look at
	Stopped   Verdict = "stop"
	Unreached Verdict = "unreached"
)

// Stage is one step of the pipeline: route, authenticate, inspect, locate, authorize, perform, answer.
type Stage struct {
	Name    string
	Verdict Verdict
	Say     string // one sentence: "signature valid"
}

// Authorization is the decision about one needed action.
type Authorization struct {
	Action   string // "s3:PutObject"
	Resource string // ARN
	Why      string // why it was needed; "" for the operation's own action
	Allowed  bool
	Reason   string           // one sentence: what decided it
	Decision *policy.Decision // every layer and statement; nil where nothing was evaluated, and after KeptDecisions
	Asked    bool             // it was evaluated to choose an answer, and the request did not stand or fall with it
}

// Fault is an error answer as S3 words it. Extra elements come after Message, before RequestId.
type Fault struct {
	Status  int
	Code    string
	Message string
	Extra   []Element
	Header  map[string]string // headers that go with it: x-amz-delete-marker, x-amz-bucket-region
	Say     string            // our own headline, at most nine words: "That is not the key it was stored with."
}

func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// Element is one child of <Error>.
type Element struct{ Name, Value string }
