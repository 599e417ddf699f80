// Package exchange is the vocabulary of one request: the operation it asks for, what that needs, and everything decided on the way to the answer.
package exchange

import (
	"net/http"
	"net/url"
	"strings"
)

// Operation is one row: how a request for it looks, what it needs, who does it. Rows of a query service (iam, sts) are
// told apart by their Name alone, which is the Action of the form.
type Operation struct {
	Service, Name string                 // "s3", "iam", "sts" or "s3control"; "PutObjectRetention"
	Method        string                 // "PUT"
	Scope         Scope                  // Service, Bucket or Object
	Query         map[string]string      // discriminators: "retention": Any, "list-type": "2"
	Header        string                 // "X-Amz-Copy-Source", or ""
	Path          string                 // the whole path, for the one operation that is not addressed by bucket and key
	Host          string                 // start of the Host header, for the one operation that only its host tells apart
	Deprecated    bool                   // an older name of another row that looks the same; never chosen
	Payload       Payload                // what its body is
	Inspect       func(*Exchange) *Fault // of a query service: what is wrong with the form by itself, before anything is allowed; nil: nothing
	Needs         []Need                 // IAM actions: always, or when a header asks for more
	Handle        func(*Exchange) *Fault // nil: known to AWS, not imitated here, and the trace says so
}

// Any stands for any value of a query discriminator, the empty one too.
const Any = "*"

// Scope is what the path of a request names.
type Scope int

// The scopes, from "/" to "/bucket/key".
const (
	Service Scope = iota
	Bucket
	Object
)

// Payload is what an operation does with its body, which decides how much of it is read.
type Payload int

// The kinds of payload.
const (
	NoPayload Payload = iota // ignored
	Document                 // XML
	Bytes                    // stored: an object or a part; may be aws-chunked
)

// Resource is what an action is checked on.
type Resource int

// The resources a need can name.
const (
	Everything Resource = iota // "*"
	TheBucket
	TheObject
	TheSource  // the object named by x-amz-copy-source
	TheKey     // the KMS key the request encrypts or opens with
	TheRole    // RoleName or RoleArn of a form, and so on
	TheUser    // UserName; the caller when the form names none
	TheGroup   // GroupName
	ThePolicy  // PolicyArn, else PolicyName
	TheMFA     // SerialNumber, else VirtualMFADeviceName
	TheAccount // "*" of the account the request names
)

// Need is one IAM action an operation needs.
type Need struct {
	Action   string // "s3:PutObjectRetention"
	On       Resource
	Resource func(*Exchange) string // the ARN, where On does not say it; nil: as On says
	When     func(*Exchange) bool   // nil: always
	Why      string                 // "because x-amz-object-lock-mode was sent"
}

// Match says whether a request for (scope, path, host) could be this operation, and by how many discriminators.
func (o *Operation) Match(method string, scope Scope, path, host string, query url.Values, header http.Header) (points int, ok bool) {
	if method != o.Method {
		return 0, false
	}
	if o.Path != "" {
		if path != o.Path {
			return 0, false
		}
		points += 2
	} else if scope != o.Scope {
		return 0, false
	}
	if o.Host != "" {
		if !strings.HasPrefix(host, o.Host) {
			return 0, false
		}
		points++
	}
	for name, want := range o.Query {
		got, sent := query[name]
		if !sent || want != Any && (len(got) == 0 || got[0] != want) {
			return 0, false
		}
		points++
	}
	if o.Header != "" {
		if _, sent := header[o.Header]; !sent {
			return 0, false
		}
		points++
	}
	return points, true
}

// Route finds the row with the most discriminators. tied is another row with as many, which a request
// gets by naming two subresources at once; nil, nil means no row has this method and scope.
func Route(rows []Operation, method string, scope Scope, path, host string, query url.Values, header http.Header) (row, tied *Operation) {
	best := -1
	for i := range rows {
		if rows[i].Deprecated {
			continue
		}
		points, ok := rows[i].Match(method, scope, path, host, query, header)
		switch {
		case !ok || points < best:
		case points == best:
			tied = &rows[i]
		default:
			best, row, tied = points, &rows[i], nil
		}
	}
	return row, tied
}
