package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A JSON reader that keeps places and forgives nothing: encoding/json takes the last of two equal names, and names in
// any case, which would turn a Deny into an Allow unseen.

type kind byte

const (
	isObject kind = iota
	isArray
	isText
	isNumber
	isBool
	isNull
)

func (k kind) String() string {
	return [...]string{"an object", "a list", "text", "a number", "true or false", "null"}[k]
}

// node is one value with its place in the file.
type node struct {
	kind    kind
	at, end int // byte offsets
	text    string
	yes     bool
	items   []*node
	members []member
}

type member struct {
	name  string
	at    int
	value *node
}

func (n *node) get(name string) *node {
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// fault is a problem at a byte offset.
type fault struct {
	at   int
	text string
}

func (f *fault) Error() string { return f.text }

// scanner reads one value. Syntax errors end it; repeated names are noted and reading goes on.
type scanner struct {
	data   []byte
	off    int
	faults []fault
}

func (s *scanner) fail(at int, format string, args ...any) error {
	return &fault{at, fmt.Sprintf(format, args...)}
}

func (s *scanner) file() (*node, error) {
	if bytes.HasPrefix(s.data, []byte("\xef\xbb\xbf")) {
		return nil, s.fail(0, "the file begins with a byte order mark; save it without")
	}
	for i := 0; i < len(s.data); {
		r, size := utf8.DecodeRune(s.data[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, s.fail(i, "this is not UTF-8 text")
		}
		i += size
	}
	s.space()
	n, err := s.value(0)
	if err != nil {
		return nil, err
	}
	if s.space(); s.off < len(s.data) {
		return nil, s.fail(s.off, "something follows after the end of the document")
	}
	return n, nil
}

func (s *scanner) space() {
	for s.off < len(s.data) && strings.IndexByte(" \t\r\n", s.data[s.off]) >= 0 {
		s.off++
	}
}

// peek is the next byte after space, 0 at the end.
func (s *scanner) peek() byte {
	if s.space(); s.off < len(s.data) {
		return s.data[s.off]
	}
	return 0
}

func (s *scanner) value(depth int) (*node, error) {
	if depth > FileDepth {
		return nil, s.fail(s.off, "nested deeper than %d levels", FileDepth)
	}
	n := &node{at: s.off}
	var err error
	switch c := s.peek(); {
	case c == '{':
		n.kind = isObject
		err = s.object(n, depth)
	case c == '[':
		n.kind = isArray
		err = s.array(n, depth)
	case c == '"':
		n.kind = isText
		n.text, err = s.text()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = isNumber
		err = s.word(n, "+-.0123456789eE")
	default:
		err = s.word(n, "abcdefghijklmnopqrstuvwxyz")
	}
	n.end = s.off
	return n, err
}

func (s *scanner) object(n *node, depth int) error {
	s.off++
	if s.peek() == '}' {
		s.off++
		return nil
	}
	for {
		if s.peek() != '"' {
			return s.fail(s.off, "a field name in double quotes is expected here")
		}
		m := member{at: s.off}
		var err error
		if m.name, err = s.text(); err != nil {
			return err
		}
		for _, old := range n.members {
			switch {
			case old.name == m.name:
				s.faults = append(s.faults, fault{m.at, fmt.Sprintf("field %.60q is given twice", m.name)})
			case strings.EqualFold(old.name, m.name):
				s.faults = append(s.faults, fault{m.at, fmt.Sprintf("fields %.60q and %.60q differ only in case", old.name, m.name)})
			}
		}
		if s.peek() != ':' {
			return s.fail(s.off, "a colon is expected after the field name")
		}
		s.off++
		s.space()
		if m.value, err = s.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
		done, err := s.next('}')
		if done || err != nil {
			return err
		}
	}
}

func (s *scanner) array(n *node, depth int) error {
	s.off++
	if s.peek() == ']' {
		s.off++
		return nil
	}
	for {
		s.space()
		item, err := s.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
		done, err := s.next(']')
		if done || err != nil {
			return err
		}
	}
}

// next reads the comma between two elements, or the end of all.
func (s *scanner) next(end byte) (done bool, err error) {
	switch s.peek() {
	case ',':
		s.off++
		return false, nil
	case end:
		s.off++
		return true, nil
	}
	return false, s.fail(s.off, "a comma or %c is expected here", end)
}

func (s *scanner) text() (string, error) {
	start := s.off
	for i := start + 1; i < len(s.data); i++ {
		switch c := s.data[i]; {
		case c == '\\':
			i++
		case c < ' ':
			return "", s.fail(i, "a control character or a line end inside text")
		case c == '"':
			s.off = i + 1
			var out string
			if json.Unmarshal(s.data[start:s.off], &out) != nil {
				return "", s.fail(start, "an unknown escape in this text")
			}
			if strings.ContainsRune(out, utf8.RuneError) && !bytes.ContainsRune(s.data[start:s.off], utf8.RuneError) {
				return "", s.fail(start, "half of a surrogate pair in this text")
			}
			return out, nil
		}
	}
	return "", s.fail(start, "this text never ends")
}

// word reads a number, true, false or null.
func (s *scanner) word(n *node, letters string) error {
	start := s.off
	for s.off < len(s.data) && strings.IndexByte(letters, s.data[s.off]) >= 0 {
		s.off++
	}
	switch w := string(s.data[start:s.off]); {
	case n.kind == isNumber && json.Valid([]byte(w)):
		n.text = w
	case w == "true", w == "false":
		n.kind, n.yes = isBool, w == "true"
	case w == "null":
		n.kind = isNull
	case start == len(s.data):
		return s.fail(start, "the file ends too early")
	default:
		return s.fail(start, "a JSON value is expected here")
	}
	return nil
}

// place turns a byte offset into a line and a column, both from 1.
func place(data []byte, at int) (line, column int) {
	before := data[:min(at, len(data))]
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}

// problems sorts faults by place.
func problems(data []byte, faults []fault) []Problem {
	slices.SortStableFunc(faults, func(a, b fault) int { return a.at - b.at })
	out := make([]Problem, 0, len(faults))
	for _, f := range faults {
		line, column := place(data, f.at)
		out = append(out, Problem{Line: line, Column: column, Text: f.text})
	}
	return out
}
