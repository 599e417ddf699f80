package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Run executes one line, or several, and returns what was printed. It never panics and never touches the host.
func (s *Session) Run(ctx context.Context, line string) Output {
	if err := checkLine(line); err != nil {
		return Output{Stderr: "keyhole: " + err.Error() + "\n", Code: 2}
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), "")
	if err != nil {
		return Output{Stderr: "keyhole: syntax error: " + err.Error() + "\n", Code: 2}
	}
	if s.Home == nil {
		s.Home = NewHome(nil)
	}
	if s.Env == nil {
		s.Env = map[string]string{}
	}
	m := &machine{Session: s, ctx: ctx, left: newBudget(), env: s.Env}
	out, errs := &output{left: m.left}, &output{left: m.left}
	std := stdio{out: out, err: errs}
	for _, stmt := range file.Stmts {
		if m.stmt(stmt, std); m.stop != nil {
			break
		}
	}
	o := Output{Stdout: out.String(), Stderr: errs.String(), Code: m.code}
	var done *exit
	switch {
	case errors.As(m.stop, &done):
		o.Code = done.code
	case m.stop != nil:
		o.Stderr += "keyhole: " + m.stop.Error() + "\n"
		o.Code = 2
	}
	return o
}

// checkLine refuses what the parser must not see: it recurses with every opening.
func checkLine(line string) error {
	if len(line) > MaxLine {
		return &LimitError{"a line in bytes", MaxLine}
	}
	depth := 0
	for _, c := range line {
		switch c {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth = max(depth-1, 0)
		case 0:
			return errors.New("a line cannot hold a zero byte")
		}
		if depth > MaxNesting {
			return &LimitError{"the number of nested openings", MaxNesting}
		}
	}
	for _, word := range []string{"if", "while", "until", "for", "case", "!", "`"} {
		if strings.Count(line, word) > MaxKeywords {
			return &LimitError{"the number of times a line says " + word, MaxKeywords}
		}
	}
	return nil
}

// exit ends a line: the exit command.
type exit struct{ code int }

func (e *exit) Error() string { return fmt.Sprintf("exit %d", e.code) }

// unsupported names a construct of the shell that is not here.
func unsupported(what string) error { return fmt.Errorf("%s are not supported yet", what) }

// machine runs the statements of one line.
type machine struct {
	*Session
	ctx  context.Context
	left *budget
	env  map[string]string // variables; a copy inside ( ) and $( )

	code  int   // of the last command
	stop  error // ends the line: a limit, something unsupported, exit
	depth int

	loops, calls, quiet        int // loops and functions around; conditions around, which set -e does not judge
	errexit, nounset, pipefail bool
	params                     []string           // $1 and so on
	locals                     map[string]*string // what the function's variables were before; nil: unset
}

// stdio is what a command reads and writes.
type stdio struct {
	in       []byte
	out, err *output
	rest     *[]byte // inside a loop, what read has left of in
}

// fail records why the line ends; the first reason stays.
func (m *machine) fail(err error) {
	if m.stop == nil {
		m.stop = err
	}
}

func (m *machine) stmts(list []*syntax.Stmt, std stdio) {
	for _, stmt := range list {
		if m.stmt(stmt, std); m.stop != nil {
			return
		}
	}
}

func (m *machine) stmt(stmt *syntax.Stmt, std stdio) {
	if err := m.left.step(m.ctx); err != nil {
		m.fail(err)
		return
	}
	if m.depth++; m.depth > MaxNesting {
		m.fail(&LimitError{"the number of nested openings", MaxNesting})
		return
	}
	defer func() { m.depth-- }()
	if stmt.Background || stmt.Coprocess || stmt.Disown {
		m.fail(unsupported("background commands"))
		return
	}
	std, finish, err := m.redirect(stmt.Redirs, std)
	if err != nil {
		if m.stop == nil {
			std.err.print("keyhole: %v\n", err)
			m.code = 1
		}
		return
	}
	if stmt.Cmd == nil {
		m.code = 0
	} else {
		m.command(stmt.Cmd, std)
	}
	if err := finish(); err != nil && m.stop == nil {
		std.err.print("keyhole: %v\n", err)
		m.code = 1
	}
	if m.errexit && m.quiet == 0 && m.code != 0 && !stmt.Negated && judged(stmt.Cmd) {
		m.fail(&exit{m.code})
	}
	if stmt.Negated {
		m.code = map[bool]int{true: 1, false: 0}[m.code == 0]
	}
}

