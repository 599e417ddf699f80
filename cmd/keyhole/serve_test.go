package main

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// testConfig is a server on free ports with a data folder of its own.
func testConfig(data string) serveConfig {
	return serveConfig{listen: "127.0.0.1:0", http: "127.0.0.1:0", tls: "127.0.0.1:0", data: data, quiet: true, objectBytes: 16 << 20, sandboxBytes: 64 << 20}
}

func testMachine() *machine {
	return &machine{stdout: io.Discard, stderr: io.Discard, env: func(string) string { return "" }, now: time.Now, openBrowser: func(string) error { return nil }}
}

// startApp runs the product in this process until the test ends.
func startApp(t *testing.T, data string) *app {
	t.Helper()
	return startAppWith(t, testMachine(), testConfig(data))
}

func startAppWith(t *testing.T, m *machine, c serveConfig) *app {
	t.Helper()
	a, err := newApp(context.Background(), m, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// process is a server in a process of its own, which a test may kill.
type process struct {
	cmd *exec.Cmd
	url string
	out strings.Builder
}

func startProcess(t *testing.T, data string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0"}, args...)...)}
	p.cmd.Env = append(os.Environ(), rigVariable+"=1")
	p.cmd.Stderr = &p.out
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if f := strings.Fields(lines.Text()); len(f) == 2 && f[0] == "Study" {
			p.url = f[1]
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return p
		}
	}
	t.Fatalf("the server did not start: %s", p.out.String())
	return nil
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func TestAnUnknownHostIsRefusedEverywhereInTheApp(t *testing.T) {
	a := startApp(t, t.TempDir())
	for host, want := range map[string]int{"": 200, "evil.example": 421, "localhost": 421, "127.0.0.1.evil.example": 421} {
		r, err := http.NewRequest("GET", a.url()+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("Host %q got %d, want %d", host, resp.StatusCode, want)
		}
		if resp.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("Host %q: the answer has no Content-Security-Policy", host)
		}
	}
}

func TestTheThreeAddressesAreAnnounced(t *testing.T) {
	a := startApp(t, t.TempDir())
	var b strings.Builder
	a.announce(&b)
	for _, want := range []string{`Study +http://127\.0\.0\.1:\d+`, `AWS, HTTP +http://127\.0\.0\.1:\d+`, `AWS, TLS +https://127\.0\.0\.1:\d+`} {
		if !regexp.MustCompile(want).MatchString(b.String()) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
}

func TestASecondServerOnTheSameFolderIsRefused(t *testing.T) {
	data := t.TempDir()
	startApp(t, data)
	_, err := newApp(context.Background(), testMachine(), testConfig(data))
	if err == nil || !strings.Contains(err.Error(), "already using this data folder") {
		t.Errorf("err = %v", err)
	}
}

func TestABusyPortIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := testConfig(t.TempDir())
	c.http = l.Addr().String()
	_, err = newApp(context.Background(), testMachine(), c)
	if err == nil || !strings.Contains(err.Error(), l.Addr().String()) || !strings.Contains(err.Error(), "in use") {
		t.Errorf("err = %v", err)
	}
	// What was opened before the failure is free again.
	if _, err := newApp(context.Background(), testMachine(), testConfig(c.data)); err != nil {
		t.Errorf("after a refused start the folder is not free: %v", err)
	}
}

func TestADatabaseFromANewerVersionIsRefused(t *testing.T) {
	data := t.TempDir()
	a, err := newApp(context.Background(), testMachine(), testConfig(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(data, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("database files %v, %v", files, err)
	}
	db, err := sql.Open("sqlite", files[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = newApp(context.Background(), testMachine(), testConfig(data))
	if err == nil || !strings.Contains(err.Error(), "newer version") || strings.Contains(err.Error(), "\n") {
		t.Errorf("err = %v", err)
	}
}

func TestSIGTERMFinishesAndChecksTheLogIn(t *testing.T) {
	data := t.TempDir()
	p := startProcess(t, data)
	if code, _ := get(t, p.url+"/"); code != 200 {
		t.Fatalf("GET / = %d", code)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("exit: %v\n%s", err, p.out.String())
	}
	wal, err := filepath.Glob(filepath.Join(data, "*-wal"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range wal {
		if info, err := os.Stat(f); err == nil && info.Size() > 0 {
			t.Errorf("%s holds %d bytes after a clean stop", f, info.Size())
		}
	}
}

func TestAPanicInABackgroundTaskIsAnError(t *testing.T) {
	failed := make(chan error, 1)
	background("test", failed, func() error { panic("deliberate") })
	if err := <-failed; !strings.Contains(err.Error(), "deliberate") {
		t.Errorf("err = %v", err)
	}
}
