package shell

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jmespath/go-jmespath"

	"keyhole/labs/call"
)

// MaxQuery is the length of a --query expression in bytes.
const MaxQuery = 2 << 10

func compile(query string) (*jmespath.JMESPath, error) {
	if query == "" {
		return nil, nil
	}
	if len(query) > MaxQuery {
		return nil, &LimitError{"a --query expression in bytes", MaxQuery}
	}
	search, err := parsed(quoteLiterals(query))
	if err == nil && open(query) {
		err = jmespath.SyntaxError{Expression: query, Offset: len(query)} // the library takes "[0" for "[0]"
	}
	if err != nil {
		return nil, fmt.Errorf("Bad value for --query %s: %s", query, queryError(query, err)) //nolint:staticcheck // the CLI's words
	}
	return search, nil
}

// errQueryPanic stands for a query that the library fails upon.
var errQueryPanic = errors.New("the query cannot be read")

// parsed compiles a query. The library panics on a few that are wrong ("@()"); that is an error here.
func parsed(query string) (search *jmespath.JMESPath, err error) {
	defer func() {
		if recover() != nil {
			search, err = nil, errQueryPanic
		}
	}()
	return jmespath.Compile(query)
}

// applied is the result of a query on a value; a panic of the library is an error here too.
func applied(search *jmespath.JMESPath, v any) (out any, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, errQueryPanic
		}
	}()
	return search.Search(v)
}

// quoteLiterals makes texts of backquoted words that are no JSON, as the CLI's reader does: `a.txt` stands for `"a.txt"`.
func quoteLiterals(query string) string {
	var b strings.Builder
	for i := 0; i < len(query); i++ {
		c := query[i]
		if c != '\'' && c != '"' && c != '`' {
			b.WriteByte(c)
			continue
		}
		end := i + 1
		for end < len(query) && query[end] != c {
			if query[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(query) {
			return b.String() + query[i:]
		}
		word := query[i+1 : end]
		if plain := strings.ReplaceAll(word, "\\`", "`"); c == '`' && !json.Valid([]byte(plain)) {
			if quoted := `"` + strings.TrimLeft(plain, " \t\r\n") + `"`; json.Valid([]byte(quoted)) {
				word = strings.ReplaceAll(quoted, "`", "\\`")
			}
		}
		b.WriteByte(c)
		b.WriteString(word)
		b.WriteByte(c)
		i = end
	}
	return b.String()
}

// open says that a bracket of a query is not closed.
func open(query string) bool {
	depth := 0
	for i := 0; i < len(query); i++ {
		switch c := query[i]; c {
		case '\'', '"', '`':
			for i++; i < len(query) && query[i] != c; i++ {
				if query[i] == '\\' {
					i++
				}
			}
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			depth--
		}
	}
	return depth > 0
}

// tokenWord is the CLI's word for a token of the library: "tUnquotedIdentifier" is "unquoted_identifier".
func tokenWord(name string) string {
	return strings.ReplaceAll(call.CLIName(strings.TrimPrefix(name, "t")), "-", "_")
}

// tokenNames are what the CLI calls the tokens of a query.
var tokenNames = map[byte]string{
	']': "RBRACKET", '[': "LBRACKET", '{': "LBRACE", '}': "RBRACE", '(': "LPAREN", ')': "RPAREN", ',': "COMMA", ':': "COLON",
	'.': "DOT", '*': "STAR", '@': "CURRENT", '|': "PIPE", '&': "EXPREF", '!': "NOT", '\'': "LITERAL", '`': "LITERAL", '"': "QUOTED_IDENTIFIER",
}

// queryError says what is wrong with a query as the CLI's reader of JMESPath does.
func queryError(query string, err error) string {
	var syntax jmespath.SyntaxError
	if !errors.As(err, &syntax) {
		return "Invalid jmespath expression: " + err.Error()
	}
	at := max(0, min(syntax.Offset, len(query)))
	message := strings.TrimPrefix(syntax.Error(), "SyntaxError: ")
	pointed := func(at int) string { return fmt.Sprintf("\n\"%s\"\n%s^", query, strings.Repeat(" ", at+1)) }
	switch {
	case strings.HasPrefix(message, "Unknown char"):
		at = max(0, at-1)
		return fmt.Sprintf("Bad jmespath expression: Unknown token %s:\n%s\n%s^", query[at:at+1], query, strings.Repeat(" ", at))
	case strings.HasPrefix(message, "Unclosed delimiter"):
		quote := message[len(message)-1:]
		at = max(0, strings.Index(query, quote))
		return fmt.Sprintf("Bad jmespath expression: Unclosed %s delimiter:\n%s\n%s^", quote, query, strings.Repeat(" ", at))
	case strings.HasSuffix(query, ".") && at >= len(query)-1:
		return fmt.Sprintf("Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: eof: Parse error at column %d, token \"\" (EOF), for expression:%s",
			len(query), pointed(len(query)))
	case at >= len(query) || strings.HasPrefix(message, "Incomplete"):
		return "Invalid jmespath expression: Incomplete expression:" + pointed(len(query))
	}
	if query[at] == '=' {
		return fmt.Sprintf("Bad jmespath expression: Unknown token '=':\n%s\n%s^", query, strings.Repeat(" ", at))
	}
	token, name := query[at:at+1], tokenNames[query[at]]
	if name == "" {
		end := at
		for end < len(query) && (query[end] == '_' || query[end] >= '0' && query[end] <= '9' || query[end]|0x20 >= 'a' && query[end]|0x20 <= 'z') {
			end++
		}
		token, name = query[at:max(end, at+1)], "UNQUOTED_IDENTIFIER"
		if query[at] >= '0' && query[at] <= '9' {
			name = "NUMBER"
		}
	}
	unexpected := "Unexpected token: " + token
	if strings.HasPrefix(message, "Invalid token") {
		unexpected = "invalid token"
	}
	if strings.HasSuffix(strings.TrimRight(query[:at], " "), ".") {
		unexpected = "Expecting: ['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace'], got: " + strings.ToLower(name)
	}
	if want, got, ok := strings.Cut(strings.TrimPrefix(message, "Expected "), ", received: "); ok && strings.HasPrefix(want, "t") {
		unexpected = fmt.Sprintf("Expecting: %s, got: %s", tokenWord(want), tokenWord(got))
	}
	return fmt.Sprintf("%s: Parse error at column %d, token \"%s\" (%s), for expression:%s", unexpected, at, token, name, pointed(at))
}

var (
	calledFunction = regexp.MustCompile(`([a-z_]+)\s*\(`)
	typeMismatch   = regexp.MustCompile(`(?s)^Invalid type for: (.*), expected: \[\]jmespath\.jpType\{(.*)\}$`)
)

// queryFailed says why a query could not be applied to a result, in the words of the CLI's reader of JMESPath.
func queryFailed(query string, err error) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "unknown function: "); ok {
		return fmt.Errorf("Unknown function: %s()", name) //nolint:staticcheck // the CLI's words
	}
	if message == "incorrect number of args" {
		if text := wrongArity(query); text != "" {
			return errors.New(text)
		}
	}
	function := ""
	if found := calledFunction.FindStringSubmatch(query); found != nil {
		function = found[1]
	}
	if found := typeMismatch.FindStringSubmatch(message); found != nil {
		value, kind := received(found[1])
		return fmt.Errorf(`In function %s(), invalid type for value: %s, expected one of: [%s], received: "%s"`, //nolint:staticcheck // the CLI's words
			function, value, strings.ReplaceAll(found[2], `"`, "'"), kind)
	}
	return fmt.Errorf("Bad value for --query %s: %w", query, err) //nolint:staticcheck // the CLI's words
}

