package exchange

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/strictjson"
)

const (
	// JSONBytes is the longest body a service of the JSON protocol reads here. KMS's longest member, a key policy, has 128 KB.
	JSONBytes = 256 << 10
	// jsonDepth bounds the nesting of a body; no input of KMS or CloudTrail has more than six levels.
	jsonDepth = 32
)

// Input decodes the JSON body into v, a pointer to a struct whose fields are named as AWS's members, and judges what it
// finds by the fields' aws tags, all of it in one answer as AWS does. An empty body is an empty object; members that v
// does not have are ignored; null is as good as nothing. Fields are strings, integers, booleans, pointers to these, byte
// slices (base64 in the body), structs, pointers to structs, slices, and maps of strings. The tag of a field is a list of:
//
//	required, min=N and max=N (a length of text or a list, the value of a number), enum=A|B, secret (not repeated in answers)
//
// With members only those are read, as for an operation that has fewer of them; those that end in "!" have to be there.
// It may be called again: a body is judged in "inspect" and read in "perform".
func (x *Exchange) Input(v any, members ...string) *Fault {
	body := x.body.Data
	if len(strings.TrimSpace(string(body))) == 0 {
		body = []byte("{}")
	}
	root, _, err := strictjson.Parse(body, jsonDepth) // two names that differ in case are fine in an encryption context
	if err != nil || root.Kind != strictjson.IsObject {
		return serialization("").Told("The body is not a JSON object.")
	}
	r := jsonReader{}
	only := map[string]bool{} // whether it has to be there
	for _, name := range members {
		bare := strings.TrimSuffix(name, "!")
		only[bare] = bare != name
	}
	r.object(root, reflect.ValueOf(v).Elem(), "", only)
	switch {
	case r.mismatch != "":
		x.Note("modelled: how a value of another type is refused")
		return serialization(r.mismatch)
	case len(r.problems) == 1:
		return Invalidated("1 validation error detected: " + r.problems[0])
	case len(r.problems) > 1:
		return Invalidated(strconv.Itoa(len(r.problems)) + " validation errors detected: " + strings.Join(r.problems, "; "))
	}
	return nil
}

// Output answers a service of the JSON protocol; nil for the operations that only say that they were done.
func (x *Exchange) Output(v any) {
	if v != nil {
		body, err := json.Marshal(v)
		must(err)
		x.Answer.Body = body
	}
	x.Answer.Header.Set("Content-Type", jsonType)
}

const jsonType = "application/x-amz-json-1.1"

// Invalidated is a 400 ValidationException.
func Invalidated(message string) *Fault {
	return Err(400, "ValidationException", message).Told("A parameter is not what it may be.")
}

func serialization(message string) *Fault {
	return Err(400, "SerializationException", message).Told("The body cannot be read.")
}

// JSONErrorBody is a fault as a service of the JSON protocol words it. AWS leaves an empty message out.
func JSONErrorBody(f *Fault) []byte {
	body, err := json.Marshal(struct {
		Type    string `json:"__type"`
		Message string `json:"message,omitempty"`
	}{f.Code, f.Message})
	must(err)
	return body
}

// jsonReader fills structs and keeps what is wrong with them.
type jsonReader struct {
	mismatch string   // the first value of another type
	problems []string // constraints that fail, in the order of the fields
}

// object reads the members of n into v. only: see Input; empty means all.
func (r *jsonReader) object(n *strictjson.Node, v reflect.Value, path string, only map[string]bool) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		must, taken := only[field.Name]
		if len(only) > 0 && !taken {
			continue
		}
		c := constraintsOf(field.Tag.Get("aws"))
		at := path + strings.ToLower(field.Name[:1]) + field.Name[1:]
		value := n.Get(field.Name)
		if value == nil || value.Kind == strictjson.IsNull {
			if must || c.required {
				r.add(c, "null", at, "Member must not be null")
			}
			continue
		}
		r.value(value, v.Field(i), at, c)
	}
}

// value reads one value and judges it.
func (r *jsonReader) value(n *strictjson.Node, v reflect.Value, at string, c constraints) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.String:
		if r.is(n, strictjson.IsText, "String") {
			v.SetString(n.Text)
			r.text(c, n.Text, at)
		}
	case v.Kind() == reflect.Int:
		if r.is(n, strictjson.IsNumber, "Integer") {
			number, err := strconv.ParseFloat(n.Text, 64)
			if err != nil || number != float64(int32(number)) {
				r.differs("a number cannot be converted to Integer")
				return
			}
			v.SetInt(int64(number))
			r.number(c, int(number), at)
		}
	case v.Kind() == reflect.Bool:
		if r.is(n, strictjson.IsBool, "Boolean") {
			v.SetBool(n.Yes)
		}
	case v.Type() == reflect.TypeFor[[]byte]():
		if r.is(n, strictjson.IsText, "Blob") {
			data, err := base64.StdEncoding.DecodeString(n.Text)
			if err != nil {
				r.differs("Invalid Base64")
				return
			}
			v.SetBytes(data)
			c.secret = true
			r.length(c, "", len(data), at)
		}
	case v.Kind() == reflect.Struct:
		if r.is(n, strictjson.IsObject, "a structure") {
			r.object(n, v, at+".", nil)
		}
	case v.Kind() == reflect.Slice:
		r.list(n, v, at, c)
	case v.Kind() == reflect.Map:
		if r.is(n, strictjson.IsObject, "a map") {
			pairs := make(map[string]string, len(n.Members))
			for _, m := range n.Members {
				if r.is(m.Value, strictjson.IsText, "String") {
					pairs[m.Name] = m.Value.Text
				}
			}
			v.Set(reflect.ValueOf(pairs))
		}
	default:
		panic("exchange: Input does not read a " + v.Type().String())
	}
}

func (r *jsonReader) list(n *strictjson.Node, v reflect.Value, at string, c constraints) {
	if !r.is(n, strictjson.IsArray, "a list") {
		return
	}
	if len(n.Items) > jsonItems {
		r.differs("a list of more than " + strconv.Itoa(jsonItems) + " members")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	shown := make([]string, len(n.Items))
	strange := false
	for i, item := range n.Items {
		shown[i] = item.Text
		strange = strange || c.enum != nil && !slices.Contains(c.enum, item.Text)
		r.value(item, v.Index(i), at+"."+strconv.Itoa(i+1)+".member", constraints{})
	}
	all := "[" + strings.Join(shown, ", ") + "]"
	if strange {
		r.add(c, "'"+all+"'", at, "Member must satisfy constraint: [Member must satisfy enum value set: ["+strings.Join(c.enum, ", ")+"]]")
	}
	r.length(c, all, len(n.Items), at)
}

// jsonItems bounds every list of a body; the longest that AWS takes, of an inventory of tags, has 200.
const jsonItems = 2_000

// jsonKinds are the JSON values as AWS's reader names them.
var jsonKinds = map[strictjson.Kind]string{
	strictjson.IsText: "STRING_VALUE", strictjson.IsNumber: "NUMBER_VALUE", strictjson.IsBool: "a truth value", strictjson.IsNull: "a null",
}

func (r *jsonReader) is(n *strictjson.Node, want strictjson.Kind, into string) bool {
	if n.Kind == want {
		return true
	}
	switch n.Kind {
	case strictjson.IsObject:
		r.differs("Start of structure or map found where not expected.")
	case strictjson.IsArray:
		r.differs("Unrecognized collection type")
	default:
		r.differs(jsonKinds[n.Kind] + " cannot be converted to " + into)
	}
	return false
}

func (r *jsonReader) differs(how string) {
	if r.mismatch == "" {
		r.mismatch = how
	}
}
