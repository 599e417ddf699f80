package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

const worldForTunnels = `{"seed": "tunnels", "accounts": [{"id": "111122223333", "name": "main"}],
  "buckets": [{"name": "vault", "account": "111122223333"}]}`

// With the HTTP listener as HTTPS_PROXY, names below localhost need no DNS, and the TLS listener has a leaf for each.
func TestTheHTTPListenerTunnelsToItsOwnNames(t *testing.T) {
	s, r := startSimulate(t, worldForTunnels)
	pem, err := os.ReadFile(r.CA)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	proxy, err := url.Parse(r.HTTP)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	response, err := client.Get("https://vault.s3.localhost/a.txt")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	traces := s.Traces()
	if len(traces) != 1 || traces[0].Bucket != "vault" || traces[0].Key != "a.txt" || !traces[0].Transport.Secure {
		t.Errorf("%d traces, %+v", len(traces), traces[0])
	}
	for _, name := range []string{"https://example.com/", "https://s3.amazonaws.com/", "https://169.254.169.254/", "https://localhost.example.com/"} {
		if response, err := client.Get(name); err == nil {
			_ = response.Body.Close()
			t.Errorf("%s went through", name)
		} else if !strings.Contains(err.Error(), "Forbidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(s.Traces()); n != 1 {
		t.Errorf("%d requests arrived", n)
	}
}

// send writes a request and its body without reading, as clients do that cannot read and write at once, then reads.
func send(t *testing.T, addr, head string, chunk []byte, chunks int, end string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	for i := range chunks {
		if _, err := conn.Write(chunk); err != nil {
			t.Fatalf("after %d of %d chunks: %v", i, chunks, err)
		}
	}
	if _, err := io.WriteString(conn, end); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the answer was lost: %v", err)
	}
	return response
}

// A refusal before the body must reach a client that sends all of it first.
func TestAnEarlyRefusalReachesAClientThatIsStillSending(t *testing.T) {
	_, r := startSimulate(t, worldForTunnels)
	addr := strings.TrimPrefix(r.HTTP, "http://")
	const size, count = 1 << 20, 48
	data := strings.Repeat("x", size)
	for _, c := range []struct {
		name, head, chunk, end string
		status                 int
	}{
		{"unknown key, declared length", fmt.Sprintf("PUT /vault/a HTTP/1.1\r\nHost: %s\r\nAuthorization: AWS AKIANOBODY00000000:x\r\nDate: %s\r\nContent-Length: %d\r\n\r\n",
			addr, time.Now().UTC().Format(http.TimeFormat), size*count), data, "", 403},
		{"unknown key, HTTP chunks", fmt.Sprintf("PUT /vault/a HTTP/1.1\r\nHost: %s\r\nAuthorization: nonsense\r\nTransfer-Encoding: chunked\r\n\r\n", addr),
			fmt.Sprintf("%x\r\n%s\r\n", size, data), "0\r\n\r\n", 400},
		{"an object above the limit", fmt.Sprintf("PUT /vault/a HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n", addr, size*count), data, "", 403},
		{"a form that is none", fmt.Sprintf("POST /vault HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", addr, size*count), data, "", 412},
	} {
		t.Run(c.name, func(t *testing.T) {
			response := send(t, addr, c.head, []byte(c.chunk), count, c.end)
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != c.status || !strings.Contains(string(body), "<Error>") {
				t.Errorf("%s: %s, %v", response.Status, body, err)
			}
		})
	}
}

// A client that waits for "100 Continue" gets its refusal at once and need not send anything.
func TestAClientThatWaitsForLeaveIsToldAtOnce(t *testing.T) {
	_, r := startSimulate(t, worldForTunnels)
	addr := strings.TrimPrefix(r.HTTP, "http://")
	response := send(t, addr, fmt.Sprintf("PUT /vault/a HTTP/1.1\r\nHost: %s\r\nAuthorization: nonsense\r\nExpect: 100-continue\r\nContent-Length: 1048576\r\n\r\n", addr), nil, 0, "")
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 400 || !strings.Contains(string(body), "InvalidArgument") {
		t.Errorf("%s: %s, %v", response.Status, body, err)
	}
}
