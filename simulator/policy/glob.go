package policy

import (
	"strings"
	"unicode/utf8"
)

// A glob is a pattern in pieces:
//
//	pattern  = { literal | "*" | "?" | variable }
//	variable = "${" NAME [ ", '" DEFAULT "'" ] "}" | "${*}" | "${?}" | "${$}"
//
// Variables are read only where the document's Version has them. What a variable stands for is literal text.
type glob []piece

type piece struct {
	kind     pieceKind
	text     string // of a literal; the lower-case key of a variable
	fallback string // default of a variable
	defaults bool
}

type pieceKind byte

const (
	literal pieceKind = iota
	star
	question
	variable
)

// syntax says what is special in a pattern.
type syntax struct{ wildcards, variables, lower bool }

func parseGlob(text string, s syntax) glob {
	var g glob
	plain := 0
	flush := func(end int) {
		if end > plain {
			t := text[plain:end]
			if s.lower {
				t = strings.ToLower(t)
			}
			g = g.add(piece{kind: literal, text: t})
		}
	}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case s.wildcards && (c == '*' || c == '?'):
			flush(i)
			if c == '?' {
				g = append(g, piece{kind: question})
			} else if len(g) == 0 || g[len(g)-1].kind != star {
				g = append(g, piece{kind: star})
			}
			i++
			plain = i
		case s.variables && strings.HasPrefix(text[i:], "${"):
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				i = len(text)
				continue
			}
			flush(i)
			g = g.add(parseVariable(text[i+2 : i+end]))
			i += end + 1
			plain = i
		default:
			i++
		}
	}
	flush(len(text))
	return g
}

// add appends a piece; two literals become one.
func (g glob) add(p piece) glob {
	if n := len(g); p.kind == literal && n > 0 && g[n-1].kind == literal {
		g[n-1].text += p.text
		return g
	}
	return append(g, p)
}

func parseVariable(inside string) piece {
	switch inside {
	case "*", "?", "$":
		return piece{kind: literal, text: inside}
	}
	p := piece{kind: variable}
	name, rest, found := strings.Cut(inside, ",")
	if value := strings.TrimSpace(rest); found && len(value) >= 2 && value[0] == '\'' && value[len(value)-1] == '\'' {
		p.defaults, p.fallback = true, value[1:len(value)-1]
	}
	p.text = strings.ToLower(strings.TrimSpace(name))
	return p
}

// unresolved is the key of the first variable that has no value in c; "" when all have one.
func (g glob) unresolved(c *Context) string {
	for i := range g {
		if g[i].kind == variable {
			if _, ok := c.value(&g[i]); !ok {
				return g[i].text
			}
		}
	}
	return ""
}

// value is what a variable stands for. Only single-valued keys have a value.
func (c *Context) value(p *piece) (string, bool) {
	if v, ok := c.keys[p.text]; ok && !v.Many && len(v.List) == 1 {
		return v.List[0], true
	}
	return p.fallback, p.defaults
}

// any says whether the glob is a single star.
func (g glob) any() bool { return len(g) == 1 && g[0].kind == star }

// match compares the whole subject; fold means that ASCII case does not count (the pattern is lower case then). It goes
// back to the last star only, so that the time is bounded by the product of the lengths, and every comparison is charged.
func (g glob) match(subject string, c *Context, fold bool, m *meter) bool {
	p, s := 0, 0
	starPiece, starAt := -1, 0
	for m.charge(1) {
		if p == len(g) {
			if s == len(subject) {
				return true
			}
		} else {
			switch piece := &g[p]; piece.kind {
			case star:
				if p++; p == len(g) {
					return true
				}
				starPiece, starAt = p, s
				continue
			case question:
				if s < len(subject) {
					_, size := utf8.DecodeRuneInString(subject[s:])
					s, p = s+size, p+1
					continue
				}
			default:
				text := piece.text
				if piece.kind == variable {
					value, ok := c.value(piece)
					if !ok {
						return false
					}
					text = value
				}
				if m.charge(len(text)/16) && prefixed(subject[s:], text, fold) {
					s, p = s+len(text), p+1
					continue
				}
			}
		}
		if starPiece < 0 || starAt >= len(subject) {
			return false
		}
		_, size := utf8.DecodeRuneInString(subject[starAt:])
		starAt += size
		if next := &g[starPiece]; next.kind == literal && !fold {
			skip := strings.Index(subject[starAt:], next.text)
			if skip < 0 {
				return false
			}
			m.charge(skip / 16)
			starAt += skip
		}
		p, s = starPiece, starAt
	}
	return false
}

func prefixed(s, prefix string, fold bool) bool {
	if !fold {
		return strings.HasPrefix(s, prefix)
	}
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// meter counts the steps of one evaluation.
type meter struct {
	steps int
	spent bool // the budget ended; nothing matches any more
}

// MaxSteps is the budget of one evaluation: comparisons of one piece of a pattern, and of each 16 bytes. A long bucket
// policy that people write takes a few thousand. A request whose evaluation needs more is denied.
const MaxSteps = 500_000

func (m *meter) charge(n int) bool {
	m.steps += n
	if m.steps > MaxSteps {
		m.spent = true
	}
	return !m.spent
}
