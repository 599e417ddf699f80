package call

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"
)

// wireTimes are the members that travel in headers: the CLI prints a time as it stood on the wire, and there its form
// differs from that in XML.
var wireTimes = map[string]string{
	"LastModified": "Last-Modified", "AbortDate": "X-Amz-Abort-Date", "DeletionDate": "X-Amz-Object-Lock-Deletion-Date",
	"ObjectLockRetainUntilDate": "X-Amz-Object-Lock-Retain-Until-Date",
}

// xmlTime is the form of times in S3's XML.
const xmlTime = "2006-01-02T15:04:05.000Z"

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
func (o Output) fields(out reflect.Value, header http.Header) map[string]any {
	t := out.Elem().Type()
	m := o.structure(out.Elem())
	for name, key := range wireTimes {
		if raw := header.Get(key); raw != "" && m[name] != nil {
			m[name] = raw
		}
	}
	if f, ok := t.FieldByName("Metadata"); ok && f.Type.Kind() == reflect.Map && m["Metadata"] == nil {
		m["Metadata"] = map[string]any{} // read from headers, so that the CLI always has it
	}
	if t.Name() == "GetBucketLocationOutput" && m["LocationConstraint"] == nil {
		m["LocationConstraint"] = nil // us-east-1 is spelled null
	}
	return m
}

func (o Output) structure(v reflect.Value) map[string]any {
	names := memberNames(v.Type())
	m := make(map[string]any, len(names))
	for _, name := range names {
		f := v.FieldByName(name)
		if !f.IsValid() {
			continue
		}
		if item, ok := o.value(f); ok {
			m[name] = item
		}
	}
	o.order[reflect.ValueOf(m).Pointer()] = slices.Clone(names)
	return m
}

// value is the JSON-ready form of a member; false when it was absent.
func (o Output) value(v reflect.Value) (any, bool) {
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
		return v.Interface().(time.Time).UTC().Format(xmlTime), true
	case Blob:
		return string(v.Bytes()), v.Len() > 0
	case Boolean:
		return v.Bool(), true
	case Integer:
		return float64(v.Int()), true
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
			m[strings.ToLower(key.String())], _ = o.value(v.MapIndex(key))
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
