package quiz

// Answer is one past answer, as Pick needs it.
type Answer struct {
	Question string
	Right    bool
}

// Rest is how many other answers lie between a miss and its return: soon enough to help, late enough that the
// letters are forgotten.
const Rest = 3

// turn says how urgent a question is; the lowest goes first.
type turn int

const (
	unseen turn = iota // never answered
	missed             // last answer wrong, rested
	known              // last answer right
	fresh              // last answer wrong, a moment ago
)

// Pick chooses the next question for practice from the bank, given all past answers, oldest first: questions never
// seen, then questions missed last time, then those known longest ago. Within a turn it changes the objective from
// one question to the next and prefers objectives asked least. The last question is never asked twice in a row when
// there is another. ok is false when the bank is empty. To practise one topic, pass a bank of that topic.
func Pick(bank []Question, past []Answer) (next Question, ok bool) {
	last := make(map[string]int, len(past)) // question -> index of its last answer
	for i, a := range past {
		last[a.Question] = i
	}
	asked := map[string]int{} // objective -> questions of it seen
	var previous Question
	for _, q := range bank {
		if at, seen := last[q.ID]; seen {
			for _, o := range q.Objectives {
				asked[o]++
			}
			if at == len(past)-1 {
				previous = q
			}
		}
	}

	var best candidate
	for _, q := range bank {
		c := candidate{question: q, at: -1, previous: previous.ID != "" && q.ID == previous.ID}
		if at, seen := last[q.ID]; seen {
			c.at = at
			switch {
			case past[at].Right:
				c.turn = known
			case len(past)-1-at >= Rest:
				c.turn = missed
			default:
				c.turn = fresh
			}
		}
		c.same = shares(q.Objectives, previous.Objectives)
		if len(q.Objectives) > 0 {
			c.asked = asked[q.Objectives[0]]
		}
		if !ok || c.before(best) {
			best, ok = c, true
		}
	}
	return best.question, ok
}

type candidate struct {
	question Question
	turn     turn
	previous bool // it was asked just now
	same     bool // it shares an objective with the question asked just now
	asked    int  // questions of its first objective seen so far
	at       int  // index of its last answer, -1 for none
}

// before orders candidates; equal ones stay in bank order.
func (c candidate) before(d candidate) bool {
	switch {
	case c.previous != d.previous:
		return d.previous
	case c.turn != d.turn:
		return c.turn < d.turn
	case c.same != d.same:
		return d.same
	case c.turn == unseen && c.asked != d.asked:
		return c.asked < d.asked
	default:
		return c.at < d.at
	}
}

func shares(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
