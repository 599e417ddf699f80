package simulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
)

// Client is a way into the simulator without a socket, over a connection with the given transport.
func (s *Simulator) Client(t Transport) http.RoundTripper { return inProcess{s, t} }

type inProcess struct {
	simulator *Simulator
	transport Transport
}

// RoundTrip answers one request. It honours the request's context and closes its body, as every RoundTripper must.
func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in := r.Clone(WithTransport(ctx, p.transport))
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	in.Host = hostOf(r)
	in.URL.Scheme, in.URL.Host = "", ""
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if in.Header.Get("User-Agent") == "" {
		in.Header.Set("User-Agent", "Go-http-client/1.1")
	}
	if r.Body != nil {
		in.Body = io.NopCloser(withContext{ctx, r.Body})
		if in.ContentLength == 0 && r.Body != http.NoBody {
			in.ContentLength = -1 // as net/http reads it: unknown
		}
	}
	if in.ContentLength > 0 {
		in.Header.Set("Content-Length", strconv.FormatInt(in.ContentLength, 10))
	}
	w := &recorder{header: http.Header{}}
	p.simulator.ServeHTTP(w, in)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	body := w.body.Bytes()
	header := make(http.Header, len(w.header))
	for name, values := range w.header { // as net/http gives a client its headers
		header[http.CanonicalHeaderKey(name)] = values
	}
	length := int64(len(body))
	if n, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: length, Request: r,
	}, nil
}

// withContext stops reading when the request is given up.
type withContext struct {
	ctx  context.Context
	from io.Reader
}

func (b withContext) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.from.Read(p)
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // what is below is said on the way to the answer
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}
