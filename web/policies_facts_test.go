package web

import (
	"testing"

	"keyhole/content"
	"keyhole/simulator/policy/review"
)

func TestEveryFindingRestsOnAFactThereIs(t *testing.T) {
	lib, err := content.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range review.Facts() {
		if noteOf(lib, id) == "" {
			t.Errorf("fact %s has neither a note nor a source", id)
		}
	}
}
