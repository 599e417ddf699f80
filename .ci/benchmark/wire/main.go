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

// compare starts each server in turn and drives all loads against it.
func compare(binary string) error {
	bare, err := startBare()
	if err != nil {
		return err
	}
	floor := bare.measure()
	bare.stop()

	ours, err := startKeyhole(binary)
	if err != nil {
		return err
	}
	fmt.Printf("keyhole simulate: ready after %d ms, resident %.1f MiB idle\n", ours.ready.Milliseconds(), ours.resident())
	got := ours.measure()
	fmt.Printf("keyhole simulate: resident %.1f MiB after the load\n", ours.resident())
	ours.stop()

	moto, err := startMoto()
	other := results{}
	if err != nil {
		fmt.Println("moto_server is not measured:", err)
	} else {
		other = moto.measure()
		moto.stop()
	}
	fmt.Printf("%-28s %12s %12s %12s %10s\n", "8 clients, a second", "keyhole", "bare", "moto", "of bare")
	for _, l := range loads {
		fmt.Printf("%-28s %12.0f %12s %12s %10s\n", l.name, got[l.name], shown(floor[l.name]), shown(other[l.name]), ratio(got[l.name], floor[l.name]))
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
