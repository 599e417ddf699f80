// Command summary reads `go test -json` and prints what a person wants to know: failures whole, skips by name, counts.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

func main() {
	outputs := map[string][]string{}
	var failed, skipped []string
	passed, packages := 0, 0
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 16<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // a build failure is plain text
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			outputs[name] = append(outputs[name], e.Output)
		case "pass":
			if e.Test == "" {
				packages++
				fmt.Printf("ok    %-36s %6.1f s\n", e.Package, e.Elapsed)
			} else {
				passed++
			}
		case "fail", "build-fail":
			failed = append(failed, name)
		case "skip":
			if e.Test != "" {
				skipped = append(skipped, e.Package+"."+e.Test+": "+reason(outputs[name]))
			}
		}
	}
	sort.Strings(failed)
	for _, name := range failed {
		fmt.Printf("\n--- FAILED %s\n%s", name, strings.Join(outputs[name], ""))
	}
	if len(skipped) > 0 {
		fmt.Printf("\n%d skipped:\n", len(skipped))
		sort.Strings(skipped)
		for _, s := range skipped {
			fmt.Println("  " + s)
		}
	}
	fmt.Printf("\n%d packages\n%d passed, %d failed, %d skipped\n", packages, passed, len(failed), len(skipped))
}

// reason is what the test said when it skipped.
func reason(lines []string) string {
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "---") || strings.HasPrefix(l, "===") {
			continue
		}
		if _, say, ok := strings.Cut(l, ".go:"); ok {
			if _, say, ok = strings.Cut(say, ": "); ok {
				return say
			}
		}
		return l
	}
	return "no reason given"
}
