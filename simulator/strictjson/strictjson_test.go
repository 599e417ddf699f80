package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// told is every problem of a document as "line:column: text"; "" when there is none.
func told(data string, depth int) string {
	_, faults, err := Parse([]byte(data), depth)
	if f, ok := errors.AsType[*Fault](err); ok {
		faults = append(faults, *f)
	}
	var out []string
	for _, f := range faults {
		line, column := Place([]byte(data), f.At)
		out = append(out, fmt.Sprintf("%d:%d: %s", line, column, f.Text))
	}
	return strings.Join(out, "\n")
}

func TestWhatIsRefused(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"nothing", ``, "1:1: the file ends too early"},
		{"half an object", `{"seed":`, "1:9: the file ends too early"},
		{"a second document", "{}\n{}", "2:1: something follows after the end of the document"},
		{"a comma too many", `{"seed":"a",}`, "1:13: a field name in double quotes is expected here"},
		{"a comma too many in a list", `[1,]`, "1:4: a JSON value is expected here"},
		{"no colon", `{"seed" 1}`, "1:9: a colon is expected after the field name"},
		{"no comma", `[1 2]`, "1:4: a comma or ] is expected here"},
		{"single quotes", `{'seed':1}`, "1:2: a field name in double quotes is expected here"},
		{"a comment", "{} // mine", "1:4: something follows after the end of the document"},
		{"a byte order mark", "\xef\xbb\xbf{}", "1:1: the file begins with a byte order mark; save it without"},
		{"Latin-1", "{\n\"seed\":\"\xe9\"}", "2:9: this is not UTF-8 text"},
		{"half a surrogate pair", `{"seed":"\ud800"}`, "1:9: half of a surrogate pair in this text"},
		{"an unknown escape", `{"seed":"\q"}`, "1:9: an unknown escape in this text"},
		{"a line end in text", "{\"seed\":\"a\nb\"}", "1:11: a control character or a line end inside text"},
		{"text without an end", `{"seed":"a`, "1:9: this text never ends"},
		{"a number with a leading zero", `{"seed":007}`, "1:9: a JSON value is expected here"},
		{"not a number", `{"seed":NaN}`, "1:9: a JSON value is expected here"},
		{"nested for ever", strings.Repeat(`[`, 100), "1:34: nested deeper than 32 levels"},
		{"columns count characters", `{"äöü":1,"äöü":2}`, `1:10: field "äöü" is given twice`},
		{"a field twice", `{"seed":"a","seed":"b"}`, `1:13: field "seed" is given twice`},
		{"an escaped field twice", `{"seed":1,"\u0073eed":2}`, `1:11: field "seed" is given twice`},
		{"a field in two cases", `{"seed":1,"SEED":2}`, `1:11: fields "seed" and "SEED" differ only in case`},
		{"two that Unicode folds alike", `{"k":1,"` + "\u212a" + `":2}`, `1:8: fields "k" and "` + "\u212a" + `" differ only in case`},
		{"the same field in another object", `[{"a":1},{"a":{"a":2}}]`, ""},
		{"half a pair beside an escaped backslash", `["\\ufffd\ud800"]`, "1:2: half of a surrogate pair in this text"},
		{"a whole pair", `["\ud83d\ude00", "\uFFFD", "�"]`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(tt.document, 32); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEveryValueKeepsItsPlace(t *testing.T) {
	data := " {\"a\": [1, true, null],\n \"b\": \"x\\ny\"}"
	root, _, err := Parse([]byte(data), 8)
	if err != nil {
		t.Fatal(err)
	}
	list := root.Get("a")
	for want, n := range map[string]*Node{
		"1:2 an object": root, "1:8 a list": list, "1:9 a number": list.Items[0], "1:12 true or false": list.Items[1],
		"1:18 null": list.Items[2], "2:7 text": root.Get("b"),
	} {
		line, column := Place([]byte(data), n.At)
		if got := fmt.Sprintf("%d:%d %s", line, column, n.Kind); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if b := root.Get("b"); b.Text != "x\ny" || data[b.At:b.End] != `"x\ny"` || !list.Items[1].Yes || list.Items[0].Text != "1" || root.Get("c") != nil {
		t.Errorf("values %+v", root)
	}
}

func TestManyFieldsAreReadInTime(t *testing.T) {
	var b strings.Builder
	b.WriteString("{")
	for i := range 50_000 {
		fmt.Fprintf(&b, `"f%d":0,`, i)
	}
	b.WriteString(`"last":0}`)
	root, faults, err := Parse([]byte(b.String()), 2) // comparing each with each would take minutes
	if err != nil || len(faults) > 0 || len(root.Members) != 50_001 {
		t.Errorf("%d fields, %d faults, %v", len(root.Members), len(faults), err)
	}
}

// Whatever the bytes are: what is taken is JSON and means what encoding/json says; what is refused has a place.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{}`, `[`, `{"a":[1,-2.5e3,true,null,"\u00e9"]}`, `{"seed":"\ud800"}`, `{"a":1,"A":2}`, "{\"a\"\n:\t1}", `[[[[]]]]`, `1e999`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, faults, err := Parse(data, 16)
		if err != nil {
			fault, ok := errors.AsType[*Fault](err)
			if !ok || fault.At < 0 || fault.At > len(data) || fault.Text == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		for _, fault := range faults {
			if fault.At < 0 || fault.At >= len(data) {
				t.Fatalf("fault %+v", fault)
			}
		}
		var want any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("it is not JSON: %v", err)
		}
		if len(faults) == 0 && !same(root, data, want) {
			t.Fatalf("%s means something else", data)
		}
	})
}

func same(n *Node, data []byte, want any) bool {
	if !json.Valid(data[n.At:n.End]) {
		return false
	}
	switch w := want.(type) {
	case map[string]any:
		if n.Kind != IsObject || len(n.Members) != len(w) {
			return false
		}
		for _, m := range n.Members {
			if v, ok := w[m.Name]; !ok || !same(m.Value, data, v) {
				return false
			}
		}
		return true
	case []any:
		if n.Kind != IsArray || len(n.Items) != len(w) {
			return false
		}
		for i, item := range n.Items {
			if !same(item, data, w[i]) {
				return false
			}
		}
		return true
	case string:
		return n.Kind == IsText && n.Text == w
	case bool:
		return n.Kind == IsBool && n.Yes == w
	case nil:
		return n.Kind == IsNull
	}
	number, ok := want.(json.Number)
	return ok && n.Kind == IsNumber && n.Text == number.String()
}
