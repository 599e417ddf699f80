package wire

import (
	"time"
	"unicode/utf8"
)

// isoForm is how XML bodies print a time; see ISO.
const isoForm = "2006-01-02T15:04:05.000Z"

// AppendElement appends <name>text</name> to a document, escaped as Encode escapes it. Lists of a thousand entries are
// written with it, where Encode would take most of the time of a request.
func AppendElement(b []byte, name, text string) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = appendText(b, text)
	return append(append(append(b, '<', '/'), name...), '>')
}

// AppendISO appends <name> with a time as XML bodies print it.
func AppendISO(b []byte, name string, t time.Time) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = t.UTC().AppendFormat(b, isoForm)
	return append(append(append(b, '<', '/'), name...), '>')
}

// appendText escapes text: what stands for itself is copied in one piece.
func appendText(b []byte, text string) []byte {
	last := 0
	for i := 0; i < len(text); {
		c, width := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, width = utf8.DecodeRuneInString(text[i:])
		}
		if spelled := spelling(c, width); spelled != "" {
			b = append(append(b, text[last:i]...), spelled...)
			last = i + width
		}
		i += width
	}
	return append(b, text[last:]...)
}

// spelling is how a character is written that does not stand for itself; "" when it does.
func spelling(c rune, width int) string {
	switch c {
	case '"':
		return "&quot;"
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '\t':
		return "&#x9;"
	case '\n':
		return "&#xA;"
	case '\r':
		return "&#xD;"
	}
	if c < ' ' || c == utf8.RuneError && width == 1 || c == 0xFFFE || c == 0xFFFF {
		return "\uFFFD"
	}
	return ""
}
