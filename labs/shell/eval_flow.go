package shell

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// jump leaves a loop or a function: break, continue, return.
type jump struct {
	kind   string
	levels int
}

// Error names the word that jumps.
func (j *jump) Error() string { return j.kind }

// quietly runs a condition, which set -e does not judge.
func (m *machine) quietly(run func()) {
	m.quiet++
	run()
	m.quiet--
}

// body runs the commands of a loop once; over says that the loop is left.
func (m *machine) body(list []*syntax.Stmt, std stdio) (over bool) {
	m.loops++
	m.stmts(list, std)
	m.loops--
	var j *jump
	if !errors.As(m.stop, &j) || j.kind == "return" {
		return m.stop != nil
	}
	if j.levels > 1 && m.loops > 0 {
		m.stop = &jump{j.kind, j.levels - 1}
		return true
	}
	m.stop = nil
	return j.kind == "break"
}

// repeat runs while and until. What read takes from the input is gone for the next round.
func (m *machine) repeat(c *syntax.WhileClause, std stdio) {
	if std.rest == nil {
		std.rest = &std.in
	}
	code := 0
	for {
		m.quietly(func() { m.stmts(c.Cond, std) })
		if m.stop != nil {
			return
		}
		if (m.code == 0) == c.Until {
			m.code = code
			return
		}
		if m.body(c.Do, std) {
			return
		}
		code = m.code
	}
}

// count is for ((start; condition; step)).
func (m *machine) count(c *syntax.ForClause, loop *syntax.CStyleLoop, std stdio) {
	value := func(e syntax.ArithmExpr, none int64) int64 {
		if e == nil || m.stop != nil {
			return none
		}
		if err := m.left.step(m.ctx); err != nil {
			m.fail(err)
			return 0
		}
		n, err := m.arith(e, std)
		if err != nil {
			m.fail(err)
		}
		return n
	}
	m.code = 0
	for value(loop.Init, 0); value(loop.Cond, 1) != 0 && m.stop == nil; value(loop.Post, 0) {
		if err := m.left.step(m.ctx); err != nil {
			m.fail(err)
			return
		}
		if m.body(c.Do, std) {
			return
		}
	}
}

func (m *machine) choose(c *syntax.CaseClause, std stdio) {
	word, err := m.text(c.Word, std)
	if err != nil {
		m.fail(err)
		return
	}
	m.code = 0
	through := false
	for _, item := range c.Items {
		fits := through
		for _, p := range item.Patterns {
			if fits {
				break
			}
			if fits, err = m.fits(p, word, std); err != nil {
				m.fail(err)
				return
			}
		}
		if !fits {
			continue
		}
		if m.stmts(item.Stmts, std); m.stop != nil || item.Op == syntax.Break {
			return
		}
		through = item.Op == syntax.Fallthrough
	}
}

// fits matches a text with a pattern as written, in which quoted characters stand for themselves.
func (m *machine) fits(w *syntax.Word, text string, std stdio) (bool, error) {
	p, err := m.pattern(w, std)
	if err != nil {
		return false, err
	}
	ends, err := m.left.ends(compilePattern(p), text, false)
	return len(ends) > 0 && ends[len(ends)-1] == len(text), err
}

// pattern expands a word to the form compilePattern reads.
func (m *machine) pattern(w *syntax.Word, std stdio) (string, error) {
	f := &field{}
	for i, part := range w.Parts {
		s, split, err := m.part(part, std, i == 0)
		if err != nil {
			return "", err
		}
		if f.text.Len()+len(s) > MaxWords {
			return "", &LimitError{"the size of a command's words in bytes", MaxWords}
		}
		if lit, plain := part.(*syntax.Lit); plain && strings.Contains(lit.Value, `\`) {
			f.pattern.WriteString(lit.Value)
			f.text.WriteString(s)
			continue
		}
		_, plain := part.(*syntax.Lit)
		f.add(s, !plain && !split)
	}
	return f.pattern.String(), nil
}
