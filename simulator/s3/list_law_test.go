package s3

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keyhole/simulator/world"
)

// anyKey draws keys of few letters, so that prefixes, delimiters and markers meet them.
var anyKey = rapid.StringOfN(rapid.RuneFrom([]rune("ab/é")), 1, 6, -1)

// Pages of any size give every key and every common prefix once, in order: what one page would give.
func TestPagesMakeTheWholeList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := map[string][]*world.Version{}
		for _, key := range rapid.SliceOfDistinct(anyKey, rapid.ID[string]).Draw(t, "keys") {
			keys[key] = []*world.Version{{Key: key, DeleteMarker: rapid.IntRange(0, 4).Draw(t, "hidden") == 0}}
		}
		b := &world.Bucket{Objects: world.SortedOf(keys)}
		q := query{prefix: rapid.StringOfN(rapid.RuneFrom([]rune("ab/")), 0, 2, -1).Draw(t, "prefix"),
			delimiter: rapid.SampledFrom([]string{"", "/", "a", "b/"}).Draw(t, "delimiter"), most: len(keys) + 1}
		want := naiveList(b, q)
		if got := namesOf(walk(b, q, "")); !slices.Equal(got, want) {
			t.Fatalf("one page has %q, want %q", got, want)
		}
		q.most = rapid.IntRange(1, 3).Draw(t, "page size")
		var got []string
		for after := ""; ; {
			p := walk(b, q, after)
			if len(p.versions)+len(p.prefixes) > q.most {
				t.Fatalf("a page of %d has %q", q.most, namesOf(p))
			}
			got = append(got, namesOf(p)...)
			if !p.truncated {
				break
			}
			if p.last <= after {
				t.Fatalf("the page after %q ends with %q", after, p.last)
			}
			after = p.last
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages of %d have %q, want %q", q.most, got, want)
		}
	})
}

// Pages of versions give every version and marker once.
func TestPagesMakeTheWholeHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		history := map[string][]*world.Version{}
		var want []*world.Version
		keys := rapid.SliceOfDistinct(anyKey, rapid.ID[string]).Draw(t, "keys")
		for _, key := range keys {
			for i := range rapid.IntRange(1, 3).Draw(t, "versions") {
				history[key] = append(history[key], &world.Version{Key: key, ID: strings.Repeat("v", i+1)})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(history)) {
			want = append(want, history[key]...)
		}
		b := &world.Bucket{Objects: world.SortedOf(history)}
		for i, v := range want {
			if got := slices.Collect(versionsAfter(b, "", v.Key, v.ID)); !slices.Equal(got, want[i+1:]) {
				t.Fatalf("after %s of %q come %d versions, want %d", v.ID, v.Key, len(got), len(want)-i-1)
			}
		}
	})
}

// naiveList is what S3's guide says a list is: each key behind the prefix, or what it has up to the delimiter.
func naiveList(b *world.Bucket, q query) (names []string) {
	for key, versions := range b.Objects.All() {
		rest, ok := strings.CutPrefix(key, q.prefix)
		if !ok || versions[0].DeleteMarker {
			continue
		}
		if before, _, found := strings.Cut(rest, q.delimiter); found && q.delimiter != "" {
			key = q.prefix + before + q.delimiter
		}
		names = append(names, key)
	}
	slices.Sort(names)
	if q.delimiter != "" {
		names = slices.Compact(names)
	}
	return names
}

func namesOf(p page) (names []string) {
	for _, v := range p.versions {
		names = append(names, v.Key)
	}
	names = append(names, p.prefixes...)
	slices.Sort(names)
	return names
}
