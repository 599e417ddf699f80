package exchange

import (
	"strings"
	"testing"

	"keyhole/simulator/sse"
)

// A failed check whose answer nobody recorded says so in the trace; a recorded one does not.
func TestModelledAnswersAreLabelled(t *testing.T) {
	for name, row := range map[string]struct {
		checks []sse.KeyCheck
		want   string
	}{
		"customer key over plain HTTP":    {[]sse.KeyCheck{{Name: "transport", Modelled: true}}, "modelled: what AWS answers when the transport fails"},
		"wrong MD5, recorded":             {[]sse.KeyCheck{{Name: "key MD5"}}, ""},
		"over HTTPS, nothing failed":      {[]sse.KeyCheck{{Name: "transport", Passed: true}}, ""},
		"a check that passed is no claim": {[]sse.KeyCheck{{Name: "transport", Passed: true, Modelled: true}}, ""},
	} {
		x := &Exchange{Trace: &Trace{}}
		x.noteModelled(row.checks)
		if got := strings.Join(x.Trace.Notes, "\n"); (row.want == "") != (got == "") || !strings.HasPrefix(got, row.want) {
			t.Errorf("%s: notes %q, want %q", name, got, row.want)
		}
	}
}
