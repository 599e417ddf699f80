package simulator

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// testdata/recorded holds answers AWS gave and requests of ours that must get them. aws-answers.tsv has the rows of
// LocalStack's validated snapshots, control-answers.tsv those of S3 Control, more-answers.tsv some that were read there besides. A section
//
//	-- recorded: test | step --
//
// expects the answer of that row to the request before it: status, code, message and every element of an error; every
// member of a success, as boto3 shows it. A section "about" holds prose. "<…>" in a row stands for any text. A file begins in the world of
// testdata/world.json as of 2022, or of 2026 when its first section is "-- profile: 2026 --", or in its own, "-- world.json --".
func TestRecordedAnswersOfAWS(t *testing.T) {
	rows := readAnswers(t)
	files, err := filepath.Glob(filepath.Join("testdata", "recorded", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	r := recordings{operations: map[string][2]int{}, rows: rows, used: map[string]bool{}, differs: map[string]string{}, known: readList(t, "different.tsv")}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r.play(t, archive)
		})
	}
	r.cover(t)
	if !t.Failed() {
		r.tally(t)
	}
}

// recordings are the rows and what became of them.
type recordings struct {
	rows    map[string]recorded
	used    map[string]bool
	differs map[string]string // row: how
	known   [][2]string       // rows that differ, with the reason

	operations map[string][2]int // "s3 PutObject": answers that are covered, and equal
}

func (r *recordings) play(t *testing.T, archive *txtar.Archive) {
	profile := "2022"
	if len(archive.Files) > 0 {
		if name, ok := strings.CutPrefix(archive.Files[0].Name, "profile: "); ok {
			profile, archive.Files = name, archive.Files[1:]
		}
	}
	s := newScript(t, profile)
	if len(archive.Files) > 0 && archive.Files[0].Name == "world.json" {
		s = scriptOf(t, archive.Files[0].Data)
		archive.Files = archive.Files[1:]
	}
	for _, f := range archive.Files {
		kind, rest, _ := strings.Cut(f.Name, ": ")
		text := strings.TrimSuffix(string(f.Data), "\n")
		for name, value := range s.vars {
			text = strings.ReplaceAll(text, "$"+name, value)
		}
		switch kind {
		case "request":
			s.request(text)
		case "keep", "want":
			if kind == "keep" {
				text = strconv.Itoa(s.answer.StatusCode) + "\nsave " + text
			}
			for _, problem := range s.want(text) {
				t.Fatalf("%s: %s", s.body, problem)
			}
		case "about": // prose between the situations
		case "jump":
			s.jump(rest)
		case "recorded":
			row, ok := r.rows[rest]
			if !ok {
				t.Fatalf("no row %q", rest)
			}
			problem := row.differs(s)
			r.count(rest, s, problem == "")
			if problem != "" {
				r.differs[rest] = problem
				if reasonOf(r.known, rest) == "" {
					t.Errorf("%s: %s\n%.600s", rest, problem, s.body)
				}
			}
		default:
			t.Fatalf("unknown section %q", f.Name)
		}
	}
}

// count keeps which operation gave an answer that is covered, each row once.
func (r *recordings) count(row string, s *script, equal bool) {
	if r.used[row] {
		return
	}
	r.used[row] = true
	traces := s.simulator.Traces()
	t := traces[len(traces)-1]
	if t.Operation == "" {
		return
	}
	n := r.operations[t.Service+" "+t.Operation]
	if n[0]++; equal {
		n[1]++
	}
	r.operations[t.Service+" "+t.Operation] = n
}

var updateRecorded = flag.Bool("update-recorded", false, "write recorded.tsv, from which the fidelity page is made, anew")