// judged says whether set -e looks at this command's own code, and not at those inside it.
func judged(cmd syntax.Command) bool {
	switch c := cmd.(type) {
	case *syntax.CallExpr, *syntax.Subshell, *syntax.TestClause, *syntax.ArithmCmd, *syntax.DeclClause:
		return true
	case *syntax.BinaryCmd:
		return c.Op == syntax.Pipe || c.Op == syntax.PipeAll
	}
	return false
}

// verdict sets the code of a test. A test that is wrong fails; one that meets a limit ends the line.
func (m *machine) verdict(ok bool, err error, std stdio) {
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		m.fail(err)
	case err != nil:
		std.err.print("keyhole: %v\n", err)
		m.code = 1
	case ok:
		m.code = 0
	default:
		m.code = 1
	}
}

func (m *machine) command(cmd syntax.Command, std stdio) {
	switch c := cmd.(type) {
	case *syntax.CallExpr:
		m.call(c, std)
	case *syntax.BinaryCmd:
		m.binary(c, std)
	case *syntax.Block:
		m.stmts(c.Stmts, std)
	case *syntax.Subshell:
		m.sub(c.Stmts, std)
	case *syntax.ForClause:
		m.loop(c, std)
	case *syntax.IfClause:
		m.branch(c, std)
	case *syntax.DeclClause:
		m.declare(c, std)
	case *syntax.WhileClause:
		m.repeat(c, std)
	case *syntax.CaseClause:
		m.choose(c, std)
	case *syntax.FuncDecl:
		m.define(c)
	case *syntax.ArithmCmd:
		n, err := m.arith(c.X, std)
		m.verdict(n != 0, err, std)
	case *syntax.TestClause:
		ok, err := m.truth(c.X, std)
		m.verdict(ok, err, std)
	case *syntax.TimeClause:
		m.fail(unsupported("time commands"))
	default:
		m.fail(unsupported("commands of this kind"))
	}
}

func (m *machine) binary(c *syntax.BinaryCmd, std stdio) {
	switch c.Op {
	case syntax.AndStmt:
		if m.quietly(func() { m.stmt(c.X, std) }); m.stop == nil && m.code == 0 {
			m.stmt(c.Y, std)
		}
	case syntax.OrStmt:
		if m.quietly(func() { m.stmt(c.X, std) }); m.stop == nil && m.code != 0 {
			m.stmt(c.Y, std)
		}
	case syntax.Pipe, syntax.PipeAll:
		between := &output{left: m.left}
		left := stdio{in: std.in, rest: std.rest, out: between, err: std.err}
		if c.Op == syntax.PipeAll {
			left.err = between
		}
		if m.quietly(func() { m.stmt(c.X, left) }); m.stop == nil {
			code := m.code
			m.stmt(c.Y, stdio{in: between.data, out: std.out, err: std.err})
			if m.pipefail && m.code == 0 {
				m.code = code
			}
		}
	default:
		m.fail(unsupported("operators of this kind"))
	}
}

// sub runs statements that cannot change the variables outside.
func (m *machine) sub(list []*syntax.Stmt, std stdio) {
	outer := m.env
	m.env = make(map[string]string, len(outer))
	for name, value := range outer {
		m.env[name] = value
	}
	dir := m.Dir
	m.stmts(list, std)
	m.env, m.Dir = outer, dir
	var done *exit
	if errors.As(m.stop, &done) {
		m.stop, m.code = nil, done.code
	}
}

