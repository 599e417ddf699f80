package call

import (
	_ "embed"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Op is one operation as the CLI offers it.
type Op struct {
	Name    string // "PutObject"
	CLI     string // "put-object"
	Members []Member
	Streams bool // the answer has a body, which the CLI writes to an OUTFILE
}

// Member is one parameter of an operation.
type Member struct {
	Name     string // "SSECustomerKey"
	Flag     string // "--sse-customer-key"
	Kind     Kind
	Enum     []string // known values; others are sent as they are
	Required bool

	typ reflect.Type
}

// Kind is the shape of a value.
type Kind string

// The kinds of a parameter. Body is a blob that is streamed.
const (
	Text    Kind = "string"
	Integer Kind = "integer"
	Boolean Kind = "boolean"
	Time    Kind = "timestamp"
	Blob    Kind = "blob"
	Body    Kind = "body"
	List    Kind = "list"
	Map     Kind = "map"
	Struct  Kind = "structure"
)

// shape is what the SDK's types do not say: the order of members and which are required.
type shape struct {
	members, required []string
}

//go:embed members.txt
var membersText string

// shapes reads members.txt: "Name: A B C ! A".
var shapes = sync.OnceValue(func() map[string]shape {
	m := map[string]shape{}
	for line := range strings.Lines(membersText) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		members, required, _ := strings.Cut(rest, "!")
		m[name] = shape{members: strings.Fields(members), required: strings.Fields(required)}
	}
	return m
})

var byName = sync.OnceValue(func() map[string]row {
	m := map[string]row{}
	for _, r := range rows {
		m[r.name] = r
	}
	return m
})

var operations = sync.OnceValue(func() []Op {
	var ops []Op
	for _, r := range rows {
		in, known := shapes()[r.input.Name()]
		if !known {
			continue // newer than the CLI whose behaviour is imitated
		}
		op := Op{Name: r.name, CLI: CLIName(r.name)}
		if body, ok := r.output.FieldByName("Body"); ok && body.Type == readCloser {
			op.Streams = true
		}
		for _, name := range in.members {
			f, ok := r.input.FieldByName(name)
			if !ok {
				continue
			}
			op.Members = append(op.Members, Member{
				Name: name, Flag: "--" + CLIName(name), Kind: kindOf(f.Type), Enum: enumOf(f.Type),
				Required: slices.Contains(in.required, name), typ: f.Type,
			})
		}
		ops = append(ops, op)
	}
	return ops
})

// Operations lists the S3 operations of the CLI, by name.
func Operations() []Op { return operations() }

// Operation finds an operation by its CLI name ("put-object").
func Operation(cliName string) (Op, bool) {
	for _, op := range operations() {
		if op.CLI == cliName {
			return op, true
		}
	}
	return Op{}, false
}

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
			if f, ok := t.FieldByName(name); ok {
				out = append(out, Member{Name: name, Kind: kindOf(f.Type), Enum: enumOf(f.Type), typ: f.Type,
					Required: slices.Contains(shapes()[t.Name()].required, name)})
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

// memberNames lists a structure's members in the CLI's order, or in the SDK's where the CLI does not know it.
func memberNames(t reflect.Type) []string {
	if s, ok := shapes()[t.Name()]; ok {
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
