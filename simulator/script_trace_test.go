package simulator

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"keyhole/simulator/sse"
)

// traced is what the trace of the last request says: where it stopped, its headline, and what decided.
func (s *script) traced(what string) string {
	traces := s.simulator.Traces()
	t := traces[len(traces)-1]
	switch what {
	case "stopped":
		return t.Stopped
	case "told":
		if t.Fault == nil {
			return ""
		}
		return t.Fault.Say
	}
	for _, a := range t.Authorization {
		if !a.Allowed && !a.Asked {
			return a.Action + ": " + a.Reason
		}
	}
	if t.Guard != nil && !t.Guard.Allowed {
		return t.Guard.Say
	}
	for _, checks := range [][]sse.KeyCheck{checksOf(t.Seal), checksOfOpen(t.Open)} {
		for _, c := range checks {
			if !c.Passed {
				return c.Name + ": sent " + c.Sent + ", want " + c.Want
			}
		}
	}
	return ""
}

func checksOf(d *sse.SealDecision) []sse.KeyCheck {
	if d == nil {
		return nil
	}
	return d.Checks
}

func checksOfOpen(d *sse.OpenDecision) []sse.KeyCheck {
	if d == nil {
		return nil
	}
	return d.Checks
}

// A trap shows the trace of every refusal: where the request stopped and what it is told.
func TestTrapsShowTheirTrace(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "traps", "*.txtar"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	refused := regexp.MustCompile(`^[45][0-9][0-9]( |$)`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			if f.Name == "want" && refused.Match(f.Data) && !strings.Contains(string(f.Data), "\nstopped ") {
				t.Errorf("%s: a refusal without its stage:\n%s", file, f.Data)
			}
		}
	}
}
