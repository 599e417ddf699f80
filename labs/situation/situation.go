// Package situation sends one policy question for real: a throw-away sandbox is made of its documents, and a signed request asks it.
package situation

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
	"keyhole/simulator/policy"
)

// What a request carries when the question does not say otherwise.
const (
	InternetAddress = "203.0.113.7"
	EndpointAddress = "10.0.0.7"
	EndpointID      = "vpce-0a1b2c3d4e5f60718"
	EndpointVPC     = "vpc-0a1b2c3d"
)

// Situation is one question with the documents that count.
type Situation struct {
	Principal  policy.Principal
	Action     string // "s3:PutObject"
	Resource   string // ARN or "*"
	Owner      string // 12 digits: the account that owns the resource
	Secure     bool   // over HTTPS
	Private    bool   // through the VPC endpoint EndpointID
	Encryption string // x-amz-server-side-encryption that a PutObject sends; "" for none
	Restrict   bool   // RestrictPublicBuckets
	Pairs      int    // how many permissions the question is about
	Clock      time.Time

	Documents map[string]string // by kind: bucket, identity, boundary, session, scp, rcp, vpce; "" or absent: none
	SCPAllows bool              // the scp has an Allow of its own, so FullAWSAccess need not stand beside it
	Lines     []Line            // of the context, as they were written
	Usual     policy.Context    // what a request like this carries without the lines
}

// Line is one condition key that was written by hand: its values, or that it is absent.
type Line struct {
	Key  string
	List []string
	Drop bool
}

// Sent is what came of it.
type Sent struct {
	Refused string // why no such request can be sent; "" when it was
	Trace   *simulator.Trace
}

// Send builds the sandbox and sends the request that asks the question. The error is of the sending, never the answer's.
func Send(ctx context.Context, s *Situation) (Sent, error) {
	in, why := s.prepare()
	if why != "" {
		return Sent{Refused: why}, nil
	}
	sim, keys, why := s.sandbox(in)
	if why != "" {
		return Sent{Refused: why}, nil
	}
	endpoint := "https://localhost:9443"
	if !in.transport.Secure {
		endpoint = "http://localhost:9000"
	}
	client := call.Client{
		Transport: sim.Client(in.transport), Endpoint: endpoint, Region: "us-east-1", Credentials: keys,
		Now: func() (t time.Time) {
			sim.View(func(w *simulator.World) { t = w.Now() })
			return t
		},
		Edit: func(r *http.Request) {
			for name, value := range in.header {
				r.Header.Set(name, value)
			}
		},
	}
	_, err := client.Do(ctx, in.row.operation, in.params)
	if wrong, ok := errors.AsType[*call.ParamError](err); ok {
		return Sent{Refused: "the SDK refuses to send it: " + strings.Join(wrong.Problems, "; ") + "."}, nil
	}
	traces := sim.Traces()
	if len(traces) == 0 {
		if err == nil {
			err = errors.New("situation: nothing was sent")
		}
		return Sent{}, err
	}
	return Sent{Trace: traces[len(traces)-1]}, nil
}

// bucket is the bucket the resource names; "" when it names none.
func (s *Situation) bucket() string {
	name, ok := strings.CutPrefix(s.Resource, "arn:aws:s3:::")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

const shown = 60 // characters of a value of the question, in a sentence

// cut shortens a value and takes the backticks out, which mark code in a sentence.
func cut(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "`", "'")
	if r := []rune(s); len(r) > shown {
		return string(r[:shown]) + "…"
	}
	return s
}
