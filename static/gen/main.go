// Command gen bundles static/src and static/vendor into static/dist: minified, named by content, with .br and .gz
// beside each file. It has a module of its own so that esbuild is no part of the product.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

type file struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Compressed bool   `json:"compressed"`
}

type manifest struct {
	Source string          `json:"source"`
	Files  map[string]file `json:"files"`
}

var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".json": "application/json",
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	outputs, err := bundle(root)
	if err != nil {
		return err
	}
	for _, name := range []string{"src/icons.svg", "src/favicon.svg", "vendor/htmx.min.js", "vendor/hx-sse.min.js"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		outputs[filepath.Base(name)] = output{hashed(filepath.Base(name), data), data}
	}
	source, err := Source(root)
	if err != nil {
		return err
	}
	return write(filepath.Join(root, "dist"), manifest{Source: source, Files: map[string]file{}}, outputs)
}

type output struct {
	name string
	data []byte
}

// bundle runs esbuild over every script of src/js and every stylesheet of src/css that is no part of another.
func bundle(root string) (map[string]output, error) {
	entries, err := filepath.Glob(filepath.Join(root, "src", "js", "*.js"))
	if err != nil {
		return nil, err
	}
	entries = append(entries, filepath.Join(root, "src", "css", "app.css"))
	result := api.Build(api.BuildOptions{
		EntryPoints: entries, Bundle: true, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Format: api.FormatESModule, Target: api.ESNext, Outdir: filepath.Join(root, "dist"), Outbase: filepath.Join(root, "src"),
		EntryNames: "[name]-[hash]", AssetNames: "[name]-[hash]", ChunkNames: "chunk-[hash]",
		Loader: map[string]api.Loader{".woff2": api.LoaderFile}, Metafile: true, AbsWorkingDir: root, LegalComments: api.LegalCommentsNone,
	})
	if len(result.Errors) > 0 || len(result.Warnings) > 0 {
		for _, m := range append(result.Errors, result.Warnings...) {
			fmt.Fprintln(os.Stderr, m.Text, m.Location)
		}
		return nil, fmt.Errorf("%d errors and %d warnings of esbuild", len(result.Errors), len(result.Warnings))
	}
	outputs := map[string]output{}
	for _, f := range result.OutputFiles {
		name := filepath.Base(f.Path)
		stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
		cut := strings.LastIndex(stem, "-")
		outputs[stem[:cut]+ext] = output{name, f.Contents}
	}
	return outputs, nil
}

func hashed(name string, data []byte) string {
	sum := sha256.Sum256(data)
	stem, ext, _ := strings.Cut(name, ".")
	return stem + "-" + strings.ToUpper(hex.EncodeToString(sum[:4])) + "." + ext
}

// write replaces dist.
func write(dir string, m manifest, outputs map[string]output) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for source, o := range outputs {
		ext := filepath.Ext(o.name)
		compress := ext != ".woff2"
		m.Files[source] = file{o.name, types[ext], compress}
		if err := os.WriteFile(filepath.Join(dir, o.name), o.data, 0o644); err != nil {
			return err
		}
		if !compress {
			continue
		}
		var br, gz bytes.Buffer
		b := brotli.NewWriterLevel(&br, brotli.BestCompression)
		b.Write(o.data)
		b.Close()
		g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
		if err != nil {
			return err
		}
		g.Write(o.data)
		g.Close()
		if err := os.WriteFile(filepath.Join(dir, o.name+".br"), br.Bytes(), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, o.name+".gz"), gz.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Printf("%-28s %7d %7d gz %7d br\n", o.name, len(o.data), gz.Len(), br.Len())
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "manifest.json"), append(data, '\n'), 0o644)
}

// Source hashes every file that dist is made from: names and contents, in order. static_test.go computes the same.
func Source(root string) (string, error) {
	var names []string
	for _, dir := range []string{"src", "vendor", "gen"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				names = append(names, p)
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	sort.Strings(names)
	sum := sha256.New()
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return "", err
		}
		one := sha256.Sum256(data)
		fmt.Fprintf(sum, "%s %x\n", filepath.ToSlash(rel), one)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
