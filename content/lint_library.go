package content

import (
	"slices"
	"strings"

	"keyhole/quiz"
)

// shingles are the runs of three words of a text.
func shingles(text string) map[string]bool {
	words := wordRE.FindAllString(strings.ToLower(text), -1)
	set := map[string]bool{}
	for i := 0; i+3 <= len(words); i++ {
		set[strings.Join(words[i:i+3], " ")] = true
	}
	return set
}

// alike is the Jaccard similarity of two sets.
func alike(a, b map[string]bool) float64 {
	both := 0
	for s := range a {
		if b[s] {
			both++
		}
	}
	if union := len(a) + len(b) - both; union > 0 {
		return float64(both) / float64(union)
	}
	return 0
}

func checkDuplicates(lt *linter, tell tell) {
	sets := make([]map[string]bool, len(lt.lib.Questions))
	for i, q := range lt.lib.Questions {
		sets[i] = shingles(q.Stem)
		for j := range i {
			if s := alike(sets[i], sets[j]); s > 0.7 {
				tell(lt.file(q)+"#stem", "this stem is nearly that of %s (%.0f %% alike)", lt.lib.Questions[j].ID, 100*s)
			}
		}
	}
}

func (lt *linter) file(q quiz.Question) string { return lt.lib.Meta[q.ID].File }

// enough is the number of questions from which shares mean something.
const enough = 20

func checkLongestShare(lt *linter, tell tell) {
	n, longest := 0, 0
	for i := range lt.lib.Questions {
		q := &lt.lib.Questions[i]
		right, wrong := sizes(q)
		if q.Type != quiz.Single || len(right) == 0 || len(wrong) == 0 {
			continue
		}
		n++
		if right[0] > slices.Max(wrong) {
			longest++
		}
	}
	if n >= enough && longest*100 > 35*n {
		tell("questions", "the right option is the longest in %d of %d questions; at most 35 %%", longest, n)
	}
}

// chiSquare3 is the 1 % point of the chi-squared distribution with three degrees of freedom.
const chiSquare3 = 11.34

func checkPositions(lt *linter, tell tell) {
	var at [4]float64
	n := 0.0
	for _, q := range lt.lib.Questions {
		i := slices.IndexFunc(q.Options, func(o quiz.Option) bool { return o.Correct })
		if q.Type == quiz.Single && len(q.Options) == 4 && i >= 0 {
			at[i]++
			n++
		}
	}
	if n < enough {
		return
	}
	sum := 0.0
	for _, have := range at {
		sum += (have - n/4) * (have - n/4) / (n / 4)
	}
	if sum > chiSquare3 {
		tell("questions", "right options stand at places 1 to 4 in %.0f, %.0f, %.0f and %.0f questions; spread them", at[0], at[1], at[2], at[3])
	}
}

// cited counts the questions and notes that cite each fact.
func cited(l *Library) (questions, notes map[string]int) {
	questions, notes = map[string]int{}, map[string]int{}
	for _, q := range l.Questions {
		set := map[string]bool{}
		for _, f := range q.Facts {
			set[f] = true
		}
		for _, o := range q.Options {
			for _, f := range o.Facts {
				set[f] = true
			}
		}
		for f := range set {
			questions[f]++
		}
	}
	for _, n := range l.Notes {
		for _, f := range n.Facts {
			notes[f]++
		}
	}
	return questions, notes
}

func checkLonely(lt *linter, tell tell) {
	questions, _ := cited(lt.lib)
	var lonely []string
	for _, f := range lt.lib.Facts {
		if questions[f.ID] == 1 {
			lonely = append(lonely, f.ID)
		}
	}
	if len(lonely) == 0 {
		return
	}
	more := ""
	if len(lonely) > 5 {
		lonely, more = lonely[:5], " and others"
	}
	tell("facts", "asked by one question only: %s%s", strings.Join(lonely, ", "), more)
}

func checkUnused(lt *linter, tell tell) {
	questions, notes := cited(lt.lib)
	for _, f := range lt.lib.Facts {
		if questions[f.ID]+notes[f.ID] == 0 && f.Until == "" {
			tell("fact:"+f.ID, "nothing cites the fact %s", f.ID)
		}
	}
}

func checkSources(lt *linter, tell tell) {
	for _, f := range lt.lib.Facts {
		if days, old := stale(f.Source.Checked, lt.today); old {
			tell("fact:"+f.ID, "the source of %s was read %d days ago", f.ID, days)
		}
	}
	for _, n := range lt.lib.Notes {
		if days, old := stale(n.AsOf, lt.today); old {
			tell("notes/"+n.Slug+".md#as_of", "this note was last looked at %d days ago", days)
		}
	}
}

func checkWaiverShare(lt *linter, tell tell) {
	n, waived := 0, 0
	for _, q := range lt.lib.Questions {
		if lt.lib.Meta[q.ID].Status == "current" {
			n++
			if len(q.Proofs) == 0 {
				waived++
			}
		}
	}
	if n >= enough && waived*4 > n {
		tell("questions", "%d of %d questions have no proof; at most a quarter", waived, n)
	}
}

func checkNotes(lt *linter, tell tell) {
	for _, n := range lt.lib.Notes {
		if n.Words < 600 || n.Words > 1600 {
			tell("notes/"+n.Slug+".md", "%d words; 600 to 1,600 are read in one go", n.Words)
		}
	}
}

func checkNoteAsides(lt *linter, tell tell) {
	for _, n := range lt.lib.Notes {
		if len(n.Proofs) < 1 || len(n.Checks) < 2 {
			tell("notes/"+n.Slug+".md", "%d proofs and %d questions; at least 1 and 2", len(n.Proofs), len(n.Checks))
		}
	}
}
