package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyhole/content"
	"keyhole/labs"
	"keyhole/quiz/progress"
	"keyhole/quiz/store"
	"keyhole/web"
)

const workspace = "/labs/sse-c-by-hand/run"

// startLab is the study app with lab runs that never end up anywhere but in its store.
func startLab(t *testing.T) *app {
	t.Helper()
	ctx := context.Background()
	library, err := content.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return morning }
	db, err := store.Open(ctx, store.Options{Dir: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, id := range []string{"ana", "ben"} {
		if err := db.CreateLearner(ctx, progress.Learner{ID: id, Name: id, Created: morning}); err != nil {
			t.Fatal(err)
		}
	}
	draws := byte(0)
	runs, err := labs.NewRuns(ctx, labs.Options{
		Labs: library.Labs, Store: db, Now: now,
		Rand: func(n int) []byte {
			draws++
			return bytes.Repeat([]byte{draws, 0xa5}, n)[:n]
		},
		Endpoints: func() labs.Endpoints {
			return labs.Endpoints{HTTP: "http://127.0.0.1:9000", TLS: "https://127.0.0.1:9443", CA: "/ca.pem", Data: "/data", Binary: "/keyhole"}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web.New(web.Options{
		Library: library, Labs: library.Labs, Store: db, Runs: runs, Now: now, NewID: func() string { return "test-id" },
		Learner: func(r *http.Request) string { return r.Header.Get(learnerHeader) },
	}))
	t.Cleanup(server.Close)
	return &app{T: t, server: server, store: db, library: library}
}

func (v *visitor) run(line string) page {
	v.Helper()
	return v.post(workspace+"/exec", url.Values{"line": {line}})
}

const refusedUpload = "aws s3api put-object --bucket vault --key secret.txt --body one.txt --sse-customer-algorithm AES256 --sse-customer-key fileb://k1.bin"

func TestLabWithoutScripts(t *testing.T) {
	a := startLab(t)
	ana := a.visit("ana")
	if p := ana.get(workspace); p.path != "/labs/sse-c-by-hand" || p.Find("form[action$='/start']").Length() != 1 {
		t.Fatalf("before it was started: %s", p.path)
	}
	p := ana.post("/labs/sse-c-by-hand/start", nil)
	if p.path != workspace || p.Find(".step[data-state=now] h2").Text() != "See the refusal" {
		t.Fatalf("%s: %q", p.path, p.Find(".step[data-state=now] h2").Text())
	}

	ana.post(workspace+"/predict", url.Values{"step": {"refused"}, "option": {"stored"}})
	p = ana.run(refusedUpload)
	if got := p.Find(".verdict__code").Text(); got != "403 AccessDenied" {
		t.Errorf("verdict %q", got)
	}
	if got := p.Find("main").AttrOr("data-show", ""); got != "xray" {
		t.Errorf("a refusal shows %q on a small screen", got)
	}
	if got := p.Find("tr.ghost").Text(); !strings.Contains(got, "Request 1 was refused: nothing was written") {
		t.Errorf("ghost row %q", got)
	}
	if got := p.Find("#step-refused .predict").Text(); !strings.Contains(got, "You predicted") || !strings.Contains(got, "403 AccessDenied") {
		t.Errorf("prediction %q", got)
	}
	if got := p.Find(".term__rc").Text(); !strings.Contains(got, "request 1, exit 255.") {
		t.Errorf("console %q", got)
	}
	if p = ana.post(workspace+"/check", nil); p.Find(".report li[data-ok=false]").Length() == 0 || !strings.Contains(p.Find("[role=status]").Text(), "do not hold") {
		t.Error("a failed check is not told")
	}

	lab, _ := a.library.Lab("lg05")
	for line := range strings.Lines(lab.Solution) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			p = ana.run(line)
		}
	}
	if got := p.Find(".labbar .badge").Text(); got != "Passed" {
		t.Fatalf("badge %q, open: %s", got, p.Find(".report li[data-ok=false]").Text())
	}
	if got := p.Find(".objs tbody tr").Length(); got != 3 {
		t.Errorf("%d rows of versions", got)
	}
	for tab, want := range map[string]string{"why": ".gates", "wire": ".hdrs", "encryption": ".ladder"} {
		p = ana.get(workspace + "?request=4&tab=" + tab)
		if p.Find("#p-"+tab+":not([hidden]) "+want).Length() == 0 {
			t.Errorf("the permalink of the %s view shows no %s", tab, want)
		}
	}
	if p = ana.get(workspace + "?request=999"); !strings.Contains(p.Find("#xray").Text(), "Request 999 is not kept") {
		t.Error("a request that is not kept is not told")
	}
}

func TestLabFormsRefuseNonsense(t *testing.T) {
	a := startLab(t)
	ana := a.visit("ana")
	ana.post("/labs/sse-c-by-hand/start", nil)
	rows := []struct {
		form   string
		values url.Values
		want   int
	}{
		{"predict", url.Values{"step": {"refused"}, "option": {"nonsense"}}, 422},
		{"hint", url.Values{"step": {"nonsense"}}, 422},
		{"clock", url.Values{"jump": {"-1h"}}, 422},
		{"clock", url.Values{"jump": {"99999d"}}, 422},
		{"act", url.Values{"profile": {"mallory"}}, 422},
		{"exec", url.Values{"line": {strings.Repeat("x", labs.MaxLine+1)}}, 200},
		{"exec", url.Values{"line": {"  "}}, 200},
	}
	for _, row := range rows {
		if p := ana.post(workspace+"/"+row.form, row.values); p.status != row.want {
			t.Errorf("%s %.40v: %d, want %d", row.form, row.values, p.status, row.want)
		}
	}
	for _, path := range []string{"/labs/nothing", "/labs/nothing/run", workspace + "/file?name=nothing"} {
		if p := ana.get(path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}

func TestLabControls(t *testing.T) {
	a := startLab(t)
	ana := a.visit("ana")
	ana.post("/labs/sse-c-by-hand/start", nil)
	p := ana.post(workspace+"/clock", url.Values{"jump": {"30d"}})
	if got := p.Find(".clock__now").AttrOr("datetime", ""); got != "2026-07-01T00:00:00Z" {
		t.Errorf("clock %s", got)
	}
	p = ana.post(workspace+"/act", url.Values{"profile": {"admin"}})
	if got := p.Find("#who option[selected]").AttrOr("value", ""); got != "admin" {
		t.Errorf("acting as %q", got)
	}
	p = ana.post(workspace+"/hint", url.Values{"step": {"refused"}})
	if got := p.Find(".hint__text").Text(); !strings.Contains(got, "three headers") {
		t.Errorf("hint %q", got)
	}
	ana.run(refusedUpload)
	p = ana.post(workspace+"/reset", nil)
	if p.Find(".ghost").Length() != 0 || p.Find(".clock__now").AttrOr("datetime", "") != "2026-06-01T00:00:00Z" {
		t.Error("something is left after a reset")
	}
}

func TestLabPagesKeepSecretsAndLearnersApart(t *testing.T) {
	a := startLab(t)
	ana, ben := a.visit("ana"), a.visit("ben")
	ana.post("/labs/sse-c-by-hand/start", nil)
	if p := ben.get(workspace); p.path != "/labs/sse-c-by-hand" {
		t.Errorf("ben sees a run: %s", p.path)
	}
	if p := ben.get(workspace + "/file?name=k1.bin"); p.status != http.StatusNotFound {
		t.Errorf("ben gets a file: %d", p.status)
	}
	ben.post("/labs/sse-c-by-hand/start", nil)
	key := ana.get(workspace + "/file?name=k1.bin")
	if len(key.text) != 32 || key.header.Get("Content-Disposition") != "attachment" {
		t.Fatalf("%d bytes, %q", len(key.text), key.header.Get("Content-Disposition"))
	}
	if other := ben.get(workspace + "/file?name=k1.bin"); other.text == key.text {
		t.Error("two learners have one key")
	}
	lab, _ := a.library.Lab("lg05")
	for line := range strings.Lines(lab.Solution) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			ana.run(line)
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(key.text))
	for _, query := range []string{"?pane=tools", "?pane=log", "?request=1&tab=wire", "?request=3&tab=wire", "?request=11&tab=wire", "?request=11&tab=encryption"} {
		p := ana.get(workspace + query)
		if p.status != 200 || strings.Contains(p.text, encoded) || strings.Contains(p.text, key.text) {
			t.Errorf("%s: status %d, or a key is on the page", query, p.status)
		}
	}
	if p := ben.get(workspace); p.Find(".step[data-state=done]").Length() != 0 || p.Find(".objs").Length() != 0 {
		t.Error("ben sees what ana did")
	}
}
