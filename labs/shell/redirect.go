package shell

import (
	"fmt"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// redirect applies the redirections of a statement. finish writes the files and must be called after the command.
func (m *machine) redirect(list []*syntax.Redirect, std stdio) (_ stdio, finish func() error, err error) {
	var files []func() error
	finish = func() error {
		for _, write := range files {
			if err := write(); err != nil {
				return err
			}
		}
		return nil
	}
	for _, r := range list {
		fd := ""
		if r.N != nil {
			fd = r.N.Value
		}
		if r.Op == syntax.Hdoc || r.Op == syntax.DashHdoc {
			text, err := m.heredoc(r, std)
			if err != nil {
				m.fail(err)
				return std, nil, err
			}
			std.in, std.rest = []byte(text), nil
			continue
		}
		word, err := m.text(r.Word, std)
		if err != nil {
			m.fail(err)
			return std, nil, err
		}
		switch r.Op {
		case syntax.WordHdoc:
			std.in, std.rest = []byte(word+"\n"), nil
		case syntax.RdrIn:
			std.rest = nil
			if std.in, err = m.readFile(word); err != nil {
				return std, nil, fmt.Errorf("%s: %w", word, err)
			}
		case syntax.DplOut:
			switch {
			case word == "1" && fd == "2":
				std.err = std.out
			case word == "2" && (fd == "" || fd == "1"):
				std.out = std.err
			default:
				m.fail(unsupported("redirections like >&" + word))
				return std, nil, m.stop
			}
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			if fd != "" && fd != "1" && fd != "2" {
				m.fail(unsupported("redirections of " + fd))
				return std, nil, m.stop
			}
			o, write, err := m.toFile(word, r.Op == syntax.AppOut || r.Op == syntax.AppAll)
			if err != nil {
				return std, nil, fmt.Errorf("%s: %w", word, err)
			}
			files = append(files, write)
			both := r.Op == syntax.RdrAll || r.Op == syntax.AppAll
			if fd != "2" {
				std.out = o
			}
			if fd == "2" || both {
				std.err = o
			}
		default:
			m.fail(unsupported("redirections with " + r.Op.String()))
			return std, nil, m.stop
		}
	}
	return std, finish, nil
}

// toFile makes or empties a file at once, as a shell does, and returns what its command writes to.
func (m *machine) toFile(name string, add bool) (*output, func() error, error) {
	o := &output{left: m.left}
	if name == "/dev/null" {
		return o, func() error { return nil }, nil
	}
	p, err := m.Home.Clean(m.Dir, name)
	if err != nil {
		return nil, nil, err
	}
	var before []byte
	if old, err := m.Home.Read(p); add && err == nil {
		before = old
	}
	if err := m.Home.Write(p, before); err != nil {
		return nil, nil, err
	}
	return o, func() error {
		if err := m.Home.Write(p, slices.Concat(before, o.data)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}, nil
}

// heredoc is the text of << with expansion, unless its word was quoted.
func (m *machine) heredoc(r *syntax.Redirect, std stdio) (string, error) {
	if r.Hdoc == nil {
		return "", nil
	}
	text, err := m.quoted(r.Hdoc.Parts, std, true)
	if err != nil || r.Op != syntax.DashHdoc {
		return text, err
	}
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t")
	}
	return strings.Join(lines, ""), nil
}

// readFile reads a file of the home folder by the name that was typed.
func (m *machine) readFile(name string) ([]byte, error) {
	if name == "/dev/null" {
		return nil, nil
	}
	p, err := m.Home.Clean(m.Dir, name)
	if err != nil {
		return nil, err
	}
	return m.Home.Read(p)
}

// writeFile writes a file of the home folder by the name that was typed.
func (m *machine) writeFile(name string, data []byte) error {
	if name == "/dev/null" {
		return nil
	}
	p, err := m.Home.Clean(m.Dir, name)
	if err != nil {
		return err
	}
	return m.Home.Write(p, data)
}
