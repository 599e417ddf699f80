package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"keyhole/quiz"
)

// texts yields every text of a question with its path.
func texts(q *quiz.Question, each func(at, text string)) {
	each("stem", q.Stem)
	for i, o := range q.Options {
		each(fmt.Sprintf("options[%d].text", i), o.Text)
		each(fmt.Sprintf("options[%d].why", i), o.Why)
	}
	each("keep", q.Keep)
	each("explanation", q.Explain)
}

var (
	optionLetter = regexp.MustCompile(`(?i:\b(?:options?|answers?|choices?))\s+(?:[A-F]\b|[1-6]\b|(?i:one|two|three|four|first|second|third|fourth|last)\b)` +
		`|(?i:\b(?:first|second|third|fourth|last)\s+(?:option|answer|choice)\b)` +
		`|\b(?i:both)\s+[A-F]\s+(?i:and)\s+[A-F]\b|\b[A-F]\s+(?:and|or)\s+[A-F]\s+(?:are|is)\b|(?i:\bas stated above\b)`)
	ofTheAbove = regexp.MustCompile(`(?i)\b(all|none|any|neither|both)\s+of\s+(the\s+above|these|the\s+other\s+(options|answers))\b`)
	negative   = regexp.MustCompile(`(?i)\b(not|except|never|least likely|cannot)\b`)
	loudNot    = regexp.MustCompile(`\b(NOT|EXCEPT|LEAST)\b`)
	asking     = regexp.MustCompile(`[^.?!]*\?`)
	absolute   = regexp.MustCompile(`(?i)\b(always|never|only|every|all|none|impossible|guarantees?|must)\b`)
	chooseN    = regexp.MustCompile(`(?i)\((?:choose|select)\s+([a-z]+|\d)\b`)
	leaked     = regexp.MustCompile(`(?i)\b(dumps?|brain\s?dump|exam\s?topics|real exam questions?|leaked)\b`)
	inside     = regexp.MustCompile(`\]\(/([a-z]+)/([^)#\s]+)`)
	wordRE     = regexp.MustCompile(`[A-Za-z][A-Za-z0-9-]*`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
)

func checkLetters(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	texts(q, func(at, text string) {
		if hit := optionLetter.FindString(text); hit != "" {
			tell(at, "%q points at an option by its place, but options are shuffled", hit)
		}
	})
}

func checkAbove(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	texts(q, func(at, text string) {
		if hit := ofTheAbove.FindString(text); hit != "" && strings.HasSuffix(at, ".text") {
			tell(at, "%q sums up the other options", hit)
		}
	})
}

var numberWords = []string{"ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE"}

func checkCount(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	said := chooseN.FindStringSubmatch(q.Stem)
	if q.Type == quiz.Single {
		if said != nil && !strings.EqualFold(said[1], "one") && said[1] != "1" {
			tell("stem", "the stem says %q, but one option is right", said[0]+")")
		}
		return
	}
	if q.Choose >= len(numberWords) {
		return
	}
	want := numberWords[q.Choose]
	switch {
	case said == nil:
		tell("stem", "the stem does not say how many to choose: end it with (Choose %s.)", want)
	case said[1] != want:
		tell("stem", "the stem says %q, but %d options are right: write (Choose %s.)", said[1], q.Choose, want)
	}
}

func checkReferences(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	if len(q.References) == 0 {
		tell("references", "a current question needs a source")
	}
}

func checkWaiver(q *quiz.Question, m Meta, tell tell, _ *linter) {
	switch {
	case len(q.Proofs) == 0 && m.ProofWaiver == "":
		tell("", "no proof, and no proof_waiver that says why")
	}
}

// stale says how many days a date is too old; bad dates count as old.
func stale(date string, today time.Time) (days int, old bool) {
	on, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0, true
	}
	age := today.Sub(on)
	return int(age.Hours() / 24), age > MaxAge
}

func checkAge(q *quiz.Question, _ Meta, tell tell, lt *linter) {
	if days, old := stale(q.AsOf, lt.today); old {
		tell("as_of", "last looked at %d days ago (%s); check it and set a new date", days, q.AsOf)
	}
	for i, r := range q.References {
		if days, old := stale(r.Checked, lt.today); old {
			tell(fmt.Sprintf("references[%d].checked", i), "this source was read %d days ago", days)
		}
	}
}

func checkProvenance(q *quiz.Question, m Meta, tell tell, _ *linter) {
	if leaked.MatchString(m.SourceNote) {
		tell("source.note", "items of leaked exams have no place here")
	}
	if m.Source == "imported" && m.SourceNote == "" {
		tell("source", "an imported question says where it comes from")
	}
	texts(q, func(at, text string) {
		if hit := leaked.FindString(text); hit != "" {
			tell(at, "%q: items of leaked exams have no place here", hit)
		}
	})
}

func checkLinks(q *quiz.Question, _ Meta, tell tell, lt *linter) {
	texts(q, func(at, text string) {
		for _, m := range inside.FindAllStringSubmatch(text, -1) {
			index, ok := map[string]map[string]int{"notes": lt.lib.index.notes, "labs": lt.lib.index.labs,
				"questions": lt.lib.index.questions, "practice": lt.lib.index.questions}[m[1]]
			if _, there := index[m[2]]; !ok || !there {
				tell(at, "/%s/%s leads nowhere", m[1], m[2])
			}
		}
	})
}

// sizes gives the length of each option's text in characters, right ones and wrong ones apart.
func sizes(q *quiz.Question) (right, wrong []int) {
	for _, o := range q.Options {
		n := len([]rune(o.Text))
		if o.Correct {
			right = append(right, n)
		} else {
			wrong = append(wrong, n)
		}
	}
	return right, wrong
}

