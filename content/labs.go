package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"

	"keyhole/labs"
)

// labs reads labs/ID/lab.yaml and the files beside it. What a lab must be is known to package labs; here its file is
// read, compared with the type, and its mentions of other material are checked.
func (ld *loader) labs() {
	entries, err := fs.ReadDir(ld.fsys, "labs")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			ld.problem("labs", "read", "%v", err)
		}
		return
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		dir := path.Join("labs", e.Name())
		file := path.Join(dir, "lab.yaml")
		data, ok := ld.file(file)
		if !ok {
			ld.problem(dir, "lab", "a lab's folder has a lab.yaml")
			continue
		}
		ld.lab(dir, file, data)
	}
}

func (ld *loader) lab(dir, file string, data []byte) {
	d := parse(file, data, 0)
	ld.keep(d)
	if len(d.found) > 0 {
		return
	}
	var lab labs.Lab
	d.compare(reflect.TypeOf(lab), d.value, "")
	if len(d.found) > 0 {
		return
	}
	if err := yaml.UnmarshalWithOptions(data, &lab, yaml.Strict()); err != nil {
		d.syntax(err)
		return
	}
	for i := range lab.Checks {
		lab.Checks[i].In = plainMap(lab.Checks[i].In)
	}
	for _, err := range lab.ReadFolder(ld.fsys, dir) {
		d.report("", "lab", "%v", err)
	}
	for _, p := range lab.Validate() {
		d.report(p.Path, "lab", "%s", p.Text)
	}
	if lab.ID != path.Base(dir) {
		d.report("id", "id", "the id is %q, but the folder is called %q", lab.ID, path.Base(dir))
	}
	ld.once(d, "id", "lab", lab.ID)
	ld.need(d, "objectives", "objective", lab.Objectives...)
	ld.need(d, "facts", "fact", lab.Facts...)
	ld.need(d, "notes", "note", lab.Notes...)
	ld.need(d, "questions", "question", lab.Questions...)
	ld.lib.Labs = put(ld.lib.Labs, lab, func(l *labs.Lab) string { return l.ID })
}

// compare reports every field that a type does not have and every value of another kind, as a schema would.
func (d *document) compare(t reflect.Type, value any, at string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value == nil {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		switch t.Kind() {
		case reflect.Struct:
			fields := fieldsOf(t)
			for name, inner := range v {
				if field, ok := fields[name]; ok {
					d.compare(field, inner, join(at, name))
				} else {
					d.report(join(at, name), "schema", "%q is not a field here", name)
				}
			}
			return
		case reflect.Map:
			for name, inner := range v {
				d.compare(t.Elem(), inner, join(at, name))
			}
			return
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, inner := range v {
				d.compare(t.Elem(), inner, fmt.Sprintf("%s[%d]", at, i))
			}
			return
		}
	case string:
		if t.Kind() == reflect.String {
			return
		}
	case bool:
		if t.Kind() == reflect.Bool {
			return
		}
	case int64:
		if t.Kind() == reflect.Int || t.Kind() == reflect.Int64 || t.Kind() == reflect.Float64 {
			return
		}
	case float64:
		if t.Kind() == reflect.Float64 {
			return
		}
	}
	if t.Kind() != reflect.Interface {
		d.report(at, "schema", "got %s, want %s", kindWord(reflect.TypeOf(value)), kindWord(t))
	}
}

// fieldsOf are the names a struct has in YAML.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			out[name] = f.Type
		}
	}
	return out
}

func kindWord(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	}
	return t.String()
}
