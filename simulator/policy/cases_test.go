package policy_test

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"keyhole/simulator/policy"
)

// eachCase reads every case file under testdata.
func eachCase(t testing.TB, f func(file string, c *policy.Case)) {
	t.Helper()
	files, err := filepath.Glob("testdata/cases-*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			if len(lines.Bytes()) == 0 {
				continue
			}
			c, err := policy.ParseCase(lines.Bytes())
			if err != nil {
				t.Fatalf("%s:%d: %v", name, n, err)
			}
			f(filepath.Base(name), c)
		}
		file.Close()
	}
}

func TestEveryCaseIsDecidedAsExpected(t *testing.T) {
	right, all := map[string]int{}, map[string]int{}
	eachCase(t, func(file string, c *policy.Case) {
		all[file]++
		got, at, decisions := c.Evaluate()
		if got == c.Expected {
			right[file]++
			return
		}
		d := decisions[at]
		t.Errorf("%s %s: %s, want %s (by %s, rule %s)\n  %s", file, c.ID, got, c.Expected, d.By, d.Rule, c.Reason)
	})
	for file, n := range all {
		t.Logf("%s: %d of %d", file, right[file], n)
	}
	if all["cases-textbook.jsonl"] != 172 || all["cases-dev.jsonl"] != 1500 {
		t.Errorf("the files hold %d textbook and %d dev cases, want 172 and 1500", all["cases-textbook.jsonl"], all["cases-dev.jsonl"])
	}
}

func TestTheQuickVerdictIsTheExplainedOne(t *testing.T) {
	eachCase(t, func(file string, c *policy.Case) {
		for _, p := range c.Pairs {
			d := policy.Evaluate(p.Request, p.Layers)
			if quick := policy.Decide(&p.Request, &p.Layers); quick != d.Verdict {
				t.Errorf("%s %s: Decide says %s, Evaluate %s", file, c.ID, quick, d.Verdict)
			}
		}
	})
}
