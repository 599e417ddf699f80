package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"keyhole/labs/call"
)

// MaxJSONDepth is how deep a JSON value on the command line may be nested.
const MaxJSONDepth = 32

// value reads one option of a scalar, structure or map.
func (m *machine) value(mem call.Member, text string) (any, error) {
	if mem.Kind == call.Body {
		data, err := m.readFile(text)
		if err != nil {
			return nil, parseError(mem.Flag, "Blob values must be a path to a file.")
		}
		return data, nil
	}
	loaded, err := m.paramFile(mem.Flag, text)
	if err != nil {
		return nil, err
	}
	switch mem.Kind {
	case call.Struct, call.Map:
		return m.complexValue(mem, asText(loaded))
	case call.Integer:
		return integer(asText(loaded))
	case call.Double:
		return double(asText(loaded))
	}
	return loaded, nil
}

func asText(v any) string {
	if data, ok := v.([]byte); ok {
		return string(data)
	}
	s, _ := v.(string)
	return s
}

func integer(text string) (any, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("invalid literal for int() with base 10: '%s'", text)
	}
	return n, nil
}

func double(text string) (any, error) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return nil, fmt.Errorf("could not convert string to float: '%s'", text)
	}
	return n, nil
}

func parseError(flag, format string, a ...any) error {
	return fmt.Errorf("Error parsing parameter '%s': %s", flag, fmt.Sprintf(format, a...)) //nolint:staticcheck // the CLI's words
}

// urlsAsTyped are options whose value is an address, or begins like one, and is never a reference to what stands there.
var urlsAsTyped = []string{"--url", "--website-redirect-location"}

// paramFile replaces file://NAME by text and fileb://NAME by bytes. Version 1 of the CLI also fetches http:// and https://,
// unless cli_follow_urlparam is false; nothing can be fetched here. flag is named in errors unless it is "".
func (m *machine) paramFile(flag, text string) (any, error) {
	parseError := parseError
	if flag == "" {
		parseError = func(_, format string, a ...any) error { return fmt.Errorf(format, a...) }
	}
	if slices.Contains(urlsAsTyped, flag) {
		return text, nil
	}
	if strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") {
		if !m.followsURLs() {
			return text, nil
		}
		return nil, parseError(flag, "Unable to retrieve %s: this console fetches nothing from outside the sandbox; "+
			"aws configure set cli_follow_urlparam false makes it a value", text)
	}
	name, binary := strings.CutPrefix(text, "fileb://")
	if !binary {
		var file bool
		if name, file = strings.CutPrefix(text, "file://"); !file {
			return text, nil
		}
	}
	data, err := m.readFile(name)
	if err != nil {
		return nil, parseError(flag, "Unable to load paramfile %s: %v", text, pathError(err, name))
	}
	if binary {
		return data, nil
	}
	if !utf8.Valid(data) {
		return nil, parseError(flag, "Unable to load paramfile (%s), text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix instead of the file:// prefix.", text)
	}
	return string(data), nil
}

// followsURLs says whether values that are addresses are fetched, which is version 1's default.
func (m *machine) followsURLs() bool {
	files, err := m.settings()
	return err != nil || files[firstOf(m.profileName(globals{}), "default")]["cli_follow_urlparam"] != "false"
}

// complexValue reads JSON or shorthand.
func (m *machine) complexValue(mem call.Member, text string) (any, error) {
	trimmed := strings.TrimSpace(text)
	if strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		return parseJSON(mem.Flag, text)
	}
	var lost error
	v, err := parseShorthand(text, func(name string) (any, error) {
		var data any
		data, lost = m.paramFile("", name)
		return data, lost
	})
	if lost != nil {
		return nil, lost
	}
	if err != nil {
		return nil, parseError(mem.Flag, "%v", err)
	}
	return coerce(mem, v)
}

