package quiz

import (
	"bytes"
	"crypto/sha256"
	"slices"
)

// Shuffle returns the options in the order of one attempt. The order follows from the seed, the question and the
// option ids alone: a reload, a restart and an author who sorts the file differently leave it as it was.
func Shuffle(q Question, seed string) []Option {
	type placed struct {
		at     [sha256.Size]byte
		option Option
	}
	all := make([]placed, 0, len(q.Options))
	for _, o := range q.Options {
		all = append(all, placed{sha256.Sum256([]byte(seed + "\x00" + q.ID + "\x00" + o.ID)), o})
	}
	slices.SortStableFunc(all, func(a, b placed) int { return bytes.Compare(a.at[:], b.at[:]) })
	options := make([]Option, 0, len(all))
	for _, p := range all {
		options = append(options, p.option)
	}
	return options
}

// IDs lists the ids of options, as an answer records the order it was shown in.
func IDs(options []Option) []string {
	ids := make([]string, 0, len(options))
	for _, o := range options {
		ids = append(ids, o.ID)
	}
	return ids
}

// Arrange returns the options in a recorded order. Ids that the question no longer has are left out; options the
// record does not name (the question was revised since) follow in source order.
func Arrange(q Question, order []string) []Option {
	options := make([]Option, 0, len(q.Options))
	placed := make(map[string]bool, len(order))
	for _, id := range order {
		if o, ok := q.Option(id); ok && !placed[id] {
			placed[id] = true
			options = append(options, o)
		}
	}
	for _, o := range q.Options {
		if !placed[o.ID] {
			options = append(options, o)
		}
	}
	return options
}
