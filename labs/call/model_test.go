package call

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// clients are the clients of the pinned SDK, one a service.
var clients = map[string]reflect.Type{
	"s3": reflect.TypeFor[*s3.Client](), "kms": reflect.TypeFor[*kms.Client](), "iam": reflect.TypeFor[*iam.Client](),
	"sts": reflect.TypeFor[*sts.Client](), "s3control": reflect.TypeFor[*s3control.Client](),
	"cloudtrail": reflect.TypeFor[*cloudtrail.Client](),
}

// Every method of the pinned SDK's clients that takes an input has its row.
func TestRowsAreAllOperations(t *testing.T) {
	have := byName()
	for _, s := range services {
		client := clients[s.name]
		count := 0
		for i := range client.NumMethod() {
			m := client.Method(i)
			if m.Type.NumIn() != 4 || !m.Type.IsVariadic() || m.Name == "Options" {
				continue
			}
			count++
			if _, ok := have[s.name+":"+m.Name]; !ok {
				t.Errorf("%s %s has no row", s.name, m.Name)
			}
		}
		if count != len(s.rows) || count == 0 {
			t.Errorf("%s: %d methods, %d rows", s.name, count, len(s.rows))
		}
	}
}

// missing are commands of CLI 1.45 that the pinned SDK has no call for.
var missing = map[string]bool{
	"s3:GetBucketLifecycle": true, "s3:PutBucketLifecycle": true, "s3:GetBucketNotification": true, "s3:PutBucketNotification": true,
}

// The flags of all operations are those of the real CLI: flags/SERVICE.json was written by testdata/extract.py.
func TestFlagsAreThoseOfTheCLI(t *testing.T) {
	flags := 0
	for _, s := range services {
		data, err := os.ReadFile("testdata/flags/" + s.name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]struct {
			Operation string
			Members   map[string]string
			Own       []string
			Kinds     map[string]string
		}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		for cli, w := range want {
			op, ok := OperationOf(s.name, cli)
			if missing[s.name+":"+w.Operation] {
				if ok {
					t.Errorf("%s is in the SDK again", cli)
				}
				continue
			}
			if !ok || op.Name != w.Operation {
				t.Errorf("%s: Operation(%q) = %q, want %q", s.name, cli, op.Name, w.Operation)
				continue
			}
			for name, flag := range w.Members {
				m, ok := op.Member(flag)
				if !ok || m.Name != name {
					t.Errorf("%s %s %s is %q, want %q", s.name, cli, flag, m.Name, name)
				}
				if kind := either(w.Kinds[name], "string"); string(m.Kind) != kind && !(m.Kind == Body && kind == "blob") {
					t.Errorf("%s %s %s is a %s, want a %s", s.name, cli, flag, m.Kind, kind)
				}
				flags++
			}
			if len(op.Members) != len(w.Members) {
				t.Errorf("%s %s has %d members, want %d", s.name, cli, len(op.Members), len(w.Members))
			}
		}
	}
	if flags < 1800 {
		t.Errorf("only %d flags compared", flags)
	}
}

func either(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// Every structure of the SDK that an operation reaches is known to members/SERVICE.txt, and every name in it to the SDK.
func TestMembersMatchTheSDK(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		typ = base(typ)
		switch typ.Kind() {
		case reflect.Slice, reflect.Map:
			walk(typ.Elem())
			return
		case reflect.Interface:
			if unions[typ] == nil && typ != reader && typ != readCloser {
				t.Errorf("%s is no known union", typ)
			}
			for _, v := range unions[typ] {
				_, inner := unionMember(v)
				walk(inner)
			}
			return
		case reflect.Struct:
		default:
			return
		}
		if typ == timeType || seen[typ] {
			return
		}
		seen[typ] = true
		s, ok := shapeOf(typ)
		if !ok {
			t.Errorf("%s is not in members/%s.txt", typ.Name(), packageOf(typ))
			return
		}
		for _, name := range s.members {
			f, ok := fieldOf(typ, name)
			if !ok {
				if name != "EventStream" && name != "Payload" {
					t.Errorf("%s.%s is not in the SDK", typ, name)
				}
				continue
			}
			walk(f.Type)
		}
	}
	for _, s := range services {
		for _, op := range OperationsOf(s.name) {
			r := byName()[op.Qualified()]
			walk(r.input)
			walk(r.output)
		}
	}
}

func TestEnumsAndRequired(t *testing.T) {
	op, _ := Operation("put-object")
	sse, _ := op.Member("--server-side-encryption")
	if got := strings.Join(sse.Enum, " "); !strings.Contains(got, "AES256") || !strings.Contains(got, "aws:kms:dsse") {
		t.Errorf("--server-side-encryption knows %q", got)
	}
	if key, _ := op.Member("key"); !key.Required {
		t.Error("--key is not required")
	}
	if body, _ := op.Member("--body"); body.Kind != Body {
		t.Errorf("--body is a %s", body.Kind)
	}
	get, _ := Operation("get-object")
	if !get.Streams || op.Streams {
		t.Error("get-object streams, put-object does not")
	}
}
