package main

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// A refusal often comes before the body. Clients send the rest all the same and read the answer afterwards; a connection
// that is closed meanwhile loses it (boto3 then says ConnectionClosedError instead of AccessDenied). So what is left of a
// body is read away after the answer, up to these limits.
const (
	drainBytes = 1 << 30
	drainTime  = 30 * time.Second
)

// drained lets every answer go out at once and reads away what its request still sends. A client that waits for
// "100 Continue" and got its answer instead sends nothing; it is not waited for.
func drained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect || r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		body := &watched{ReadCloser: r.Body}
		r.Body = body
		control := http.NewResponseController(w)
		duplex := control.EnableFullDuplex() == nil // else net/http reads a little of the body before it writes
		next.ServeHTTP(w, r)
		waits := strings.EqualFold(r.Header.Get("Expect"), "100-continue") && !body.read
		if body.ended || waits || !duplex {
			return
		}
		_ = control.Flush()
		_ = control.SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.CopyN(io.Discard, body, drainBytes)
	})
}

// watched knows whether a body was begun and whether it is over.
type watched struct {
	io.ReadCloser
	read, ended bool
}

func (b *watched) Read(p []byte) (int, error) {
	b.read = true
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err != nil
	return n, err
}
