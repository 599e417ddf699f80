// Package strictjson reads JSON that may be hostile: it keeps the place of every value, and takes no repeated field, nor two that differ only in case.
package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A JSON reader that keeps places and forgives nothing: encoding/json takes the last of two equal names, and names in
// any case, which would turn a Deny into an Allow unseen.

// Kind is what a value is.
type Kind byte

const (
	IsObject Kind = iota
	IsArray
	IsText
	IsNumber
	IsBool
	IsNull
)

func (k Kind) String() string {
	return [...]string{"an object", "a list", "text", "a number", "true or false", "null"}[k]
}

// Node is one value with its place in the file.
type Node struct {
	Kind    Kind
	At, End int    // byte offsets of its first byte and after its last
	Text    string // of text, without quotes; of a number, as written
	Yes     bool
	Items   []*Node
	Members []Member
}

// Member is one field of an object.
type Member struct {
	Name  string
	At    int // of its name
	Value *Node
}

// Get is the value of a field; nil when the object has none of that name.
func (n *Node) Get(name string) *Node {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Fault is one problem.
type Fault struct {
	At   int // byte offset
	Text string
}

func (f *Fault) Error() string { return f.Text }

// scanner reads one value. Syntax errors end it; repeated names are noted and reading goes on.
type scanner struct {
	data   []byte
	depth  int
	off    int
	faults []Fault
}

func (s *scanner) fail(at int, format string, args ...any) error {
	return &Fault{at, fmt.Sprintf(format, args...)}
}

// Parse reads one document of at most depth levels. A *Fault ends it: a document that is not JSON, not UTF-8, or too deep.
// Names that repeat are told in faults, and reading goes on.
func Parse(data []byte, depth int) (root *Node, faults []Fault, err error) {
	s := &scanner{data: data, depth: depth}
	root, err = s.file()
	return root, s.faults, err
}

func (s *scanner) file() (*Node, error) {
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

func (s *scanner) value(depth int) (*Node, error) {
	if depth > s.depth {
		return nil, s.fail(s.off, "nested deeper than %d levels", s.depth)
	}
	n := &Node{At: s.off}
	var err error
	switch c := s.peek(); {
	case c == '{':
		n.Kind = IsObject
		err = s.object(n, depth)
	case c == '[':
		n.Kind = IsArray
		err = s.array(n, depth)
	case c == '"':
		n.Kind = IsText
		n.Text, err = s.text()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind = IsNumber
		err = s.word(n, "+-.0123456789eE")
	default:
		err = s.word(n, "abcdefghijklmnopqrstuvwxyz")
	}
	n.End = s.off
	return n, err
}

func (s *scanner) object(n *Node, depth int) error {
	s.off++
	if s.peek() == '}' {
		s.off++
		return nil
	}
	seen := map[string]string{}
	for {
		if s.peek() != '"' {
			return s.fail(s.off, "a field name in double quotes is expected here")
		}
		m := Member{At: s.off}
		var err error
		if m.Name, err = s.text(); err != nil {
			return err
		}
		if old, twice := seen[fold(m.Name)]; twice {
			text := fmt.Sprintf("field %.60q is given twice", m.Name)
			if old != m.Name {
				text = fmt.Sprintf("fields %.60q and %.60q differ only in case", old, m.Name)
			}
			s.faults = append(s.faults, Fault{m.At, text})
		}
		seen[fold(m.Name)] = m.Name
		if s.peek() != ':' {
			return s.fail(s.off, "a colon is expected after the field name")
		}
		s.off++
		s.space()
		if m.Value, err = s.value(depth + 1); err != nil {
			return err
		}
		n.Members = append(n.Members, m)
		done, err := s.next('}')
		if done || err != nil {
			return err
		}
	}
}

// fold maps names that strings.EqualFold takes for equal to the same text.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, name)
}

func (s *scanner) array(n *Node, depth int) error {
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
		n.Items = append(n.Items, item)
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
			if strings.ContainsRune(out, utf8.RuneError) && strings.Count(out, "\uFFFD") > replacements(s.data[start:s.off]) {
				return "", s.fail(start, "half of a surrogate pair in this text")
			}
			return out, nil
		}
	}
	return "", s.fail(start, "this text never ends")
}

// replacements counts the replacement characters that a text has itself, as a character or escaped: encoding/json makes
// half of a surrogate pair one too.
func replacements(raw []byte) int {
	n := bytes.Count(raw, []byte("\uFFFD"))
	for i := 0; i+6 <= len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		if raw[i+1] == 'u' && strings.EqualFold(string(raw[i+2:i+6]), "fffd") {
			n++
		}
		i++ // what follows the backslash is no beginning of an escape
	}
	return n
}

// word reads a number, true, false or null.
func (s *scanner) word(n *Node, letters string) error {
	start := s.off
	for s.off < len(s.data) && strings.IndexByte(letters, s.data[s.off]) >= 0 {
		s.off++
	}
	switch w := string(s.data[start:s.off]); {
	case n.Kind == IsNumber && json.Valid([]byte(w)):
		n.Text = w
	case w == "true", w == "false":
		n.Kind, n.Yes = IsBool, w == "true"
	case w == "null":
		n.Kind = IsNull
	case start == len(s.data):
		return s.fail(start, "the file ends too early")
	default:
		return s.fail(start, "a JSON value is expected here")
	}
	return nil
}

// Place turns a byte offset into a line and a column, both from 1; columns count characters.
func Place(data []byte, at int) (line, column int) {
	before := data[:min(at, len(data))]
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
