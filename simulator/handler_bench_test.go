package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// BenchmarkHandler is one request without a socket: what the pipeline itself costs, with its allocations.
func BenchmarkHandler(b *testing.B) {
	for _, size := range []int{4 << 10, 1 << 20} {
		for _, method := range []string{"PUT", "GET"} {
			b.Run(method+map[int]string{4 << 10: "-4KiB", 1 << 20: "-1MiB"}[size], func(b *testing.B) {
				w := world.New(world.Options{Seed: "bench", Now: time.Now, Limits: world.Limits{SandboxBytes: 1 << 40, Versions: 1 << 30}})
				key, _ := w.KeyOf(world.DefaultAccount, "admin")
				keys := sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}
				s := New(Options{World: w})
				body := bytes.Repeat([]byte("k"), size)
				request := func(method, target string, body []byte) *http.Request {
					sum := sha256.Sum256(body)
					r := httptest.NewRequest(method, "http://127.0.0.1:9000"+target, bytes.NewReader(body))
					sigv4.Sign(r, keys, "us-east-1", "s3", hex.EncodeToString(sum[:]), time.Now())
					return r
				}
				s.ServeHTTP(httptest.NewRecorder(), request("PUT", "/bench", nil))
				s.ServeHTTP(httptest.NewRecorder(), request("PUT", "/bench/key", body))
				r := request(method, "/bench/key", nil)
				if method == "PUT" {
					r = request(method, "/bench/key", body)
				}
				sent := bytes.NewReader(body)
				b.ReportAllocs()
				b.SetBytes(int64(size))
				for b.Loop() {
					if method == "PUT" {
						sent.Reset(body)
						r.Body = io.NopCloser(sent)
					}
					answer := discard{header: http.Header{}}
					s.ServeHTTP(&answer, r)
					if answer.status != http.StatusOK {
						b.Fatal(answer.status)
					}
				}
			})
		}
	}
}

// discard is a ResponseWriter that keeps the status alone.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
