package exchange

import (
	"reflect"
	"testing"

	"keyhole/simulator/wire"
)

type inner struct {
	Name  string `aws:"required,min=1,max=3"`
	Inner *inner
}

type sample struct {
	Text   string `aws:"min=2,max=4"`
	Kind   string `aws:"enum=RED|BLUE"`
	Count  *int   `aws:"min=1,max=9"`
	Plain  int
	Flag   bool
	Secret []byte   `aws:"max=4,secret"`
	List   []string `aws:"max=2"`
	Kinds  []string `aws:"enum=RED|BLUE"`
	Items  []inner
	Pairs  map[string]string
}

func TestInput(t *testing.T) {
	two := 2
	for _, row := range []struct {
		name, body string
		members    []string
		want       sample
		fault      string
	}{
		{name: "nothing", body: " "},
		{name: "everything", body: `{"Text":"abc","Kind":"RED","Count":2,"Plain":-7,"Flag":true,"Secret":"aGk=","List":["a","b"],"Items":[{"Name":"x","Inner":{"Name":"y"}}],"Pairs":{"a":"1","A":"2"}}`,
			want: sample{Text: "abc", Kind: "RED", Count: &two, Plain: -7, Flag: true, Secret: []byte("hi"), List: []string{"a", "b"},
				Items: []inner{{"x", &inner{Name: "y"}}}, Pairs: map[string]string{"a": "1", "A": "2"}}},
		{name: "names count with their case", body: `{"text":"abc"}`},
		{name: "null is nothing", body: `{"Text":null}`},
		{name: "only some", body: `{"Text":"abc","Kind":"RED"}`, members: []string{"Kind"}, want: sample{Kind: "RED"}},
		{name: "one that has to be there", body: `{}`, members: []string{"Kind!", "Text"}, fault: "ValidationException: 1 validation error detected: Value null at 'kind' failed to satisfy constraint: Member must not be null"},
		{name: "too short", body: `{"Text":"é"}`, fault: "ValidationException: 1 validation error detected: Value 'é' at 'text' failed to satisfy constraint: Member must have length greater than or equal to 2"},
		{name: "none of the words", body: `{"Kind":"red"}`, fault: "ValidationException: 1 validation error detected: Value 'red' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [RED, BLUE]"},
		{name: "a secret is not repeated", body: `{"Secret":"aGVsbG8="}`, fault: "ValidationException: 1 validation error detected: Value at 'secret' failed to satisfy constraint: Member must have length less than or equal to 4"},
		{name: "a list that is too long", body: `{"List":["a","b","c"]}`, fault: "ValidationException: 1 validation error detected: Value '[a, b, c]' at 'list' failed to satisfy constraint: Member must have length less than or equal to 2"},
		{name: "a list with a stranger", body: `{"Kinds":["RED","x"]}`, fault: "ValidationException: 1 validation error detected: Value '[RED, x]' at 'kinds' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [RED, BLUE]]"},
		{name: "inside a list", body: `{"Items":[{"Name":"x"},{}]}`, fault: "ValidationException: 1 validation error detected: Value null at 'items.2.member.name' failed to satisfy constraint: Member must not be null"},
		{name: "two at once", body: `{"Count":10,"Text":""}`, fault: "ValidationException: 2 validation errors detected: Value '' at 'text' failed to satisfy constraint: Member must have length greater than or equal to 2; Value '10' at 'count' failed to satisfy constraint: Member must have value less than or equal to 9"},
		{name: "text for a list", body: `{"List":"a"}`, fault: "SerializationException: STRING_VALUE cannot be converted to a list"},
		{name: "a list for text", body: `{"Text":[]}`, fault: "SerializationException: Unrecognized collection type"},
		{name: "an object for text", body: `{"Text":{}}`, fault: "SerializationException: Start of structure or map found where not expected."},
		{name: "a number in a map", body: `{"Pairs":{"a":1}}`, fault: "SerializationException: NUMBER_VALUE cannot be converted to String"},
		{name: "no JSON", body: `{"Text":`, fault: "SerializationException: "},
		{name: "two documents", body: `{}{}`, fault: "SerializationException: "},
	} {
		x := &Exchange{Trace: &Trace{}}
		x.Receive(wire.Body{Data: []byte(row.body)}, nil)
		var got sample
		fault := x.Input(&got, row.members...)
		switch {
		case fault != nil && fault.Error() != row.fault, fault == nil && row.fault != "":
			t.Errorf("%s: %v, want %q", row.name, fault, row.fault)
		case fault == nil && !reflect.DeepEqual(got, row.want):
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// Whatever arrives, reading it ends with a value or with a fault of the client's.
func FuzzInput(f *testing.F) {
	for _, seed := range []string{`{"Text":"abc","Count":2}`, `{"Items":[{"Name":"x","Inner":{"Name":"y"}}]}`, `{"Pairs":{"a":"1"}}`, `{"Secret":"aGk="}`, `[`, "{\"Text\":\"\xff\"}", `{"Plain":1e400}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		x := &Exchange{Trace: &Trace{}}
		x.Receive(wire.Body{Data: body}, nil)
		var got sample
		if fault := x.Input(&got); fault != nil && fault.Status != 400 {
			t.Fatalf("%v", fault)
		}
	})
}
