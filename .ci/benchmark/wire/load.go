package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"keyhole/simulator/sigv4"
)

const (
	clients  = 8
	rounds   = 3
	loadTime = 2 * time.Second
	listed   = 1000 // keys of the listing
)

// load is one kind of request, sent by all clients for loadTime.
type load struct {
	name   string
	method string
	bytes  int                             // of the object
	target func(client int) string         // path and query
	before func(s *server, c *http.Client) // what must be there first
	header func(h http.Header)
	tls    bool   // over TLS where the server has it
	notOf  string // server that has nothing to answer
}

var loads = []load{
	{name: "PUT 4 KiB", method: "PUT", bytes: 4 << 10, target: own},
	{name: "GET 4 KiB", method: "GET", bytes: 4 << 10, target: own, before: putOwn(4 << 10)},
	{name: "PUT 1 MiB", method: "PUT", bytes: 1 << 20, target: own},
	{name: "GET 1 MiB", method: "GET", bytes: 1 << 20, target: own, before: putOwn(1 << 20)},
	{name: "PUT 4 KiB, SSE-C (TLS)", method: "PUT", bytes: 4 << 10, target: own, header: customerKey, tls: true, before: unblock, notOf: "bare"},
	{name: "ListObjectsV2 of 1,000 keys", method: "GET", target: func(int) string { return "/many?list-type=2&max-keys=1000" }, before: putMany, notOf: "bare"},
}

func own(client int) string { return "/bench/" + strconv.Itoa(client) }

// measure is the median of several rounds of every load, by load and server.
func measure(servers []*server) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	callers := map[string]*http.Client{}
	for _, s := range servers {
		callers[s.name] = s.client()
		s.send(callers[s.name], "PUT", s.url+"/bench", nil, nil)
	}
	for _, l := range loads {
		rates := map[string][]float64{}
		for round := range rounds {
			for _, s := range servers {
				if l.notOf == s.name || s.name == "moto" && round > 0 {
					continue
				}
				if l.before != nil && round == 0 {
					l.before(s, callers[s.name])
				}
				rates[s.name] = append(rates[s.name], s.drive(l, callers[s.name]))
			}
		}
		out[l.name] = map[string]float64{}
		for name, list := range rates {
			slices.Sort(list)
			out[l.name][name] = list[len(list)/2]
		}
	}
	for _, c := range callers {
		c.CloseIdleConnections()
	}
	return out
}

func (s *server) client() *http.Client {
	t := &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients, DisableCompression: true}
	if pem, err := os.ReadFile(s.ca); err == nil {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		t.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	return &http.Client{Transport: t, Timeout: 30 * time.Second}
}

// drive sends one load for loadTime and returns how many answers came a second.
func (s *server) drive(l load, c *http.Client) float64 {
	base := s.url
	if l.tls && s.tls != "" {
		base = s.tls
	}
	var body []byte
	if l.method == http.MethodPut {
		body = bytes.Repeat([]byte("k"), l.bytes)
	}
	var done, failed atomic.Int64
	var wg sync.WaitGroup
	began := time.Now()
	for i := range clients {
		wg.Go(func() {
			for time.Since(began) < loadTime {
				if n, ok := s.send(c, l.method, base+l.target(i), body, l.header); !ok || l.method == "GET" && n < l.bytes {
					failed.Add(1)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if failed.Load() > 0 {
		fmt.Printf("%s: %s failed\n", s.name, l.name)
		return 0
	}
	return float64(done.Load()) / time.Since(began).Seconds()
}

// sums are the hashes of bodies that are sent again and again, so that hashing them is not part of what is measured.
var sums sync.Map

func hashOf(body []byte) string {
	if known, ok := sums.Load(len(body)); ok {
		return known.(string)
	}
	sum := sha256.Sum256(body)
	text := hex.EncodeToString(sum[:])
	sums.Store(len(body), text)
	return text
}

// send sends one signed request and reads the whole answer.
func (s *server) send(c *http.Client, method, address string, body []byte, more func(http.Header)) (n int, ok bool) {
	r, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return 0, false
	}
	if more != nil {
		more(r.Header)
	}
	sigv4.Sign(r, s.keys, "us-east-1", "s3", hashOf(body), time.Now())
	answer, err := c.Do(r)
	if err != nil {
		fmt.Println(s.name, err)
		return 0, false
	}
	defer answer.Body.Close()
	read, err := io.Copy(io.Discard, answer.Body)
	return int(read), err == nil && answer.StatusCode < 300
}

func putOwn(size int) func(*server, *http.Client) {
	return func(s *server, c *http.Client) {
		for i := range clients {
			s.send(c, "PUT", s.url+own(i), bytes.Repeat([]byte("k"), size), nil)
		}
	}
}

func putMany(s *server, c *http.Client) {
	s.send(c, "PUT", s.url+"/many", nil, nil)
	for i := range listed {
		s.send(c, "PUT", s.url+fmt.Sprintf("/many/folder/object-%04d.txt", i), []byte("x"), nil)
	}
}

// unblock lets customer keys into the bucket, which new buckets refuse.
func unblock(s *server, c *http.Client) {
	const rule = `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`
	s.send(c, "PUT", s.url+"/bench?encryption", []byte(rule), func(h http.Header) {
		sum := md5.Sum([]byte(rule))
		h.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:]))
	})
}

func customerKey(h http.Header) {
	key := []byte("0123456789abcdef0123456789abcdef")
	sum := md5.Sum(key)
	h.Set("X-Amz-Server-Side-Encryption-Customer-Algorithm", "AES256")
	h.Set("X-Amz-Server-Side-Encryption-Customer-Key", base64.StdEncoding.EncodeToString(key))
	h.Set("X-Amz-Server-Side-Encryption-Customer-Key-Md5", base64.StdEncoding.EncodeToString(sum[:]))
}
