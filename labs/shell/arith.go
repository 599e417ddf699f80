package shell

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// arith evaluates an expression of $(( )), in 64 bits.
func (m *machine) arith(e syntax.ArithmExpr, std stdio) (int64, error) {
	switch e := e.(type) {
	case *syntax.ParenArithm:
		return m.arith(e.X, std)
	case *syntax.Word:
		s, err := m.text(e, std)
		if err != nil {
			return 0, err
		}
		return m.number(s)
	case *syntax.UnaryArithm:
		return m.unaryArith(e, std)
	case *syntax.BinaryArithm:
		return m.binaryArith(e, std)
	}
	return 0, unsupported("arithmetic expressions of this kind")
}

// number reads a number or the variable that holds one; an unset variable is 0.
func (m *machine) number(s string) (int64, error) {
	s = strings.TrimSpace(s)
	if s != "" && !syntax.ValidName(s) {
		n, err := strconv.ParseInt(s, 0, 64)
		if err != nil {
			return 0, fmt.Errorf("%.40s: not a number", s)
		}
		return n, nil
	}
	value, _ := m.variable(s)
	if value == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(value), 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%.40s: not a number", value)
	}
	return n, nil
}

func (m *machine) unaryArith(e *syntax.UnaryArithm, std stdio) (int64, error) {
	n, err := m.arith(e.X, std)
	if err != nil {
		return 0, err
	}
	switch e.Op {
	case syntax.Not:
		return truthNumber(n == 0), nil
	case syntax.BitNegation:
		return ^n, nil
	case syntax.Plus:
		return n, nil
	case syntax.Minus:
		return -n, nil
	}
	after := n + 1
	if e.Op == syntax.Dec {
		after = n - 1
	}
	if err := m.store(e.X, after); err != nil {
		return 0, err
	}
	if e.Post {
		return n, nil
	}
	return after, nil
}

// store assigns to the variable an expression names.
func (m *machine) store(e syntax.ArithmExpr, n int64) error {
	w, ok := e.(*syntax.Word)
	if !ok || !syntax.ValidName(w.Lit()) {
		return errors.New("arithmetic assigns to variables only")
	}
	return m.setEnv(w.Lit(), strconv.FormatInt(n, 10))
}

// assigning maps x += y to its operator.
var assigning = map[syntax.BinAritOperator]syntax.BinAritOperator{
	syntax.AddAssgn: syntax.Add, syntax.SubAssgn: syntax.Sub, syntax.MulAssgn: syntax.Mul, syntax.QuoAssgn: syntax.Quo,
	syntax.RemAssgn: syntax.Rem, syntax.AndAssgn: syntax.And, syntax.OrAssgn: syntax.Or, syntax.XorAssgn: syntax.Xor,
	syntax.ShlAssgn: syntax.Shl, syntax.ShrAssgn: syntax.Shr,
}

func (m *machine) binaryArith(e *syntax.BinaryArithm, std stdio) (int64, error) {
	if e.Op == syntax.Assgn {
		y, err := m.arith(e.Y, std)
		if err != nil {
			return 0, err
		}
		return y, m.store(e.X, y)
	}
	x, err := m.arith(e.X, std)
	if err != nil {
		return 0, err
	}
	switch e.Op {
	case syntax.AndArit, syntax.OrArit:
		if (x != 0) == (e.Op == syntax.OrArit) {
			return truthNumber(x != 0), nil
		}
		y, err := m.arith(e.Y, std)
		return truthNumber(y != 0), err
	case syntax.TernQuest:
		sides, ok := e.Y.(*syntax.BinaryArithm)
		if !ok {
			return 0, unsupported("arithmetic expressions of this kind")
		}
		if x != 0 {
			return m.arith(sides.X, std)
		}
		return m.arith(sides.Y, std)
	}
	y, err := m.arith(e.Y, std)
	if err != nil {
		return 0, err
	}
	if op, ok := assigning[e.Op]; ok {
		if x, err = operate(op, x, y); err != nil {
			return 0, err
		}
		return x, m.store(e.X, x)
	}
	return operate(e.Op, x, y)
}

func operate(op syntax.BinAritOperator, x, y int64) (int64, error) {
	switch op {
	case syntax.Add:
		return x + y, nil
	case syntax.Sub:
		return x - y, nil
	case syntax.Mul:
		return x * y, nil
	case syntax.Quo, syntax.Rem:
		if y == 0 {
			return 0, errors.New("division by 0")
		}
		if op == syntax.Quo {
			return x / y, nil
		}
		return x % y, nil
	case syntax.Pow:
		return power(x, y)
	case syntax.Eql:
		return truthNumber(x == y), nil
	case syntax.Neq:
		return truthNumber(x != y), nil
	case syntax.Lss:
		return truthNumber(x < y), nil
	case syntax.Gtr:
		return truthNumber(x > y), nil
	case syntax.Leq:
		return truthNumber(x <= y), nil
	case syntax.Geq:
		return truthNumber(x >= y), nil
	case syntax.And:
		return x & y, nil
	case syntax.Or:
		return x | y, nil
	case syntax.Xor:
		return x ^ y, nil
	case syntax.Shl:
		return x << (uint64(y) & 63), nil
	case syntax.Shr:
		return x >> (uint64(y) & 63), nil
	case syntax.Comma:
		return y, nil
	}
	return 0, unsupported("arithmetic operators like " + op.String())
}

func power(x, y int64) (int64, error) {
	if y < 0 {
		return 0, errors.New("exponent less than 0")
	}
	n := int64(1)
	for ; y > 0; y >>= 1 {
		if y&1 == 1 {
			n *= x
		}
		x *= x
	}
	return n, nil
}

func truthNumber(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
