package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
)

// Namespace is that of S3's documents. Requests may leave it out.
const Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// Decode reads an XML document strictly into v (a pointer to a struct with plain xml tags and no namespaces):
// one root of the name in v's XMLName tag, no unknown elements, none repeated that is not a list, no text between
// elements, no DTD. limit is in bytes. Whatever is wrong is MalformedXML, as S3 says it.
func Decode(r io.Reader, limit int64, depth int, v any) *Refusal {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil || int64(len(data)) > limit {
		return malformedXML()
	}
	root, err := parse(data, depth)
	if err != nil || !fits(root, reflect.TypeOf(v).Elem()) {
		return malformedXML()
	}
	if xml.Unmarshal(data, v) != nil {
		return malformedXML()
	}
	return nil
}

func malformedXML() *Refusal {
	return refuse(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema",
		"The XML body is not what S3 expects.")
}

// element is one element, without its values.
type element struct {
	name     string
	children []*element
	text     bool // has text other than white space
}

var errShape = errors.New("not one bounded document")

// parse reads the shape of a document: well-formed, one root, no DTD, bounded.
func parse(data []byte, depth int) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var root *element
	var open []*element
	count := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil || len(open) > 0 {
				return nil, errShape
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			count++
			if len(open) >= depth || count > XMLElements || t.Name.Space != "" && t.Name.Space != Namespace {
				return nil, errShape
			}
			e := &element{name: t.Name.Local}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			case root != nil:
				return nil, errShape
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(t)) == 0 {
				continue
			}
			if len(open) == 0 {
				return nil, errShape
			}
			open[len(open)-1].text = true
		case xml.Directive:
			return nil, errShape
		}
	}
}

// fits says whether an element has the members of a struct and no others.
func fits(e *element, t reflect.Type) bool {
	if want, ok := t.FieldByName("XMLName"); ok && name(want) != e.name {
		return false
	}
	return members(e, t)
}

func members(e *element, t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.String() == "time.Time" {
		return len(e.children) == 0
	}
	if e.text {
		return false
	}
	seen := map[string]bool{}
	for _, child := range e.children {
		field, ok := member(t, child.name)
		if !ok {
			return false
		}
		inner := field.Type
		list := inner.Kind() == reflect.Slice && inner.Elem().Kind() != reflect.Uint8
		if list {
			inner = inner.Elem()
		}
		if seen[child.name] && !list {
			return false
		}
		seen[child.name] = true
		if path := strings.Split(tag(field), ">"); len(path) == 2 {
			for _, grandchild := range child.children {
				if grandchild.name != path[1] || !members(grandchild, inner) {
					return false
				}
			}
			continue
		}
		if !members(child, inner) {
			return false
		}
	}
	return true
}

// member finds the field of a struct that an element goes to.
func member(t reflect.Type, local string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "XMLName" && name(f) == local {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// tag is "Name" or "List>Item"; the field's own name without one.
func tag(f reflect.StructField) string {
	text, _, _ := strings.Cut(f.Tag.Get("xml"), ",")
	if text == "" {
		return f.Name
	}
	return text
}

func name(f reflect.StructField) string {
	outer, _, _ := strings.Cut(tag(f), ">")
	return outer
}
