// Package exchange is the vocabulary of one request: the operation it asks for, what that needs, and everything decided on the way to the answer.
package exchange

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is one row: how a request for it looks, what it needs, who does it. Rows of a query service (iam, sts) and of
// a JSON service (kms) are told apart by their Name alone: the Action of the form, or the end of X-Amz-Target.
type Operation struct {
	Service, Name string                 // "s3", "iam", "sts", "kms" or "s3control"; "PutObjectRetention"
	Method        string                 // "PUT"
	Scope         Scope                  // Service, Bucket or Object
	Query         map[string]string      // discriminators: "retention": Any, "list-type": "2"
	Header        string                 // "X-Amz-Copy-Source", or ""
	Path          string                 // the whole path, for operations that are not addressed by bucket and key; "{name}" is one segment, "{name+}" one or more
	Host          string                 // start of the Host header, for the one operation that only its host tells apart
	Deprecated    bool                   // an older name of another row that looks the same; never chosen
	Payload       Payload                // what its body is
	Inspect       func(*Exchange) *Fault // of a query or JSON service: what is wrong with the parameters by themselves, before anything is allowed; nil: nothing
	Locate        func(*Exchange) *Fault // of a JSON service: finds what the request is about, before anything is allowed; nil: nothing to find
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
		literal, fits := o.along(path)
		if !fits {
			return 0, false
		}
		points += literal
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

// along says whether a path is the row's, and how many of its segments the row names.
func (o *Operation) along(path string) (literal int, ok bool) {
	if !strings.Contains(o.Path, "{") {
		return 2 * strings.Count(path, "/"), path == o.Path
	}
	literal, _, ok = o.segments(path)
	return literal, ok
}

// Segments are what stands in a path, which the row matches, for each {name} of the row's; decoded.
func (o *Operation) Segments(path string) map[string]string {
	_, named, _ := o.segments(path)
	return named
}

func (o *Operation) segments(path string) (literal int, named map[string]string, ok bool) {
	want, got := strings.Split(o.Path, "/"), strings.Split(path, "/")
	named = map[string]string{}
	for i, w := range want {
		name, variable := strings.CutPrefix(w, "{")
		name, whole := strings.CutSuffix(strings.TrimSuffix(name, "}"), "+")
		switch {
		case whole && variable: // up to what follows it in the row
			end := len(got) - (len(want) - i - 1)
			if end <= i {
				return 0, nil, false
			}
			got = slices.Concat(got[:i], []string{strings.Join(got[i:end], "/")}, got[end:])
		case i >= len(got), !variable && got[i] != w:
			return 0, nil, false
		}
		if !variable {
			literal += 2
			continue
		}
		value, err := url.PathUnescape(got[i])
		if err != nil || value == "" {
			return 0, nil, false
		}
		named[name] = value
	}
	return literal - 1, named, len(got) == len(want)
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
