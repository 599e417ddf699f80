package simulator

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

// Level is how true an operation is to AWS.
type Level string

// The levels, from the best.
const (
	Reproduced  Level = "reproduced"   // answers that AWS was recorded giving are given, and tests hold them
	Modelled    Level = "modelled"     // written from AWS's documentation and service model; no answer of it was recorded
	NotImitated Level = "not imitated" // known by name; answered with 501
)

// Fidelity says of one operation how true it is and how that is known.
type Fidelity struct {
	Service   string // in words: "S3"
	Operation string
	Level     Level
	Source    string // what it was written from: "recorded", "documented"; "" when it is not imitated
	Answers   int    // recorded answers of AWS that tests hold it to
	Equal     int    // those that are equal in status, code, message and every named element
}

// recordedCounts are the recorded answers by operation, counted by TestRecordedAnswersOfAWS.
//
//go:embed recorded.tsv
var recordedCounts string

// FidelityTable says it of every operation of every service, in the order of the tables.
func FidelityTable() []Fidelity {
	counts := map[string][2]int{}
	for _, line := range strings.Split(strings.TrimSpace(recordedCounts), "\n")[1:] {
		cells := strings.Split(line, "\t")
		covered, _ := strconv.Atoi(cells[1]) // the file is written by a test, which compares it
		equal, _ := strconv.Atoi(cells[2])
		counts[cells[0]] = [2]int{covered, equal}
	}
	var out []Fidelity
	for _, op := range Operations() {
		if op.Deprecated {
			continue
		}
		n := counts[op.Service+" "+op.Name]
		f := Fidelity{Service: nameOf[op.Service], Operation: op.Name, Level: NotImitated, Answers: n[0], Equal: n[1]}
		switch {
		case op.Handle == nil:
		case n[1] > 0:
			f.Level, f.Source = Reproduced, "recorded"
		default:
			f.Level, f.Source = Modelled, "documented"
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Fidelity) int { return strings.Compare(a.Service, b.Service) })
	return out
}
