package iam

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
		if o.Service != "iam" || len(o.Needs) != 1 || o.Needs[0].Action != "iam:"+o.Name {
			t.Errorf("the row of %s: %+v", o.Name, o.Needs)
		}
	}
	slices.Sort(rows)
	want := strings.Fields(string(model))
	slices.Sort(want)
	if !slices.Equal(rows, want) {
		t.Errorf("%d rows, %d operations: only here %q, only there %q", len(rows), len(want), less(rows, want), less(want, rows))
	}
}

func less(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
