package simulator

import (
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/s3"
)

// asks is what a browser asks on behalf of a page: method and header names. S3 also reads the preflight's headers on an
// actual request. (recorded)
func (v *visit) asks() (method string, headers []string) {
	if method = v.request.Header.Get("Access-Control-Request-Method"); method == "" {
		method = v.Method
	}
	for _, name := range strings.Split(v.request.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			headers = append(headers, name)
		}
	}
	return method, headers
}

// preflight answers a browser's question before a cross-origin request. It comes before authentication and grants nothing
// but the browser's leave. (s3-wire 8)
func (s *Simulator) preflight(v *visit) (string, *exchange.Fault) {
	v.Trace.Operation = "Preflight"
	origin := v.request.Header.Get("Origin")
	if origin == "" {
		return "", exchange.Err(400, "BadRequest", "Insufficient information. Origin request header needed.").Told("A preflight needs an Origin header.")
	}
	method, headers := v.asks()
	found, configured := false, false
	var answer http.Header
	s.View(func(w *World) {
		if b, ok := w.Bucket(v.Bucket); ok {
			found = true
			answer, configured = s3.CORS(b, origin, method, headers)
		}
	})
	kind, message, say := "BUCKET", "", ""
	switch {
	case answer != nil:
		for name := range answer {
			v.Answer.Header.Set(name, answer.Get(name))
		}
		v.finished = true
		return "a CORS rule of the bucket lets pages of " + origin + " do this", nil
	case !found:
		message, say = "CORSResponse: Bucket not found", "There is no such bucket."
	case !configured:
		message, say = "CORSResponse: CORS is not enabled for this bucket.", "CORS is not enabled for this bucket."
	default:
		message = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
		say = "No CORS rule of the bucket allows this."
		if v.Key != "" {
			kind = "OBJECT"
		}
	}
	return "", exchange.Err(403, "AccessForbidden", message).With("Method", method).With("ResourceType", kind).Told(say)
}

// shareWith adds to the answer of an actual request what lets a page of another origin read it. A refusal carries it too.
func (s *Simulator) shareWith(v *visit, header http.Header) {
	origin := v.request.Header.Get("Origin")
	if origin == "" || v.Bucket == "" || v.Method == http.MethodOptions || v.Trace.Service != "s3" {
		return
	}
	method, headers := v.asks()
	s.View(func(w *World) {
		b, ok := w.Bucket(v.Bucket)
		if !ok {
			return
		}
		answer, configured := s3.CORS(b, origin, method, headers)
		switch {
		case answer != nil:
			for name := range answer {
				header.Set(name, answer.Get(name))
			}
			v.Note("CORS: a rule of the bucket lets pages of %s read this answer; it grants the request nothing", origin)
		case configured:
			v.Note("CORS: no rule of the bucket fits %s from %s, so a browser hides this answer from the page", method, origin)
		}
	})
}
