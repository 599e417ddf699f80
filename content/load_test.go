package content

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the answers of golden cases")

// source is the material as it stands in this folder.
func source(t testing.TB) *Library {
	t.Helper()
	l, problems := Load(os.DirFS("."))
	for _, p := range problems {
		t.Error(p.Detail())
	}
	if t.Failed() {
		t.FailNow()
	}
	return l
}

func TestTheMaterialLoadsWithoutAProblem(t *testing.T) {
	l := source(t)
	if n := len(l.Objectives); n != 90 {
		t.Errorf("%d objectives, want the 90 of the course", n)
	}
	if n := len(l.Modules); n != 12 {
		t.Errorf("%d modules, want 12", n)
	}
	for _, id := range []string{
		"atrest-choose-methods", "ssec-key-per-version", "ssec-who-holds-the-key", "ssec-rotate-own-keys", "ssec-three-headers",
		"archive-encrypt-before-upload", "sse-s3-who-decrypts", "sse-request-header", "enforce-kms-uploads",
	} {
		if _, ok := l.Question(id); !ok {
			t.Errorf("the question %s is missing", id)
		}
	}
	for _, slug := range []string{"sse-c", "default-encryption"} {
		n, ok := l.Note(slug)
		if !ok {
			t.Errorf("the note %s is missing", slug)
			continue
		}
		if len(n.Facts) < 10 || len(n.Proofs) < 3 || len(n.Checks) < 2 || len(n.Contents) < 4 {
			t.Errorf("%s cites %d facts, runs %d proofs, asks %d questions under %d headings", slug, len(n.Facts), len(n.Proofs), len(n.Checks), len(n.Contents))
		}
	}
}

func TestCompiledContentIsCurrent(t *testing.T) {
	want, err := source(t).Compile()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, compiledFile) {
		t.Error("compiled.cbor differs from the files: run go generate ./content")
	}
}

func TestTheBuiltInLibraryIsTheOneInTheFiles(t *testing.T) {
	built, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	files := source(t)
	files.places, built = nil, &Library{
		Questions: built.Questions, Notes: built.Notes, Facts: built.Facts, Labs: built.Labs, Proofs: built.Proofs,
		Modules: built.Modules, Objectives: built.Objectives, Misconceptions: built.Misconceptions, Exams: built.Exams,
		Meta: built.Meta, rendered: built.rendered, index: built.index,
	}
	a, b := reflect.ValueOf(*files), reflect.ValueOf(*built)
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		if !a.Type().Field(i).IsExported() {
			continue
		}
		x, y := a.Field(i).Interface(), b.Field(i).Interface()
		if a.Field(i).Len() == 0 && b.Field(i).Len() == 0 {
			continue
		}
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s differs between the files and the compiled library", name)
		}
	}
	if !reflect.DeepEqual(files.rendered, built.rendered) {
		t.Error("rendered texts differ")
	}
}

// Each case is a folder of bad files, with prose that says what is wrong and every problem that must be listed.
func TestEveryProblemIsListedWithItsPlace(t *testing.T) {
	cases, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(data)
			fsys := fstest.MapFS{}
			want := -1
			for i, f := range archive.Files {
				if f.Name == "problems" {
					want = i
					continue
				}
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			_, problems := Overlay(source(t), fsys)
			var got strings.Builder
			for _, p := range problems {
				got.WriteString(p.Detail() + "\n")
			}
			if *update && want >= 0 {
				archive.Files[want].Data = []byte(got.String())
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 || string(archive.Files[want].Data) != got.String() {
				t.Errorf("problems:\n%s", got.String())
			}
		})
	}
}

func TestOverlayReplacesAndRefersToTheBase(t *testing.T) {
	base := source(t)
	text, err := fs.ReadFile(os.DirFS("."), "questions/sse-request-header.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "title: Ask for SSE-S3 by name", "title: Ask by name", 1)
	l, problems := Overlay(base, fstest.MapFS{"questions/sse-request-header.yaml": {Data: []byte(changed)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	q, _ := l.Question("sse-request-header")
	before, _ := base.Question("sse-request-header")
	if q.Title != "Ask by name" || before.Title == q.Title {
		t.Errorf("title is %q over %q", q.Title, before.Title)
	}
	if q.Hash == before.Hash {
		t.Error("the hash did not change with the file")
	}
	if len(l.Questions) != len(base.Questions) {
		t.Errorf("%d questions over %d", len(l.Questions), len(base.Questions))
	}
}

func TestMarkdownNeverCarriesHTML(t *testing.T) {
	l := source(t)
	for _, evil := range []string{
		"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "[x](javascript:alert(1))", "`<b>`", "<!-- x -->",
	} {
		out := l.HTML(evil)
		for _, bad := range []string{"<script", "<img", "javascript:", "<b>", "onerror=alert(1)>"} {
			if strings.Contains(out, bad) {
				t.Errorf("%q became %q", evil, out)
			}
		}
	}
	if got := l.Inline("a `b` c"); got != "a <code>b</code> c" {
		t.Errorf("inline: %q", got)
	}
}

// FuzzQuestion feeds the loader files that nobody wrote. It must answer with problems or a question, quickly and alive.
func FuzzQuestion(f *testing.F) {
	files, _ := filepath.Glob("questions/*.yaml")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("id: a\nid: a\n"))
	f.Add([]byte("a: &x [*x, *x]\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Add([]byte("---\n---\n"))
	f.Add([]byte("{{{{[[[["))
	f.Fuzz(func(t *testing.T, data []byte) {
		q, _, _, d, ok := question("questions/x.yaml", data)
		if !ok && len(d.found) == 0 {
			t.Error("refused without a reason")
		}
		for _, p := range d.found {
			if p.File == "" || p.Text == "" || p.Rule == "" {
				t.Errorf("a problem without file, rule or text: %+v", p)
			}
		}
		if ok && q.ID == "" {
			t.Error("a question without an id")
		}
	})
}

// FuzzNote does the same for notes.
func FuzzNote(f *testing.F) {
	files, _ := filepath.Glob("notes/*.md")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("---\nslug: x\n---\n::: proof\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, d, ok := note("notes/x.md", data)
		if !ok && len(d.found) == 0 {
			t.Error("refused without a reason")
		}
		for _, b := range n.Blocks {
			if strings.Contains(strings.ToLower(b.HTML+b.Now), "<script") {
				t.Error("a script came through")
			}
		}
	})
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := decompile(compiledFile); err != nil {
			b.Fatal(err)
		}
	}
}
