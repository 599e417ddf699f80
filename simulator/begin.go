package simulator

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sigv4"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// begin makes the exchange of a request. What is secret is replaced here, so that no trace ever holds it.
func (s *Simulator) begin(r *http.Request) *visit {
	number := s.next()
	t := &exchange.Trace{Number: number, Service: "s3", Transport: transportOf(r)}
	var endpoint world.VPCEndpoint
	s.View(func(w *World) {
		t.ID, t.HostID, t.At = w.RequestID(number), w.HostID(number), w.Now()
		endpoint, _ = w.Endpoint(t.Transport.Network)
		if t.Transport.SourceIP == "" {
			t.Transport.SourceIP = w.SourceIP()
		}
	})
	v := &visit{
		Exchange: &exchange.Exchange{
			Trace: t, Method: r.Method, Header: r.Header, Size: r.ContentLength, Transport: t.Transport,
			Address:   hostOf(r) + prefixOf(r) + r.URL.EscapedPath(),
			Anonymous: true, Answer: exchange.Answer{Header: http.Header{}},
		},
		request: r, path: r.URL.EscapedPath(), endpoint: endpoint, trusted: s.trusting, hosts: basesOf(hostOf(r), s.hosts),
	}
	v.Judge(v.judge)
	if v.Header == nil {
		v.Header = http.Header{}
	}
	target := exchange.Target(v.path, r.URL.RawQuery)
	t.Request = exchange.Message{
		Line:   fmt.Sprintf("%s %s %s", r.Method, target, r.Proto),
		Method: r.Method, Target: target, Headers: exchange.Headers(withHost(r)), Size: max(r.ContentLength, 0),
	}
	return v
}

// withHost is the request's headers with Host among them, where net/http keeps it apart.
func withHost(r *http.Request) http.Header {
	h := r.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if host := hostOf(r); host != "" {
		h.Set("Host", host)
	}
	return h
}

func hostOf(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// prefixOf is the part of the path that a host cut off.
func prefixOf(r *http.Request) string {
	prefix, _ := r.Context().Value(prefixKey).(string)
	return prefix
}

// signed is the request as its signer saw it.
func (v *visit) signed() sigv4.Request {
	r := v.request
	prefix := prefixOf(r)
	return sigv4.Request{
		Method: r.Method, Path: prefix + v.path, RawQuery: r.URL.RawQuery,
		Header: r.Header, Host: hostOf(r), ContentLength: r.ContentLength,
		Prefix: prefix, Bucket: wire.HostBucket(hostOf(r), v.hosts),
	}
}

func tlsVersion(version uint16) string {
	return strings.TrimPrefix(tls.VersionName(version), "TLS ")
}

// caller is the function of ours in a stack that a panic left.
func caller(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") && i+2 < len(lines) {
			return lines[i+2]
		}
	}
	return "unknown"
}
