package wire

import (
	"bytes"
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

const xmlLine = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// entities spells what encoding/xml escapes by number the way S3 spells it. A literal "&#34;" in the data has become
// "&amp;#34;" by then, so nothing else is touched.
var entities = strings.NewReplacer("&#34;", "&quot;", "&#39;", "'")

// Encode writes v as an S3 document: XML header line, root element with the S3 namespace. v is a struct with plain xml
// tags; a type that cannot be XML is a mistake of the caller and panics.
func Encode(root string, v any) []byte {
	var b bytes.Buffer
	b.WriteString(xmlLine)
	start := xml.StartElement{Name: xml.Name{Space: Namespace, Local: root}}
	if err := xml.NewEncoder(&b).EncodeElement(v, start); err != nil {
		panic(err)
	}
	return spelled(b.Bytes())
}

// spelled puts S3's spelling in, where anything is spelt at all.
func spelled(document []byte) []byte {
	if !bytes.Contains(document, []byte("&#3")) {
		return document
	}
	return []byte(entities.Replace(string(document)))
}

// EncodePlain is Encode without the namespace, for PostResponse.
func EncodePlain(root string, v any) []byte {
	var b bytes.Buffer
	b.WriteString(xmlLine)
	if err := xml.NewEncoder(&b).EncodeElement(v, xml.StartElement{Name: xml.Name{Local: root}}); err != nil {
		panic(err)
	}
	return []byte(entities.Replace(b.String()))
}

// ErrorBody writes <Error>: Code, Message, the extra elements, RequestId, HostId; no namespace.
func ErrorBody(code, message string, extra [][2]string, requestID, hostID string) []byte {
	ids := [][2]string{{"RequestId", requestID}, {"HostId", hostID}}
	return errorDocument("<Error>", code, message, extra, ids, nil, "</Error>")
}

// ControlErrorBody writes the error of S3 Control, which wraps <Error> and keeps the ids outside. (s3-wire 1.1)
func ControlErrorBody(code, message string, extra [][2]string, requestID, hostID string) []byte {
	ids := [][2]string{{"RequestId", requestID}, {"HostId", hostID}}
	return errorDocument("<ErrorResponse><Error>", code, message, extra, nil, ids, "</ErrorResponse>")
}

func errorDocument(open, code, message string, extra, inside, outside [][2]string, end string) []byte {
	var b strings.Builder
	b.WriteString(xmlLine + open)
	write := func(elements ...[2]string) {
		for _, e := range elements {
			b.WriteString("<" + e[0] + ">")
			escape(&b, e[1])
			b.WriteString("</" + e[0] + ">")
		}
	}
	write([2]string{"Code", code}, [2]string{"Message", message})
	write(extra...)
	write(inside...)
	if outside != nil {
		b.WriteString("</Error>")
	}
	write(outside...)
	b.WriteString(end)
	return []byte(b.String())
}

// escape keeps line feeds, so that a canonical request reads as one. A byte or character that XML cannot hold
// becomes the replacement character.
func escape(b *strings.Builder, s string) {
	for _, c := range s {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '"':
			b.WriteString("&quot;")
		case c == '\r':
			b.WriteString("&#13;")
		case c < 0x20 && c != '\n' && c != '\t', c == 0xFFFE, c == 0xFFFF:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(c)
		}
	}
}
