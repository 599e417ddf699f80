package call

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Every method of the pinned SDK's client that takes an input has its row.
func TestRowsAreAllOperations(t *testing.T) {
	have := byName()
	client := reflect.TypeFor[*s3.Client]()
	count := 0
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() != 4 || !m.Type.IsVariadic() || m.Name == "Options" {
			continue
		}
		count++
		if _, ok := have[m.Name]; !ok {
			t.Errorf("%s has no row", m.Name)
		}
	}
	if count != len(rows) {
		t.Errorf("%d methods, %d rows", count, len(rows))
	}
}

// The flags of all operations are those of the real CLI: flags.json was written by testdata/extract.py from botocore.
func TestFlagsAreThoseOfTheCLI(t *testing.T) {
	data, err := os.ReadFile("testdata/flags.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]struct {
		Operation string
		Members   map[string]string
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	old := map[string]bool{"GetBucketLifecycle": true, "PutBucketLifecycle": true, "GetBucketNotification": true, "PutBucketNotification": true}
	flags := 0
	for cli, w := range want {
		op, ok := Operation(cli)
		if old[w.Operation] {
			if ok {
				t.Errorf("%s is in the SDK again", cli)
			}
			continue
		}
		if !ok || op.Name != w.Operation {
			t.Errorf("Operation(%q) = %q, want %q", cli, op.Name, w.Operation)
			continue
		}
		for name, flag := range w.Members {
			m, ok := op.Member(flag)
			if !ok || m.Name != name {
				t.Errorf("%s %s is %q, want %q", cli, flag, m.Name, name)
			}
			flags++
		}
		if len(op.Members) != len(w.Members) {
			t.Errorf("%s has %d members, want %d", cli, len(op.Members), len(w.Members))
		}
	}
	if flags < 700 {
		t.Errorf("only %d flags compared", flags)
	}
}

// Every structure of the SDK that an operation reaches is known to members.txt, and every name in it to the SDK.
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
		s, ok := shapes()[typ.Name()]
		if !ok {
			t.Errorf("%s is not in members.txt", typ.Name())
			return
		}
		for _, name := range s.members {
			f, ok := typ.FieldByName(name)
			if !ok {
				if name != "EventStream" && name != "Payload" {
					t.Errorf("%s.%s is not in the SDK", typ.Name(), name)
				}
				continue
			}
			walk(f.Type)
		}
	}
	for _, op := range Operations() {
		r := byName()[op.Name]
		walk(r.input)
		walk(r.output)
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
