package simulator

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// model says where AWS's clients find the members of an answer: testdata/recorded/shapes.json, made from the service
// model that botocore carries. A member is [shape, location, name on the wire, "attr" for an XML attribute].
type model struct {
	Operations map[string]string
	Shapes     map[string]struct {
		Payload string
		Members map[string][4]string
		List    string // shape of an entry
		Name    string // element of an entry; "" when the list is flattened
		Map     bool
		Is      string // "integer", "boolean", …; "" for text
	}
}

var readModel = sync.OnceValue(func() (m model) {
	file, err := os.ReadFile(filepath.Join("testdata", "recorded", "shapes.json"))
	if err == nil {
		err = json.Unmarshal(file, &m)
	}
	if err != nil {
		panic(err)
	}
	return m
})

// node is an XML element taken apart.
type node struct {
	name     string
	text     string
	attrs    map[string]string
	children []*node
}

func parseXML(body []byte) *node {
	d := xml.NewDecoder(bytes.NewReader(body))
	root := &node{}
	stack := []*node{root}
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attrs: map[string]string{}}
			for _, a := range t.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.text += string(t)
		}
	}
	if len(root.children) == 0 {
		return nil
	}
	return root.children[0]
}

func (n *node) all(name string) (out []*node) {
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// decoded is an answer as boto3 shows it: members by name, without ResponseMetadata.
func decoded(t *testing.T, operation string, h http.Header, body []byte) map[string]any {
	t.Helper()
	m := readModel()
	out := map[string]any{}
	name, ok := m.Operations[operation]
	if !ok {
		_ = json.Unmarshal(body, &out) // a service of the JSON protocol shows its members as they are
		return out
	}
	shape := m.Shapes[name]
	for member, at := range shape.Members {
		switch at[1] {
		case "header":
			if values := h.Values(at[2]); len(values) > 0 {
				out[member] = m.scalar(at[0], latin1(values[0]))
				if member == "Expires" { // boto3 keeps the text beside the date
					out["ExpiresString"] = values[0]
				}
			}
		case "headers":
			list := map[string]any{}
			for name := range h {
				if rest, ok := strings.CutPrefix(strings.ToLower(name), strings.ToLower(at[2])); ok {
					list[rest] = h.Get(name)
				}
			}
			out[member] = list
		}
	}
	root := parseXML(body)
	switch {
	case operation == "GetBucketLocation" && root != nil: // boto3 takes the root's text; nothing is nothing
		out["LocationConstraint"] = nil
		if root.text != "" {
			out["LocationConstraint"] = root.text
		}
	case operation == "GetBucketPolicy": // the snapshots took the text apart
		var document any
		_ = json.Unmarshal(body, &document)
		out["Policy"] = document
	case shape.Payload != "" && m.Shapes[shape.Members[shape.Payload][0]].Members == nil:
		out[shape.Payload] = string(body)
	case shape.Payload != "":
		if root != nil {
			out[shape.Payload] = m.of(shape.Members[shape.Payload][0], root)
		}
	case root != nil:
		for member, value := range m.members(name, root) {
			out[member] = value
		}
	}
	return out
}

func (m model) members(shape string, n *node) map[string]any {
	out := map[string]any{}
	for member, at := range m.Shapes[shape].Members {
		if at[1] != "" {
			continue
		}
		if at[3] == "attr" {
			_, local, _ := strings.Cut(at[2], ":")
			if value, ok := n.attrs[local]; ok {
				out[member] = value
			}
			continue
		}
		inner := m.Shapes[at[0]]
		if found := n.all(at[2]); len(found) > 0 && inner.List != "" && (inner.Name == "" || inner.Name == at[2]) { // And.Tags is flattened where TagSet is not
			list := []any{}
			for _, c := range found {
				list = append(list, m.of(inner.List, c))
			}
			out[member] = list
		} else if len(found) > 0 {
			out[member] = m.of(at[0], found[0])
		}
	}
	return out
}

func (m model) of(shape string, n *node) any {
	s := m.Shapes[shape]
	switch {
	case s.Members != nil:
		return m.members(shape, n)
	case s.List != "":
		list := []any{}
		for _, c := range n.all(s.Name) {
			list = append(list, m.of(s.List, c))
		}
		return list
	case s.Map:
		entries := map[string]any{}
		for _, e := range n.all("entry") {
			if key, value := e.all("key"), e.all("value"); len(key) == 1 && len(value) == 1 {
				entries[key[0].text] = value[0].text
			}
		}
		return entries
	}
	return m.scalar(shape, n.text)
}

// latin1 is a header as boto3 reads it: each byte is a character.
func latin1(value string) string {
	runes := make([]rune, 0, len(value))
	for _, b := range []byte(value) {
		runes = append(runes, rune(b))
	}
	return string(runes)
}

func (m model) scalar(shape, text string) any {
	switch m.Shapes[shape].Is {
	case "integer", "long":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	case "boolean":
		return strings.EqualFold(text, "true")
	case "timestamp":
		return "datetime"
	}
	return text
}
