package s3

import (
	"strings"
	"testing"
	"time"
)

// FuzzLogLine: whatever a client wrote into its request, its line in the log is one line of 27 fields and looks like no other.
func FuzzLogLine(f *testing.F) {
	f.Add("a b.txt", "GET /bucket/a%20b.txt HTTP/1.1", `"x" "`, "curl/8\n79a59df9", "null")
	f.Add("", "", "", "", "")
	f.Add("", "", "[of no request", "", "")
	f.Add("é\x7f%", "PUT /\\\" HTTP/1.1", "]", "[", "- -")
	f.Fuzz(func(t *testing.T, key, uri, referer, agent, version string) {
		r := LogRecord{Owner: "o", Bucket: "b", At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Key: key, URI: uri, Referer: referer, Agent: agent, Version: version, Size: -1}
		line := r.Line()
		for i := range len(line) {
			if c := line[i]; c < ' ' || c == 0x7f {
				t.Fatalf("a line holds the byte %d: %q", c, line)
			}
		}
		if got := logFields(line); got != 27 {
			t.Fatalf("%d fields in %q", got, line)
		}
	})
}

// logFields counts them: the moment, in brackets, is one, and so is what is in quotation marks.
func logFields(line string) (n int) {
	for line != "" {
		n++
		end := " "
		switch {
		case n == 3:
			end = "] "
		case line[0] == '"':
			end, line = `" `, line[1:]
		}
		_, rest, more := strings.Cut(line, end)
		if !more {
			return n
		}
		line = rest
	}
	return n
}
