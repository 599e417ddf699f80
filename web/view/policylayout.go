package view

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Widths of what stands on one line.
const (
	listWidth   = 72 // of a list of values
	objectWidth = 42 // of an object with one member
)

// errDeep is why a document is left as it is.
var errDeep = errors.New("view: the document is nested too deep to be laid out")

// LayOut indents a document as people write policies: a short list, and a short object with one member, stay on one line.
func LayOut(text string) (string, error) {
	var b bytes.Buffer
	if TooDeep(text) {
		return "", errDeep
	}
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

// deepestShown is how many brackets inside one another are laid out. Indenting grows with the square of the depth, and no
// policy that AWS accepts is as deep.
const deepestShown = 64

// TooDeep says whether a document is nested too deep to be laid out.
func TooDeep(text string) bool {
	depth, inside, escaped := 0, false, false
	for i := range len(text) {
		c := text[i]
		switch {
		case escaped:
			escaped = false
		case inside && c == '\\':
			escaped = true
		case c == '"':
			inside = !inside
		case inside:
		case c == '[' || c == '{':
			if depth++; depth > deepestShown {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