// received is a value, printed by Go, as Python prints it, and its type in JMESPath.
func received(text string) (value, kind string) {
	switch {
	case text == "<nil>":
		return "None", "null"
	case text == "true" || text == "false":
		return call.Python(text == "true"), "boolean"
	case strings.HasPrefix(text, "["):
		return text, "array"
	case strings.HasPrefix(text, "map["):
		return text, "object"
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text, "number"
	}
	return text, "string"
}

// arities are how many arguments the functions of a query take; those that are not here take one.
var arities = map[string]int{
	"contains": 2, "ends_with": 2, "starts_with": 2, "join": 2, "map": 2, "max_by": 2, "min_by": 2, "sort_by": 2,
}

// wrongArity finds the first function of a query that has too many or too few arguments and says so as the CLI does.
func wrongArity(query string) string {
	for _, at := range calledFunction.FindAllStringSubmatchIndex(query, -1) {
		name, want := query[at[2]:at[3]], arities[query[at[2]:at[3]]]
		if name == "merge" || name == "not_null" {
			continue
		}
		want = max(want, 1)
		got, depth := 0, 0
		for i := at[1]; i < len(query) && depth >= 0; i++ {
			switch query[i] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			case ',':
				if depth == 0 {
					got++
				}
			}
			if got == 0 && query[i] != ')' && query[i] != ' ' {
				got = 1
			}
		}
		if got != want {
			plural := "s"
			if want == 1 {
				plural = ""
			}
			return fmt.Sprintf("Expected %d argument%s for function %s(), received %d", want, plural, name, got)
		}
	}
	return ""
}
