package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// Eight clients PUT and GET 4 KiB with SigV4 over a loopback socket, against the simulator and against a bare handler
// that only verifies the signature, hashes the body and keeps it: the least that could answer.
const (
	benchClients = 8
	benchBytes   = 4 << 10
)

func BenchmarkPutGet(b *testing.B) {
	w := world.New(world.Options{Seed: "bench", Now: time.Now, Limits: world.Limits{SandboxBytes: 1 << 40, Versions: 1 << 30}})
	key, _ := w.KeyOf(world.DefaultAccount, "admin")
	keys := sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}
	s := New(Options{World: w})
	b.Run("simulator", func(b *testing.B) { drive(b, s, keys) })
	b.Run("bare", func(b *testing.B) { drive(b, &bare{secret: key.Secret, kept: map[string][]byte{}}, keys) })
}

// bare is the floor: authentication and a map.
type bare struct {
	secret string
	mu     sync.Mutex
	kept   map[string][]byte
}

func (h *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d := sigv4.Verify(sigv4.Request{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header, Host: r.Host, ContentLength: r.ContentLength},
		sigv4.Options{Region: "us-east-1", Service: "s3", Now: time.Now(), Lookup: func(string, string, *sigv4.Decision) (string, *sigv4.Refusal) { return h.secret, nil }})
	sum := sha256.Sum256(body)
	if d.Refusal != nil || d.PayloadHash != hex.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Method == http.MethodPut {
		h.kept[r.URL.Path] = body
		return
	}
	_, _ = w.Write(h.kept[r.URL.Path])
}

func drive(b *testing.B, h http.Handler, keys sigv4.Keys) {
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchClients}}
	body := bytes.Repeat([]byte("k"), benchBytes)
	full, none := sha256.Sum256(body), sha256.Sum256(nil)
	send := func(method, target string, body []byte, sum [32]byte) int {
		r, _ := http.NewRequest(method, server.URL+target, bytes.NewReader(body))
		sigv4.Sign(r, keys, "us-east-1", "s3", hex.EncodeToString(sum[:]), time.Now())
		answer, err := client.Do(r)
		if err != nil {
			b.Error(err)
			return 0
		}
		n, _ := io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			b.Errorf("%s %s: %s", method, target, answer.Status)
		}
		return int(n)
	}
	send("PUT", "/bench", nil, none)
	for _, method := range []string{"PUT", "GET"} {
		b.Run(method, func(b *testing.B) {
			for i := range benchClients {
				send("PUT", "/bench/"+strconv.Itoa(i), body, full)
			}
			var next atomic.Int64
			var clients sync.WaitGroup
			b.ResetTimer()
			for i := range benchClients {
				clients.Go(func() {
					target := "/bench/" + strconv.Itoa(i)
					for next.Add(1) <= int64(b.N) {
						if method == "PUT" {
							send(method, target, body, full)
						} else if n := send(method, target, nil, none); n != benchBytes {
							b.Errorf("got %d bytes", n)
						}
					}
				})
			}
			clients.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
		})
	}
}
