package content

import (
	"fmt"
	"path"
	"strings"

	"keyhole/quiz"
)

// course reads objectives.yaml; a folder that is laid over a library may do without.
func (ld *loader) course() {
	data, ok := ld.file("objectives.yaml")
	if !ok {
		return
	}
	d := parse("objectives.yaml", data, 0)
	ld.keep(d)
	var f struct {
		Modules []struct {
			ID         string      `yaml:"id"`
			Title      string      `yaml:"title"`
			Objectives []Objective `yaml:"objectives"`
		} `yaml:"modules"`
	}
	if !decode(d, "objectives", &f) {
		return
	}
	ld.lib.Modules, ld.lib.Objectives = nil, nil
	for i, m := range f.Modules {
		at := fmt.Sprintf("modules[%d]", i)
		ld.once(d, at+".id", "module", m.ID)
		ld.lib.Modules = append(ld.lib.Modules, Module{m.ID, m.Title})
		for j, o := range m.Objectives {
			here := fmt.Sprintf("%s.objectives[%d]", at, j)
			ld.once(d, here+".id", "objective", o.ID)
			ld.need(d, here+".exams", "exam", o.Exams...)
			o.Module = m.ID
			ld.lib.Objectives = append(ld.lib.Objectives, o)
		}
	}
}

func (ld *loader) misconceptions() {
	data, ok := ld.file("misconceptions.yaml")
	if !ok {
		return
	}
	d := parse("misconceptions.yaml", data, 0)
	ld.keep(d)
	var f struct {
		Misconceptions []Misconception `yaml:"misconceptions"`
	}
	if !decode(d, "misconceptions", &f) {
		return
	}
	for i, m := range f.Misconceptions {
		ld.once(d, fmt.Sprintf("misconceptions[%d].id", i), "misconception", m.ID)
		ld.lib.Misconceptions = put(ld.lib.Misconceptions, m, func(m *Misconception) string { return m.ID })
	}
}

func (ld *loader) exam(file string, data []byte) {
	d := parse(file, data, 0)
	ld.keep(d)
	var e Exam
	if !decode(d, "exam", &e) {
		return
	}
	if want := strings.ToUpper(strings.TrimSuffix(path.Base(file), ".yaml")); e.Code != want {
		d.report("code", "id", "the code is %q, but the file is called %q", e.Code, path.Base(file))
	}
	sum := 0
	for _, dom := range e.Domains {
		sum += dom.Share
	}
	if sum != 100 {
		d.report("domains", "exam", "the shares add up to %d %%, not 100 %%", sum)
	}
	ld.lib.Exams = put(ld.lib.Exams, e, func(e *Exam) string { return e.Code })
}

func (ld *loader) facts(file string, data []byte) {
	d := parse(file, data, 0)
	ld.keep(d)
	var f struct {
		Facts []Fact `yaml:"facts"`
	}
	if !decode(d, "facts", &f) {
		return
	}
	for i, fact := range f.Facts {
		at := fmt.Sprintf("facts[%d]", i)
		ld.once(d, at+".id", "fact", fact.ID)
		ld.need(d, at+".proof", "proof", fact.Proof)
		ld.need(d, at+".supersedes", "fact", fact.Supersedes)
		if fact.Until != "" && fact.Until < fact.Since {
			d.report(at+".until", "fact", "it ends %s, before it began %s", fact.Until, fact.Since)
		}
		ld.lib.Facts = put(ld.lib.Facts, fact, func(f *Fact) string { return f.ID })
	}
}

func (ld *loader) proofs(file string, data []byte) {
	d := parse(file, data, 0)
	ld.keep(d)
	var f struct {
		Proofs map[string]proofFile `yaml:"proofs"`
	}
	if !decode(d, "proofs", &f) {
		return
	}
	owner := strings.TrimSuffix(path.Base(file), ".yaml")
	for _, p := range named(owner, f.Proofs) {
		at := "proofs." + strings.TrimPrefix(p.ID, owner+".")
		p.flaws(d, at)
		ld.prove(d, at, p)
	}
}

// prove adds a proof and remembers where it stands.
func (ld *loader) prove(d *document, at string, p Proof) {
	ld.once(d, at, "proof", p.ID)
	ld.lib.Proofs = put(ld.lib.Proofs, p, func(p *Proof) string { return p.ID })
	ld.lib.places["proof:"+p.ID] = d.where(at)
}

func (ld *loader) question(file string, data []byte) {
	q, meta, proofs, d, ok := question(file, data)
	ld.keep(d)
	if !ok {
		return
	}
	ld.once(d, "id", "question", q.ID)
	for _, p := range proofs {
		ld.prove(d, "proofs."+strings.TrimPrefix(p.ID, q.ID+"."), p)
	}
	ld.need(d, "objectives", "objective", q.Objectives...)
	ld.need(d, "facts", "fact", q.Facts...)
	ld.need(d, "show", "proof", q.Proofs...)
	for i, e := range q.Exams {
		ld.need(d, fmt.Sprintf("exams[%d].exam", i), "exam", e.Exam)
		ld.need(d, fmt.Sprintf("exams[%d].domain", i), "domain", e.Exam+" "+e.Domain)
	}
	for i, o := range q.Options {
		at := fmt.Sprintf("options[%d]", i)
		ld.need(d, at+".misconception", "misconception", o.Misconception)
		ld.need(d, at+".facts", "fact", o.Facts...)
		ld.need(d, at+".proof", "proof", o.Proof)
	}
	if meta.Status == "draft" {
		return // checked like the others, not served
	}
	ld.lib.Questions = put(ld.lib.Questions, q, func(q *quiz.Question) string { return q.ID })
	ld.lib.Meta[q.ID] = meta
}

func (ld *loader) note(file string, data []byte) {
	n, d, ok := note(file, data)
	ld.keep(d)
	if !ok {
		return
	}
	ld.need(d, "module", "module", n.Module)
	ld.need(d, "objectives", "objective", n.Objectives...)
	ld.need(d, "lab", "lab", n.Lab)
	for _, f := range n.Facts {
		ld.need(d, "fact:"+f, "fact", f)
	}
	for _, p := range n.Proofs {
		ld.need(d, "proof:"+p, "proof", p)
	}
	for _, q := range n.Checks {
		ld.need(d, "check:"+q, "question", q)
	}
	ld.lib.Notes = put(ld.lib.Notes, n, func(n *Note) string { return n.Slug })
}
