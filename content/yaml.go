package content

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// FileBytes is the size of the largest file that is read.
const FileBytes = 256 << 10

// fileDepth is how deep values may be nested: steps of a proof in a question reach 8.
const fileDepth = 24

// place is where a value stands.
type place struct {
	File         string
	Line, Column int
	snippet      string
}

// document is a parsed file: its plain value for the schema, and where each part of it stands.
type document struct {
	file   string
	data   []byte
	offset int // lines before data in its file: the front matter of a note starts on line 2
	value  any
	at     map[string]place // by path: "options[2].why"
	found  []Problem
}

// parse reads a YAML file without believing anything in it. Anchors, aliases, tags and repeated keys are refused: none
// is needed here, and an alias can blow a small file up into a large value.
func parse(file string, data []byte, offset int) (d *document) {
	d = &document{file: file, data: data, offset: offset, at: map[string]place{}}
	if len(data) > FileBytes {
		d.report("", "size", "the file has %d bytes; at most %d are read", len(data), FileBytes)
		return d
	}
	defer func() {
		if broken := recover(); broken != nil { // the parser is not ours, and some inputs make it panic
			d.report("", "yaml", "this is not YAML that can be read")
		}
	}()
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil {
		d.syntax(err)
		return d
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		d.report("", "yaml", "the file is empty")
		return d
	}
	if len(parsed.Docs) > 1 {
		d.report("", "yaml", "the file holds %d YAML documents; one is expected", len(parsed.Docs))
		return d
	}
	d.value = d.walk(parsed.Docs[0].Body, "", 0)
	return d
}

// report adds a problem at a path.
func (d *document) report(path, rule, format string, args ...any) {
	at := d.where(path)
	d.found = append(d.found, Problem{
		File: d.file, Line: at.Line, Column: at.Column, Rule: rule,
		Text: fmt.Sprintf(format, args...), Severity: Error, Snippet: at.snippet,
	})
}

// where finds the place of a path, or of the nearest thing around it.
func (d *document) where(path string) place {
	for {
		if at, ok := d.at[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			break
		}
		path = path[:cut]
	}
	if at, ok := d.at[""]; ok {
		return at
	}
	return place{File: d.file, Line: 1 + d.offset, Column: 1}
}

// syntax turns an error of the YAML parser into a problem.
func (d *document) syntax(err error) {
	p := Problem{File: d.file, Line: 1 + d.offset, Column: 1, Rule: "yaml", Severity: Error, Text: err.Error()}
	var said yaml.Error
	if errors.As(err, &said) {
		p.Text = said.GetMessage()
		if t := said.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line+d.offset, t.Position.Column
			p.Snippet = snippetAt(d.data, t.Position.Line, t.Position.Column, d.offset)
		}
	}
	d.found = append(d.found, p)
}

// snippetAt is snippet with the line number of the whole file.
func snippetAt(data []byte, line, column, offset int) string {
	s := snippet(data, line, column)
	if offset > 0 && s != "" {
		s = strings.Replace(s, fmt.Sprintf("%6d |", line), fmt.Sprintf("%6d |", line+offset), 1)
	}
	return s
}

// mark remembers where a path stands.
func (d *document) mark(path string, node ast.Node) {
	t := node.GetToken()
	if t == nil || t.Position == nil {
		return
	}
	line, column := t.Position.Line, t.Position.Column
	d.at[path] = place{d.file, line + d.offset, column, snippetAt(d.data, line, column, d.offset)}
}

// startOf is where a person sees a value begin: a block mapping has its colon as its token, not its first key.
func startOf(node ast.Node) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key
		}
	case *ast.MappingValueNode:
		return n.Key
	}
	return node
}

// walk turns a node into maps, lists, strings, integers, floats, bools and nil.
func (d *document) walk(node ast.Node, path string, depth int) any {
	if depth > fileDepth {
		d.report(path, "yaml", "values are nested deeper than %d levels", fileDepth)
		return nil
	}
	if _, marked := d.at[path]; !marked {
		d.mark(path, startOf(node))
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		return d.mapping(n.Values, path, depth)
	case *ast.MappingValueNode:
		return d.mapping([]*ast.MappingValueNode{n}, path, depth)
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, v := range n.Values {
			list[i] = d.walk(v, fmt.Sprintf("%s[%d]", path, i), depth+1)
		}
		return list
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.IntegerNode:
		return integer(n.Value)
	case *ast.FloatNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.NullNode:
		return nil
	}
	d.report(path, "yaml", "%s is not used in these files", nodeWords(node))
	return nil
}

func (d *document) mapping(values []*ast.MappingValueNode, path string, depth int) any {
	m := make(map[string]any, len(values))
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		name := ""
		if ok {
			name = key.Value
		} else if n, isInt := v.Key.(*ast.IntegerNode); isInt {
			name = n.GetToken().Value // "2026: true" is a name here, not a number
		} else {
			d.mark(join(path, "?"), v.Key)
			d.report(join(path, "?"), "yaml", "this key is not a plain name")
			continue
		}
		inner := join(path, name)
		if _, twice := m[name]; twice {
			d.report(inner, "yaml", "%q is given twice", name)
			continue
		}
		d.mark(inner, v.Key)
		m[name] = d.walk(v.Value, inner, depth+1)
	}
	return m
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// integer makes one type of all whole numbers, so that a compiled library equals a loaded one.
func integer(v any) any {
	switch n := v.(type) {
	case int64:
		return n
	case uint64:
		if n <= math.MaxInt64 {
			return int64(n)
		}
	}
	return fmt.Sprint(v)
}

func nodeWords(node ast.Node) string {
	switch node.Type() {
	case ast.AnchorType:
		return "an anchor (&)"
	case ast.AliasType:
		return "an alias (*)"
	case ast.TagType:
		return "a tag (!)"
	case ast.MergeKeyType:
		return "a merge key (<<)"
	case ast.InfinityType, ast.NanType:
		return "a number without a value"
	}
	return "this kind of YAML"
}
