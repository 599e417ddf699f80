// Package static serves the stylesheets, scripts, icons and fonts under names that hold a hash of what is in them.
package static

import (
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

//go:generate go run -C gen .

//go:embed dist
var dist embed.FS

// Prefix is the path under which Handler expects its files.
const Prefix = "/static/"

// Manifest lists what the generator made. Source is the hash of everything it was made from.
type Manifest struct {
	Source string          `json:"source"`
	Files  map[string]File `json:"files"`
}

// File is one asset: its hashed name below dist, its content type, and whether .br and .gz lie beside it.
type File struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Compressed bool   `json:"compressed"`
}

// asset holds the encodings of one file; br and gz are nil when compression does not help.
type asset struct {
	contentType    string
	plain, br, gz  []byte
	etag           string
	hasCompression bool
}

var (
	manifest = readManifest()
	assets   = readAssets(manifest)
)

// URL returns the address of a file by the name its source has ("app.css"). A name that does not exist is a mistake
// in a template, so it panics; a test renders every page.
func URL(name string) string {
	f, ok := manifest.Files[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + f.Name
}

// Has says whether there is a file of this source name.
func Has(name string) bool {
	_, ok := manifest.Files[name]
	return ok
}

// Handler answers GET and HEAD below Prefix by exact lookup in a map, so no path can leave it.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "this address can only be read", http.StatusMethodNotAllowed)
			return
		}
		a, ok := assets[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.Error(w, "there is no such file", http.StatusNotFound)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.contentType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", a.etag)
		body := a.plain
		if a.hasCompression {
			h.Set("Vary", "Accept-Encoding")
			switch accepted := r.Header.Get("Accept-Encoding"); {
			case accepts(accepted, "br"):
				body = a.br
				h.Set("Content-Encoding", "br")
			case accepts(accepted, "gzip"):
				body = a.gz
				h.Set("Content-Encoding", "gzip")
			}
		}
		if r.Header.Get("If-None-Match") == a.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodGet {
			w.Write(body) //nolint:errcheck // a client that went away is not our error
		}
	})
}

// accepts reads one Accept-Encoding header; a quality of 0 refuses the coding.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		if !found {
			return true
		}
		value, err := strconv.ParseFloat(q, 64)
		return err == nil && value > 0
	}
	return false
}

func readManifest() Manifest {
	data, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		panic("static: " + err.Error())
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		panic("static: manifest.json: " + err.Error())
	}
	return m
}

func readAssets(m Manifest) map[string]asset {
	read := func(name string) []byte {
		data, err := dist.ReadFile("dist/" + name)
		if err != nil {
			panic("static: " + err.Error())
		}
		return data
	}
	all := make(map[string]asset, len(m.Files))
	for _, f := range m.Files {
		a := asset{contentType: f.Type, plain: read(f.Name), etag: `"` + f.Name + `"`, hasCompression: f.Compressed}
		if f.Compressed {
			a.br, a.gz = read(f.Name+".br"), read(f.Name+".gz")
		}
		all[f.Name] = a
	}
	return all
}