// list reads the words after a list option: JSON, one shorthand structure a word, or plain words.
func (m *machine) list(mem call.Member, words []string) (any, error) {
	item := mem.Item()
	item.Flag = mem.Flag
	if len(words) == 1 {
		loaded, err := m.paramFile(mem.Flag, words[0])
		if err != nil {
			return nil, err
		}
		if text := asText(loaded); strings.HasPrefix(strings.TrimSpace(text), "[") {
			return parseJSON(mem.Flag, text)
		}
		words = []string{asText(loaded)}
	}
	out := make([]any, 0, len(words))
	for _, word := range words {
		var v any = word
		var err error
		switch item.Kind {
		case call.Struct, call.Map:
			v, err = m.complexValue(item, word)
		case call.Integer:
			v, err = integer(word)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func parseJSON(flag, text string) (any, error) {
	if depth(text) > MaxJSONDepth {
		return nil, parseError(flag, "%v", &LimitError{"the nesting of a JSON value", MaxJSONDepth})
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, parseError(flag, "Invalid JSON: %s\nJSON received: %s", pythonJSONError(text, err), text)
	}
	return v, nil
}

// depth is how deep brackets stand in one another at most, those within strings counted too.
func depth(text string) int {
	now, most := 0, 0
	for _, c := range text {
		switch c {
		case '{', '[':
			now++
			most = max(most, now)
		case '}', ']':
			now--
		}
	}
	return most
}

// pythonJSONError says what is wrong with JSON in the words of Python's reader.
func pythonJSONError(text string, err error) string {
	at, what := len(text), "Expecting value"
	var syntaxErr *json.SyntaxError
	if errors.As(err, &syntaxErr) && !errors.Is(err, io.ErrUnexpectedEOF) {
		msg := syntaxErr.Error()
		if strings.Contains(msg, "in literal ") { // Python points at the beginning of the word
			for at = max(int(syntaxErr.Offset)-1, 0); at > 0 && text[at-1] >= 'a' && text[at-1] <= 'z'; at-- {
			}
		} else if !strings.Contains(msg, "unexpected end") {
			at = max(int(syntaxErr.Offset)-1, 0)
		} else {
			for at > 0 && strings.IndexByte(" \t\r\n", text[at-1]) >= 0 {
				at--
			}
			if strings.Count(strings.ReplaceAll(text, `\"`, ""), `"`)%2 == 1 {
				what, at = "Unterminated string starting at", max(strings.LastIndex(text, `"`), 0)
			} else if at > 0 && text[at-1] != ',' && text[at-1] != ':' && text[at-1] != '{' && text[at-1] != '[' {
				what = "Expecting ',' delimiter"
			} else if at > 0 && text[at-1] == '{' {
				what = "Expecting property name enclosed in double quotes"
			}
		}
		switch {
		case strings.Contains(msg, "after object key:value pair"), strings.Contains(msg, "after array element"):
			what = "Expecting ',' delimiter"
		case strings.Contains(msg, "after object key"):
			what = "Expecting ':' delimiter"
		case strings.Contains(msg, "object key string"):
			what = "Expecting property name enclosed in double quotes"
		case strings.Contains(msg, "after top-level value"):
			what = "Extra data"
		case strings.Contains(msg, "in string literal"):
			what = "Invalid control character at"
		}
	}
	before := text[:min(at, len(text))]
	line := strings.Count(before, "\n") + 1
	column := len(before) - (strings.LastIndex(before, "\n") + 1) + 1
	return fmt.Sprintf("%s: line %d column %d (char %d)", what, line, column, at)
}

// coerce gives shorthand's texts the kinds of the operation's members.
func coerce(mem call.Member, v any) (any, error) {
	switch mem.Kind {
	case call.Struct:
		m, ok := v.(map[string]any)
		if !ok {
			return v, nil
		}
		for _, f := range mem.Fields() {
			item, given := m[f.Name]
			if !given {
				continue
			}
			var err error
			if m[f.Name], err = coerce(f, item); err != nil {
				return nil, err
			}
		}
	case call.List:
		list, ok := v.([]any)
		if !ok {
			list = []any{v} // "a=b" where a is a list means one item
		}
		for i := range list {
			var err error
			if list[i], err = coerce(mem.Item(), list[i]); err != nil {
				return nil, err
			}
		}
		return list, nil
	case call.Map:
		if m, ok := v.(map[string]any); ok {
			for key, item := range m {
				var err error
				if m[key], err = coerce(mem.Item(), item); err != nil {
					return nil, err
				}
			}
		}
	case call.Integer:
		if s, ok := v.(string); ok {
			return integer(s)
		}
	case call.Boolean:
		if s, ok := v.(string); ok {
			switch strings.ToLower(s) {
			case "true":
				return true, nil
			case "false":
				return false, nil
			}
		}
	}
	return v, nil
}
