package view

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keyhole/simulator/policy"
)

// widestLine is the longest line, in characters, of a document that is shown as it was written. What comes over the wire is
// often one line; that is laid out anew before lines can be pointed at.
const widestLine = 110

// PolicyText is a document as it is shown: its lines, and where a place of the text went.
type PolicyText struct {
	Lines []string
	place func(policy.Position) int
}

// Line is the line, from 1, on which a place of the document is shown.
func (p PolicyText) Line(at policy.Position) int { return p.place(at) }

// ShowPolicy lays a document out for reading. A document that is written in readable lines stays as it is.
func ShowPolicy(text string) PolicyText {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for _, line := range lines {
		if utf8.RuneCountInString(line) > widestLine || len(lines) == 1 && strings.Contains(line, "{") {
			return layOut(text)
		}
	}
	return PolicyText{lines, func(at policy.Position) int { return at.Line }}
}

// Outdent takes away the space that the lines of a window have in common at their beginning.
func (p PolicyText) Outdent(m Marks) PolicyText {
	common := -1
	for n := max(m.From, 1); n <= min(m.To, len(p.Lines)); n++ {
		line := p.Lines[n-1]
		if space := len(line) - len(strings.TrimLeft(line, " ")); strings.TrimSpace(line) != "" && (common < 0 || space < common) {
			common = space
		}
	}
	if common <= 0 {
		return p
	}
	out := PolicyText{slices.Clone(p.Lines), p.place}
	for n := max(m.From, 1); n <= min(m.To, len(p.Lines)); n++ {
		out.Lines[n-1] = p.Lines[n-1][min(common, len(p.Lines[n-1])):]
	}
	return out
}

// layOut indents a document. Nothing but the space between its tokens changes, so the n-th character that is no such space
// is the same one in both.
func layOut(text string) PolicyText {
	shown, err := LayOut(text)
	if err != nil {
		return PolicyText{strings.Split(text, "\n"), func(at policy.Position) int { return at.Line }}
	}
	var lineOf []int // of the n-th character that counts
	line := 1
	eachToken(shown, func(c rune, counts bool, _, _ int) {
		if counts {
			lineOf = append(lineOf, line)
		}
		if c == '\n' {
			line++
		}
	})
	return PolicyText{strings.Split(shown, "\n"), func(at policy.Position) int {
		n, found := 0, 0
		eachToken(text, func(_ rune, counts bool, line, column int) {
			if line < at.Line || line == at.Line && column < at.Column {
				if counts {
					n++
				}
			}
		})
		if n < len(lineOf) {
			found = lineOf[n]
		}
		return max(found, 1)
	}}
}

// eachToken walks the characters of a JSON text. counts is false for the space between tokens.
func eachToken(text string, see func(c rune, counts bool, line, column int)) {
	line, column := 1, 1
	inside, escaped := false, false
	for _, c := range text {
		space := !inside && (c == ' ' || c == '\n' || c == '\t' || c == '\r')
		see(c, !space, line, column)
		switch {
		case escaped:
			escaped = false
		case inside && c == '\\':
			escaped = true
		case c == '"':
			inside = !inside
		}
		if c == '\n' {
			line, column = line+1, 1
		} else {
			column++
		}
	}
}

// Hit marks lines of a document: "allow", "deny" or "culprit". Later ones win.
type Hit struct {
	From, To int // lines from 1, both included
	Kind     string
}

// Marks say how a document is shown.
type Marks struct {
	Label    string // of the region: "Bucket policy"
	Hits     []Hit
	From, To int // the lines to show; zero: all
}

// codeLine is one line with its tokens.
type codeLine struct {
	Number int
	Hit    string
	Tokens []token
}

// token is a piece of a line: "k" a name, "s" another value in quotes, "p" punctuation, "" the rest.
type token struct{ Kind, Text string }

func codeLines(p PolicyText, m Marks) []codeLine {
	from, to := max(m.From, 1), m.To
	if to == 0 || to > len(p.Lines) {
		to = len(p.Lines)
	}
	var out []codeLine
	for n := from; n <= to; n++ {
		line := codeLine{Number: n, Tokens: tokens(p.Lines[n-1])}
		for _, h := range m.Hits {
			if h.From <= n && n <= h.To {
				line.Hit = h.Kind
			}
		}
		out = append(out, line)
	}
	return out
}

// tokens takes one line of JSON apart. It never fails: what is no JSON comes out as text.
func tokens(line string) []token {
	var out []token
	add := func(kind, text string) {
		if text == "" {
			return
		}
		if last := len(out) - 1; last >= 0 && out[last].Kind == kind && kind != "k" && kind != "s" {
			out[last].Text += text
			return
		}
		out = append(out, token{kind, text})
	}
	for line != "" {
		switch c := line[0]; {
		case c == '"':
			end := 1
			for end < len(line) && line[end] != '"' {
				if line[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(line))
			kind := "s"
			if strings.HasPrefix(strings.TrimLeft(line[end:], " \t"), ":") {
				kind = "k"
			}
			add(kind, line[:end])
			line = line[end:]
		case strings.IndexByte("{}[],:", c) >= 0:
			add("p", line[:1])
			line = line[1:]
		default:
			end := strings.IndexAny(line, `"{}[],:`)
			if end < 0 {
				end = len(line)
			}
			add("", line[:end])
			line = line[end:]
		}
	}
	return out
}
