package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with the material.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 when the place is not known
	Rule         string // "schema", "key-longest"
	Text         string
	Severity     string // Error or Warning
	Snippet      string // the line and a caret under the column; "" when not known
}

// The severities. Errors of Load stop a server; those of Lint and Prove do not.
const (
	Error   = "error"
	Warning = "warning"
)

// String is one line: file:line:column: text (rule).
func (p Problem) String() string {
	at := p.File
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	mark := ""
	if p.Severity == Warning {
		mark = "warning: "
	}
	return fmt.Sprintf("%s: %s%s (%s)", at, mark, p.Text, p.Rule)
}

// Detail is String with the source line and a caret below it.
func (p Problem) Detail() string {
	if p.Snippet == "" {
		return p.String()
	}
	return p.String() + "\n" + p.Snippet
}

// Count says how many of the problems are errors and how many are warnings.
func Count(problems []Problem) (errors, warnings int) {
	for _, p := range problems {
		if p.Severity == Warning {
			warnings++
		} else {
			errors++
		}
	}
	return errors, warnings
}

// sortProblems puts problems in the order in which a person would fix them, without repeats.
func sortProblems(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(problems)
}

// snippet is the source line with a caret under the column; tabs stay tabs so that the caret stands right.
func snippet(data []byte, line, column int) string {
	if line < 1 {
		return ""
	}
	lines := strings.SplitN(string(data), "\n", line+1)
	if len(lines) < line {
		return ""
	}
	text := []rune(strings.TrimRight(lines[line-1], "\r"))
	if len(text) > snippetRunes {
		text = text[:snippetRunes]
	}
	pad := make([]rune, 0, column)
	for i := 0; i < column-1 && i < len(text); i++ {
		if text[i] == '\t' {
			pad = append(pad, '\t')
		} else {
			pad = append(pad, ' ')
		}
	}
	return fmt.Sprintf("%6d | %s\n       | %s^", line, string(text), string(pad))
}

// snippetRunes is how much of a long line a snippet shows.
const snippetRunes = 160
