package shell

import (
	"errors"
	"strconv"

	"mvdan.cc/sh/v3/syntax"
)

// Limits of functions.
const (
	// MaxRecursion is how deep functions may call one another.
	MaxRecursion = 100
	// MaxFunctions is how many functions a console keeps.
	MaxFunctions = 32
)

func (m *machine) define(c *syntax.FuncDecl) {
	if c.Name == nil { // `()0()0` parses so
		m.fail(unsupported("functions without a name"))
		return
	}
	if m.functions == nil {
		m.functions = map[string]*syntax.Stmt{}
	}
	if m.functions[c.Name.Value] == nil && len(m.functions) >= MaxFunctions {
		m.fail(&LimitError{"the number of functions", MaxFunctions})
		return
	}
	m.functions[c.Name.Value], m.code = c.Body, 0
}

// invoke runs a function: its words are $1, $2 and so on, and what it declares local ends with it.
func (m *machine) invoke(body *syntax.Stmt, args []string, std stdio) {
	if m.calls >= MaxRecursion {
		m.fail(&LimitError{"the depth of functions that call one another", MaxRecursion})
		return
	}
	params, depth, loops, locals := m.params, m.depth, m.loops, m.locals
	m.params, m.depth, m.loops, m.locals = args, 0, 0, map[string]*string{}
	m.calls++
	m.stmt(body, std)
	m.calls--
	for name, before := range m.locals {
		if before == nil {
			delete(m.env, name)
		} else {
			m.env[name] = *before
		}
	}
	m.params, m.depth, m.loops, m.locals = params, depth, loops, locals
	var j *jump
	if errors.As(m.stop, &j) {
		m.stop = nil
	}
}

// local remembers a variable's value until the function ends.
func (m *machine) local(name string) {
	if _, known := m.locals[name]; known {
		return
	}
	if before, set := m.env[name]; set {
		m.locals[name] = &before
	} else {
		m.locals[name] = nil
	}
}

// builtins are the words that steer the evaluator itself.
var builtins map[string]func(m *machine, args []string, std stdio) int

func init() {
	leave := func(kind string) func(m *machine, args []string, std stdio) int {
		return func(m *machine, args []string, std stdio) int { return m.leave(kind, args, std) }
	}
	builtins = map[string]func(m *machine, args []string, std stdio) int{
		":":        func(*machine, []string, stdio) int { return 0 },
		"break":    leave("break"),
		"continue": leave("continue"),
		"return":   leave("return"),
		"set":      set,
		"shift":    shift,
		"read":     read,
		"test":     testCommand,
		"[":        bracket,
	}
}

func (m *machine) leave(kind string, args []string, std stdio) int {
	n, err := 1, error(nil)
	if kind == "return" {
		n = m.code
	}
	if len(args) > 0 {
		if n, err = strconv.Atoi(args[0]); err != nil {
			std.err.print("%s: %s: numeric argument required\n", kind, args[0])
			return 2
		}
	}
	if kind == "return" {
		if m.calls == 0 {
			std.err.text("return: can only return from a function\n")
			return 1
		}
		m.fail(&jump{kind, 1})
		return n & 255
	}
	if m.loops == 0 {
		std.err.print("%s: only meaningful in a loop\n", kind)
		return 0
	}
	m.fail(&jump{kind, max(n, 1)})
	return 0
}

// set takes -e, -u, -o pipefail and their opposites, for the rest of the line.
func set(m *machine, args []string, std stdio) int {
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			m.params = args[i+1:]
			return 0
		}
		if len(a) < 2 || a[0] != '-' && a[0] != '+' {
			m.params = args[i:]
			return 0
		}
		on := a[0] == '-'
		for _, letter := range a[1:] {
			option := string(letter)
			if letter == 'o' && i+1 < len(args) {
				i++
				option = args[i]
			}
			switch option {
			case "e", "errexit":
				m.errexit = on
			case "u", "nounset":
				m.nounset = on
			case "pipefail":
				m.pipefail = on
			default:
				std.err.print("set: %s: this console has -e, -u and -o pipefail\n", option)
				return 2
			}
		}
	}
	return 0
}

func shift(m *machine, args []string, std stdio) int {
	n, err := 1, error(nil)
	if len(args) > 0 {
		n, err = strconv.Atoi(args[0])
	}
	if err != nil || n < 0 || n > len(m.params) {
		return 1
	}
	m.params = m.params[n:]
	return 0
}
