// Command benchmark measures the built product from outside: start-up, memory, pages, durable answers over HTTP, size.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: benchmark BINARY BINARY-WITH-SYMBOLS")
		os.Exit(2)
	}
	if err := measure(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func measure(binary, symbols string) error {
	dir, err := os.MkdirTemp("", "keyhole-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	empty, full := filepath.Join(dir, "empty"), filepath.Join(dir, "full")
	if err := startUp(binary, empty, "first start, empty folder", 1); err != nil {
		return err
	}
	if err := startUp(binary, empty, "start on an existing small database", 7); err != nil {
		return err
	}
	if err := fill(full); err != nil {
		return err
	}
	if err := startUp(binary, full, "start on an existing 30 MB database", 7); err != nil {
		return err
	}
	s, err := start(binary, full)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Printf("resident memory, idle after start: %s\n", s.resident())
	if err := pages(s.url); err != nil {
		return err
	}
	if err := answers(s.url); err != nil {
		return err
	}
	fmt.Printf("resident memory, after the load: %s\n", s.resident())
	return sizes(binary, symbols)
}

// server is one running `keyhole serve`.
type server struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration
}

func start(binary, data string) (*server, error) {
	cmd := exec.Command(binary, "serve", "--quiet", "--data", data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if s.ready == 0 {
			s.ready = time.Since(began)
		}
		if f := strings.Fields(lines.Text()); len(f) == 2 && f[0] == "Study" {
			s.url = f[1]
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s did not start", binary)
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

func (s *server) resident() string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return "not known here"
	}
	for _, line := range strings.Split(string(text), "\n") {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(v)
		}
	}
	return "not known here"
}

func startUp(binary, data, what string, times int) error {
	var all []time.Duration
	for range times {
		s, err := start(binary, data)
		if err != nil {
			return err
		}
		all = append(all, s.ready)
		s.stop()
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Printf("%s: ready after %v (median of %d, worst %v)\n", what, all[len(all)/2].Round(time.Millisecond), times, all[len(all)-1].Round(time.Millisecond))
	return nil
}
