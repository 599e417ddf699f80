package view

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"

	"keyhole/simulator/policy"
)

// PolicyCode shows a document with its lines numbered and those that matter marked.
func PolicyCode(doc *policy.Document, m Marks) templ.Component {
	return PolicyLines(ShowPolicy(doc.Text), m)
}

// PolicyLines is PolicyCode for a text that is laid out already. It is written by hand because every space counts in it.
func PolicyLines(p PolicyText, m Marks) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		fmt.Fprintf(&b, `<pre class="code code--wrap code--n" tabindex="0" role="region" aria-label="%s"><code>`, templ.EscapeString(m.Label))
		for _, line := range codeLines(p, m) {
			fmt.Fprintf(&b, `<span class="ln" data-n="%d"`, line.Number)
			if line.Hit != "" {
				fmt.Fprintf(&b, ` data-hit="%s"`, templ.EscapeString(line.Hit))
			}
			b.WriteByte('>')
			if said := saidOf[line.Hit]; said != "" {
				fmt.Fprintf(&b, `<span class="sr">%s </span>`, said)
			}
			for _, t := range line.Tokens {
				if t.Kind == "" {
					b.WriteString(templ.EscapeString(t.Text))
					continue
				}
				fmt.Fprintf(&b, `<span class="%s">%s</span>`, t.Kind, templ.EscapeString(t.Text))
			}
			b.WriteString("</span>")
		}
		b.WriteString("</code></pre>")
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// saidOf says a mark to those who do not see it. The lines of the whole statement stay quiet.
var saidOf = map[string]string{"culprit": "the deciding line:"}
