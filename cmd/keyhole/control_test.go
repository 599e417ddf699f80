package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keyhole/simulator"
)

func TestWhatATestSuiteSteersAndAsks(t *testing.T) {
	w, err := simulator.ParseWorld([]byte(`{"clock": "2026-06-01T00:00:00Z"}`), simulator.WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := simulator.New(simulator.Options{World: w})
	h := newControl(s)
	refused := httptest.NewRequest("GET", "http://s3.amazonaws.com/vault", nil)
	s.ServeHTTP(httptest.NewRecorder(), refused)

	for _, row := range []struct {
		say, method, target, host, origin string
		status                            int
		contains                          string
	}{
		{"the clock shows the world's time", "GET", "/clock", "", "", 200, `"now": "2026-06-01T00:00:00Z"`},
		{"a day goes by", "POST", "/clock?advance=24h", "", "", 200, `"now": "2026-06-02T00:00:00Z"`},
		{"the clock does not go back", "POST", "/clock?advance=-1h", "", "", 400, "forward"},
		{"a day is no duration", "POST", "/clock?advance=1d", "", "", 400, "24h"},
		{"an age is too far", "POST", "/clock?advance=2000000h", "", "", 400, "200 years"},
		{"what was asked", "GET", "/requests", "", "", 200, `"code": "NoSuchBucket"`},
		{"why", "GET", "/requests/last", "", "", 200, `"There is no such bucket."`},
		{"by its number", "GET", "/requests/1", "", "", 200, `"ListObjects"`},
		{"one that never was", "GET", "/requests/9", "", "", 404, "no such request"},
		{"nothing happened by itself", "GET", "/journal", "", "", 200, "[]"},
		{"a name that a web site made up", "GET", "/clock", "evil.example", "", 421, "by address"},
		{"another site's page", "POST", "/clock?advance=1h", "", "https://evil.example", 403, ""},
		{"no such thing", "GET", "/", "", "", 404, ""},
	} {
		r := httptest.NewRequest(row.method, row.target, nil)
		if r.Host = "127.0.0.1:9100"; row.host != "" {
			r.Host = row.host
		}
		if row.origin != "" {
			r.Header.Set("Origin", row.origin)
		}
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		if answer.Code != row.status || !strings.Contains(answer.Body.String(), row.contains) {
			t.Errorf("%s: %d %s", row.say, answer.Code, answer.Body)
		}
	}
}

func TestSimulateOpensTheControlWhenAsked(t *testing.T) {
	_, server := startSimulate(t, `{}`, "127.0.0.1:0")
	if server.Control == "" {
		t.Fatal("the ready line names no control address")
	}
	answer, err := http.Post(server.Control+"/clock?advance=48h", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var clock struct{ Now time.Time }
	if err := json.NewDecoder(answer.Body).Decode(&clock); err != nil || time.Until(clock.Now) < 47*time.Hour {
		t.Errorf("the clock shows %s, %v", clock.Now, err)
	}
}
