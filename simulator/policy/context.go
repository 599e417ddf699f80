package policy

import (
	"slices"
	"strings"
)

// Context holds the condition keys of one request. Key names compare without case; a key that is not set is absent.
type Context struct{ keys map[string]Values }

// usualKeys is room for the keys of an ordinary request, so that a context does not grow while it is filled.
const usualKeys = 28

// Values are what one key holds.
type Values struct {
	Name string // the key as it was set
	List []string
	Many bool // the key is multivalued, however many values it has now
}

// Set gives a single-valued key its value.
func (c *Context) Set(name, value string) { c.put(name, Values{name, []string{value}, false}) }

// SetList gives a multivalued key its values.
func (c *Context) SetList(name string, values []string) { c.put(name, Values{name, values, true}) }

func (c *Context) put(name string, v Values) {
	if c.keys == nil {
		c.keys = make(map[string]Values, usualKeys)
	}
	c.keys[strings.ToLower(name)] = v
}

// Drop makes a key absent.
func (c *Context) Drop(name string) { delete(c.keys, strings.ToLower(name)) }

// Get is what a key holds.
func (c Context) Get(name string) (Values, bool) {
	v, ok := c.keys[strings.ToLower(name)]
	return v, ok
}

// Keys are all keys that are present, sorted by their lower-case names.
func (c Context) Keys() []Values {
	names := make([]string, 0, len(c.keys))
	for name := range c.keys {
		names = append(names, name)
	}
	slices.Sort(names)
	out := make([]Values, 0, len(names))
	for _, name := range names {
		out = append(out, c.keys[name])
	}
	return out
}

// Clone is a copy that can be changed without changing c.
func (c Context) Clone() Context {
	out := Context{keys: make(map[string]Values, len(c.keys))}
	for name, v := range c.keys {
		out.keys[name] = v
	}
	return out
}
