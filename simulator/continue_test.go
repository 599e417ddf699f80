package simulator

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A client that announces an empty body hears 100 before its answer, and the connection serves the next request.
func TestContinueBeforeAnEmptyBody(t *testing.T) {
	s := newScript(t, "2026")
	server := httptest.NewServer(s.simulator)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	for round := range 2 {
		if _, err := fmt.Fprint(conn, "PUT /b/k HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{http.StatusContinue, http.StatusNotFound} {
			answer, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != want {
				t.Fatalf("round %d: %s, want %d", round, answer.Status, want)
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// In process nobody waits for the 100: the answer is the final one.
func TestContinueInProcess(t *testing.T) {
	s := newScript(t, "2026")
	s.request("GET /nowhere\nExpect: 100-continue")
	if s.answer.StatusCode != http.StatusNotFound {
		t.Errorf("%s, want 404", s.answer.Status)
	}
}
