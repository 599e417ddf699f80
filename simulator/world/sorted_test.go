package world

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A Sorted is a map that is walked in order, and a copy of it is a copy: whatever is written to one of the two later is
// not seen by the other.
func TestLawSortedIsAMapInOrder(t *testing.T) {
	type pair struct {
		sorted Sorted[int]
		plain  map[string]int
	}
	rapid.Check(t, func(t *rapid.T) {
		pairs := []*pair{{plain: map[string]int{}}}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			p := rapid.SampledFrom(pairs).Draw(t, "which")
			name := fmt.Sprintf("%c%d", rapid.RuneFrom([]rune("abc")).Draw(t, "letter"), rapid.IntRange(0, 9).Draw(t, "digit"))
			switch rapid.IntRange(0, 6).Draw(t, "do") {
			case 0:
				c := &pair{p.sorted.copied(), maps.Clone(p.plain)}
				p.sorted.share()
				pairs = append(pairs, c)
			case 1, 2:
				p.sorted.drop(name)
				delete(p.plain, name)
			default:
				n := rapid.Int().Draw(t, "n")
				p.sorted.put(name, n)
				p.plain[name] = n
			}
			for _, p := range pairs {
				same(t, p.sorted, p.plain)
			}
		}
	})
}

func same(t *rapid.T, s Sorted[int], m map[string]int) {
	names := slices.Sorted(maps.Keys(m))
	var walked, from []string
	for name, n := range s.All() {
		if n != m[name] || s.Get(name) != n {
			t.Fatalf("%s is %d, want %d", name, n, m[name])
		}
		walked = append(walked, name)
	}
	for name := range s.From("b5") {
		from = append(from, name)
	}
	at, _ := slices.BinarySearch(names, "b5")
	if s.Len() != len(m) || !slices.Equal(walked, names) || !slices.Equal(from, names[at:]) {
		t.Fatalf("walked %q and from b5 %q, want %q", walked, from, names)
	}
	if _, there := s.Find("z"); there {
		t.Fatal("what was never put is there")
	}
}

// What worlds were stored as before there was a Sorted is how it is stored.
func TestASortedIsStoredAsAMap(t *testing.T) {
	m := map[string]int{"b": 2, "": 0, "a/ä": 1}
	as, err := encoder.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := encoder.Marshal(SortedOf(m))
	if err != nil || !bytes.Equal(got, as) {
		t.Errorf("%x, want %x (%v)", got, as, err)
	}
	var back Sorted[int]
	if err := decoder.Unmarshal(got, &back); err != nil || !maps.Equal(maps.Collect(back.All()), m) {
		t.Errorf("read back as %v (%v)", maps.Collect(back.All()), err)
	}
}
