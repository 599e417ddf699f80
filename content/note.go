package content

import (
	"path"
	"slices"
	"strings"
)

// Note is one chapter to read.
type Note struct {
	Slug, Title string
	Lead        string // one or two sentences, Markdown
	Module      string // "M04"
	Objectives  []string
	Minutes     int
	AsOf        string
	Lab         string // id of the lab that belongs to it; ""
	Hash        string

	Blocks   []Block
	Contents []Heading
	Facts    []string // cited, in the order of their numbers: Facts[0] is number 1 and has the anchor "fact-1"
	Proofs   []string // ids, in the order of the text
	Checks   []string // question ids, in the order of the text
	Words    int
}

// Block is one piece of a note. A note is text with four kinds of aside:
//
//	::: then-now Before April 2026 | Today
//	what was
//	---
//	what is
//	:::
//
// and likewise "::: trap Title", "::: proof ID" and "::: check QUESTION", the last two without a body of their own.
type Block struct {
	Kind BlockKind
	HTML string // text and trap: the body; then-now: what was
	Now  string // then-now: what is, HTML
	Head string // trap: its title; then-now: when it was
	When string // then-now: since when it is
	Ref  string // proof: its id; check: the question's id
}

// BlockKind is what a block is.
type BlockKind string

// The kinds of block.
const (
	BlockText    BlockKind = "text"
	BlockTrap    BlockKind = "trap"
	BlockThenNow BlockKind = "then-now"
	BlockProof   BlockKind = "proof"
	BlockCheck   BlockKind = "check"
)

type noteHead struct {
	Slug       string   `yaml:"slug"`
	Title      string   `yaml:"title"`
	Lead       string   `yaml:"lead"`
	Module     string   `yaml:"module"`
	Objectives []string `yaml:"objectives"`
	Minutes    int      `yaml:"minutes"`
	AsOf       string   `yaml:"as_of"`
	Lab        string   `yaml:"lab"`
}

// note reads one note.
func note(file string, data []byte) (n Note, d *document, ok bool) {
	head, body, lines, cut := frontMatter(data)
	d = parse(file, head, 1)
	if !cut {
		d.found, d.offset = nil, 0
		d.report("", "note", "a note starts with front matter between two lines of ---")
		return n, d, false
	}
	var h noteHead
	if !decode(d, "note", &h) {
		return n, d, false
	}
	n = Note{Slug: h.Slug, Title: h.Title, Lead: trim(h.Lead), Module: h.Module, Objectives: h.Objectives,
		Minutes: h.Minutes, AsOf: h.AsOf, Lab: h.Lab, Hash: hashOf(data)}
	if want := strings.TrimSuffix(path.Base(file), ".md"); n.Slug != want {
		d.report("slug", "id", "the slug is %q, but the file is called %q", n.Slug, want)
	}
	d.data, d.offset = data, 0
	n.body(d, body, lines)
	return n, d, true
}

// frontMatter cuts a note in two; lines is how many lines stand before the body.
func frontMatter(data []byte) (head []byte, body string, lines int, ok bool) {
	whole := strings.ReplaceAll(string(data), "\r\n", "\n")
	rest, opened := strings.CutPrefix(whole, "---\n")
	at := strings.Index(rest, "\n---\n")
	if !opened || at < 0 {
		return nil, "", 0, false
	}
	return []byte(rest[:at+1]), rest[at+5:], 2 + strings.Count(rest[:at+1], "\n"), true
}

// body splits the text into blocks and renders them.
func (n *Note) body(d *document, body string, before int) {
	number := func(fact string) int {
		i := slices.Index(n.Facts, fact)
		if i < 0 {
			n.Facts = append(n.Facts, fact)
			i = len(n.Facts) - 1
		}
		return i + 1
	}
	html := func(source string) string { return render(cite(source, number)) }
	var prose []string
	flush := func() {
		source := strings.Join(prose, "\n")
		prose = prose[:0]
		if strings.TrimSpace(source) == "" {
			return
		}
		n.Contents = append(n.Contents, headings(source)...)
		n.Words += len(strings.Fields(source))
		n.Blocks = append(n.Blocks, Block{Kind: BlockText, HTML: html(source)})
	}
	lines := strings.Split(body, "\n")
	fence := false
	for i := 0; i < len(lines); i++ {
		d.citations(lines[i], before+i+1, fence)
		fence = fence != strings.HasPrefix(lines[i], "```")
		kind, opens := strings.CutPrefix(lines[i], "::: ")
		if !opens || fence {
			prose = append(prose, lines[i])
			continue
		}
		flush()
		end := slices.Index(lines[i+1:], ":::")
		if end < 0 {
			d.line(before+i+1, "note", "this aside is not closed by a line of :::")
			return
		}
		inner := lines[i+1 : i+1+end]
		for j, line := range inner {
			d.citations(line, before+i+2+j, false)
		}
		n.aside(d, before+i+1, kind, strings.Join(inner, "\n"), html)
		i += end + 1
	}
	flush()
}

// aside adds one block.
func (n *Note) aside(d *document, line int, head, inner string, html func(string) string) {
	kind, rest, _ := strings.Cut(strings.TrimSpace(head), " ")
	rest = strings.TrimSpace(rest)
	n.Words += len(strings.Fields(inner))
	at := place{d.file, line, 1, snippet(d.data, line, 1)}
	switch BlockKind(kind) {
	case BlockTrap:
		n.Blocks = append(n.Blocks, Block{Kind: BlockTrap, Head: rest, HTML: html(inner)})
	case BlockThenNow:
		then, now, parts := strings.Cut(inner, "\n---\n")
		before, after, times := strings.Cut(rest, "|")
		if !parts || !times {
			d.line(line, "note", "then-now needs two times with | between them and two texts with --- between them")
			return
		}
		n.Blocks = append(n.Blocks, Block{Kind: BlockThenNow, Head: trim(before), When: trim(after), HTML: html(then), Now: html(now)})
	case BlockProof:
		d.at["proof:"+rest] = at
		n.Proofs = append(n.Proofs, rest)
		n.Blocks = append(n.Blocks, Block{Kind: BlockProof, Ref: rest})
	case BlockCheck:
		d.at["check:"+rest] = at
		n.Checks = append(n.Checks, rest)
		n.Blocks = append(n.Blocks, Block{Kind: BlockCheck, Ref: rest})
	default:
		d.line(line, "note", "%q is not a kind of aside; trap, then-now, proof and check are", kind)
	}
}

// citations remembers where each fact is cited first.
func (d *document) citations(line string, number int, fence bool) {
	if fence {
		return
	}
	for _, m := range citation.FindAllStringSubmatchIndex(line, -1) {
		id := "fact:" + line[m[2]:m[3]]
		if _, seen := d.at[id]; !seen {
			d.at[id] = place{d.file, number, m[0] + 1, snippet(d.data, number, m[0]+1)}
		}
	}
}

// line reports a problem of a whole line.
func (d *document) line(number int, rule, format string, args ...any) {
	d.at["line"] = place{d.file, number, 1, snippet(d.data, number, 1)}
	d.report("line", rule, format, args...)
}
