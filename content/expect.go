package content

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keyhole/labs/call"
	"keyhole/simulator"
)

// meets compares an answer with what was expected; got says what came in the same words as want.
func (e *Expect) meets(a call.Output, t *simulator.Trace) (met bool, got string) {
	got = fmt.Sprint(a.Status)
	code, message := "", ""
	if a.Fault != nil {
		code, message = a.Fault.Code, a.Fault.Message
		if code == fmt.Sprint(a.Status) {
			code = "" // HEAD has no body, so the CLI makes the code of the status
		}
		got = strings.TrimSpace(got + " " + code)
	}
	if e == nil {
		return a.Status < 300, got
	}
	body := string(a.Body)
	if len(a.Body) == 0 && t != nil {
		body = t.Response.Body
	}
	var differs []string
	differ := func(format string, args ...any) { differs = append(differs, fmt.Sprintf(format, args...)) }
	if e.Message != "" && !strings.Contains(message, e.Message) {
		differ("message %q", message)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		have, sent := a.Header[http.CanonicalHeaderKey(name)]
		switch {
		case !sent:
			differ("no %s", name)
		case e.Headers[name] != "*" && have[0] != e.Headers[name]:
			differ("%s: %s", name, have[0])
		}
	}
	for _, name := range e.AbsentHeaders {
		if have, sent := a.Header[http.CanonicalHeaderKey(name)]; sent {
			differ("%s: %s", name, have[0])
		}
	}
	if e.Body != nil && body != *e.Body {
		differ("body %q", shorten(body))
	}
	for _, part := range e.BodyHas {
		if !strings.Contains(body, part) {
			differ("no %s in the body", part)
		}
	}
	for _, part := range e.BodyLacks {
		if strings.Contains(body, part) {
			differ("%s in the body", part)
		}
	}
	if len(differs) > 0 {
		got += ", " + strings.Join(differs, ", ")
	}
	return a.Status == e.Status && code == e.Code && len(differs) == 0, got
}

// words is the expectation in one line.
func (e *Expect) words() string {
	if e == nil {
		return "success"
	}
	parts := []string{strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, e.Code))}
	if e.Message != "" {
		parts = append(parts, fmt.Sprintf("message %q", e.Message))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		if e.Headers[name] == "*" {
			parts = append(parts, name)
		} else {
			parts = append(parts, name+": "+e.Headers[name])
		}
	}
	for _, name := range e.AbsentHeaders {
		parts = append(parts, "no "+name)
	}
	if e.Body != nil {
		parts = append(parts, fmt.Sprintf("body %q", shorten(*e.Body)))
	}
	for _, part := range e.BodyHas {
		parts = append(parts, part+" in the body")
	}
	for _, part := range e.BodyLacks {
		parts = append(parts, "no "+part+" in the body")
	}
	return strings.Join(parts, ", ")
}

// shorten keeps a line of want and got readable.
func shorten(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
