package shell

import (
	"fmt"
	"regexp"
	"strings"
)

// shorthand reads the CLI's short form of structures:
//
//	parameter = keyval *( "," keyval )
//	keyval    = key "=" values / key "@=" values    with "@", a value file://NAME or fileb://NAME is what the file holds
//	values    = csv / "[" value *("," value) "]" / "{" key=value *("," key=value) "}"
//	csv       = word *( "," word )         a list when more than one word stands before the next key
type shorthand struct {
	text  string
	at    int
	depth int
	load  func(name string) (any, error) // reads a file; nil when values are never files
	files bool                           // "@" stood before the last "="
}

// shorthandError is a place where the reader stopped; its text is the CLI's, with the place it meant to print.
type shorthandError struct {
	text, expected, got string
	at                  int
}

func (e *shorthandError) Error() string {
	before, after := e.text[:e.at], e.text[e.at:]
	column := len(before) - (strings.LastIndex(before, "\n") + 1)
	line, rest := e.text, ""
	if cut := strings.Index(after, "\n"); cut >= 0 {
		line, rest = e.text[:e.at+cut], e.text[e.at+cut:]
	}
	return fmt.Sprintf("Expected: '%s', received: '%s' for input:\n%s\n%s^%s", e.expected, e.got, line, strings.Repeat(" ", column), rest)
}

var (
	firstWord  = regexp.MustCompile(`^(?:\\,|[!#-&(-+\--<>-Z\\-z\x{7c}-\x{ffff}])(?:\\,|[\s!#-&(-+\--\\^-|~-\x{ffff}])*`)
	secondWord = regexp.MustCompile(`^(?:\\,|[!#-&(-+\--<>-Z\\-z\x{7c}-\x{ffff}])(?:\\,|[\s!#-&(-+\--<>-\x{ffff}])*`)
	singleWord = regexp.MustCompile(`^'(?:\\'|[^'])*'`)
	doubleWord = regexp.MustCompile(`^"(?:\\"|[^"])*"`)
)

// parseShorthand reads one parameter into maps, lists and strings. Files are read by load.
func parseShorthand(text string, load func(string) (any, error)) (any, error) {
	p := &shorthand{text: text, load: load}
	out := map[string]any{}
	for {
		start := p.at
		key, v, err := p.keyval()
		if err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("Second instance of key \"%s\" encountered for input:\n%s\n%s^\n"+ //nolint:staticcheck // the CLI's words
				"This is often because there is a preceding \",\" instead of a space.", key, text, strings.Repeat(" ", start))
		}
		out[key] = v
		if p.end() {
			return out, nil
		}
		if err := p.expect(',', true); err != nil {
			return nil, err
		}
	}
}

func (p *shorthand) end() bool { return p.at >= len(p.text) }

// current is the byte at the place, 0 at the end.
func (p *shorthand) current() byte {
	if p.end() {
		return 0
	}
	return p.text[p.at]
}

func (p *shorthand) blanks() {
	for !p.end() && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *shorthand) expect(c byte, blanks bool) error {
	if blanks {
		p.blanks()
	}
	if p.current() != c || p.end() {
		got := "EOF"
		if !p.end() {
			got = string(p.current())
		}
		return &shorthandError{p.text, string(c), got, p.at}
	}
	p.at++
	if blanks {
		p.blanks()
	}
	return nil
}

func (p *shorthand) key() string {
	start := p.at
	for !p.end() {
		c := p.text[p.at]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.#/:", c) >= 0) {
			break
		}
		p.at++
	}
	return p.text[start:p.at]
}

func (p *shorthand) keyval() (string, any, error) {
	key := p.key()
	if err := p.assign(); err != nil {
		return "", nil, err
	}
	if p.end() {
		return key, "", nil
	}
	var v any
	var err error
	switch p.current() {
	case '[', '{':
		v, err = p.explicit()
	default:
		v, err = p.csv()
	}
	return key, v, err
}

// assign reads "=" or "@=".
func (p *shorthand) assign() error {
	p.blanks()
	if p.files = p.current() == '@'; p.files {
		p.at++
	}
	return p.expect('=', true)
}

// csv reads one word, or several up to the next key.
func (p *shorthand) csv() (any, error) {
	first, err := p.word(firstWord, true)
	if err != nil {
		return nil, err
	}
	if p.blanks(); p.current() != ',' || p.end() {
		return first, nil
	}
	if err := p.expect(',', true); err != nil {
		return nil, err
	}
	list := []any{first}
	for {
		word, err := p.word(secondWord, false)
		if err == nil {
			if p.blanks(); p.end() {
				list = append(list, word)
				break
			}
			if err = p.expect(',', true); err == nil {
				list = append(list, word)
				continue
			}
		}
		if p.end() {
			return nil, err
		}
		for p.at > 0 && p.text[p.at] != ',' {
			p.at--
		}
		break
	}
	if len(list) == 1 {
		return first, nil
	}
	return list, nil
}

// word reads a quoted or plain word; an empty one only where that is allowed.
func (p *shorthand) word(plain *regexp.Regexp, empty bool) (any, error) {
	rest := p.text[p.at:]
	pattern, quote, name := plain, "", "second"
	switch p.current() {
	case '\'':
		pattern, quote, name = singleWord, "'", "singled quoted"
	case '"':
		pattern, quote, name = doubleWord, `"`, "double quoted"
	}
	found := pattern.FindString(rest)
	if found == "" {
		if empty && quote == "" {
			return "", nil
		}
		return nil, &shorthandError{p.text, "<" + name + ">", "<none>", p.at}
	}
	p.at += len(found)
	value := strings.TrimRight(strings.ReplaceAll(found, `\,`, ","), " \t\r\n")
	if quote != "" {
		value = strings.ReplaceAll(strings.ReplaceAll(found[1:len(found)-1], `\`+quote, quote), `\\`, `\`)
	}
	if p.files && p.load != nil && (strings.HasPrefix(value, "file://") || strings.HasPrefix(value, "fileb://")) {
		return p.load(value)
	}
	return value, nil
}

// explicit reads [ … ], { … } or one word inside them.
func (p *shorthand) explicit() (any, error) {
	if p.depth++; p.depth > MaxJSONDepth {
		return nil, &LimitError{"the nesting of a shorthand value", MaxJSONDepth}
	}
	defer func() { p.depth-- }()
	switch p.current() {
	case '[':
		list := []any{}
		err := p.items('[', ']', func() error {
			v, err := p.explicit()
			list = append(list, v)
			return err
		})
		return list, err
	case '{':
		m := map[string]any{}
		err := p.items('{', '}', func() error {
			key := p.key()
			if err := p.assign(); err != nil {
				return err
			}
			v, err := p.explicit()
			m[key] = v
			return err
		})
		return m, err
	}
	return p.word(firstWord, true)
}

// items reads what stands between two brackets, separated by commas.
func (p *shorthand) items(open, end byte, item func() error) error {
	if err := p.expect(open, true); err != nil {
		return err
	}
	for p.current() != end || p.end() {
		before := p.at
		if err := item(); err != nil {
			return err
		}
		if p.blanks(); p.current() == end && !p.end() {
			break
		}
		if err := p.expect(',', false); err != nil {
			return err
		}
		if p.blanks(); p.at == before {
			break
		}
	}
	return p.expect(end, false)
}
