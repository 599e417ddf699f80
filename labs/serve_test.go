package labs

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyhole/labs/call"
	"keyhole/labs/shell"
)

// outside is a learner's own computer: a shell whose clients go over real listeners, with the credentials that
// `keyhole credentials` prints, signing in real time.
func (b *bench) outside(r *Run, tls, plain *httptest.Server) *shell.Session {
	d, err := decodeDocument(b.store.runs[r.ID()].doc)
	if err != nil {
		b.t.Fatal(err)
	}
	return &shell.Session{
		Home: d.Home.Clone(), Env: map[string]string{}, Profile: "app", Now: b.options.Now, Rand: b.options.Rand,
		Open: func(profile string, o shell.Connect) (*call.Client, error) {
			s, err := RoleSession(context.Background(), b.store, b.options.Labs, r.learner, r.ID(), profile, time.Hour, b.options.Now)
			if err != nil {
				return nil, err
			}
			server := tls
			if o.Plain {
				server = plain
			}
			return &call.Client{
				Transport: server.Client().Transport, Endpoint: server.URL, Now: b.options.Now,
				Credentials: call.Credentials{AccessKey: s.AccessKey, Secret: s.Secret, Token: s.Token},
			}, nil
		},
	}
}

func (b *bench) listeners() (tls, plain *httptest.Server) {
	tls, plain = httptest.NewTLSServer(b.runs), httptest.NewServer(b.runs)
	b.t.Cleanup(tls.Close)
	b.t.Cleanup(plain.Close)
	return tls, plain
}

func TestSolutionOverRealListeners(t *testing.T) {
	b := newBench(t)
	r, other := b.open("ana"), b.open("ben")
	if err := r.Advance(context.Background(), 24*time.Hour); err != nil { // the two clocks differ by more than the start
		t.Fatal(err)
	}
	s := b.outside(r, firstOf(b.listeners()), nil)
	for line := range strings.Lines(r.Lab().Solution) {
		s.Run(context.Background(), line)
	}
	if st := b.state(r); st.Passed.IsZero() {
		t.Fatalf("steps %v, open %v", done(st), open(b.check(r)))
	}
	if st := b.state(other); st.Total != 0 {
		t.Errorf("%d requests reached the other learner", st.Total)
	}
	if b.state(r).Requests[0].Transport.Secure != true {
		t.Error("the listener's TLS is not in the trace")
	}
}

func firstOf(tls, _ *httptest.Server) *httptest.Server { return tls }

func TestFindingTheSandbox(t *testing.T) {
	b := newBench(t)
	ana := b.open("ana")
	session := func(r *Run) call.Credentials {
		s, err := RoleSession(context.Background(), b.store, b.options.Labs, r.learner, r.ID(), "admin", time.Hour, b.options.Now)
		if err != nil {
			t.Fatal(err)
		}
		return call.Credentials{AccessKey: s.AccessKey, Secret: s.Secret, Token: s.Token}
	}
	tls, _ := b.listeners()
	head := func(path string, c call.Credentials) string {
		client := &call.Client{Transport: tls.Client().Transport, Endpoint: tls.URL + path, Now: b.options.Now, Credentials: c}
		out, err := client.Do(context.Background(), "GetBucketEncryption", map[string]any{"Bucket": "vault"})
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		if out.Fault != nil {
			code = out.Fault.Code
		}
		return strings.TrimSpace(fmt.Sprint(out.Status, " ", code))
	}
	stranger := call.Credentials{AccessKey: "AKIAIOSFODNN7EXAMPLE", Secret: "x"}
	if got := head("", call.Credentials{}); got != "403 AccessDenied" {
		t.Errorf("unsigned, one sandbox: %s", got)
	}
	if got := b.state(ana).Total; got != 1 {
		t.Errorf("the only sandbox got %d requests", got)
	}

	ben := b.open("ben")
	rows := []struct {
		name, path string
		as         call.Credentials
		want       string
		total      *Run // whose requests grow
	}{
		{"by ana's key", "", session(ana), "200", ana},
		{"by ben's key", "", session(ben), "200", ben},
		{"ana's key under ben's prefix", "/-/" + ben.ID(), session(ana), "400 InvalidToken", ben}, // the token was sealed by another world
		{"ben's key under his prefix, which is signed", "/-/" + ben.ID(), session(ben), "200", ben},
		{"unsigned under ana's prefix", "/-/" + ana.ID(), call.Credentials{}, "403 AccessDenied", ana},
		{"a key of nobody", "", stranger, "403 InvalidAccessKeyId", nil},
		{"the prefix of nobody", "/-/nosuchid", stranger, "403 InvalidAccessKeyId", nil},
		{"unsigned, two sandboxes", "", call.Credentials{}, "403 AccessDenied", nil},
	}
	for _, row := range rows {
		before := map[*Run]int{ana: b.state(ana).Total, ben: b.state(ben).Total}
		if got := head(row.path, row.as); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
		for r, n := range before {
			want := n
			if r == row.total {
				want++
			}
			if got := b.state(r).Total; got != want {
				t.Errorf("%s: %s has %d requests, want %d", row.name, r.learner, got, want)
			}
		}
	}

	// A presigned link names its key in the query.
	u := tls.URL + "/vault/x?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + url.QueryEscape(session(ben).AccessKey+"/20261123/us-east-1/s3/aws4_request")
	before := b.state(ben).Total
	answer, err := tls.Client().Get(u)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got := b.state(ben).Total; got != before+1 {
		t.Errorf("the presigned request did not reach ben's sandbox: %s", answer.Status)
	}
}

func TestKeysOfAResetRunDie(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	b.open("ben")
	s, err := RoleSession(context.Background(), b.store, b.options.Labs, "ana", r.ID(), "analyst", time.Hour, b.options.Now)
	if err != nil || s.Token != "" || !s.Expires.IsZero() {
		t.Fatalf("a user's key: %v %v", s, err)
	}
	if _, err := r.Reset(context.Background()); err != nil {
		t.Fatal(err)
	}
	_, plain := b.listeners()
	req, _ := http.NewRequest(http.MethodGet, plain.URL+"/vault", nil)
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+s.AccessKey+"/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
	answer, err := plain.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 403 || !strings.Contains(string(body), "<Code>InvalidAccessKeyId</Code>") || !strings.Contains(string(body), "<AWSAccessKeyId>"+s.AccessKey) {
		t.Errorf("%s %s", answer.Status, body)
	}
}

func TestToolsHoldNoSecret(t *testing.T) {
	b := newBench(t)
	r := b.open("ana")
	tools := b.state(r).Tools
	for _, want := range []string{
		"[profile app]", "[profile admin]", "[profile analyst]", "endpoint_url = https://127.0.0.1:9443", "ca_bundle = /data/tls/ca.pem",
		"credential_process = /bin/keyhole credentials --data /data --learner ana --run " + r.ID() + " --role app\n", "addressing_style = path",
	} {
		if !strings.Contains(tools.Config, want) {
			t.Errorf("no %q in\n%s", want, tools.Config)
		}
	}
	for _, profile := range tools.Profiles {
		s, err := RoleSession(context.Background(), b.store, b.options.Labs, "ana", r.ID(), profile, time.Hour, b.options.Now)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(tools.Config, s.Secret) {
			t.Errorf("the secret of %s is on the page", profile)
		}
	}
}
