package shell

import "strings"

// MaxMatching is how many comparisons of a pattern's parts with bytes a line may make.
const MaxMatching = 32 << 20

// token is one part of a pattern: *, ?, a set of bytes, or one byte.
type token struct {
	star bool
	fits [4]uint64
}

func (t *token) add(b byte)      { t.fits[b>>6] |= 1 << (b & 63) }
func (t *token) has(b byte) bool { return t.fits[b>>6]&(1<<(b&63)) != 0 }

// compilePattern reads a pattern with * ? [a-z] [!a-z] and backslashes. What is not a pattern stands for itself.
func compilePattern(p string) []token {
	var out []token
	for i := 0; i < len(p); i++ {
		var t token
		switch c := p[i]; {
		case c == '*':
			if len(out) > 0 && out[len(out)-1].star {
				continue
			}
			t.star = true
		case c == '?':
			t.fits = [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		case c == '[' && strings.IndexByte(p[i+1:], ']') > 0:
			end := i + 1 + strings.IndexByte(p[i+1:], ']')
			t = class(p[i+1 : end])
			i = end
		case c == '\\' && i+1 < len(p):
			i++
			t.add(p[i])
		default:
			t.add(c)
		}
		out = append(out, t)
	}
	return out
}

func class(s string) (t token) {
	not := s[0] == '!' || s[0] == '^'
	if not {
		s = s[1:]
	}
	for i := 0; i < len(s); i++ {
		if i+2 < len(s) && s[i+1] == '-' {
			for b := int(s[i]); b <= int(s[i+2]); b++ {
				t.add(byte(b))
			}
			i += 2
			continue
		}
		t.add(s[i])
	}
	if not {
		for i := range t.fits {
			t.fits[i] = ^t.fits[i]
		}
	}
	return t
}

// ends returns the lengths of the beginnings of text that fit, ascending; with back, of its ends. The work grows with
// the product of both lengths at most, and is charged.
func (b *budget) ends(p []token, text string, back bool) ([]int, error) {
	if back {
		turned := make([]token, len(p))
		for i := range p {
			turned[len(p)-1-i] = p[i]
		}
		p = turned
	}
	now, next := make([]bool, len(p)+1), make([]bool, len(p)+1)
	now[0] = true
	var out []int
	for n := 0; ; n++ {
		if b.matching -= len(p) + 1; b.matching < 0 {
			return nil, &LimitError{"the work of a line's patterns in comparisons", MaxMatching}
		}
		alive := false
		for i := range p { // a star may stand for nothing
			if now[i] && p[i].star {
				now[i+1] = true
			}
			alive = alive || now[i]
		}
		if now[len(p)] {
			out = append(out, n)
		}
		if !alive || n == len(text) {
			return out, nil
		}
		c := text[n]
		if back {
			c = text[len(text)-1-n]
		}
		clear(next)
		for i := range p {
			if now[i] && p[i].star {
				next[i] = true
			} else if now[i] && p[i].has(c) {
				next[i+1] = true
			}
		}
		now, next = next, now
	}
}
