package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// The README's block "Which package may import which" is the rule; this test compares the code with it.
//
//	line   = package "->" list
//	list   = package { "," package } | "nothing"
//	package may end in "/*": every package below it, and itself
func TestPackagesImportOnlyWhatTheReadmeAllows(t *testing.T) {
	allowed := readArrows(t, filepath.Join("..", "..", "README.md"))
	for _, p := range listPackages(t) {
		if strings.HasSuffix(p.ImportPath, "/gen") { // build-time programs are not part of the product
			continue
		}
		from := strings.TrimPrefix(p.ImportPath, "keyhole/")
		row, ok := allowed[from]
		if !ok {
			t.Errorf("package %s has no row in the README's block of allowed imports", from)
			continue
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, "keyhole/")
			if ours && !row.allows(to) {
				t.Errorf("%s imports %s, which the README does not allow", from, to)
			}
			if !ours && !thirdPartyAllowed(from, imported) {
				t.Errorf("%s imports %s; that module has another place", from, imported)
			}
		}
	}
}

// Modules with one home each: package prefix of the module, and who may import it.
var homes = []struct{ module, home string }{
	{"github.com/labstack/echo", "web"},
	{"github.com/a-h/templ", "web/view"},
	{"github.com/aws/", "labs/call"},
	{"modernc.org/", "quiz/store"},
	{"github.com/jackc/", "quiz/store"},
	{"github.com/pressly/goose", "migrations"},
}

// Packages that use the standard library only, beside what the README's block allows.
var standardOnly = []string{"simulator/sigv4", "simulator/wire", "simulator/sse", "simulator/lock", "simulator/totp", "quiz", "static", "simulator/exchange"}

func thirdPartyAllowed(from, imported string) bool {
	if !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		return true // the standard library
	}
	for _, s := range standardOnly {
		if from == s {
			return false
		}
	}
	for _, h := range homes {
		if !strings.HasPrefix(imported, h.module) {
			continue
		}
		switch {
		case from == h.home:
		case h.module == "github.com/a-h/templ" && from == "web": // renders what view returns
		case h.module == "github.com/pressly/goose" && from == "quiz/store": // runs them
		default:
			return false
		}
	}
	return true
}

type arrows []string

func (a arrows) allows(to string) bool {
	for _, one := range a {
		if base, all := strings.CutSuffix(one, "/*"); one == to || all && (to == base || strings.HasPrefix(to, base+"/")) {
			return true
		}
	}
	return false
}

func readArrows(t *testing.T, readme string) map[string]arrows {
	t.Helper()
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "## Which package may import which")
	_, rest, open := strings.Cut(rest, "```\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !open || !closed {
		t.Fatal("the README has no block of allowed imports")
	}
	rows := map[string]arrows{}
	for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
		from, list, ok := strings.Cut(line, "->")
		if !ok {
			t.Fatalf("not a row of allowed imports: %q", line)
		}
		var row arrows
		for _, to := range strings.Split(list, ",") {
			if to = strings.TrimSpace(to); to != "nothing" {
				row = append(row, to)
			}
		}
		rows[strings.TrimSpace(from)] = row
	}
	return rows
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "keyhole/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ImportPath < all[j].ImportPath })
	if len(all) < 10 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	return all
}

func TestAnArrowThatIsNotAllowedIsFound(t *testing.T) {
	row := arrows{"simulator/*", "labs/call"}
	for to, want := range map[string]bool{"simulator": true, "simulator/world": true, "labs/call": true, "labs": false, "labs/callx": false, "simulatorx": false} {
		if row.allows(to) != want {
			t.Errorf("allows(%s) = %v, want %v", to, !want, want)
		}
	}
	if thirdPartyAllowed("simulator/wire", "github.com/google/uuid") || thirdPartyAllowed("labs", "github.com/labstack/echo/v4") {
		t.Error("a module outside its home was let through")
	}
}
