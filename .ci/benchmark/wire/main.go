// Command wire measures the S3 endpoint from outside, beside moto_server and beside a bare handler, with one load generator.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "bare" {
		fail(serveBare())
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wire BINARY")
		os.Exit(2)
	}
	fail(compare(os.Args[1]))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "wire:", err)
		os.Exit(1)
	}
}

// compare drives every load against all servers in turn, several times, so that what else the machine does falls on all.
func compare(binary string) error {
	bare, err := startBare()
	if err != nil {
		return err
	}
	defer bare.stop()
	ours, err := startKeyhole(binary)
	if err != nil {
		return err
	}
	defer ours.stop()
	servers := []*server{ours, bare}
	if moto, err := startMoto(); err != nil {
		fmt.Println("moto_server is not measured:", err)
	} else {
		defer moto.stop()
		servers = append(servers, moto)
	}
	fmt.Printf("keyhole simulate: ready after %d ms, resident %.1f MiB idle\n", ours.ready.Milliseconds(), ours.resident())
	got := measure(servers)
	fmt.Printf("keyhole simulate: resident %.1f MiB after the load\n", ours.resident())
	fmt.Printf("%-28s %12s %12s %12s %10s\n", "8 clients, a second", "keyhole", "bare", "moto", "of bare")
	for _, l := range loads {
		k, b, m := got[l.name]["keyhole"], got[l.name]["bare"], got[l.name]["moto"]
		fmt.Printf("%-28s %12s %12s %12s %10s\n", l.name, shown(k), shown(b), shown(m), ratio(k, b))
	}
	return sandboxes()
}

func shown(rate float64) string {
	if rate == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f", rate)
}

func ratio(a, b float64) string {
	if b == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", a/b)
}
