package simulator

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
)

// answer writes what was decided and keeps the trace. The trace is complete before the client hears anything.
func (s *Simulator) answer(w http.ResponseWriter, v *visit, fault *exchange.Fault) {
	t := v.Trace
	status, body, header := v.status(), v.Answer.Body, v.Answer.Header
	if fault != nil {
		status, header = fault.Status, http.Header{}
		body = errorBody(t, fault)
		for name, value := range fault.Header {
			header.Set(name, value)
		}
		if status != http.StatusNotModified {
			header.Set("Content-Type", "application/xml")
		}
		if queried[t.Service] != nil {
			header.Set("Content-Type", "text/xml")
		}
		if targeted[t.Service].rows != nil {
			header.Set("Content-Type", "application/x-amz-json-1.1")
		}
	}
	if v.Answer.XML && fault == nil {
		header.Set("Content-Type", "application/xml")
	}
	if v.called() {
		header.Set("X-Amzn-RequestId", t.ID)
	} else {
		header.Set("X-Amz-Request-Id", t.ID)
		header.Set("X-Amz-Id-2", t.HostID)
		header.Set("Server", "AmazonS3")
	}
	s.View(func(world *World) { header.Set("Date", wire.HTTPDate(world.In(v.Base, t.At))) })
	if v.Method == http.MethodHead && fault != nil || status == http.StatusNotModified || status == http.StatusNoContent {
		body = nil
	}
	if v.Method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	s.shareWith(v, header)
	header = onTheWire(header)
	t.Response = exchange.Message{
		Line:   fmt.Sprintf("HTTP/1.1 %d %s", status, http.StatusText(status)),
		Status: status, Headers: exchange.Headers(header), Size: int64(len(body)), Body: shown(hidden(t.Service, body)),
	}
	s.remember(t)
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	if v.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away has its answer in the trace
	}
}

// onTheWire spells header names as S3 does: x-amz-* in small letters. Some clients (botocore) show a learner's metadata
// under the name as it was spelt.
func onTheWire(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		if strings.HasPrefix(name, "X-Amz-") {
			name = strings.ToLower(name)
		}
		out[name] = values
	}
	return out
}

// errorBody is the fault in the form of the service the request was for, so that its client can read it.
func errorBody(t *exchange.Trace, f *exchange.Fault) []byte {
	switch t.Service {
	case "kms", "cloudtrail", "organizations":
		return exchange.JSONErrorBody(f)
	case "sts", "iam":
		return exchange.QueryErrorBody(t.Service, t.ID, f)
	}
	extra := make([][2]string, len(f.Extra))
	for i, e := range f.Extra {
		extra[i] = [2]string{e.Name, e.Value}
	}
	if t.Service == s3control {
		return wire.ControlErrorBody(f.Code, f.Message, extra, t.ID, t.HostID)
	}
	return wire.ErrorBody(f.Code, f.Message, extra, t.ID, t.HostID)
}

// secretElements are what the answers of IAM and STS hold and no trace may.
var secretElements = regexp.MustCompile(`<(SecretAccessKey|SessionToken|Base32StringSeed|QRCodePNG)>[^<]+<`)

// hidden is an answer's body as a trace may hold it.
func hidden(service string, body []byte) []byte {
	switch {
	case targeted[service].rows != nil:
		return secretMembers.ReplaceAll(body, []byte(`"$1"$2:$3"(hidden)"`))
	case queried[service] == nil:
		return body
	}
	return secretElements.ReplaceAll(body, []byte("<$1>(hidden)<"))
}
