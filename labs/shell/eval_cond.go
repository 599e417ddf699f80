package shell

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// truth evaluates what stands in [[ ]].
func (m *machine) truth(e syntax.TestExpr, std stdio) (bool, error) {
	switch e := e.(type) {
	case *syntax.ParenTest:
		return m.truth(e.X, std)
	case *syntax.Word:
		s, err := m.text(e, std)
		return s != "", err
	case *syntax.UnaryTest:
		if e.Op == syntax.TsNot {
			ok, err := m.truth(e.X, std)
			return !ok, err
		}
		w, _ := e.X.(*syntax.Word)
		s, err := m.text(w, std)
		if err != nil {
			return false, err
		}
		return m.unary(e.Op.String(), s)
	case *syntax.BinaryTest:
		if e.Op == syntax.AndTest || e.Op == syntax.OrTest {
			ok, err := m.truth(e.X, std)
			if err != nil || ok == (e.Op == syntax.OrTest) {
				return ok, err
			}
			return m.truth(e.Y, std)
		}
		x, _ := e.X.(*syntax.Word)
		y, _ := e.Y.(*syntax.Word)
		left, err := m.text(x, std)
		if err != nil {
			return false, err
		}
		switch e.Op {
		case syntax.TsMatch, syntax.TsMatchShort:
			return m.fits(y, left, std)
		case syntax.TsNoMatch:
			ok, err := m.fits(y, left, std)
			return !ok, err
		}
		right, err := m.text(y, std)
		if err != nil {
			return false, err
		}
		return m.compare(e.Op.String(), left, right)
	}
	return false, unsupported("tests of this kind")
}

func (m *machine) unary(op, s string) (bool, error) {
	switch op {
	case "-n":
		return s != "", nil
	case "-z":
		return s == "", nil
	case "-v":
		_, set := m.variable(s)
		return set, nil
	}
	p, err := m.Home.Clean(m.Dir, s)
	data, isFile := m.Home.Files[p]
	switch op {
	case "-e", "-a", "-r", "-w":
		return err == nil && (isFile || m.Home.IsFolder(p)), nil
	case "-f":
		return err == nil && isFile, nil
	case "-d":
		return err == nil && m.Home.IsFolder(p), nil
	case "-s":
		return err == nil && len(data) > 0, nil
	case "-x", "-L", "-h":
		return false, nil
	}
	return false, unsupported("tests with " + op)
}

func (m *machine) compare(op, a, b string) (bool, error) {
	switch op {
	case "=", "==":
		return a == b, nil
	case "!=":
		return a != b, nil
	case "<":
		return a < b, nil
	case ">":
		return a > b, nil
	}
	x, err := strconv.ParseInt(strings.TrimSpace(a), 10, 64)
	if err != nil {
		return false, fmt.Errorf("%.40s: integer expression expected", a)
	}
	y, err := strconv.ParseInt(strings.TrimSpace(b), 10, 64)
	if err != nil {
		return false, fmt.Errorf("%.40s: integer expression expected", b)
	}
	switch op {
	case "-eq":
		return x == y, nil
	case "-ne":
		return x != y, nil
	case "-lt":
		return x < y, nil
	case "-le":
		return x <= y, nil
	case "-gt":
		return x > y, nil
	case "-ge":
		return x >= y, nil
	}
	return false, unsupported("tests with " + op)
}

func bracket(m *machine, args []string, std stdio) int {
	if len(args) == 0 || args[len(args)-1] != "]" {
		std.err.text("[: missing `]'\n")
		return 2
	}
	return testCommand(m, args[:len(args)-1], std)
}

// testCommand is test with !, -a and -o, which bind as in the real one.
func testCommand(m *machine, args []string, std stdio) int {
	ok, err := m.judge(args)
	switch {
	case err != nil:
		std.err.print("test: %v\n", err)
		return 2
	case ok:
		return 0
	}
	return 1
}

func (m *machine) judge(args []string) (bool, error) {
	not := false
	for len(args) > 1 && args[0] == "!" {
		not, args = !not, args[1:]
	}
	ok, err := false, error(nil)
	switch len(args) {
	case 0:
	case 1:
		ok = args[0] != ""
	case 2:
		ok, err = m.unary(args[0], args[1])
	case 3:
		ok, err = m.compare(args[1], args[0], args[2])
	default:
		err = fmt.Errorf("too many arguments; join tests with && or ||")
	}
	return ok != not, err
}

// read takes one line of the input into variables; the last one takes what is left of the line.
func read(m *machine, args []string, std stdio) int {
	raw := false
	for len(args) > 0 && args[0] == "-r" {
		raw, args = true, args[1:]
	}
	line, rest, ended := bytes.Cut(std.in, []byte("\n"))
	if std.rest != nil {
		*std.rest = rest
	}
	text := string(line)
	if !raw {
		text = unescape(text, "")
	}
	if len(args) == 0 {
		args = []string{"REPLY"}
	}
	for i, name := range args {
		value := strings.Trim(text, " \t")
		if i < len(args)-1 {
			text = ""
			if at := strings.IndexAny(value, " \t"); at >= 0 {
				value, text = value[:at], value[at:]
			}
		}
		if err := m.setEnv(name, value); err != nil {
			m.fail(err)
			return 1
		}
	}
	if !ended {
		return 1
	}
	return 0
}
