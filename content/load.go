package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"keyhole/labs"
	"keyhole/quiz"
)

// Load reads a content folder: questions/, notes/, facts/, proofs/, exams/, labs/, objectives.yaml, misconceptions.yaml.
// It reports every problem at once. The library holds whatever could be read; it must not be served when a problem is
// an error.
func Load(fsys fs.FS) (*Library, []Problem) { return Overlay(&Library{}, fsys) }

// Overlay reads a folder over a library: a question, note, fact or proof of the folder replaces the one of the same id.
// Either may refer to the other. base is left as it was.
func Overlay(base *Library, fsys fs.FS) (*Library, []Problem) {
	ld := loader{fsys: fsys, lib: copyOf(base), seen: map[string]string{}}
	ld.course()
	ld.misconceptions()
	ld.each("exams", ".yaml", ld.exam)
	ld.each("facts", ".yaml", ld.facts)
	ld.each("proofs", ".yaml", ld.proofs)
	ld.each("questions", ".yaml", ld.question)
	ld.each("notes", ".md", ld.note)
	ld.labs()
	ld.lib.sort()
	ld.lib.reindex()
	ld.crossCheck()
	ld.lib.renderAll()
	return ld.lib, sortProblems(ld.problems)
}

type loader struct {
	fsys     fs.FS
	lib      *Library
	docs     []*document
	refs     []reference
	seen     map[string]string // "question:ID" to the file that has it
	problems []Problem
}

// reference is one mention of something that must exist.
type reference struct {
	d          *document
	path       string // where it stands
	kind, name string // "fact", "ssec.key-per-version"
}

func copyOf(base *Library) *Library {
	l := &Library{
		Questions: slices.Clone(base.Questions), Notes: slices.Clone(base.Notes), Facts: slices.Clone(base.Facts),
		Labs: slices.Clone(base.Labs), Proofs: slices.Clone(base.Proofs), Modules: slices.Clone(base.Modules),
		Objectives: slices.Clone(base.Objectives), Misconceptions: slices.Clone(base.Misconceptions),
		Exams: slices.Clone(base.Exams), Meta: maps.Clone(base.Meta),
		rendered: maps.Clone(base.rendered), places: maps.Clone(base.places),
	}
	if l.Meta == nil {
		l.Meta = map[string]Meta{}
	}
	if l.rendered == nil {
		l.rendered = map[string]string{}
	}
	if l.places == nil {
		l.places = map[string]place{}
	}
	return l
}

// each hands every file of a folder to read; a folder that is not there is empty.
func (ld *loader) each(dir, ext string, read func(file string, data []byte)) {
	entries, err := fs.ReadDir(ld.fsys, dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			ld.problem(dir, "read", "%v", err)
		}
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() || strings.HasPrefix(e.Name(), "."):
		case path.Ext(e.Name()) != ext:
			ld.problem(name, "read", "only %s files belong here", ext)
		default:
			if data, ok := ld.file(name); ok {
				read(name, data)
			}
		}
	}
}

func (ld *loader) file(name string) ([]byte, bool) {
	data, err := fs.ReadFile(ld.fsys, name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			ld.problem(name, "read", "%v", err)
		}
		return nil, false
	}
	return data, true
}

func (ld *loader) problem(file, rule, format string, args ...any) {
	ld.problems = append(ld.problems, Problem{File: file, Rule: rule, Text: fmt.Sprintf(format, args...), Severity: Error})
}

// keep collects a document's problems when everything about it is known.
func (ld *loader) keep(d *document) { ld.docs = append(ld.docs, d) }

// need notes that something must exist.
func (ld *loader) need(d *document, at, kind string, names ...string) {
	for i, name := range names {
		where := at
		if len(names) > 1 || strings.HasSuffix(at, "s") {
			where = fmt.Sprintf("%s[%d]", at, i)
		}
		if name != "" {
			ld.refs = append(ld.refs, reference{d, where, kind, name})
		}
	}
}

// once reports an id that two files of the folder have.
func (ld *loader) once(d *document, at, kind, id string) {
	key := kind + ":" + id
	if first, ok := ld.seen[key]; ok {
		d.report(at, "id", "%s %q is already in %s", kind, id, first)
		return
	}
	ld.seen[key] = d.file
}

// put replaces the item of the same id or adds it.
func put[T any](list []T, item T, id func(*T) string) []T {
	for i := range list {
		if id(&list[i]) == id(&item) {
			list[i] = item
			return list
		}
	}
	return append(list, item)
}

func (l *Library) sort() {
	slices.SortFunc(l.Questions, func(a, b quiz.Question) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Notes, func(a, b Note) int { return cmp.Compare(a.Slug, b.Slug) })
	slices.SortFunc(l.Facts, func(a, b Fact) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Labs, func(a, b labs.Lab) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Proofs, func(a, b Proof) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Misconceptions, func(a, b Misconception) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Exams, func(a, b Exam) int { return cmp.Compare(a.Code, b.Code) })
}

// crossCheck reports what is mentioned and does not exist.
func (ld *loader) crossCheck() {
	exists := map[string]map[string]int{
		"fact": ld.lib.index.facts, "proof": ld.lib.index.proofs, "objective": ld.lib.index.objectives,
		"misconception": ld.lib.index.misconceptions, "exam": ld.lib.index.exams,
		"question": ld.lib.index.questions, "lab": ld.lib.index.labs, "note": ld.lib.index.notes,
	}
	for _, m := range ld.lib.Modules {
		if exists["module"] == nil {
			exists["module"] = map[string]int{}
		}
		exists["module"][m.ID] = 0
	}
	for _, r := range ld.refs {
		if r.kind == "domain" {
			ld.domain(r)
			continue
		}
		if _, ok := exists[r.kind][r.name]; !ok {
			r.d.report(r.path, "reference", "there is no %s %q", r.kind, r.name)
		}
	}
	for _, d := range ld.docs {
		ld.problems = append(ld.problems, d.found...)
		for at, p := range d.at {
			ld.lib.places[d.file+"#"+at] = p
		}
	}
}

// domain checks "SCS-C03 5".
func (ld *loader) domain(r reference) {
	code, id, _ := strings.Cut(r.name, " ")
	exam, ok := ld.lib.Exam(code)
	if !ok {
		return // reported as an unknown exam
	}
	if !slices.ContainsFunc(exam.Domains, func(d Domain) bool { return d.ID == id }) {
		r.d.report(r.path, "reference", "%s has no domain %q", code, id)
	}
}

// renderAll renders every Markdown text that is not rendered yet.
func (l *Library) renderAll() {
	add := func(texts ...string) {
		for _, t := range texts {
			if _, done := l.rendered[t]; !done && t != "" {
				l.rendered[t] = render(t)
			}
		}
	}
	for _, q := range l.Questions {
		add(q.Stem, q.Keep, q.Explain)
		for _, o := range q.Options {
			add(o.Text, o.Why)
		}
		if q.ThenNow != nil {
			add(q.ThenNow.Then, q.ThenNow.Now)
		}
	}
	for _, f := range l.Facts {
		add(f.Statement)
	}
	for _, n := range l.Notes {
		add(n.Lead)
	}
	for _, m := range l.Misconceptions {
		add(m.Idea)
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:12]
}