// tally holds recorded.tsv to what was counted.
func (r *recordings) tally(t *testing.T) {
	var text strings.Builder
	text.WriteString("operation\tcovered\tequal\n")
	for _, name := range slices.Sorted(maps.Keys(r.operations)) {
		fmt.Fprintf(&text, "%s\t%d\t%d\n", name, r.operations[name][0], r.operations[name][1])
	}
	if *updateRecorded {
		if err := os.WriteFile("recorded.tsv", []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if kept, err := os.ReadFile("recorded.tsv"); err != nil || string(kept) != text.String() {
		t.Error("recorded.tsv is not what the recorded answers say: go test ./simulator -run Recorded -update-recorded && go generate ./content", err)
	}
}

// cover holds how many of the recorded answers are covered, and how many of those are equal.
func (r *recordings) cover(t *testing.T) {
	left := readList(t, "uncovered.tsv")
	covered := 0
	for row := range r.rows {
		switch reason := reasonOf(left, row); {
		case r.used[row] && reason != "":
			t.Errorf("%s is covered and listed in uncovered.tsv", row)
		case r.used[row]:
			covered++
		case reason == "":
			t.Errorf("%s is neither covered nor listed in uncovered.tsv", row)
		}
	}
	for _, l := range left {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(r.rows)), func(row string) bool { return reasonOf([][2]string{l}, row) != "" }) {
			t.Errorf("uncovered.tsv lists %s, which nobody recorded", l[0])
		}
	}
	for _, known := range r.known {
		if r.differs[known[0]] == "" {
			t.Errorf("different.tsv lists %s, which does not differ", known[0])
		}
	}
	equal := covered - len(r.differs)
	t.Logf("%d recorded answers, %d covered (%.1f %%), %d of those equal (%.1f %%)",
		len(r.rows), covered, percent(covered, len(r.rows)), equal, percent(equal, covered))
	if percent(covered, len(r.rows)) < minCovered {
		t.Errorf("fewer than %d %% of the recorded answers are covered", minCovered)
	}
	if percent(equal, covered) < minEqual {
		t.Errorf("fewer than %d %% of the covered answers are equal", minEqual)
	}
}

// Shares of the recorded answers, in percent: those that are asked for here, and those of them that are the same. A row that
// differs without a reason in different.tsv fails by itself, whatever the share.
const (
	minCovered = 60
	minEqual   = 98
)

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

// reasonOf finds the reason a list gives for a row; a name in the list may end in "*".
func reasonOf(list [][2]string, row string) string {
	for _, l := range list {
		if prefix, ok := strings.CutSuffix(l[0], "*"); l[0] == row || ok && strings.HasPrefix(row, prefix) {
			return l[1]
		}
	}
	return ""
}

// readList reads "test | step" and a reason from each line.
func readList(t *testing.T, name string) (list [][2]string) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "recorded", name))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		row, reason, ok := strings.Cut(line, "\t")
		if i == 0 || line == "" {
			continue
		}
		if !ok || len(reason) < 10 {
			t.Fatalf("%s:%d: a row and its reason", name, i+1)
		}
		list = append(list, [2]string{row, reason})
	}
	return list
}

func readAnswers(t *testing.T) map[string]recorded {
	t.Helper()
	rows := map[string]recorded{}
	for _, name := range []string{"aws-answers.tsv", "more-answers.tsv", "control-answers.tsv"} {
		file, err := os.Open(filepath.Join("testdata", "recorded", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		c := csv.NewReader(file)
		c.Comma, c.LazyQuotes = '\t', name == "more-answers.tsv"
		cells, err := c.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range cells[1:] {
			if len(line) == 8 {
				line = line[1:] // the file it was in
			}
			row := recorded{status: line[3], code: line[4], message: line[5]}
			if line[6] != "" {
				if err := json.Unmarshal([]byte(line[6]), &row.elements); err != nil {
					t.Fatalf("%s:%d: %v", name, i+2, err)
				}
			}
			key := fmt.Sprintf("%s | %s", line[0], line[1])
			if _, twice := rows[key]; twice {
				t.Fatalf("%s: %s is there twice", name, key)
			}
			rows[key] = row
		}
	}
	return rows
}
