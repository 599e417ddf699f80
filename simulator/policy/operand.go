package policy

import (
	"encoding/base64"
	"net/netip"
	"strings"
	"time"
)

// operand is a policy value made ready for its operator. bad means that the text is not of the operator's type, so
// that it equals nothing.
type operand struct {
	bad     bool
	text    glob
	arn     arnGlob
	number  decimal
	date    time.Time
	yes     bool
	bytes   string
	network netip.Prefix
}

func parseOperand(op operator, text string, variables bool) operand {
	var w operand
	ok := true
	switch op.class {
	case stringClass:
		w.text = parseGlob(text, syntax{variables: variables})
	case likeClass:
		w.text = parseGlob(text, syntax{wildcards: true, variables: variables})
	case arnClass:
		w.arn = parseARNGlob(text, syntax{wildcards: true, variables: variables})
	case numericClass:
		w.number, ok = parseDecimal(text)
	case dateClass:
		w.date, ok = parseDate(text)
	case boolClass, nullClass:
		w.yes, ok = parseBool(text)
	case binaryClass:
		data, err := base64.StdEncoding.DecodeString(text)
		w.bytes, ok = string(data), err == nil
	case ipClass:
		w.network, ok = parseNetwork(text)
	}
	w.bad = !ok
	return w
}

func parseBool(s string) (yes, ok bool) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, true
	case strings.EqualFold(s, "false"):
		return false, true
	}
	return false, false
}

// parseNetwork reads an address or a CIDR range of either family; bits of the host are ignored.
func parseNetwork(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, false
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// dateForms are the ISO 8601 forms that AWS takes (W3C profile), without a zone in UTC. Seconds since 1970 are taken too.
var dateForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006",
}

func parseDate(s string) (time.Time, bool) {
	if len(s) > 40 {
		return time.Time{}, false
	}
	if len(s) != 4 {
		if t, ok := epoch(s); ok {
			return t, true
		}
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// epoch reads whole seconds since 1970, of at most 12 digits.
func epoch(s string) (time.Time, bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 12 {
		return time.Time{}, false
	}
	var n int64
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return time.Time{}, false
		}
		n = n*10 + int64(digits[i]-'0')
	}
	if len(digits) < len(s) {
		n = -n
	}
	return time.Unix(n, 0).UTC(), true
}

// decimal is a number of any length, as digits: a limit of 9007199254740993 must not be taken for one less.
type decimal struct {
	negative    bool
	whole, rest string // without leading, and without trailing zeros
}

// parseDecimal reads [ "+" | "-" ] DIGITS [ "." DIGITS ], digits on one side at least.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	whole, rest, _ := strings.Cut(s, ".")
	if whole == "" && rest == "" {
		return decimal{}, false
	}
	for _, part := range [2]string{whole, rest} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return decimal{}, false
			}
		}
	}
	d.whole, d.rest = strings.TrimLeft(whole, "0"), strings.TrimRight(rest, "0")
	if d.whole == "" && d.rest == "" {
		d.negative = false
	}
	return d, true
}

// cmp is -1, 0 or 1.
func (d decimal) cmp(o decimal) int {
	if d.negative != o.negative {
		if d.negative {
			return -1
		}
		return 1
	}
	c := len(d.whole) - len(o.whole)
	if c == 0 {
		c = strings.Compare(d.whole, o.whole)
	}
	if c == 0 {
		c = strings.Compare(d.rest, o.rest)
	}
	if d.negative {
		c = -c
	}
	return max(-1, min(1, c))
}
