package web_test

import (
	"strings"
	"testing"

	"keyhole/simulator"
)

func TestFidelityNamesEveryOperationOnce(t *testing.T) {
	page := start(t).visit("").get("/fidelity")
	text := page.Text()
	for _, op := range simulator.FidelityTable() {
		if !strings.Contains(text, op.Operation) {
			t.Errorf("%s %s is not on the page", op.Service, op.Operation)
		}
	}
	if n := page.Find("tr[data-level]").Length(); n < 50 {
		t.Errorf("%d operations are answered", n)
	}
	if page.Find("footer a[href='/fidelity']").Length() != 1 {
		t.Error("the footer does not lead here")
	}
}
