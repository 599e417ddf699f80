package view

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the strict policy forbids must not stand in a template, not even in a branch that no test renders.
var banned = map[string]*regexp.Regexp{
	"an inline style":        regexp.MustCompile(`(?i)[\s{]style=|<style`),
	"a css component":        regexp.MustCompile(`(?m)^css `),
	"a script template":      regexp.MustCompile(`(?m)^script `),
	"an inline script":       regexp.MustCompile(`<script(\s+type="module")?>`),
	"hx-on":                  regexp.MustCompile(`hx-on`),
	"hx-vars":                regexp.MustCompile(`hx-vars`),
	"code in an attribute":   regexp.MustCompile(`["'\s]js:|javascript:`),
	"a trigger filter":       regexp.MustCompile(`hx-trigger="[^"]*\[`),
	"an event handler":       regexp.MustCompile(`\son[a-z]+=`),
	"htmx 2's event streams": regexp.MustCompile(`hx-sse="`),
}

func TestTemplatesNeedNothingInline(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, pattern := range banned {
			if at := pattern.FindIndex(data); at != nil {
				line := 1 + strings.Count(string(data[:at[0]]), "\n")
				t.Errorf("%s:%d: %s", file, line, what)
			}
		}
	}
}
