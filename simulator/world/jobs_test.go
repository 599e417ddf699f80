package world

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// ids are the jobs of a world in their order.
func ids(w *World) (out []string) {
	for _, j := range w.Jobs("") {
		out = append(out, j.ID)
	}
	return out
}

// withNamed is a world with jobs named by their letters, due in the order of the letters and added in the order given.
func withNamed(t interface{ Fatal(...any) }, names string) *World {
	w := New(Options{Seed: "jobs"})
	for _, name := range names {
		j := Job{ID: string(name), Kind: "k", Due: w.Now().Add(time.Duration(name) * time.Second)}
		if err := w.Apply(JobAdded(j)); err != nil {
			t.Fatal(err)
		}
	}
	w.Forget()
	return w
}

func TestJobsAreInTheOrderOfTheirTime(t *testing.T) {
	w := withNamed(t, "dacb")
	if got := ids(w); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("%v", got)
	}
	if j, ok := w.FirstDue(w.Now().Add(time.Hour)); !ok || j.ID != "a" || w.Waiting() != 4 {
		t.Errorf("first %v %v of %d", j, ok, w.Waiting())
	}
	if j, ok := w.FirstDue(w.Now()); ok {
		t.Errorf("%v is due already", j)
	}
}

func TestSeveralJobsAreDoneAtOnceOrNone(t *testing.T) {
	for _, row := range []struct {
		name, gone, left string
		refused          error
	}{
		{"some", "bd", "ac", nil},
		{"in any order", "dcba", "", nil},
		{"one that is not there", "bx", "abcd", ErrNoEntity},
		{"one twice", "bb", "abcd", ErrNoEntity},
		{"none", "", "abcd", ErrInvalid},
	} {
		w := withNamed(t, "abcd")
		var gone []string
		for _, name := range row.gone {
			gone = append(gone, string(name))
		}
		left := ""
		err := w.Apply(JobsDone(gone))
		for _, id := range ids(w) {
			left += id
		}
		if left != row.left || !errors.Is(err, row.refused) {
			t.Errorf("%s: %q are left, %v", row.name, left, err)
		}
	}
}

// Taking jobs off the list can be undone, and what is kept of it makes the same world again.
func TestDoneJobsAreKeptAndUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := withNamed(t, "hgfedcba")
		all := ids(w)
		gone := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), func(s string) string { return s }).Draw(t, "gone")
		before, err := w.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Apply(JobsDone(gone)); err != nil {
			t.Fatal(err)
		}
		batch, _, _ := w.Drain()
		again, err := Restore(before, [][]byte{batch}, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := ids(again), ids(w); !slices.Equal(got, want) || len(want) != len(all)-len(gone) {
			t.Fatalf("kept %v, live %v without %v", got, want, gone)
		}
		w.Revert()
		if got := ids(w); !slices.Equal(got, all) {
			t.Fatalf("undone %v, want %v", got, all)
		}
	})
}
