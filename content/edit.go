package content

import (
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// Edit changes one step of a proof before it runs.
type Edit struct {
	Step       int               // from 1
	SetHeader  map[string]string // set before signing
	DropHeader []string          // taken away before signing
	As         string            // another principal of the cast; "" leaves it
	Transport  string            // "https" or "http"; "" leaves it

	Params map[string]any // authors only: parameters replaced, nil takes one away
	Skip   bool           // authors only: the step is left out
}

// ErrEdit is what a refused edit wraps; its text can be shown to the learner.
var ErrEdit = errors.New("this edit cannot be sent")

// What a learner's edit may hold.
const (
	EditHeaders     = 8    // headers set or dropped in one edit
	EditNameBytes   = 128  // one header name
	EditValueBytes  = 1024 // one header value
	EditsOfOneTrial = 24   // edits of one run
)

// reserved headers belong to the connection or the signature: setting them would test net/http, not S3.
var reserved = []string{
	"Authorization", "Connection", "Content-Length", "Content-Encoding", "Date", "Expect", "Host", "Keep-Alive",
	"Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
	"X-Amz-Content-Sha256", "X-Amz-Date", "X-Amz-Decoded-Content-Length", "X-Amz-Security-Token", "X-Amz-Trailer",
}

// Check says why a learner's edit cannot be sent; nil means it can. Everything in it is hostile input.
func (e Edit) Check(p Proof) error {
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", ErrEdit, fmt.Sprintf(format, args...))
	}
	if e.Step < 1 || e.Step > len(p.Steps) {
		return refuse("there is no step %d", e.Step)
	}
	if len(e.Params) > 0 || e.Skip {
		return refuse("only headers, the principal and the transport can be changed")
	}
	if len(e.SetHeader)+len(e.DropHeader) > EditHeaders {
		return refuse("at most %d headers can be changed at once", EditHeaders)
	}
	if e.As != "" && !known(e.As) {
		return refuse("nobody of that name is in the sandbox")
	}
	switch e.Transport {
	case "", "https", "http":
	default:
		return refuse("the transport is https or http")
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(e.SetHeader)), e.DropHeader) {
		if why := headerName(name); why != "" {
			return refuse("%s", why)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.SetHeader)) {
		if why := headerValue(e.SetHeader[name]); why != "" {
			return refuse("the value of %s %s", name, why)
		}
	}
	return nil
}

// headerName says what is wrong with a name; it is only repeated when it is harmless.
func headerName(name string) string {
	switch {
	case name == "":
		return "a header needs a name"
	case len(name) > EditNameBytes:
		return fmt.Sprintf("a header name has at most %d characters", EditNameBytes)
	}
	for i := range len(name) {
		c := name[i]
		if !(c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return "a header name is made of letters, digits and hyphens"
		}
	}
	if slices.Contains(reserved, textproto.CanonicalMIMEHeaderKey(name)) {
		return name + " belongs to the connection or the signature and stays as it is"
	}
	return ""
}

func headerValue(value string) string {
	if len(value) > EditValueBytes {
		return fmt.Sprintf("is longer than %d bytes", EditValueBytes)
	}
	if strings.TrimSpace(value) != value {
		return "starts or ends with a space"
	}
	for i := range len(value) {
		if value[i] < 0x20 || value[i] > 0x7e {
			return "holds a character that is not printable ASCII"
		}
	}
	return ""
}

// apply changes a copy of the step.
func (e Edit) apply(s Step) Step {
	if e.As != "" {
		s.As = e.As
	}
	if e.Transport != "" {
		s.Over = e.Transport
	}
	if len(e.Params) > 0 {
		in := maps.Clone(s.In)
		if in == nil {
			in = map[string]any{}
		}
		for name, v := range e.Params {
			if v == nil {
				delete(in, name)
			} else {
				in[name] = v
			}
		}
		s.In = in
	}
	// The edit has the last word: what it drops is dropped even when the step sets it, and the other way round.
	set := maps.Clone(s.Set)
	if set == nil {
		set = map[string]string{}
	}
	maps.DeleteFunc(set, func(name, _ string) bool { return among(e.DropHeader, name) })
	maps.DeleteFunc(set, func(name, _ string) bool { return among(slices.Collect(maps.Keys(e.SetHeader)), name) })
	maps.Copy(set, e.SetHeader)
	s.Set = set
	kept := slices.DeleteFunc(slices.Clone(s.Drop), func(name string) bool { return among(slices.Collect(maps.Keys(e.SetHeader)), name) })
	s.Drop = slices.Concat(kept, e.DropHeader)
	return s
}

// among reports whether a header is in a list, whatever its case.
func among(list []string, name string) bool {
	return slices.ContainsFunc(list, func(n string) bool { return strings.EqualFold(n, name) })
}
