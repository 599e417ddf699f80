package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// object is a JSON object whose names keep their order, in which the CLI prints them.
type object struct {
	names []string
	items map[string]any
}

// maxDepth is how deep a JSON answer or policy may be nested.
const maxDepth = 64

// fromJSON reads an answer of the JSON protocols: the members that the operation has, with times and blobs as they came,
// which is how the CLI prints them. An empty body is an empty answer.
func (o Output) fromJSON(t reflect.Type, body []byte) (map[string]any, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return map[string]any{}, nil
	}
	v, err := o.readJSON(body)
	if err != nil {
		return nil, fmt.Errorf("call: the answer could not be read: %w", err)
	}
	m, _ := o.shaped(t, v).(map[string]any)
	return m, nil
}

// shaped keeps of a JSON value what the type t knows.
func (o Output) shaped(t reflect.Type, v any) any {
	t = base(t)
	switch v := v.(type) {
	case object:
		if kindOf(t) != Struct || t.Kind() != reflect.Struct {
			m := map[string]any{}
			for name, item := range v.items {
				if t.Kind() == reflect.Map {
					m[name] = o.shaped(t.Elem(), item)
				} else {
					m[name] = o.plain(item)
				}
			}
			return o.ordered(m, v.names)
		}
		m, names := map[string]any{}, memberNames(t)
		for _, name := range names {
			f, known := fieldOf(t, name)
			if item := v.items[name]; known && item != nil {
				m[name] = o.shaped(f.Type, item)
			}
		}
		return o.ordered(m, names)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			if t.Kind() == reflect.Slice {
				list[i] = o.shaped(t.Elem(), item)
			} else {
				list[i] = o.plain(item)
			}
		}
		return list
	}
	return v
}

// plain turns objects into maps whose order Keys knows.
func (o Output) plain(v any) any {
	switch v := v.(type) {
	case object:
		m := make(map[string]any, len(v.items))
		for name, item := range v.items {
			m[name] = o.plain(item)
		}
		return o.ordered(m, v.names)
	case []any:
		for i := range v {
			v[i] = o.plain(v[i])
		}
	}
	return v
}

func (o Output) ordered(m map[string]any, names []string) map[string]any {
	o.order[reflect.ValueOf(m).Pointer()] = names
	return m
}

// readJSON reads one JSON value; objects become object.
func (o Output) readJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	v, err := readValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more follows the JSON value")
	}
	return v, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("JSON nested deeper than %d", maxDepth)
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			item, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		ob := object{items: map[string]any{}}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, _ := key.(string)
			item, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			if _, twice := ob.items[name]; !twice {
				ob.names = append(ob.names, name)
			}
			ob.items[name] = item
		}
		_, err = d.Token()
		return ob, err
	}
	return t, nil
}
