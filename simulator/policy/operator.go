package policy

import "strings"

// operator is a condition operator taken apart:
//
//	operator = [ "ForAllValues:" | "ForAnyValue:" ] base [ "IfExists" ]
//
// Names compare without case. Null takes neither a prefix nor a suffix.
type operator struct {
	class    class
	compare  comparison
	negated  bool
	fold     bool // StringEqualsIgnoreCase
	ifExists bool
	set      set
}

type class byte

const (
	stringClass class = iota + 1
	likeClass         // strings with wildcards
	arnClass
	numericClass
	dateClass
	boolClass
	binaryClass
	ipClass
	nullClass
)

type comparison byte

const (
	equal comparison = iota
	less
	lessOrEqual
	greater
	greaterOrEqual
)

type set byte

const (
	noSet set = iota
	forAll
	forAny
)

var operators = map[string]operator{
	"stringequals":              {class: stringClass},
	"stringnotequals":           {class: stringClass, negated: true},
	"stringequalsignorecase":    {class: stringClass, fold: true},
	"stringnotequalsignorecase": {class: stringClass, fold: true, negated: true},
	"stringlike":                {class: likeClass},
	"stringnotlike":             {class: likeClass, negated: true},
	"arnequals":                 {class: arnClass},
	"arnlike":                   {class: arnClass},
	"arnnotequals":              {class: arnClass, negated: true},
	"arnnotlike":                {class: arnClass, negated: true},
	"numericequals":             {class: numericClass},
	"numericnotequals":          {class: numericClass, negated: true},
	"numericlessthan":           {class: numericClass, compare: less},
	"numericlessthanequals":     {class: numericClass, compare: lessOrEqual},
	"numericgreaterthan":        {class: numericClass, compare: greater},
	"numericgreaterthanequals":  {class: numericClass, compare: greaterOrEqual},
	"dateequals":                {class: dateClass},
	"datenotequals":             {class: dateClass, negated: true},
	"datelessthan":              {class: dateClass, compare: less},
	"datelessthanequals":        {class: dateClass, compare: lessOrEqual},
	"dategreaterthan":           {class: dateClass, compare: greater},
	"dategreaterthanequals":     {class: dateClass, compare: greaterOrEqual},
	"bool":                      {class: boolClass},
	"binaryequals":              {class: binaryClass},
	"ipaddress":                 {class: ipClass},
	"notipaddress":              {class: ipClass, negated: true},
	"null":                      {class: nullClass},
}

// parseOperator reads an operator's name; ok is false for one that AWS does not know.
func parseOperator(name string) (operator, bool) {
	base := strings.ToLower(name)
	var s set
	if rest, found := strings.CutPrefix(base, "forallvalues:"); found {
		s, base = forAll, rest
	} else if rest, found := strings.CutPrefix(base, "foranyvalue:"); found {
		s, base = forAny, rest
	}
	base, ifExists := strings.CutSuffix(base, "ifexists")
	op, ok := operators[base]
	if !ok || op.class == nullClass && (ifExists || s != noSet) {
		return operator{}, false
	}
	op.set, op.ifExists = s, ifExists
	return op, true
}

// Negated says whether the operator is a negated one, which holds when its key is absent.
func (c *Condition) Negated() bool { return c.op.negated }

// IfExists says whether the operator ends in IfExists.
func (c *Condition) IfExists() bool { return c.op.ifExists }

// Set is "ForAllValues", "ForAnyValue" or "".
func (c *Condition) Set() string { return [...]string{"", "ForAllValues", "ForAnyValue"}[c.op.set] }

// Base is the operator's name in AWS's spelling without prefix and suffix: "StringLike".
func (c *Condition) Base() string {
	name := c.Operator
	if _, after, found := strings.Cut(name, ":"); found {
		name = after
	}
	if c.op.ifExists {
		name = name[:len(name)-len("IfExists")]
	}
	return name
}
