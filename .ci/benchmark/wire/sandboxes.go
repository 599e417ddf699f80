package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"keyhole/simulator"
	"keyhole/simulator/sigv4"
)

const idle = 1000 // sandboxes

// sandboxes measures what many sandboxes cost that nobody is using: each has a bucket and an object.
func sandboxes() error {
	before := residentSelf()
	kept := make([]*simulator.Simulator, idle)
	for i := range kept {
		w, err := simulator.ParseWorld([]byte(worldFile), simulator.WorldOptions{Seed: fmt.Sprint(i), Now: time.Now})
		if err != nil {
			return err
		}
		kept[i] = simulator.New(simulator.Options{World: w})
		c := http.Client{Transport: kept[i].Client(simulator.Transport{Secure: true, TLS: "1.3", Network: "internet"})}
		for _, target := range []string{"/bucket", "/bucket/object"} {
			r, err := http.NewRequest(http.MethodPut, "http://s3.amazonaws.com"+target, bytes.NewReader(nil))
			if err != nil {
				return err
			}
			sigv4.Sign(r, sigv4.Keys{AccessKey: accessKey, Secret: secretKey}, "us-east-1", "s3", hashOf(nil), time.Now())
			answer, err := c.Do(r)
			if err != nil {
				return err
			}
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return fmt.Errorf("sandbox %d: PUT %s: %s", i, target, answer.Status)
			}
		}
	}
	debug.FreeOSMemory()
	fmt.Printf("%d idle sandboxes of one bucket and one object: %.0f MiB resident\n", idle, residentSelf()-before)
	runtime.KeepAlive(kept)
	return nil
}

func residentSelf() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(text), "\n") {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}
