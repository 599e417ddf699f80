package call

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Error is the report of the CLI, one problem a line.
func (e *ParamError) Error() string {
	return "Parameter validation failed:\n" + strings.Join(e.Problems, "\n")
}

// report collects what is wrong with parameters in the words of the CLI.
type report []string

// MaxProblems is how many problems of a call's parameters are told. Each may name every member that there is, so that a small
// document of wrong names would otherwise make a large report.
const MaxProblems = 100

func (r *report) add(format string, a ...any) {
	if len(*r) < MaxProblems {
		*r = append(*r, fmt.Sprintf(format, a...))
	}
}

// full says that what is found further is not told.
func (r *report) full() bool { return len(*r) >= MaxProblems }

// validate checks types, required members and unknown ones, all at once.
func validate(r row, params map[string]any) []string {
	var out report
	out.structure(r.input, params, "")
	return out
}

// shown is how the CLI names a place: the outermost structure is "input".
func shown(path string) string {
	if path == "" {
		return "input"
	}
	return strings.TrimPrefix(path, ".")
}

func (r *report) structure(t reflect.Type, params map[string]any, path string) {
	s, _ := shapeOf(t)
	for _, name := range s.required {
		if _, given := params[name]; !given {
			r.add("Missing required parameter in %s: %q", shown(path), name)
		}
	}
	names := memberNames(t)
	for _, name := range sortedKeys(params) {
		if r.full() {
			return
		}
		if _, ok := fieldOf(t, name); !ok || !slices.Contains(names, name) {
			r.add("Unknown parameter in %s: %q, must be one of: %s", shown(path), name, strings.Join(names, ", "))
		}
	}
	for _, name := range names {
		f, ok := fieldOf(t, name)
		v, given := params[name]
		if !ok || !given {
			continue
		}
		if kindNamed(name, f.Type) == Integer && kindOf(f.Type) == Text {
			r.value(reflect.TypeFor[int64](), v, path+"."+name)
			continue
		}
		r.value(f.Type, v, path+"."+name)
		r.least(f.Type, v, path+"."+name, s.least[name])
		if kindOf(f.Type) == List {
			for i, item := range asList(v) {
				r.least(base(f.Type).Elem(), item, path+"."+name+"["+strconv.Itoa(i)+"]", s.least[name+"[]"])
			}
		}
	}
}

// least reports a value that is shorter or smaller than the service takes; what is too long is left to the service.
func (r *report) least(t reflect.Type, v any, path string, limit int) {
	if limit == 0 {
		return
	}
	size := -1
	switch kindOf(t) {
	case Integer:
		if n, ok := asInt(v); ok && n < int64(limit) {
			r.add("Invalid value for parameter %s, value: %d, valid min value: %d", shown(path), n, limit)
		}
		return
	case Text:
		if text, ok := v.(string); ok {
			size = utf8.RuneCountInString(text)
		}
	case List:
		if reflect.ValueOf(v).Kind() == reflect.Slice {
			size = len(asList(v))
		}
	case Map:
		if m := asMap(v); m != nil {
			size = len(m)
		}
	}
	if size >= 0 && size < limit {
		r.add("Invalid length for parameter %s, value: %d, valid min length: %d", shown(path), size, limit)
	}
}

func (r *report) value(t reflect.Type, v any, path string) {
	t = base(t)
	wrong := func(valid string) {
		if strings.HasSuffix(path, "SSECustomerKey") {
			r.add("Invalid type for parameter %s, valid types: %s", shown(path), valid)
			return
		}
		r.add("Invalid type for parameter %s, value: %s, type: <class '%s'>, valid types: %s", shown(path), clipped(python(v, false)), pythonType(v), valid)
	}
	switch kindOf(t) {
	case Text:
		if reflect.ValueOf(v).Kind() != reflect.String {
			wrong("<class 'str'>")
		}
	case Integer:
		if _, ok := asInt(v); !ok {
			wrong("<class 'int'>")
		}
	case Double:
		if _, ok := asFloat(v); !ok {
			wrong("<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>")
		}
	case Boolean:
		if _, ok := v.(bool); !ok {
			wrong("<class 'bool'>")
		}
	case Time:
		if _, err := parseTime(v); err != nil {
			wrong("<class 'datetime.datetime'>, timestamp-string")
		}
	case Blob, Body:
		if asBytes(v) == nil && v != "" {
			if b, ok := v.([]byte); !ok || len(b) > 0 {
				wrong("<class 'bytes'>, <class 'bytearray'>, file-like object")
			}
		}
	case List:
		items := asList(v)
		if items == nil {
			wrong("<class 'list'>, <class 'tuple'>")
		}
		for i, item := range items {
			if r.full() {
				return
			}
			r.value(t.Elem(), item, path+"["+strconv.Itoa(i)+"]")
		}
	case Map:
		m := asMap(v)
		if m == nil {
			wrong("<class 'dict'>")
		}
		for _, key := range sortedKeys(m) {
			if r.full() {
				return
			}
			r.value(t.Elem(), m[key], path+"."+key)
		}
	case Struct:
		m := asMap(v)
		if m == nil {
			wrong("<class 'dict'>")
			return
		}
		if t.Kind() == reflect.Interface {
			r.union(t, m, path)
			return
		}
		r.structure(t, m, path)
	}
}

// maxShown is how many bytes of a wrong value are told.
const maxShown = 4 << 10

func clipped(text string) string {
	if len(text) > maxShown {
		return text[:maxShown] + "… (the rest is not shown)"
	}
	return text
}

func (r *report) union(t reflect.Type, m map[string]any, path string) {
	var names []string
	for _, variant := range unions[t] {
		name, inner := unionMember(variant)
		names = append(names, name)
		if v, ok := m[name]; ok {
			r.value(inner, v, path+"."+name)
		}
	}
	for _, name := range sortedKeys(m) {
		if !r.full() && !slices.Contains(names, name) {
			r.add("Unknown parameter in %s: %q, must be one of: %s", shown(path), name, strings.Join(names, ", "))
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// PythonType is the name of a value's type in the CLI's messages.
func PythonType(v any) string { return pythonType(v) }

func pythonType(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case string:
		return "str"
	case bool:
		return "bool"
	case float64:
		if _, whole := asInt(v); whole {
			return "int"
		}
		return "float"
	case []byte:
		return "bytes"
	case time.Time:
		return "datetime.datetime"
	}
	if asMap(v) != nil {
		return "dict"
	}
	if asList(v) != nil {
		return "list"
	}
	return "int"
}

// Python writes a value as the CLI prints it: None, True, plain strings and numbers, {...} and [...].
func Python(v any) string { return python(v, false) }

// python writes a value as the CLI's messages do; quoted says whether strings stand in quotes, as inside a list.
func python(v any, quoted bool) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		if quoted {
			return "'" + strings.ReplaceAll(v, "'", `\'`) + "'"
		}
		return v
	case []byte:
		return fmt.Sprintf("(%d bytes)", len(v))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	var parts []string
	if m := asMap(v); m != nil {
		for _, key := range sortedKeys(m) {
			parts = append(parts, python(key, true)+": "+python(m[key], true))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	if list := asList(v); list != nil {
		for _, item := range list {
			parts = append(parts, python(item, true))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}
