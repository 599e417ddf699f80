package shell

import (
	"math"
	"sort"
	"strings"
	"unicode/utf8"

	"keyhole/labs/call"
)

// tableWidth is the terminal's width: a wider table has its one-row sections turned on their side.
const tableWidth = 80

// section is one box of a table.
type section struct {
	title   string
	indent  int
	headers []string
	rows    [][]string
}

// table draws a result in the boxes of --output table.
func table(title string, v any) string {
	t := &tables{}
	if !t.build(title, v, 0) {
		return ""
	}
	width := t.width()
	if width > tableWidth {
		for i := range t.sections {
			t.sections[i].upright()
		}
		width = t.width()
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("-", width) + "\n")
	for i := range t.sections {
		t.sections[i].render(&b, width)
	}
	return b.String()
}

type tables struct{ sections []section }

// maxSections bounds the drawing of one result.
const maxSections = 5000

func (t *tables) open(title string, indent int) {
	t.sections = append(t.sections, section{title: title, indent: indent})
}

func (t *tables) row(cells ...any) {
	if len(t.sections) == 0 {
		t.open("", 0)
	}
	last := &t.sections[len(t.sections)-1]
	text := make([]string, len(cells))
	for i, c := range cells {
		text[i] = call.Python(c)
	}
	last.rows = append(last.rows, text)
}

func (t *tables) build(title string, v any, indent int) bool {
	if empty(v) || len(t.sections) > maxSections {
		return false
	}
	if title != "" {
		t.open(title, indent)
	}
	switch v := v.(type) {
	case []any:
		if _, maps := v[0].(map[string]any); maps {
			t.list(v, indent, title)
			return true
		}
		for _, item := range v {
			if scalar(item) {
				t.row(item)
				continue
			}
			if list, ok := item.([]any); ok && allScalar(list) {
				t.row(list...)
			} else {
				t.build("", item, 0)
			}
		}
	case map[string]any:
		t.one(v, indent)
	}
	return true
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case string:
		return v == ""
	case float64:
		return v == 0
	case bool:
		return !v
	}
	return false
}

func allScalar(list []any) bool {
	for _, item := range list {
		if !scalar(item) {
			return false
		}
	}
	return true
}

// split parts the keys of a map into those of scalars and the others, each sorted.
func split(m map[string]any) (headers, more []string) {
	for _, key := range sortedNames(m) {
		if scalar(m[key]) {
			headers = append(headers, key)
		} else {
			more = append(more, key)
		}
	}
	return headers, more
}

func (t *tables) one(m map[string]any, indent int) {
	headers, more := split(m)
	if len(headers) == 1 {
		t.row(headers[0], m[headers[0]])
	} else if len(headers) > 1 {
		t.header(headers)
		cells := make([]any, len(headers))
		for i, h := range headers {
			cells[i] = m[h]
		}
		t.row(cells...)
	}
	for _, key := range more {
		t.build(key, m[key], indent+1)
	}
}

func (t *tables) header(headers []string) {
	if len(t.sections) == 0 {
		t.open("", 0)
	}
	t.sections[len(t.sections)-1].headers = headers
}

func (t *tables) list(list []any, indent int, title string) {
	h, o := map[string]bool{}, map[string]bool{}
	for _, item := range list {
		m, _ := item.(map[string]any)
		headers, more := split(m)
		for _, key := range headers {
			h[key] = true
		}
		for _, key := range more {
			o[key] = true
		}
	}
	headers, more := sortedNames(h), sortedNames(o)
	t.header(headers)
	for i, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			continue
		}
		if i > 0 && len(more) > 0 {
			t.open(title, indent)
			t.header(headers)
		}
		cells := make([]any, len(headers))
		for j, key := range headers {
			cells[j] = ""
			if v, ok := m[key]; ok {
				cells[j] = v
			}
		}
		t.row(cells...)
		for _, key := range more {
			if v, ok := m[key]; ok {
				t.build(key, v, indent+1)
			}
		}
	}
}

func (t *tables) width() int {
	width := 0
	for i := range t.sections {
		width = max(width, t.sections[i].width())
	}
	return width
}

// upright turns a section of one row on its side.
func (s *section) upright() {
	if len(s.rows) != 1 || len(s.headers) == 0 {
		return
	}
	row := s.rows[0]
	s.rows = nil
	for i, h := range s.headers {
		s.rows = append(s.rows, []string{h, row[i]})
	}
	s.headers = nil
}

// longest lists the width of the widest cell of each column.
func (s *section) longest() []int {
	var widths []int
	for _, row := range append([][]string{s.headers}, s.rows...) {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// width is what a section needs: 4 more than each cell, and a border for each level of its indent.
func (s *section) width() int {
	total := 0
	for _, w := range s.longest() {
		total += w + 4
	}
	return max(total, utf8.RuneCountInString(s.title)) + 2 + 2*s.indent
}

// columns scales the widths of the cells so that they fill the table.
func (s *section) columns(width int) []int {
	widths, sum := s.longest(), 0
	for i := range widths {
		widths[i] += 4
		sum += widths[i]
	}
	if sum == 0 {
		return nil
	}
	scaled := 0
	for i, w := range widths {
		widths[i] = int(math.RoundToEven(float64(width) / float64(sum) * float64(w)))
		scaled += widths[i]
	}
	for off := scaled - width; off != 0; {
		order := make([]int, len(widths))
		for i := range order {
			order[i] = i
		}
		if off < 0 {
			sort.Sort(sort.Reverse(sort.IntSlice(order)))
		}
		for _, i := range order {
			if off == 0 {
				break
			}
			if off > 0 {
				widths[i]--
				off--
			} else {
				widths[i]++
				off++
			}
		}
	}
	return widths
}

func (s *section) render(b *strings.Builder, width int) {
	edge := strings.Repeat("|", s.indent)
	line := func(text string) { b.WriteString(edge + text + edge + "\n") }
	width -= 2 * s.indent
	if s.title != "" {
		line(center(s.title, width, "|"))
		if len(s.headers) == 0 && len(s.rows) == 0 {
			line("+" + strings.Repeat("-", max(0, width-2)) + "+")
		}
	}
	widths := s.columns(width)
	if len(s.headers) > 0 {
		line(rule(widths))
		text := ""
		for i, h := range s.headers {
			left := ""
			if i == 0 {
				left = "|"
			}
			text += center(h, widths[i], left)
		}
		line(text)
	}
	if len(s.rows) == 0 || len(widths) == 0 {
		return
	}
	line(rule(widths))
	for _, row := range s.rows {
		text := ""
		for i, cell := range row {
			left := ""
			if i == 0 {
				left = "|"
			}
			text += leftAligned(cell, widths[i], left)
		}
		line(text)
	}
	line(rule(widths))
}

func rule(widths []int) string {
	text := ""
	for i, w := range widths {
		if i == 0 {
			text += "+" + strings.Repeat("-", max(0, w-2)) + "+"
		} else {
			text += strings.Repeat("-", max(0, w-1)) + "+"
		}
	}
	return text
}

func center(text string, width int, left string) string {
	n := utf8.RuneCountInString(text)
	start := max(0, width/2-n/2-1)
	rest := width - 1 - (len(left) + start + n)
	return left + strings.Repeat(" ", start) + text + strings.Repeat(" ", max(0, rest)) + "|"
}

func leftAligned(text string, width int, left string) string {
	n := utf8.RuneCountInString(text)
	padding := 0
	if n+2+len(left)+1 <= width {
		padding = 2
	}
	return left + strings.Repeat(" ", padding) + text + strings.Repeat(" ", max(0, width-len(left)-padding-n-1)) + "|"
}
