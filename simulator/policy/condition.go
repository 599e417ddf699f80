package policy

import (
	"net/netip"
	"strings"
)

// conditionResult is the result of one condition.
type conditionResult struct {
	holds   bool
	because Because
	hit     int // index of the policy value that equalled; -1: none
}

// judge tests one condition. A key with an empty list counts as absent.
func (c *Condition) judge(ctx *Context, m *meter) conditionResult {
	v, present := ctx.keys[c.key]
	present = present && len(v.List) > 0
	if c.op.class == nullClass {
		return c.judgeNull(present)
	}
	if !present {
		return c.judgeAbsent()
	}
	switch c.op.set {
	case forAll:
		for i := range v.List {
			if r := c.test(v.List[i], ctx, m); !r.holds {
				return r
			}
		}
		return conditionResult{true, ByValue, -1}
	case forAny:
		return c.anyOf(v.List, ctx, m)
	}
	if len(v.List) > 1 {
		r := c.anyOf(v.List, ctx, m)
		r.because = ByManyOfOne
		return r
	}
	return c.test(v.List[0], ctx, m)
}

func (c *Condition) anyOf(values []string, ctx *Context, m *meter) conditionResult {
	var last conditionResult
	for i := range values {
		if last = c.test(values[i], ctx, m); last.holds {
			return last
		}
	}
	return last
}

func (c *Condition) judgeNull(present bool) conditionResult {
	r := conditionResult{because: ByValue, hit: -1}
	if !present {
		r.because = ByAbsence
	}
	for i := range c.Values {
		if want := &c.Values[i].want; !want.bad && want.yes == !present {
			r.holds, r.hit = true, i
			return r
		}
	}
	return r
}

func (c *Condition) judgeAbsent() conditionResult {
	switch {
	case c.op.ifExists:
		return conditionResult{true, ByIfExists, -1}
	case c.op.set == forAll:
		return conditionResult{true, ByEmptySet, -1}
	case c.op.set == forAny:
		return conditionResult{false, ByEmptySet, -1}
	}
	return conditionResult{c.op.negated, ByAbsence, -1}
}

// test compares one request value with the policy values: one must equal it, or none if the operator is negated.
func (c *Condition) test(value string, ctx *Context, m *meter) conditionResult {
	r := conditionResult{holds: c.op.negated, because: ByValue, hit: -1}
	for i := range c.Values {
		same, because := c.equals(value, &c.Values[i].want, ctx, m)
		if m.spent {
			return conditionResult{false, ByBudget, -1}
		}
		if same {
			return conditionResult{!c.op.negated, ByValue, i}
		}
		if because != ByValue {
			r.because = because
		}
	}
	return r
}

// equals says whether a request value is what one policy value asks for.
func (c *Condition) equals(value string, want *operand, ctx *Context, m *meter) (bool, Because) {
	if !m.charge(1 + len(value)/64) {
		return false, ByBudget
	}
	if want.bad {
		return false, ByType
	}
	switch c.op.class {
	case stringClass:
		return want.text.equals(value, c.op.fold, ctx, m)
	case likeClass:
		if want.text.unresolved(ctx) != "" {
			return false, ByVariable
		}
		return want.text.match(value, ctx, false, m), ByValue
	case arnClass:
		if want.arn.unresolved(ctx) != "" {
			return false, ByVariable
		}
		a, isARN := splitARN(value)
		ok, _ := want.arn.match(value, &a, isARN, ctx, m)
		return ok, ByValue
	case numericClass:
		d, ok := parseDecimal(value)
		return compared(ok, c.op.compare, d.cmp(want.number))
	case dateClass:
		t, ok := parseDate(value)
		return compared(ok, c.op.compare, t.Compare(want.date))
	case boolClass:
		yes, ok := parseBool(value)
		if !ok {
			return false, ByType
		}
		return yes == want.yes, ByValue
	case binaryClass:
		return value == want.bytes, ByValue
	case ipClass:
		a, err := netip.ParseAddr(value)
		if err != nil {
			return false, ByType
		}
		return want.network.Contains(a.Unmap()), ByValue
	}
	return false, ByType
}

func compared(ok bool, how comparison, c int) (bool, Because) {
	if !ok {
		return false, ByType
	}
	switch how {
	case less:
		return c < 0, ByValue
	case lessOrEqual:
		return c <= 0, ByValue
	case greater:
		return c > 0, ByValue
	case greaterOrEqual:
		return c >= 0, ByValue
	}
	return c == 0, ByValue
}

// equals compares literal text, piece by piece, so that nothing is put together.
func (g glob) equals(value string, fold bool, ctx *Context, m *meter) (bool, Because) {
	for i := range g {
		text := g[i].text
		if g[i].kind == variable {
			var ok bool
			if text, ok = ctx.value(&g[i]); !ok {
				return false, ByVariable
			}
		}
		if fold && len(g) == 1 {
			return strings.EqualFold(value, text), ByValue
		}
		if !m.charge(1+len(text)/16) || len(value) < len(text) {
			return false, ByValue
		}
		head := value[:len(text)]
		if head != text && !(fold && strings.EqualFold(head, text)) {
			return false, ByValue
		}
		value = value[len(text):]
	}
	return value == "", ByValue
}
