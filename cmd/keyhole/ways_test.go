package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"keyhole/simulator"
)

const worldWithEndpoints = `{
  "seed": "ways", "source_ip": "198.51.100.7",
  "accounts": [{"id": "111122223333", "name": "main"}],
  "buckets": [{"name": "vault", "account": "111122223333"}],
  "vpc_endpoints": [
    {"id": "vpce-0a1b2c3d", "vpc": "vpc-0a1b2c3d", "http": "127.0.0.1:0", "tls": "127.0.0.1:0"},
    {"id": "vpce-0000ffff", "vpc": "vpc-0a1b2c3d", "tls": "127.0.0.1:0"},
    {"id": "vpce-11112222", "vpc": "vpc-99990000"}]}`

// startSimulate runs the simulator with its listeners until the test ends, and returns the ready line.
func startSimulate(t *testing.T, world string, control ...string) (*simulator.Simulator, ready) {
	t.Helper()
	w, err := simulator.ParseWorld([]byte(world), simulator.WorldOptions{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := simulator.New(simulator.Options{World: w})
	out, in := io.Pipe()
	m := testMachine()
	m.stdout = in
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	dir := t.TempDir()
	go func() {
		done <- simulate(ctx, m, s, dir, addresses{"127.0.0.1:0", "127.0.0.1:0", strings.Join(control, "")})
		_ = in.Close()
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err, <-done)
	}
	var r ready
	if err := json.Unmarshal(line, &r); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return s, r
}

func TestEveryVPCEndpointHasListenersOfItsOwn(t *testing.T) {
	s, r := startSimulate(t, worldWithEndpoints)
	if len(r.Endpoints) != 3 {
		t.Fatalf("endpoints %+v", r.Endpoints)
	}
	one, two, three := r.Endpoints[0], r.Endpoints[1], r.Endpoints[2]
	if one.ID != "vpce-0a1b2c3d" || one.VPC != "vpc-0a1b2c3d" || two.HTTP != "" || three.HTTP == "" || three.TLS == "" {
		t.Errorf("endpoints %+v", r.Endpoints)
	}
	pem, err := os.ReadFile(r.CA)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	// A name below localhost is dialled on the loopback address, as resolvers do.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
		}}}
	for _, c := range []struct {
		url, network string
		secure       bool
	}{
		{r.HTTP, "internet", false},
		{r.TLS, "internet", true},
		{one.HTTP, "vpce-0a1b2c3d", false},
		{one.TLS, "vpce-0a1b2c3d", true},
		{two.TLS, "vpce-0000ffff", true},
		{strings.Replace(two.TLS, "127.0.0.1", "vault.s3.localhost", 1), "vpce-0000ffff", true}, // a leaf of its own for the name
		{three.TLS, "vpce-11112222", true},
	} {
		request, err := http.NewRequest("GET", c.url+"/vault", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Forwarded-For", "192.0.2.1") // a header changes nothing
		response, err := client.Do(request)
		if err != nil {
			t.Errorf("%s: %v", c.url, err)
			continue
		}
		_ = response.Body.Close()
		traces := s.Traces()
		got := traces[len(traces)-1].Transport
		if got.Network != c.network || got.Secure != c.secure || got.SourceIP != "198.51.100.7" {
			t.Errorf("%s came by %+v, want network %s, TLS %v, from 198.51.100.7", c.url, got, c.network, c.secure)
		}
	}
}

func TestAWorldWithoutEndpointsAnnouncesNone(t *testing.T) {
	s, r := startSimulate(t, `{"seed": "ways", "accounts": [{"id": "111122223333", "name": "main"}]}`)
	if r.Endpoints != nil {
		t.Errorf("endpoints %+v", r.Endpoints)
	}
	response, err := http.Get(r.HTTP + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if got := s.Traces()[0].Transport; got.SourceIP != "127.0.0.1" || got.Network != "internet" {
		t.Errorf("came by %+v, want the peer's own address on the internet", got)
	}
}

func TestABusyVPCEndpointIsNamedAndNothingStaysOpen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	world := strings.Replace(worldWithEndpoints, `"vpc": "vpc-99990000"`, `"vpc": "vpc-99990000", "http": "`+taken.Addr().String()+`"`, 1)
	w, err := simulator.ParseWorld([]byte(world), simulator.WorldOptions{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	plain := free.Addr().String()
	_ = free.Close()
	err = simulate(context.Background(), testMachine(), simulator.New(simulator.Options{World: w}), t.TempDir(), addresses{plain: plain, secure: "127.0.0.1:0"})
	if err == nil || !strings.Contains(err.Error(), "the VPC endpoint vpce-11112222 over HTTP is in use") {
		t.Errorf("err = %v", err)
	} // What was opened before the failure is free again.
	again, err := net.Listen("tcp", plain)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}
