package call

import (
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Op is one operation as the CLI offers it.
type Op struct {
	Service string // "s3", "kms": the package of the SDK
	Name    string // "PutObject"
	CLI     string // "put-object"
	Members []Member
	Streams bool // the answer has a body, which the CLI writes to an OUTFILE

	output reflect.Type
}

// Member is one parameter of an operation.
type Member struct {
	Name     string // "SSECustomerKey"
	Flag     string // "--sse-customer-key"
	Kind     Kind
	Enum     []string // known values; others are sent as they are
	Required bool

	typ  reflect.Type
	item string // the name of the type of a list's plain items
}

// Kind is the shape of a value.
type Kind string

// The kinds of a parameter. Body is a blob that is streamed.
const (
	Text    Kind = "string"
	Integer Kind = "integer"
	Double  Kind = "double"
	Boolean Kind = "boolean"
	Time    Kind = "timestamp"
	Blob    Kind = "blob"
	Body    Kind = "body"
	List    Kind = "list"
	Map     Kind = "map"
	Struct  Kind = "structure"
)

// Member finds a parameter by its flag, with or without the dashes.
func (op Op) Member(flag string) (Member, bool) {
	flag = "--" + strings.TrimPrefix(flag, "--")
	for _, m := range op.Members {
		if m.Flag == flag {
			return m, true
		}
	}
	return Member{}, false
}

// Fields lists the members of a structure or of the structures of a list, in the CLI's order; nil for other kinds.
func (m Member) Fields() []Member {
	t := base(m.typ)
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = base(t.Elem())
	}
	var out []Member
	if t.Kind() == reflect.Struct && t != timeType {
		for _, name := range memberNames(t) {
			if f, ok := fieldOf(t, name); ok {
				s, _ := shapeOf(t)
				out = append(out, Member{Name: name, Kind: kindNamed(name, f.Type), Enum: enumOf(f.Type), typ: f.Type,
					Required: slices.Contains(s.required, name), item: s.items[name]})
			}
		}
	}
	for _, v := range unions[t] {
		name, inner := unionMember(v)
		out = append(out, Member{Name: name, Kind: kindOf(inner), Enum: enumOf(inner), typ: inner})
	}
	return out
}

// Item is what a list or map holds; the zero Member for other kinds.
func (m Member) Item() Member {
	t := base(m.typ)
	if t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		return Member{}
	}
	return Member{Name: m.Name, Kind: kindOf(t.Elem()), Enum: enumOf(t.Elem()), typ: t.Elem()}
}

// ItemType is the name of the type of a list's items, which a skeleton of an answer shows for each that is a text.
func (m Member) ItemType() string {
	t := base(m.typ)
	if m.item == "" && t.Kind() == reflect.Slice {
		return base(t.Elem()).Name()
	}
	return m.item
}

// Wide says that an integer may need 64 bits; the CLI reads such a one earlier.
func (m Member) Wide() bool { return base(m.typ).Kind() == reflect.Int64 }

var (
	specialPlural = regexp.MustCompile(`[A-Z]{2,}s$`)
	firstCap      = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	endCap        = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// CLIName turns a member or operation name into the CLI's: "SSECustomerKeyMD5" is "sse-customer-key-md5".
func CLIName(name string) string {
	if plural := specialPlural.FindString(name); plural != "" {
		name = strings.TrimSuffix(name, plural) + "-" + strings.ToLower(plural)
	}
	name = firstCap.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(endCap.ReplaceAllString(name, "$1-$2"))
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	bytesType  = reflect.TypeFor[[]byte]()
	reader     = reflect.TypeFor[io.Reader]()
	readCloser = reflect.TypeFor[io.ReadCloser]()
)

// base is the type behind a pointer.
func base(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func kindOf(t reflect.Type) Kind {
	t = base(t)
	switch t {
	case timeType:
		return Time
	case bytesType:
		return Blob
	case reader, readCloser:
		return Body
	}
	switch t.Kind() {
	case reflect.Bool:
		return Boolean
	case reflect.Int32, reflect.Int64:
		return Integer
	case reflect.Float32, reflect.Float64:
		return Double
	case reflect.Slice:
		return List
	case reflect.Map:
		return Map
	case reflect.Struct, reflect.Interface:
		return Struct
	}
	return Text
}

// enumOf lists the values of an SDK enum, or of the items of a list of enums.
func enumOf(t reflect.Type) []string {
	t = base(t)
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.String {
		return nil
	}
	values := reflect.Zero(t).MethodByName("Values") // constant name: the linker keeps only methods of this name
	if !values.IsValid() {
		return nil
	}
	list := values.Call(nil)[0]
	out := make([]string, list.Len())
	for i := range out {
		out[i] = list.Index(i).String()
	}
	return out
}

// goName is the SDK's name of a member; a few members of CloudTrail begin with a small letter on the wire and in the CLI.
func goName(name string) string {
	if name != "" && name[0] >= 'a' && name[0] <= 'z' {
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return name
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	return t.FieldByName(goName(name))
}

// numbered are the members that the CLI takes and prints as numbers and the SDK as texts.
var numbered = map[string]bool{"PartNumberMarker": true, "NextPartNumberMarker": true}

// kindNamed is the kind of a member as the CLI has it.
func kindNamed(name string, t reflect.Type) Kind {
	if numbered[name] && kindOf(t) == Text {
		return Integer
	}
	return kindOf(t)
}

// memberNames lists a structure's members in the CLI's order, or in the SDK's where the CLI does not know it.
func memberNames(t reflect.Type) []string {
	if s, ok := shapeOf(t); ok {
		return s.members
	}
	var names []string
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Name != "ResultMetadata" {
			names = append(names, f.Name)
		}
	}
	return names
}
