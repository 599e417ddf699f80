package shell_test

import (
	"context"
	"strings"
	"testing"

	"keyhole/labs/shell"
)

// What never ends or never stops growing ends at a limit that is named.
func TestBombs(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"an endless loop", "while true; do :; done", "number of commands"},
		{"an endless loop without commands that do anything", "until false; do continue; done", "number of commands"},
		{"an endless count", "for ((;;)); do :; done", "number of commands"},
		{"a function that calls itself", "f() { f; }; f", "depth of functions"},
		{"a function that calls itself twice", "f() { f | f; }; f", "depth of functions"},
		{"a string that doubles", "a=xxxxxxxx; while :; do a=$a$a; done", "size of all variables"},
		{"an output that floods", "openssl rand 1048576 > r; while :; do cat r; done", "output of a line"},
		{"a path out of the home folder", "cat a/../../../etc/passwd", "Permission denied"},
		{"a process of the host", "cat /proc/self/environ", "Permission denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := console(t)
			out := s.Run(context.Background(), c.line)
			if all := out.Stdout + out.Stderr; out.Code == 0 || !strings.Contains(all, c.want) {
				t.Errorf("code %d, printed %.300q, want something about %q", out.Code, all[max(0, len(all)-300):], c.want)
			}
			if n := len(out.Stdout); n > shell.MaxPrinted+1000 {
				t.Errorf("%d bytes shown", n)
			}
		})
	}
}
