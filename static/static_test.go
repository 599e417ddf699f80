package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// dist is made by hand-run generation and committed; this notices an edit of src that was not followed by it.
func TestDistIsCurrent(t *testing.T) {
	var names []string
	for _, dir := range []string{"src", "vendor", "gen"} {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(sum, "%s %x\n", filepath.ToSlash(name), sha256.Sum256(data))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != manifest.Source {
		t.Errorf("static/dist was made from other sources: run go generate ./static (sources %s, dist %s)", got, manifest.Source)
	}
}

func TestVendorFilesAreTheLockedOnes(t *testing.T) {
	data, err := os.ReadFile("vendor/vendor.lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages []struct {
			Name, Version, Licence, Integrity string
			Files                             map[string]string
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	locked := map[string]bool{"vendor.lock.json": true}
	for _, p := range lock.Packages {
		for name, want := range p.Files {
			locked[filepath.Base(name)] = true
			data, err := os.ReadFile(filepath.Join("vendor", name))
			if err != nil {
				t.Error(err)
				continue
			}
			if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != want {
				t.Errorf("%s of %s %s is not the locked file: %s", name, p.Name, p.Version, got)
			}
		}
	}
	err = filepath.WalkDir("vendor", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !locked[filepath.Base(p)] {
			t.Errorf("%s is in no entry of vendor.lock.json", p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHandler(t *testing.T) {
	css := URL("app.css")
	for _, c := range []struct {
		name, method, path, accept string
		status                     int
		encoding, contentType      string
	}{
		{"brotli when accepted", "GET", css, "gzip, deflate, br, zstd", 200, "br", "text/css; charset=utf-8"},
		{"gzip when brotli is refused", "GET", css, "br;q=0, gzip", 200, "gzip", "text/css; charset=utf-8"},
		{"plain when nothing is accepted", "GET", css, "", 200, "", "text/css; charset=utf-8"},
		{"a font is never compressed again", "GET", URL("hyperlegible-next.woff2"), "br", 200, "", "font/woff2"},
		{"icons are an image", "GET", URL("icons.svg"), "", 200, "", "image/svg+xml"},
		{"scripts", "GET", URL("app.js"), "", 200, "", "text/javascript; charset=utf-8"},
		{"the unhashed name does not exist", "GET", "/static/app.css", "", 404, "", ""},
		{"nothing outside", "GET", "/static/../static.go", "", 404, "", ""},
		{"nothing encoded", "GET", "/static/%2e%2e/go.mod", "", 404, "", ""},
		{"no list of files", "GET", "/static/", "", 404, "", ""},
		{"the manifest is private", "GET", "/static/manifest.json", "", 404, "", ""},
		{"read only", "POST", css, "", 405, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://localhost"+c.path, nil)
			if c.accept != "" {
				r.Header.Set("Accept-Encoding", c.accept)
			}
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			if w.Code != c.status || w.Header().Get("Content-Encoding") != c.encoding {
				t.Errorf("status %d, encoding %q; want %d, %q", w.Code, w.Header().Get("Content-Encoding"), c.status, c.encoding)
			}
			if c.status == 200 {
				if got := w.Header().Get("Content-Type"); got != c.contentType {
					t.Errorf("type %q, want %q", got, c.contentType)
				}
				if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
					t.Errorf("not cached for good: %v", w.Header())
				}
			}
		})
	}
}

func TestCompressedIsTheSame(t *testing.T) {
	for name, a := range assets {
		if !a.hasCompression {
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(a.gz))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(plain, a.plain) {
			t.Errorf("%s.gz is not %s (%v)", name, name, err)
		}
		if len(a.br) >= len(a.plain) {
			t.Errorf("%s.br is not smaller", name)
		}
	}
}

func TestNotModified(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, URL("app.js"), nil)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	again := httptest.NewRecorder()
	Handler().ServeHTTP(again, r)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes; want 304 and none", again.Code, again.Body.Len())
	}
}
