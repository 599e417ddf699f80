package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"keyhole/simulator/sigv4"
	"keyhole/simulator/world"
)

// BenchmarkList is one page of a thousand objects, of a bucket that has just those.
func BenchmarkList(b *testing.B) {
	w := world.New(world.Options{Seed: "bench", Now: time.Now, Limits: world.Limits{Versions: 1 << 20}})
	key, _ := w.KeyOf(world.DefaultAccount, "admin")
	s, none := New(Options{World: w}), sha256.Sum256(nil)
	request := func(method, target string) *http.Request {
		r := httptest.NewRequest(method, "http://127.0.0.1:9000"+target, nil)
		sigv4.Sign(r, sigv4.Keys{AccessKey: key.ID, Secret: key.Secret}, "us-east-1", "s3", hex.EncodeToString(none[:]), time.Now())
		return r
	}
	s.ServeHTTP(httptest.NewRecorder(), request("PUT", "/bench"))
	for i := range 1000 {
		s.ServeHTTP(httptest.NewRecorder(), request("PUT", fmt.Sprintf("/bench/folder/key-%04d", i)))
	}
	for name, target := range map[string]string{"V2": "/bench?list-type=2", "versions": "/bench?versions"} {
		b.Run(name, func(b *testing.B) {
			r := request("GET", target)
			b.ReportAllocs()
			for b.Loop() {
				answer := discard{header: http.Header{}}
				s.ServeHTTP(&answer, r)
				if answer.status != http.StatusOK {
					b.Fatal(answer.status)
				}
			}
		})
	}
}
