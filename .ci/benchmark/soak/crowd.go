package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keyhole/simulator/sigv4"
)

const (
	accessKey = "AKIAIOSFODNN7EXAMPLE"
	secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	guestKey  = "AKIAI44QH8DHBEXAMPLE"
	guestPass = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
)

// worldFile has one user who may do everything and one who may do nothing.
const worldFile = `{"profile": "2022", "accounts": [{"id": "111122223333", "users": [
	{"name": "owner", "access_key": "` + accessKey + `", "secret_key": "` + secretKey + `", "policies": {"all": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}},
	{"name": "guest", "access_key": "` + guestKey + `", "secret_key": "` + guestPass + `"}]}]}`

// crowd is the clients and what they heard.
type crowd struct {
	base string
	http *http.Client
	mu   sync.Mutex
	seen map[string]int
	next atomic.Int64
}

func newCrowd(base string) *crowd {
	return &crowd{base: base, seen: map[string]int{}, http: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: 2 * clients},
		Timeout:   30 * time.Second,
	}}
}

func (c *crowd) prepare() error {
	for _, path := range []string{"/soak", "/versions"} {
		if status := c.send(context.Background(), request{method: "PUT", target: path}); status != 200 {
			return fmt.Errorf("PUT %s: %d", path, status)
		}
	}
	c.send(context.Background(), request{method: "PUT", target: "/versions?versioning",
		body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"})
	return nil
}

// request is one request of the mix.
type request struct {
	method, target, body string
	header               map[string]string
	guest                bool // who may do nothing: the refusal is tried on a shadow of the world
	cut                  bool // the client goes away before the answer
}

// mix is what the n-th request is. Keys come round again, so that what is stored stays bounded.
func mix(n int64) request {
	key := fmt.Sprintf("/soak/folder-%d/object-%d", n%7, n%199)
	version := fmt.Sprintf("/versions/object-%d", n%13)
	switch n % 20 {
	case 0, 1, 2, 3:
		return request{method: "PUT", target: key, body: strings.Repeat("soak ", int(n%900)+1)}
	case 4:
		return request{method: "PUT", target: key, body: "locked away", header: customerKey()}
	case 5, 6, 7, 8, 9:
		return request{method: "GET", target: key}
	case 10:
		return request{method: "HEAD", target: key}
	case 11:
		return request{method: "GET", target: "/soak?list-type=2&prefix=folder-3/&max-keys=50"}
	case 12:
		return request{method: "GET", target: key, guest: true}
	case 13:
		return request{method: "PUT", target: version, body: "v"}
	case 14:
		return request{method: "DELETE", target: version}
	case 15:
		return request{method: "POST", target: "/versions?delete", body: ""}
	case 16:
		return request{method: "GET", target: "/versions?versions&max-keys=1000"}
	case 17:
		return request{method: "PUT", target: "/soak?policy", body: fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"S%d","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::soak/never-%d"}]}`, n%5, n%300)}
	case 18:
		return request{method: "GET", target: "/soak/missing?x=%zz"}
	}
	return request{method: "GET", target: key, cut: true}
}

func customerKey() map[string]string {
	key := []byte("0123456789abcdef0123456789abcdef")
	sum := md5.Sum(key)
	const prefix = "X-Amz-Server-Side-Encryption-Customer-"
	return map[string]string{prefix + "Algorithm": "AES256", prefix + "Key": base64.StdEncoding.EncodeToString(key), prefix + "Key-Md5": base64.StdEncoding.EncodeToString(sum[:])}
}

// run sends n requests from all clients at a rate a second; zero is as fast as they can.
func (c *crowd) run(n int, rate float64) {
	end := c.next.Load() + int64(n)
	began, first := time.Now(), c.next.Load()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				i := c.next.Add(1)
				if i > end {
					return
				}
				if rate > 0 {
					time.Sleep(time.Until(began.Add(time.Duration(float64(i-first) / rate * float64(time.Second)))))
				}
				c.one(i)
			}
		})
	}
	wg.Wait()
	c.next.Store(end)
}

// rate is how many requests a second the crowd sends when nothing holds it back.
func (c *crowd) rate(d time.Duration) float64 {
	began, first := time.Now(), c.next.Load()
	for time.Since(began) < d {
		c.run(1000, 0)
	}
	return float64(c.next.Load()-first) / time.Since(began).Seconds()
}

func (c *crowd) one(n int64) {
	r := mix(n)
	ctx := context.Background()
	if r.cut {
		short, cancel := context.WithTimeout(ctx, 200*time.Microsecond)
		defer cancel()
		ctx = short
	}
	if n%20 == 15 { // versions are removed for good, so that they do not heap up
		c.sweep(ctx)
		return
	}
	c.count(r.method, c.send(ctx, r))
}

func (c *crowd) count(method string, status int) {
	c.mu.Lock()
	c.seen[fmt.Sprintf("%s %d", method, status)]++
	c.mu.Unlock()
}

func (c *crowd) answers() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for what, n := range c.seen {
		lines = append(lines, fmt.Sprintf("%s: %d", what, n))
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

// rest lets every connection go, so that what is left is what leaked.
func (c *crowd) rest() {
	c.http.CloseIdleConnections()
	time.Sleep(300 * time.Millisecond)
}

// send sends one request and returns its status; 0 when no answer came.
func (c *crowd) send(ctx context.Context, r request) int {
	status, _ := c.answer(ctx, r)
	return status
}

func (c *crowd) answer(ctx context.Context, r request) (int, []byte) {
	body := []byte(r.body)
	h, err := http.NewRequestWithContext(ctx, r.method, c.base+r.target, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	for name, value := range r.header {
		h.Header.Set(name, value)
	}
	if r.method == "POST" {
		sum := md5.Sum(body)
		h.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:]))
	}
	keys := sigv4.Keys{AccessKey: accessKey, Secret: secretKey}
	if r.guest {
		keys = sigv4.Keys{AccessKey: guestKey, Secret: guestPass}
	}
	sum := sha256.Sum256(body)
	sigv4.Sign(h, keys, "us-east-1", "s3", hex.EncodeToString(sum[:]), time.Now())
	answer, err := c.http.Do(h)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	got, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, got
}
