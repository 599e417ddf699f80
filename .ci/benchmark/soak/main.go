// Command soak sends many requests at half of what the simulator can take and looks whether memory, goroutines and file descriptors come back to where they were.
package main

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"keyhole/simulator"
)

const (
	clients  = 8
	warmUp   = 20_000 // requests before the base is measured, so that every ring and cache is full
	unpaced  = 3 * time.Second
	slackMiB = 8 // of heap: what a collection may leave behind
	slackFDs = 2 // a listener that is just being closed
	slackGo  = 4 // goroutines of the runtime and the test server
)

func main() {
	n := flag.Int("n", 1_000_000, "requests")
	flag.Parse()
	if err := soak(*n); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func soak(n int) error {
	w, err := simulator.ParseWorld([]byte(worldFile), simulator.WorldOptions{Now: time.Now})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	sandbox := simulator.New(simulator.Options{World: w})
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Customer keys are refused over plain HTTP; the encryption of the connection is not what is soaked here.
		ctx := simulator.WithTransport(r.Context(), simulator.Transport{Secure: true, TLS: "1.3", Network: "internet", SourceIP: "127.0.0.1"})
		sandbox.ServeHTTP(w, r.WithContext(ctx))
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()

	c := newCrowd("http://" + l.Addr().String())
	if err := c.prepare(); err != nil {
		return err
	}
	c.run(warmUp, 0)
	c.rest()
	base := measure()
	fmt.Printf("base, after %d requests:  %s\n", warmUp, base)

	full := c.rate(unpaced)
	fmt.Printf("full load: %.0f requests a second; half of it: %.0f\n", full, full/2)
	began := time.Now()
	c.run(n, full/2)
	c.rest()
	end := measure()
	fmt.Printf("after %d more in %v: %s\n", n, time.Since(began).Round(time.Second), end)
	fmt.Printf("answers: %s\n", c.answers())
	return end.beyond(base)
}

// state is what a process holds.
type state struct {
	heap       float64 // MiB that live
	resident   float64 // MiB
	goroutines int
	files      int
}

func measure() state {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := state{heap: float64(m.HeapAlloc) / (1 << 20), goroutines: runtime.NumGoroutine()}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		s.files = len(entries)
	}
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, pages float64
		_, _ = fmt.Sscan(string(text), &size, &pages)
		s.resident = pages * float64(os.Getpagesize()) / (1 << 20)
	}
	return s
}

func (s state) String() string {
	return fmt.Sprintf("heap %.1f MiB, resident %.1f MiB, %d goroutines, %d file descriptors", s.heap, s.resident, s.goroutines, s.files)
}

// beyond says what did not come back.
func (s state) beyond(base state) error {
	switch {
	case s.heap > base.heap+slackMiB:
		return fmt.Errorf("the heap grew from %.1f to %.1f MiB", base.heap, s.heap)
	case s.goroutines > base.goroutines+slackGo:
		return fmt.Errorf("%d goroutines, %d before", s.goroutines, base.goroutines)
	case s.files > base.files+slackFDs:
		return fmt.Errorf("%d file descriptors, %d before", s.files, base.files)
	}
	return nil
}
