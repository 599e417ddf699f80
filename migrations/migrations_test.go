package migrations

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// One text serves both databases: words that only one of them knows are refused.
var foreign = regexp.MustCompile(`(?i)\b(strict|pragma|fts5?|autoincrement|serial|bigserial|jsonb?|blob|without rowid|timestamptz?|now\(\)|datetime)\b`)

func TestStepsAreNumberedWithoutGapsAndPortable(t *testing.T) {
	names, _ := fs.Glob(files, "*.sql")
	for i, name := range names {
		if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(name, want) {
			t.Errorf("step %d is %s, want %s…", i+1, name, want)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			code, _, _ := strings.Cut(line, "--")
			if word := foreign.FindString(code); word != "" {
				t.Errorf("%s:%d: %q is not the same on both databases", name, i+1, word)
			}
		}
		if strings.Contains(string(text), "+goose Down") {
			t.Errorf("%s goes down; the way back is the backup", name)
		}
	}
	if got := Latest(); got != int64(len(names)) {
		t.Errorf("latest is %d of %d", got, len(names))
	}
}
