// Package content is what there is to study: it loads, checks, proves and renders the questions, notes, facts and proofs.
//
// The material is one YAML file a question (questions/ID.yaml), one Markdown file a note (notes/SLUG.md), and lists of
// facts, proofs, exams, misconceptions and objectives in YAML. Each has a JSON Schema in schema/. go generate compiles
// everything into compiled.cbor, which is what a server reads.
package content

import (
	"keyhole/labs"
	"keyhole/quiz"
)

//go:generate go run ./gen

// Library is everything there is to study. It is never changed after it was loaded.
type Library struct {
	Questions      []quiz.Question // by id
	Notes          []Note          // by slug
	Facts          []Fact          // by id
	Labs           []labs.Lab      // by id
	Proofs         []Proof         // by id
	Modules        []Module        // in the order of the course
	Objectives     []Objective     // in the order of the course
	Misconceptions []Misconception // by id
	Exams          []Exam          // by code
	Meta           map[string]Meta // what only authors need, by question id

	rendered map[string]string // HTML of every Markdown text, by its source
	places   map[string]place  // where things stand in the files; empty in a compiled library
	index    index
}

// Meta is what a question's file says to authors and not to learners.
type Meta struct {
	Status      string // "current", "draft", "outdated" or "retired"
	ProofWaiver string // why a current question has no proof; "" when it has one
	Minutes     float64
	Source      string // "original" or "adapted"
	SourceNote  string
	File        string
}

// Fact is one sentence that is true of AWS, with where that is written and how sure we are.
type Fact struct {
	ID         string          `yaml:"id"`         // "ssec.key-per-version"
	Statement  string          `yaml:"statement"`  // one sentence, Markdown
	Since      string          `yaml:"since"`      // a date, as exact as known: "2023-01-05", "2023-04"; "" when it always held
	Until      string          `yaml:"until"`      // the date it stopped being true; "" while it holds
	Source     Source          `yaml:"source"`     //
	Confidence Confidence      `yaml:"confidence"` //
	Profiles   map[string]bool `yaml:"profiles"`   // whether it holds in a profile; absent: in all
	Proof      string          `yaml:"proof"`      // id of the proof that shows it; "" when none can yet
	Supersedes string          `yaml:"supersedes"` // id of the fact it replaced
}

// Source is a page and the day somebody read it.
type Source struct {
	URL     string `yaml:"url"`
	Title   string `yaml:"title"`
	Checked string `yaml:"checked"` // "2026-11-23"
}

// Confidence is how a fact is known.
type Confidence string

// The four degrees, from AWS's own words to our own choice where nothing is known.
const (
	Documented Confidence = "documented" // AWS says so
	Observed   Confidence = "observed"   // recorded from AWS
	Inferred   Confidence = "inferred"   // follows from other facts
	Modelled   Confidence = "modelled"   // nobody recorded it; the simulator had to choose
)

// Module is a chapter of the course.
type Module struct {
	ID    string `yaml:"id"` // "M04"
	Title string `yaml:"title"`
}

// Objective is one thing a learner can do afterwards.
type Objective struct {
	ID     string   `yaml:"id"`     // "C4"
	Module string   `yaml:"module"` // "M04"
	Title  string   `yaml:"title"`
	Exams  []string `yaml:"exams"` // "SCS-C03"
}

// Misconception is a wrong idea that a wrong option stands for, in the words of somebody who holds it.
type Misconception struct {
	ID   string `yaml:"id"` // "MC07"
	Idea string `yaml:"idea"`
}

// Exam is a certification exam and its domains.
type Exam struct {
	Code    string   `yaml:"code"` // "SCS-C03"
	Title   string   `yaml:"title"`
	Since   string   `yaml:"since"` // the day it replaced its predecessor; ""
	Minutes int      `yaml:"minutes"`
	Items   int      `yaml:"items"`
	Pass    int      `yaml:"pass"` // scaled score out of 1000
	Domains []Domain `yaml:"domains"`
	Source  Source   `yaml:"source"`
}

// Domain is one part of an exam with its share of the score in percent.
type Domain struct {
	ID    string `yaml:"id"` // "5"
	Title string `yaml:"title"`
	Share int    `yaml:"share"`
}

// index finds things by id.
type index struct {
	questions, notes, facts, labs, proofs, objectives, misconceptions, exams map[string]int
}

func indexed[T any](list []T, id func(*T) string) map[string]int {
	m := make(map[string]int, len(list))
	for i := range list {
		m[id(&list[i])] = i
	}
	return m
}

// reindex must be called after any list was replaced.
func (l *Library) reindex() {
	l.index = index{
		questions:      indexed(l.Questions, func(q *quiz.Question) string { return q.ID }),
		notes:          indexed(l.Notes, func(n *Note) string { return n.Slug }),
		facts:          indexed(l.Facts, func(f *Fact) string { return f.ID }),
		labs:           indexed(l.Labs, func(b *labs.Lab) string { return b.ID }),
		proofs:         indexed(l.Proofs, func(p *Proof) string { return p.ID }),
		objectives:     indexed(l.Objectives, func(o *Objective) string { return o.ID }),
		misconceptions: indexed(l.Misconceptions, func(m *Misconception) string { return m.ID }),
		exams:          indexed(l.Exams, func(e *Exam) string { return e.Code }),
	}
}

func find[T any](list []T, by map[string]int, id string) (T, bool) {
	i, ok := by[id]
	if !ok {
		var none T
		return none, false
	}
	return list[i], true
}

// Question finds a question by id.
func (l *Library) Question(id string) (quiz.Question, bool) {
	return find(l.Questions, l.index.questions, id)
}

// Note finds a note by its slug.
func (l *Library) Note(slug string) (Note, bool) { return find(l.Notes, l.index.notes, slug) }

// Fact finds a fact by id.
func (l *Library) Fact(id string) (Fact, bool) { return find(l.Facts, l.index.facts, id) }

// Lab finds a lab by its id ("lg05") or by its slug ("sse-c-by-hand").
func (l *Library) Lab(id string) (labs.Lab, bool) {
	if lab, ok := find(l.Labs, l.index.labs, id); ok {
		return lab, true
	}
	for _, lab := range l.Labs {
		if lab.Slug == id {
			return lab, true
		}
	}
	return labs.Lab{}, false
}

// Proof finds a proof by its full id, "owner.name".
func (l *Library) Proof(id string) (Proof, bool) { return find(l.Proofs, l.index.proofs, id) }

// Objective finds an objective by id.
func (l *Library) Objective(id string) (Objective, bool) {
	return find(l.Objectives, l.index.objectives, id)
}

// Misconception finds a misconception by id.
func (l *Library) Misconception(id string) (Misconception, bool) {
	return find(l.Misconceptions, l.index.misconceptions, id)
}

// Exam finds an exam by its code.
func (l *Library) Exam(code string) (Exam, bool) { return find(l.Exams, l.index.exams, code) }

// ProofsOf lists the proofs of a question, a note or a proofs file, in the order of their ids.
func (l *Library) ProofsOf(owner string) []Proof {
	var out []Proof
	for _, p := range l.Proofs {
		if p.Owner == owner {
			out = append(out, p)
		}
	}
	return out
}
