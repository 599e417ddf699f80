package call

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wireTimes are the members that travel in headers: the CLI prints a time as it stood on the wire, and there its form
// differs from that in XML.
var wireTimes = map[string]string{
	"LastModified": "Last-Modified", "AbortDate": "X-Amz-Abort-Date", "DeletionDate": "X-Amz-Object-Lock-Deletion-Date",
	"ObjectLockRetainUntilDate": "X-Amz-Object-Lock-Retain-Until-Date",
}

// printing turns an output of the SDK into what the CLI prints.
type printing struct {
	Output
	service service
	body    []byte // as it came
}

// Keys lists the keys of a map of Fields in the order in which the CLI prints them; of any other map, sorted.
func (o Output) Keys(m map[string]any) []string {
	if order, ok := o.order[reflect.ValueOf(m).Pointer()]; ok && len(m) > 0 {
		var keys []string
		for _, key := range order {
			if _, present := m[key]; present {
				keys = append(keys, key)
			}
		}
		if len(keys) == len(m) {
			return keys
		}
	}
	return sortedKeys(m)
}

// fields turns an output of the SDK into what the CLI prints.
func (o printing) fields(out reflect.Value, header http.Header) map[string]any {
	t := out.Elem().Type()
	m := o.structure(out.Elem())
	if o.service.name != "s3" {
		return m
	}
	for name, key := range wireTimes {
		if raw := header.Get(key); raw != "" && m[name] != nil {
			m[name] = raw
		}
	}
	if raw := header.Get("Expires"); raw != "" && m["Expires"] != nil {
		m["Expires"], m["ExpiresString"] = raw, raw // the CLI adds the second, for what is no time
		o.order[reflect.ValueOf(m).Pointer()] = append(slices.Clone(memberNames(t)), "ExpiresString")
	}
	if f, ok := t.FieldByName("Metadata"); ok && f.Type.Kind() == reflect.Map && m["Metadata"] == nil {
		m["Metadata"] = map[string]any{} // read from headers, so that the CLI always has it
	}
	if t.Name() == "GetBucketLocationOutput" && m["LocationConstraint"] == nil {
		m["LocationConstraint"] = nil // us-east-1 is spelled null
	}
	return m
}

func (o printing) structure(v reflect.Value) map[string]any {
	names := memberNames(v.Type())
	s, _ := shapeOf(v.Type())
	m := make(map[string]any, len(names))
	for _, name := range names {
		f := v.FieldByName(goName(name))
		if !f.IsValid() || o.absent(name, f) {
			continue
		}
		item, ok := o.value(f)
		if text, isText := item.(string); isText && slices.Contains(s.documents, name) {
			item = o.document(text)
		} else if isText && numbered[name] {
			if number, err := strconv.ParseInt(text, 10, 64); err == nil {
				item = float64(number)
			}
		}
		if ok {
			m[name] = item
		}
	}
	o.order[reflect.ValueOf(m).Pointer()] = slices.Clone(names)
	return m
}

// absent says that a number or truth that the SDK gives a zero for was not in the answer.
func (o printing) absent(name string, v reflect.Value) bool {
	if o.service.name == "s3" || !v.IsZero() {
		return false
	}
	switch v.Kind() {
	case reflect.Bool, reflect.Int32, reflect.Int64:
		return !bytes.Contains(o.body, []byte("<"+name+">"))
	}
	return false
}

// document reads a policy that travelled percent-encoded; what is not JSON stays as it came.
func (o printing) document(text string) any {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return text
	}
	v, err := o.readJSON([]byte(plain))
	if err != nil {
		return text
	}
	return o.plain(v)
}

// value is the JSON-ready form of a member; false when it was absent.
func (o printing) value(v reflect.Value) (any, bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, false
		}
		v = v.Elem()
		if v.Kind() == reflect.String {
			return v.String(), true // present though empty
		}
	}
	switch kindOf(v.Type()) {
	case Body:
		return nil, false
	case Time:
		return v.Interface().(time.Time).UTC().Format(o.service.times), true
	case Blob:
		if o.service.name == "s3" {
			return string(v.Bytes()), v.Len() > 0
		}
		return base64.StdEncoding.EncodeToString(v.Bytes()), v.Len() > 0 // as it travelled
	case Boolean:
		return v.Bool(), true
	case Integer:
		return float64(v.Int()), true
	case Double:
		return v.Float(), true
	case Text:
		return v.String(), v.String() != ""
	case List:
		if v.IsNil() {
			return nil, false
		}
		list := make([]any, 0, v.Len())
		for i := range v.Len() {
			item, _ := o.value(v.Index(i))
			list = append(list, item)
		}
		return list, true
	case Map:
		if v.IsNil() {
			return nil, false
		}
		m := map[string]any{}
		for _, key := range v.MapKeys() {
			name := key.String()
			if o.service.name == "s3" {
				name = strings.ToLower(name) // maps of S3 come in headers
			}
			m[name], _ = o.value(v.MapIndex(key))
		}
		return m, true
	}
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil, false
		}
		variant := v.Elem()
		if variant.Kind() == reflect.Pointer {
			variant = variant.Elem()
		}
		name, _ := unionMember(variant.Type())
		item, _ := o.value(variant.FieldByName("Value"))
		return map[string]any{name: item}, true
	}
	return o.structure(v), true
}
