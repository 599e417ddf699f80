package simulator

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// testdata/recorded holds answers AWS gave (answers.tsv: rows of LocalStack's validated snapshots, a copy of what the
// cases here use) and requests of ours that must get them. A section
//
//	-- recorded: test | step --
//
// expects the answer of that row: status, code, message and every element, where "<…>" in a row stands for any text.
func TestRecordedAnswersOfAWS(t *testing.T) {
	rows := readAnswers(t)
	files, err := filepath.Glob(filepath.Join("testdata", "recorded", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	used := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newScript(t, "2022")
			for _, f := range archive.Files {
				kind, rest, _ := strings.Cut(f.Name, ": ")
				switch kind {
				case "request":
					s.run("-- " + f.Name + " --\n" + string(f.Data))
				case "keep":
					for _, problem := range s.want(strconv.Itoa(s.answer.StatusCode) + "\nsave " + strings.TrimSpace(string(f.Data))) {
						t.Fatalf("%s: %s", s.body, problem)
					}
				case "recorded":
					row, ok := rows[rest]
					if !ok {
						t.Fatalf("no row %q", rest)
					}
					used[rest] = true
					if problem := row.differs(s); problem != "" {
						t.Errorf("%s: %s\n%s", rest, problem, s.body)
					}
				default:
					t.Fatalf("unknown section %q", f.Name)
				}
			}
		})
	}
	if len(used) != len(rows) {
		t.Errorf("%d rows, %d of them are used", len(rows), len(used))
	}
}

// recorded is one answer of AWS.
type recorded struct {
	status, code, message string
	elements              []string // sorted
}

func readAnswers(t *testing.T) map[string]recorded {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "recorded", "answers.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]recorded{}
	for i, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		cells := strings.Split(line, "\t")
		if i == 0 {
			continue
		}
		if len(cells) != 7 {
			t.Fatalf("answers.tsv:%d: %d cells", i+1, len(cells))
		}
		row := recorded{status: cells[3], code: cells[4], message: cells[5]}
		var elements map[string]any
		if cells[6] != "" {
			if err := json.Unmarshal([]byte(cells[6]), &elements); err != nil {
				t.Fatalf("answers.tsv:%d: %v", i+1, err)
			}
		}
		for name, value := range elements {
			if value == nil {
				value = ""
			}
			row.elements = append(row.elements, strings.TrimSpace(name+" "+fmt.Sprint(value)))
		}
		slices.Sort(row.elements)
		rows[cells[0]+" | "+cells[1]] = row
	}
	return rows
}

func (r recorded) differs(s *script) string {
	if got := strconv.Itoa(s.answer.StatusCode); got != r.status {
		return "status " + got + ", AWS gave " + r.status
	}
	if r.code == r.status { // a HEAD: the SDK made the code up
		if len(s.body) > 0 {
			return "a HEAD error has a body"
		}
		return ""
	}
	f := parseFault(s.body)
	if f.Code != r.code || f.Message != r.message {
		return fmt.Sprintf("%s %q, AWS gave %s %q", f.Code, f.Message, r.code, r.message)
	}
	slices.Sort(f.Extra)
	same := slices.EqualFunc(f.Extra, r.elements, func(got, want string) bool {
		if before, _, any := strings.Cut(want, "<"); any {
			return strings.HasPrefix(got, before)
		}
		return got == want
	})
	if !same {
		return fmt.Sprintf("elements %q, AWS gave %q", f.Extra, r.elements)
	}
	return ""
}
