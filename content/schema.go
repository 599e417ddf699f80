package content

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// schemas compiles schema/NAME.json once for each name.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	files, err := schemaFiles.ReadDir("schema")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := schemaFiles.ReadFile("schema/" + f.Name())
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("schema/%s: %w", f.Name(), err)
		}
		if err := c.AddResource(schemaBase+f.Name(), doc); err != nil {
			return nil, err
		}
	}
	out := map[string]*jsonschema.Schema{}
	for _, f := range files {
		s, err := c.Compile(schemaBase + f.Name())
		if err != nil {
			return nil, err
		}
		out[strings.TrimSuffix(f.Name(), ".json")] = s
	}
	return out, nil
})

// schemaBase is the address the schemas give themselves; nothing is ever fetched from it.
const schemaBase = "https://keyhole.invalid/schema/"

// decode checks a document against a schema, reporting every difference, and fills out from it when there is none.
func decode(d *document, schema string, out any) bool {
	if len(d.found) > 0 {
		return false
	}
	all, err := schemas()
	if err != nil {
		d.report("", "schema", "the schemas cannot be compiled: %v", err)
		return false
	}
	if err := all[schema].Validate(d.value); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			d.report("", "schema", "%v", err)
			return false
		}
		d.differences(invalid)
		return false
	}
	// The schema has said everything there is to say; a strict decode that disagrees is a mistake in the schema.
	if err := yaml.UnmarshalWithOptions(d.data, out, yaml.Strict()); err != nil {
		d.syntax(err)
		return false
	}
	return true
}

var english = message.NewPrinter(language.English)

// differences reports the leaves of a validation error: the branches only say that something below is wrong.
func (d *document) differences(e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, c := range e.Causes {
			d.differences(c)
		}
		return
	}
	path := pathOf(d.value, e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			d.report(join(path, name), "schema", "%q is not a field here", name)
		}
	case *kind.Required:
		d.report(path, "schema", "missing: %s", strings.Join(k.Missing, ", "))
	case *kind.Pattern:
		d.report(path, "schema", "%q does not look like it should (%s)", k.Got, k.Want)
	case *kind.MinLength:
		d.report(path, "schema", "%d characters are too few; at least %d", k.Got, k.Want)
	case *kind.MaxLength:
		d.report(path, "schema", "%d characters are too many; at most %d", k.Got, k.Want)
	case *kind.Minimum:
		d.report(path, "schema", "%s is too small; at least %s", k.Got.RatString(), k.Want.RatString())
	case *kind.Maximum:
		d.report(path, "schema", "%s is too large; at most %s", k.Got.RatString(), k.Want.RatString())
	case *kind.PropertyNames:
		d.report(join(path, k.Property), "schema", "%q is not a good name here", k.Property)
	default:
		d.report(path, "schema", "%s", e.ErrorKind.LocalizedString(english))
	}
}

// pathOf turns a JSON location into a path; only the value can tell an index from a name.
func pathOf(value any, location []string) string {
	path := ""
	for _, part := range location {
		if list, ok := value.([]any); ok {
			path += "[" + part + "]"
			var i int
			if _, err := fmt.Sscan(part, &i); err == nil && i < len(list) {
				value = list[i]
			}
			continue
		}
		path = join(path, part)
		if m, ok := value.(map[string]any); ok {
			value = m[part]
		}
	}
	return path
}
