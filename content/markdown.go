package content

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown renders without raw HTML and without dangerous links: goldmark leaves both out unless told otherwise.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	)
})

// render turns Markdown into HTML.
func render(source string) string {
	var out bytes.Buffer
	if err := markdown().Convert([]byte(source), &out); err != nil {
		return "<p>" + html.EscapeString(source) + "</p>\n" // a bytes.Buffer does not fail; never lose the text
	}
	return out.String()
}

// HTML is a Markdown text of the library as HTML.
func (l *Library) HTML(source string) string {
	if done, ok := l.rendered[source]; ok {
		return done
	}
	return render(source)
}

// Inline is HTML without the paragraph around it, for options, titles and table cells. A text of several blocks keeps them.
func (l *Library) Inline(source string) string {
	done := strings.TrimSpace(l.HTML(source))
	inner, ok := strings.CutPrefix(done, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if ok && closed && !strings.Contains(inner, "<p>") {
		return inner
	}
	return done
}

// Heading is one entry of a note's contents.
type Heading struct {
	Level int // 2 or 3
	ID    string
	Text  string
}

// headings lists what goldmark will give ids to.
func headings(source string) []Heading {
	data := []byte(source)
	root := markdown().Parser().Parse(text.NewReader(data))
	var out []Heading
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		id := ""
		if v, found := h.AttributeString("id"); found {
			if b, isBytes := v.([]byte); isBytes {
				id = string(b)
			}
		}
		out = append(out, Heading{Level: h.Level, ID: id, Text: plainText(h, data)})
	}
	return out
}

// plainText is the words of a node without marks.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := c.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return string(util.TrimRightSpace(util.TrimLeftSpace([]byte(b.String()))))
}

// citation is [^fact.id] in a note.
var citation = regexp.MustCompile(`\[\^([a-z0-9.-]+)\]`)

// cite replaces citations by links to the list of facts under the note; number gives each fact its number.
func cite(source string, number func(fact string) int) string {
	return citation.ReplaceAllStringFunc(source, func(mark string) string {
		id := citation.FindStringSubmatch(mark)[1]
		return fmt.Sprintf(`[%d](#fact-%d "source")`, number(id), number(id))
	})
}