func mean(list []int) float64 {
	if len(list) == 0 {
		return 0
	}
	sum := 0
	for _, n := range list {
		sum += n
	}
	return float64(sum) / float64(len(list))
}

// worthComparing is the length from which differences show; single words and header names may differ more.
const worthComparing = 40

func checkLongest(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	right, wrong := sizes(q)
	if r, w := mean(right), mean(wrong); w >= worthComparing && r > 1.25*w {
		tell("options", "the right option has %.0f characters, the others %.0f on average: length gives it away", r, w)
	}
}

func checkSpread(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	right, wrong := sizes(q)
	all := slices.Concat(right, wrong)
	if len(all) == 0 {
		return
	}
	low, high := slices.Min(all), slices.Max(all)
	if low >= worthComparing && float64(high) > 1.5*float64(low) {
		tell("options", "options have between %d and %d characters; keep the longest within 1.5 times the shortest", low, high)
	}
}

func checkNegative(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	asked := asking.FindAllString(q.Stem, -1)
	if len(asked) == 0 {
		return
	}
	last := codeSpan.ReplaceAllString(asked[len(asked)-1], "")
	if negative.MatchString(last) && !loudNot.MatchString(last) {
		tell("stem", "the question asks for what is not so; ask for what is, or write NOT in capitals")
	}
}

func checkStemLength(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	if n := len(strings.Fields(q.Stem)); n > 120 {
		tell("stem", "the stem has %d words; at most 120", n)
	}
}

func checkQuestionMark(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	stem := strings.TrimSpace(chooseN.ReplaceAllString(q.Stem, "("))
	if cut := strings.LastIndex(stem, "("); cut > 0 && strings.HasSuffix(stem, ")") && len(stem)-cut < 6 {
		stem = strings.TrimSpace(stem[:cut])
	}
	if !strings.HasSuffix(stem, "?") {
		tell("stem", "the stem does not end with a question")
	}
}

func checkGrade(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	if g := grade(q.Stem); g > 14 {
		tell("stem", "the stem reads at grade %.0f; shorter sentences help people who read English as a second language", g)
	}
}

// grade is the Flesch-Kincaid grade of a text without its code, 0 for less than two sentences' worth of words.
func grade(text string) float64 {
	text = codeSpan.ReplaceAllString(text, "it")
	words := wordRE.FindAllString(text, -1)
	if len(words) < 20 {
		return 0
	}
	sentences := max(1, len(regexp.MustCompile(`[.?!](\s|$)`).FindAllString(text, -1)))
	syllables := 0
	for _, w := range words {
		syllables += max(1, len(regexp.MustCompile(`(?i)[aeiouy]+`).FindAllString(strings.TrimSuffix(w, "e"), -1)))
	}
	return 0.39*float64(len(words))/float64(sentences) + 11.8*float64(syllables)/float64(len(words)) - 15.59
}

func checkMisconception(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	for i, o := range q.Options {
		if !o.Correct && o.Misconception == "" {
			tell(fmt.Sprintf("options[%d]", i), "a wrong option stands for a misconception; name its id")
		}
	}
}

func checkAbsolute(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	wrong, right := 0, 0
	at := ""
	for i, o := range q.Options {
		if absolute.MatchString(codeSpan.ReplaceAllString(o.Text, "")) {
			if o.Correct {
				right++
			} else {
				wrong++
				at = fmt.Sprintf("options[%d].text", i)
			}
		}
	}
	if wrong > 0 && right == 0 {
		tell(at, "absolute words stand in wrong options only, which gives them away")
	}
}

// rare is the length from which a word of the stem is a clue when only the right option repeats it.
const rare = 9

func checkEcho(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	if q.Type != quiz.Single {
		return
	}
	in := func(text string) map[string]bool {
		set := map[string]bool{}
		for _, w := range wordRE.FindAllString(strings.ToLower(text), -1) {
			set[w] = true
		}
		return set
	}
	stem, others := in(q.Stem), map[string]bool{}
	var right string
	for _, o := range q.Options {
		if o.Correct {
			right = o.Text
			continue
		}
		for w := range in(o.Text) {
			others[w] = true
		}
	}
	for _, w := range wordRE.FindAllString(strings.ToLower(right), -1) {
		if len(w) >= rare && stem[w] && !others[w] {
			tell("options", "%q stands in the stem and in the right option alone", w)
			return
		}
	}
}

// services a learner could wonder about when an explanation brings them up unasked.
var services = regexp.MustCompile(`\b(Shield|Inspector|GuardDuty|Macie|CloudHSM|Athena|WAF|Artifact|Detective|Cognito|Lambda|Redshift|Snowball)\b`)

func checkServices(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	asked := q.Stem
	for _, o := range q.Options {
		asked += " " + o.Text
	}
	for _, name := range services.FindAllString(q.Explain, -1) {
		if !strings.Contains(asked, name) {
			tell("explanation", "%s is in the explanation, but not in the question", name)
			return
		}
	}
}

func checkExplanation(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	n := len(strings.Fields(q.Explain))
	for _, o := range q.Options {
		n += len(strings.Fields(o.Why))
	}
	if n < 80 || n > 260 {
		tell("explanation", "explanation and reasons have %d words together; 80 to 260 are read", n)
	}
}

func checkCode(q *quiz.Question, _ Meta, tell tell, _ *linter) {
	texts(q, func(at, text string) {
		fence := false
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "```") {
				fence = !fence
			} else if fence && len([]rune(strings.TrimRight(line, "\n"))) > 80 {
				tell(at, "a line of code has more than 80 characters")
				return
			}
		}
	})
}
