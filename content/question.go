package content

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"

	"keyhole/quiz"
)

// questionFile is questions/ID.yaml as it is written; schema/question.json describes it for editors.
type questionFile struct {
	ID         string       `yaml:"id"`
	Rev        int          `yaml:"rev"`
	Type       string       `yaml:"type"`
	Choose     int          `yaml:"choose"`
	Title      string       `yaml:"title"`
	Stem       string       `yaml:"stem"`
	Options    []optionFile `yaml:"options"`
	Keep       string       `yaml:"keep"`
	Explain    string       `yaml:"explanation"`
	Objectives []string     `yaml:"objectives"`
	Exams      []struct {
		Exam   string `yaml:"exam"`
		Domain string `yaml:"domain"`
	} `yaml:"exams"`
	Difficulty int     `yaml:"difficulty"`
	Minutes    float64 `yaml:"minutes"`
	Status     string  `yaml:"status"`
	AsOf       string  `yaml:"as_of"`
	ThenNow    *struct {
		ThenWhen string `yaml:"then_when"`
		Then     string `yaml:"then"`
		NowWhen  string `yaml:"now_when"`
		Now      string `yaml:"now"`
	} `yaml:"then_now"`
	References []struct {
		Title   string `yaml:"title"`
		URL     string `yaml:"url"`
		Checked string `yaml:"checked"`
	} `yaml:"references"`
	Source struct {
		Kind string `yaml:"kind"`
		Note string `yaml:"note"`
	} `yaml:"source"`
	Facts  []string             `yaml:"facts"`
	Proofs map[string]proofFile `yaml:"proofs"`
	Show   []string             `yaml:"show"` // proofs in the order shown, own or of other files; default: own, by name
	Waiver string               `yaml:"proof_waiver"`
}

type optionFile struct {
	ID            string   `yaml:"id"`
	Text          string   `yaml:"text"`
	Correct       bool     `yaml:"correct"`
	Why           string   `yaml:"why"`
	Misconception string   `yaml:"misconception"`
	Facts         []string `yaml:"facts"`
	Proof         string   `yaml:"proof"`
}

// question reads one question file; ok is false when it could not be read at all.
func question(file string, data []byte) (q quiz.Question, m Meta, proofs []Proof, d *document, ok bool) {
	d = parse(file, data, 0)
	var f questionFile
	if !decode(d, "question", &f) {
		return q, m, nil, d, false
	}
	sum := sha256.Sum256(data)
	q = quiz.Question{
		ID: f.ID, Rev: f.Rev, Hash: hex.EncodeToString(sum[:])[:12], Type: quiz.Type(f.Type), Choose: f.Choose,
		Title: f.Title, Stem: trim(f.Stem), Keep: trim(f.Keep), Explain: trim(f.Explain), Objectives: f.Objectives,
		Difficulty: f.Difficulty, AsOf: f.AsOf, Facts: f.Facts,
	}
	for _, o := range f.Options {
		q.Options = append(q.Options, quiz.Option{
			ID: o.ID, Text: trim(o.Text), Correct: o.Correct, Why: trim(o.Why),
			Misconception: o.Misconception, Facts: o.Facts, Proof: full(f.ID, o.Proof),
		})
	}
	for _, e := range f.Exams {
		q.Exams = append(q.Exams, quiz.ExamRef{Exam: e.Exam, Domain: e.Domain})
	}
	if t := f.ThenNow; t != nil {
		q.ThenNow = &quiz.ThenNow{ThenWhen: t.ThenWhen, Then: trim(t.Then), NowWhen: t.NowWhen, Now: trim(t.Now)}
	}
	for _, r := range f.References {
		q.References = append(q.References, quiz.Reference{Title: r.Title, URL: r.URL, Checked: r.Checked})
	}
	m = Meta{Status: f.Status, ProofWaiver: trim(f.Waiver), Minutes: f.Minutes,
		Source: f.Source.Kind, SourceNote: f.Source.Note, File: file}
	proofs = named(f.ID, f.Proofs)
	for _, p := range proofs {
		p.flaws(d, "proofs."+strings.TrimPrefix(p.ID, f.ID+"."))
	}
	q.Proofs = shown(f, proofs)
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); f.ID != want {
		d.report("id", "id", "the id is %q, but the file is called %q", f.ID, want)
	}
	for _, flaw := range q.Flaws() {
		d.report(flaw.Field, "question", "%s", flaw.Text)
	}
	return q, m, proofs, d, true
}

// shown lists the ids of a question's proofs in the order in which they are offered.
func shown(f questionFile, proofs []Proof) []string {
	var out []string
	for _, name := range f.Show {
		out = append(out, full(f.ID, name))
	}
	if len(f.Show) == 0 {
		for _, p := range proofs {
			out = append(out, p.ID)
		}
	}
	return out
}

// full makes the id of a proof from its name within an owner; an id with a dot is full already.
func full(owner, name string) string {
	if name == "" || strings.Contains(name, ".") {
		return name
	}
	return owner + "." + name
}

func trim(s string) string { return strings.TrimSpace(s) }