func (m *machine) loop(c *syntax.ForClause, std stdio) {
	if counted, ok := c.Loop.(*syntax.CStyleLoop); ok {
		m.count(c, counted, std)
		return
	}
	words, ok := c.Loop.(*syntax.WordIter)
	if !ok || c.Select {
		m.fail(unsupported("for loops of this kind"))
		return
	}
	items, err := m.words(words.Items, std)
	if err != nil {
		m.fail(err)
		return
	}
	if !words.InPos.IsValid() {
		items = m.params
	}
	m.code = 0
	for _, item := range items {
		if err := m.setEnv(words.Name.Value, item); err != nil {
			m.fail(err)
			return
		}
		if m.body(c.Do, std) {
			return
		}
	}
}

func (m *machine) branch(c *syntax.IfClause, std stdio) {
	for c != nil {
		if len(c.Cond) == 0 { // else
			m.stmts(c.Then, std)
			return
		}
		if m.quietly(func() { m.stmts(c.Cond, std) }); m.stop != nil {
			return
		}
		if m.code == 0 {
			m.stmts(c.Then, std)
			return
		}
		c = c.Else
	}
	m.code = 0
}

// declare is export and local; the other words of its kind are not here.
func (m *machine) declare(c *syntax.DeclClause, std stdio) {
	if c.Variant.Value == "local" && m.calls > 0 {
		m.code = 0
		for _, a := range c.Args {
			if a.Name == nil {
				m.fail(unsupported("options of local"))
				return
			}
			m.local(a.Name.Value)
			m.assign(a, std)
		}
		return
	}
	if c.Variant.Value != "export" {
		m.fail(unsupported(c.Variant.Value + " statements"))
		return
	}
	m.code = 0
	if len(c.Args) == 0 {
		for _, name := range sortedNames(m.env) {
			std.out.print("declare -x %s=%q\n", name, m.env[name])
		}
	}
	for _, a := range c.Args {
		if !a.Naked {
			m.assign(a, std)
		}
	}
}

func (m *machine) assign(a *syntax.Assign, std stdio) {
	if a.Array != nil || a.Index != nil || a.Name == nil {
		m.fail(unsupported("arrays"))
		return
	}
	value := ""
	if a.Value != nil {
		var err error
		if value, err = m.text(a.Value, std); err != nil {
			m.fail(err)
			return
		}
	}
	if a.Append {
		value = m.env[a.Name.Value] + value
	}
	if err := m.setEnv(a.Name.Value, value); err != nil {
		m.fail(err)
	}
}

// setEnv sets a variable within the limits.
func (m *machine) setEnv(name, value string) error {
	size := len(name) + len(value)
	for other, v := range m.env {
		if other != name {
			size += len(other) + len(v)
		}
	}
	if size > MaxVariables {
		return &LimitError{"the size of all variables in bytes", MaxVariables}
	}
	m.env[name] = value
	return nil
}

// call runs a simple command.
func (m *machine) call(c *syntax.CallExpr, std stdio) {
	args, err := m.words(c.Args, std)
	if err != nil {
		m.fail(err)
		return
	}
	if len(c.Assigns) > 0 && len(args) > 0 { // for this command only
		outer := m.env
		m.env = make(map[string]string, len(outer)+1)
		for name, value := range outer {
			m.env[name] = value
		}
		defer func() { m.env = outer }()
	}
	if len(args) == 0 {
		m.code = 0 // an assignment of $( ) keeps the code of its command
	}
	for _, a := range c.Assigns {
		if m.assign(a, std); m.stop != nil {
			return
		}
	}
	if len(args) == 0 {
		return
	}
	if std.rest != nil {
		std.in = *std.rest
	}
	if body := m.functions[args[0]]; body != nil {
		m.invoke(body, args[1:], std)
	} else if builtin := builtins[args[0]]; builtin != nil {
		m.code = builtin(m, args[1:], std)
	} else {
		m.code = m.run(args, std)
	}
}
