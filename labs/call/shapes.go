package call

import (
	"embed"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shape is what the SDK's types do not say about a structure.
type shape struct {
	members, required []string
	least             map[string]int    // shortest length or smallest number; "Name[]" is that of a list's items
	documents         []string          // members that hold a policy, which the CLI prints as JSON
	items             map[string]string // names of the types of a list's plain items, which skeletons show
}

//go:embed members/*.txt
var membersText embed.FS

// shapes reads members/SERVICE.txt: "Name: A B C ! A > B=1 % C @ C=String". The keys are "SERVICE Name", since services share names.
var shapes = sync.OnceValue(func() map[string]shape {
	m := map[string]shape{}
	for _, s := range services {
		text, err := membersText.ReadFile("members/" + s.name + ".txt")
		if err != nil {
			panic("call: " + err.Error()) // the table names a file that was not built in
		}
		for line := range strings.Lines(string(text)) {
			name, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
			m[s.name+" "+name] = readShape(rest)
		}
	}
	return m
})

func readShape(text string) shape {
	text, items, _ := strings.Cut(text, "@")
	text, documents, _ := strings.Cut(text, "%")
	text, least, _ := strings.Cut(text, ">")
	members, required, _ := strings.Cut(text, "!")
	s := shape{members: strings.Fields(members), required: strings.Fields(required), documents: strings.Fields(documents)}
	for _, word := range strings.Fields(least) {
		name, number, _ := strings.Cut(word, "=")
		if n, err := strconv.Atoi(number); err == nil {
			if s.least == nil {
				s.least = map[string]int{}
			}
			s.least[name] = n
		}
	}
	for _, word := range strings.Fields(items) {
		name, typ, _ := strings.Cut(word, "=")
		if s.items == nil {
			s.items = map[string]string{}
		}
		s.items[name] = typ
	}
	return s
}

// shapeOf is what is known about a structure of the SDK.
func shapeOf(t reflect.Type) (shape, bool) {
	if strings.HasSuffix(t.PkgPath(), "/types") { // some are named as an operation's own structure is
		if s, ok := shapes()[packageOf(t)+" types."+t.Name()]; ok {
			return s, true
		}
	}
	s, ok := shapes()[packageOf(t)+" "+t.Name()]
	return s, ok
}

// packageOf is the service whose package, or package of types, declares t.
func packageOf(t reflect.Type) string { return path.Base(strings.TrimSuffix(t.PkgPath(), "/types")) }

// byName finds a row by "SERVICE:Operation".
var byName = sync.OnceValue(func() map[string]row {
	m := map[string]row{}
	for _, s := range services {
		for _, r := range s.rows {
			m[s.name+":"+r.name] = r
		}
	}
	return m
})

// qualified is an operation's name with its service; S3 needs none.
func qualified(name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	return "s3:" + name
}

// operations makes the list of one service when it is first asked for.
var operations = func() map[string]func() []Op {
	m := map[string]func() []Op{}
	for _, s := range services {
		m[s.name] = sync.OnceValue(func() []Op { return describe(s) })
	}
	return m
}()

func describe(s service) []Op {
	var ops []Op
	for _, r := range s.rows {
		in, known := shapeOf(r.input)
		if !known {
			continue // newer than the CLI whose behaviour is imitated
		}
		op := Op{Service: s.name, Name: r.name, CLI: CLIName(r.name), output: r.output}
		if body, ok := r.output.FieldByName("Body"); ok && body.Type == readCloser {
			op.Streams = true
		}
		for _, name := range in.members {
			f, ok := fieldOf(r.input, name)
			if !ok {
				continue
			}
			op.Members = append(op.Members, Member{
				Name: name, Flag: flagOf(name), Kind: kindNamed(name, f.Type), Enum: enumOf(f.Type),
				Required: slices.Contains(in.required, name) && renamed[name] == "", typ: f.Type, item: in.items[name],
			})
		}
		ops = append(ops, op)
	}
	slices.SortFunc(ops, func(a, b Op) int { return strings.Compare(a.Name, b.Name) })
	return ops
}

// renamed are the members whose flag the CLI spells by hand, and then forgets that it is required.
var renamed = map[string]string{"AuthenticationCode1": "--authentication-code-1", "AuthenticationCode2": "--authentication-code-2"}

func flagOf(member string) string {
	if flag, ok := renamed[member]; ok {
		return flag
	}
	return "--" + CLIName(member)
}

// Services lists the services by the names that the CLI gives them, S3 as "s3api".
func Services() []string {
	var names []string
	for _, s := range services {
		names = append(names, cliService(s.name))
	}
	return names
}

func cliService(name string) string {
	if name == "s3" {
		return "s3api"
	}
	return name
}

// OperationsOf lists the operations of a service ("s3", "s3api", "kms") by name; nil for an unknown service.
func OperationsOf(service string) []Op {
	if service == "s3api" {
		service = "s3"
	}
	if list, ok := operations[service]; ok {
		return list()
	}
	return nil
}

// OperationOf finds an operation of a service by its CLI name ("put-object").
func OperationOf(service, cliName string) (Op, bool) {
	for _, op := range OperationsOf(service) {
		if op.CLI == cliName {
			return op, true
		}
	}
	return Op{}, false
}

// Find finds an operation by the name that Do takes: "PutObject", "kms:Decrypt".
func Find(name string) (Op, bool) {
	service, operation, _ := strings.Cut(qualified(name), ":")
	for _, op := range OperationsOf(service) {
		if op.Name == operation {
			return op, true
		}
	}
	return Op{}, false
}

// Operations lists the S3 operations of the CLI, by name.
func Operations() []Op { return OperationsOf("s3") }

// Operation finds an S3 operation by its CLI name ("put-object").
func Operation(cliName string) (Op, bool) { return OperationOf("s3", cliName) }

// Qualified is the operation's name as Do takes it.
func (op Op) Qualified() string {
	if op.Service == "" {
		return op.Name
	}
	return op.Service + ":" + op.Name
}

// Result is the answer of an operation as a structure, for those who want its members; its Kind is Struct.
func (op Op) Result() Member { return Member{Name: op.Name, Kind: Struct, typ: op.output} }
