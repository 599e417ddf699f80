package progress

import (
	"slices"

	"keyhole/quiz"
)

// How often a wrong option of one misconception must be chosen before it is called an idea, and how many right
// answers to questions that offer it retire it again.
const (
	HitsToName     = 2
	RightsToRetire = 2
)

// Idea is a misconception the learner holds by the evidence.
type Idea struct {
	Tag       string // "MC07"
	Hits      int    // times its option was chosen
	Rights    int    // right answers since the last hit to questions that offer it
	Questions []string
}

// Ideas lists what to unlearn, most hits first. The bank tells which questions offer a misconception.
func Ideas(entries []Entry, bank []quiz.Question) []Idea {
	offers := map[string][]string{} // question -> tags
	for _, q := range bank {
		for _, o := range q.Options {
			if o.Misconception != "" && !slices.Contains(offers[q.ID], o.Misconception) {
				offers[q.ID] = append(offers[q.ID], o.Misconception)
			}
		}
	}

	held := map[string]*Idea{}
	for _, e := range entries {
		id, ok := QuestionOf(e.Item)
		if !ok || e.Kind != Answered {
			continue
		}
		if e.Right {
			for _, tag := range offers[id] {
				if idea := held[tag]; idea != nil {
					idea.Rights++
				}
			}
			continue
		}
		detail, _ := DecodeAnswer(e.Detail)
		for _, tag := range detail.Misconceptions {
			idea := held[tag]
			if idea == nil {
				idea = &Idea{Tag: tag}
				held[tag] = idea
			}
			if idea.Hits >= HitsToName && idea.Rights >= RightsToRetire {
				idea.Hits, idea.Questions = 0, nil // it was retired and came back
			}
			idea.Hits++
			idea.Rights = 0
			if !slices.Contains(idea.Questions, id) {
				idea.Questions = append(idea.Questions, id)
			}
		}
	}

	var ideas []Idea
	for _, idea := range held {
		if idea.Hits >= HitsToName && idea.Rights < RightsToRetire {
			ideas = append(ideas, *idea)
		}
	}
	slices.SortFunc(ideas, func(a, b Idea) int {
		if a.Hits != b.Hits {
			return b.Hits - a.Hits
		}
		if a.Tag < b.Tag {
			return -1
		}
		return 1
	})
	return ideas
}
