package web

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"keyhole/web/view"
)

//go:embed policies_examples.json
var examplesFile []byte

// example is one situation to begin with. Case is the line of the case files that it tells, "" when it is our own.
type example struct {
	Slug, Title, About, Case string
	Who, Do, On              string
	Over, From, Sending      string
	Conditions               string
	Restrict                 bool
	Documents                map[string]json.RawMessage
}

// policyExamples are the situations of the menu; the first is what the page shows before anything is asked.
var policyExamples = readExamples()

func readExamples() []example {
	var out []example
	if err := json.Unmarshal(examplesFile, &out); err != nil {
		panic("web: policies_examples.json: " + err.Error())
	}
	if len(out) == 0 {
		panic("web: policies_examples.json holds nothing")
	}
	return out
}

func exampleOf(slug string) (example, bool) {
	i := slices.IndexFunc(policyExamples, func(e example) bool { return e.Slug == slug })
	if i < 0 {
		return example{}, false
	}
	return policyExamples[i], true
}

// Question is the situation as the form shows it.
func (e example) Question() view.PolicyQuestion {
	q := view.PolicyQuestion{
		Who: e.Who, Action: e.Do, On: e.On, Over: e.Over, From: e.From, Sending: e.Sending, Owner: theirAccount,
		Restrict: e.Restrict, Conditions: e.Conditions, Documents: map[string]string{},
	}
	if q.Over == "" {
		q.Over = "https"
	}
	if q.From == "" {
		q.From = "internet"
	}
	for id, doc := range e.Documents {
		text, err := layOut(string(doc))
		if err != nil {
			panic(fmt.Sprintf("web: example %s, %s: %v", e.Slug, id, err))
		}
		q.Documents[id] = text
	}
	return q
}

// Widths of what stands on one line.
const (
	listWidth   = 72 // of a list of values
	objectWidth = 42 // of an object with one member
)

// layOut indents a document as people write policies: a short list, and a short object with one member, stay on one line.
func layOut(text string) (string, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(text), "", "  "); err != nil {
		return "", err
	}
	lines := strings.Split(b.String(), "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		if joined, end, ok := shortened(lines, i); ok {
			out, i = append(out, joined), end
			continue
		}
		out = append(out, lines[i])
	}
	return strings.Join(out, "\n"), nil
}

// shortened joins the lines of a list or object that begins on line i and holds nothing but plain values.
func shortened(lines []string, i int) (joined string, end int, ok bool) {
	open := lines[i]
	list := strings.HasSuffix(open, "[")
	if !list && !strings.HasSuffix(open, "{") {
		return "", 0, false
	}
	var inside []string
	for end = i + 1; end < len(lines); end++ {
		line := strings.TrimSpace(lines[end])
		if strings.HasSuffix(line, "[") || strings.HasSuffix(line, "{") {
			return "", 0, false
		}
		if strings.HasPrefix(line, "]") || strings.HasPrefix(line, "}") {
			break
		}
		inside = append(inside, line)
	}
	if end == len(lines) || len(inside) == 0 {
		return "", 0, false
	}
	body := strings.Join(inside, " ")
	tail := strings.TrimSpace(lines[end])
	if list {
		return open + body + tail, end, len(body) <= listWidth
	}
	principal := strings.Contains(open, `Principal"`)
	return open + " " + body + " " + tail, end, len(inside) == 1 && (len(body) <= objectWidth || principal)
}
