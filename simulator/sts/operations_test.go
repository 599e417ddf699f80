package sts

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Every operation of the service model (botocore 1.43) has one row, and there are no others.
func TestEveryOperationHasOneRow(t *testing.T) {
	model, err := os.ReadFile("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, o := range Operations() {
		rows = append(rows, o.Name)
		for _, n := range o.Needs {
			if o.Service != "sts" || !strings.HasPrefix(n.Action, "sts:") {
				t.Errorf("the row of %s: %+v", o.Name, n)
			}
		}
	}
	slices.Sort(rows)
	if want := strings.Fields(string(model)); !slices.Equal(rows, want) {
		t.Errorf("rows %q, operations %q", rows, want)
	}
}
