package shell

import "sort"

// How the CLI looks for what a mistyped word may have meant: at most this many words, this alike.
const (
	maxClose    = 3
	closeEnough = 0.8
)

// closeMatches are the words most like one that is none of them, by the share of letters in blocks that both have.
func closeMatches(word string, words []string) []string {
	if len(word) > 64 {
		return nil
	}
	type match struct {
		word  string
		ratio float64
	}
	var found []match
	for _, w := range words {
		if len(w)+len(word) == 0 || 2*float64(sharedLetters(w, word)) < closeEnough*float64(len(w)+len(word)) {
			continue // they cannot be alike enough, whatever the order of their letters
		}
		if r := 2 * float64(sharedBlocks(w, word)) / float64(len(w)+len(word)); r >= closeEnough {
			found = append(found, match{w, r})
		}
	}
	sort.SliceStable(found, func(i, j int) bool {
		if found[i].ratio != found[j].ratio {
			return found[i].ratio > found[j].ratio
		}
		return found[i].word > found[j].word
	})
	var out []string
	for _, f := range found[:min(len(found), maxClose)] {
		out = append(out, f.word)
	}
	return out
}

// sharedBlocks counts the letters of the longest block that two words share, and of those left and right of it.
func sharedBlocks(a, b string) int {
	size, atA, atB := 0, 0, 0
	for i := range len(a) {
		for j := range len(b) {
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] {
				n++
			}
			if n > size {
				size, atA, atB = n, i, j
			}
		}
	}
	if size == 0 {
		return 0
	}
	return size + sharedBlocks(a[:atA], b[:atB]) + sharedBlocks(a[atA+size:], b[atB+size:])
}

// sharedLetters counts the letters that two words have in common, in any order: never fewer than those in common blocks.
func sharedLetters(a, b string) int {
	var count [256]int
	for i := range len(a) {
		count[a[i]]++
	}
	n := 0
	for i := range len(b) {
		if count[b[i]] > 0 {
			count[b[i]]--
			n++
		}
	}
	return n
}
