package main

import (
	"bufio"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"keyhole/simulator/sigv4"
)

// The keys every server takes.
const (
	accessKey = "AKIAIOSFODNN7EXAMPLE"
	secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// server is one server of S3, in a process of its own.
type server struct {
	name  string
	url   string
	tls   string // base URL over TLS, where there is one
	ca    string
	keys  sigv4.Keys
	ready time.Duration
	cmd   *exec.Cmd
	dir   string
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	_ = os.RemoveAll(s.dir)
}

// resident is the resident memory in MiB.
func (s *server) resident() float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for _, line := range strings.Split(string(text), "\n") {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

func startBare() (*server, error) {
	s := &server{name: "bare", keys: sigv4.Keys{AccessKey: accessKey, Secret: secretKey}}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return s, s.start(exec.Command(self, "bare"), func(line string) error { s.url = line; return nil })
}

// worldFile has one account whose user may do everything, with keys every server takes.
const worldFile = `{"profile": "2026", "accounts": [{"id": "111122223333", "users": [{"name": "bench", "access_key": "` + accessKey + `", "secret_key": "` + secretKey + `",
	"policies": {"all": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}}]}]}`

func startKeyhole(binary string) (*server, error) {
	dir, err := os.MkdirTemp("", "keyhole-wire-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "world.json")
	if err := os.WriteFile(file, []byte(worldFile), 0o600); err != nil {
		return nil, err
	}
	s := &server{name: "keyhole", dir: dir}
	cmd := exec.Command(binary, "simulate", "--world", file, "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--ca-dir", filepath.Join(dir, "ca"))
	err = s.start(cmd, func(line string) error {
		var ready struct{ HTTP, TLS, CA string }
		if err := json.Unmarshal([]byte(line), &ready); err != nil {
			return err
		}
		s.url, s.tls, s.ca = ready.HTTP, ready.TLS, ready.CA
		return nil
	})
	s.keys = sigv4.Keys{AccessKey: accessKey, Secret: secretKey}
	return s, err
}

// start runs a server until it prints its first line.
func (s *server) start(cmd *exec.Cmd, first func(line string) error) error {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return fmt.Errorf("%s said nothing: %w", s.name, err)
	}
	s.ready = time.Since(began)
	return first(strings.TrimSpace(line))
}

// startMoto runs moto_server, which says nothing when it answers.
func startMoto() (*server, error) {
	path, err := exec.LookPath("moto_server")
	if err != nil {
		return nil, errors.New("moto_server is not on this machine")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(path, "-H", "127.0.0.1", "-p", port)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{name: "moto", url: "http://" + address, cmd: cmd, keys: sigv4.Keys{AccessKey: accessKey, Secret: secretKey}}
	for range 200 {
		if c, err := net.Dial("tcp", address); err == nil {
			return s, c.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil, errors.New("moto_server did not start")
}

// bare is the floor: it verifies the signature, hashes the body, makes an MD5 ETag and keeps the bytes in a map.
type bare struct {
	mu   sync.RWMutex
	kept map[string][]byte
	tags map[string]string
}

func (h *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := make([]byte, max(r.ContentLength, 0))
	_, err := io.ReadFull(r.Body, body)
	d := sigv4.Verify(sigv4.Request{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Header: r.Header, Host: r.Host, ContentLength: r.ContentLength},
		sigv4.Options{Region: "us-east-1", Service: "s3", Now: time.Now(), Lookup: func(string, string, *sigv4.Decision) (string, *sigv4.Refusal) { return secretKey, nil }})
	sum := sha256.Sum256(body)
	if err != nil || d.Refusal != nil || d.PayloadHash != hex.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if r.Method == http.MethodPut {
		tag := md5.Sum(body)
		h.mu.Lock()
		h.kept[r.URL.Path], h.tags[r.URL.Path] = body, `"`+hex.EncodeToString(tag[:])+`"`
		w.Header().Set("ETag", h.tags[r.URL.Path])
		h.mu.Unlock()
		return
	}
	h.mu.RLock()
	body, tag := h.kept[r.URL.Path], h.tags[r.URL.Path]
	h.mu.RUnlock()
	w.Header().Set("ETag", tag)
	_, _ = w.Write(body)
}

func serveBare() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, &bare{kept: map[string][]byte{}, tags: map[string]string{}})
}
