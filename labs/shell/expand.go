package shell

import (
	"path"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// field is one word being built: its text, and the same as a pattern in which quoted characters stand for themselves.
type field struct {
	text, pattern strings.Builder
	glob, some    bool // an unquoted * ? [ ; anything at all, even an empty quote
}

func (f *field) add(s string, quoted bool) {
	f.text.WriteString(s)
	f.some = f.some || quoted || s != ""
	for i := 0; i < len(s); i++ {
		special := strings.IndexByte(`*?[\`, s[i]) >= 0
		if special && (quoted || s[i] == '\\') {
			f.pattern.WriteByte('\\')
		} else if special {
			f.glob = true
		}
		f.pattern.WriteByte(s[i])
	}
}

// words expands the words of a command: quotes, variables, $( ), splitting and names of files.
func (m *machine) words(list []*syntax.Word, std stdio) ([]string, error) {
	var out []string
	size := 0
	for _, w := range list {
		fields, err := m.fields(w, std)
		if err != nil {
			return nil, err
		}
		for _, f := range fields {
			names := m.glob(f)
			for _, name := range names {
				if size += len(name) + 16; size > MaxWords {
					return nil, &LimitError{"the size of a command's words in bytes", MaxWords}
				}
			}
			out = append(out, names...)
		}
	}
	return out, nil
}

// text expands a word that stays one word: the right side of an assignment, the name of a redirection.
func (m *machine) text(w *syntax.Word, std stdio) (string, error) {
	var b strings.Builder
	for i, part := range w.Parts {
		s, _, err := m.part(part, std, i == 0)
		if err != nil {
			return "", err
		}
		if b.Len()+len(s) > MaxWords {
			return "", &LimitError{"the size of a command's words in bytes", MaxWords}
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// fields splits a word where an unquoted expansion holds blanks.
func (m *machine) fields(w *syntax.Word, std stdio) ([]*field, error) {
	current := &field{}
	var done []*field
	for i, part := range w.Parts {
		s, split, err := m.part(part, std, i == 0)
		if err != nil {
			return nil, err
		}
		if current.text.Len()+len(s) > MaxWords {
			return nil, &LimitError{"the size of a command's words in bytes", MaxWords}
		}
		if !split {
			lit, plain := part.(*syntax.Lit)
			if plain {
				current.literal(s, lit.Value)
			} else {
				current.add(s, true)
			}
			continue
		}
		pieces := strings.Fields(s)
		for j, piece := range pieces {
			if (j > 0 || strings.TrimLeft(s, " \t\n") != s) && current.some {
				done, current = append(done, current), &field{}
			}
			current.add(piece, false)
		}
		if len(pieces) > 0 && strings.TrimRight(s, " \t\n") != s {
			done, current = append(done, current), &field{}
		}
	}
	if current.some {
		done = append(done, current)
	}
	return done, nil
}

// literal adds unquoted text; raw is how it stands in the source, with backslashes.
func (f *field) literal(text, raw string) {
	if !strings.Contains(raw, `\`) {
		f.add(text, false)
		return
	}
	f.add(text, true) // escaped somewhere: taken as it stands
}

// part expands one part of a word; split says that blanks in the result separate words.
func (m *machine) part(p syntax.WordPart, std stdio, first bool) (s string, split bool, err error) {
	switch p := p.(type) {
	case *syntax.Lit:
		s = unescape(p.Value, "")
		if first && (s == "~" || strings.HasPrefix(s, "~/")) {
			s = HomePath + s[1:]
		}
		return s, false, nil
	case *syntax.SglQuoted:
		if p.Dollar {
			return ansi(p.Value), false, nil
		}
		return p.Value, false, nil
	case *syntax.DblQuoted:
		s, err = m.quoted(p.Parts, std, false)
		return s, false, err
	case *syntax.ParamExp:
		s, err = m.param(p, std)
		return s, true, err
	case *syntax.CmdSubst:
		s, err = m.subst(p, std)
		return s, true, err
	case *syntax.ArithmExp:
		n, err := m.arith(p.X, std)
		return strconv.FormatInt(n, 10), true, err
	case *syntax.ProcSubst:
		return "", false, unsupported("process substitutions")
	case *syntax.ExtGlob:
		return "", false, unsupported("extended patterns")
	}
	return "", false, unsupported("words of this kind")
}

// quoted expands what stands inside double quotes or a here-document.
func (m *machine) quoted(parts []syntax.WordPart, std stdio, document bool) (string, error) {
	var b strings.Builder
	for _, part := range parts {
		s := ""
		if lit, ok := part.(*syntax.Lit); ok {
			special := "\"\\$`"
			if document {
				special = "\\$`"
			}
			s = unescape(lit.Value, special)
		} else {
			var err error
			if s, _, err = m.part(part, std, false); err != nil {
				return "", err
			}
		}
		if b.Len()+len(s) > MaxWords {
			return "", &LimitError{"the size of a command's words in bytes", MaxWords}
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// unescape removes backslashes: before any character, or before those of special only. A backslash at the end of a
// line joins it with the next.
func unescape(s, special string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			next := s[i+1]
			if next == '\n' {
				i++
				continue
			}
			if special == "" || strings.IndexByte(special, next) >= 0 {
				b.WriteByte(next)
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// ansi reads $'…'.
func ansi(s string) string {
	if out, err := strconv.Unquote(`"` + strings.NewReplacer(`\'`, `'`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`); err == nil {
		return out
	}
	return s
}

// param expands $NAME, ${NAME}, ${#NAME} and ${NAME:-word}.
func (m *machine) param(p *syntax.ParamExp, std stdio) (string, error) {
	if p.Param == nil || p.Excl || p.Width || p.Index != nil || p.Slice != nil || p.Repl != nil || p.Names != 0 {
		return "", unsupported("parameter expansions of this kind")
	}
	value, set := m.variable(p.Param.Value)
	if p.Length {
		return strconv.Itoa(len(value)), nil
	}
	if p.Exp == nil {
		return value, nil
	}
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull:
		if set && (value != "" || p.Exp.Op == syntax.DefaultUnset) {
			return value, nil
		}
		if p.Exp.Word == nil {
			return "", nil
		}
		return m.text(p.Exp.Word, std)
	}
	return "", unsupported("parameter expansions with " + p.Exp.Op.String())
}

func (m *machine) variable(name string) (string, bool) {
	switch name {
	case "?":
		return strconv.Itoa(m.code), true
	case "HOME":
		return HomePath, true
	case "PWD":
		return m.pwd(), true
	case "USER":
		return "student", true
	case "#":
		return strconv.Itoa(len(m.params)), true
	case "0":
		return "keyhole", true
	case "@", "*":
		return strings.Join(m.params, " "), true
	}
	if n, err := strconv.Atoi(name); err == nil && n > 0 {
		if n > len(m.params) {
			return "", false
		}
		return m.params[n-1], true
	}
	value, ok := m.env[name]
	return value, ok
}

func (m *machine) pwd() string { return path.Join(HomePath, m.Dir) }

// subst runs $( ) and returns what it printed without the newlines at its end.
func (m *machine) subst(c *syntax.CmdSubst, std stdio) (string, error) {
	o := &output{left: m.left}
	m.sub(c.Stmts, stdio{in: std.in, out: o, err: std.err})
	if m.stop != nil {
		return "", m.stop
	}
	if len(o.data) > MaxWords {
		return "", &LimitError{"the size of a command's words in bytes", MaxWords}
	}
	text := strings.ReplaceAll(string(o.data), "\x00", "")
	return strings.TrimRight(text, "\n"), nil
}

// glob replaces a pattern by the names it matches, in one folder; a pattern without a match stays as it is.
func (m *machine) glob(f *field) []string {
	word := f.text.String()
	if !f.glob {
		return []string{word}
	}
	dir, pattern := path.Split(f.pattern.String())
	folder, err := m.Home.Clean(m.Dir, path.Clean("./"+strings.ReplaceAll(dir, `\`, "")))
	if err != nil || strings.HasPrefix(dir, "/") {
		return []string{word}
	}
	var names []string
	for _, name := range m.Home.List(folder) {
		name = strings.TrimSuffix(name, "/")
		ok, err := path.Match(pattern, name)
		if err == nil && ok && (!strings.HasPrefix(name, ".") || strings.HasPrefix(pattern, ".")) {
			names = append(names, strings.ReplaceAll(dir, `\`, "")+name)
		}
	}
	if len(names) == 0 {
		return []string{word}
	}
	return names
}
