// Command sbom writes an SPDX 2.3 document from a binary's build info: every module with its version and hash.
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type pkg struct {
	Name     string `json:"name"`
	ID       string `json:"SPDXID"`
	Version  string `json:"versionInfo"`
	Download string `json:"downloadLocation"`
	Analyzed bool   `json:"filesAnalyzed"` // false: modules are named, their files are not
	Sum      string `json:"comment,omitempty"`
	Refs     []ref  `json:"externalRefs,omitempty"`
}

type ref struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relation struct {
	From string `json:"spdxElementId"`
	Kind string `json:"relationshipType"`
	To   string `json:"relatedSpdxElement"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY VERSION")
		os.Exit(2)
	}
	info, err := buildinfo.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
	packages := []pkg{{Name: "keyhole", ID: "SPDXRef-keyhole", Version: os.Args[2], Download: "NOASSERTION"}}
	relations := []relation{{"SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-keyhole"}}
	add := func(name, version, sum string) {
		id := "SPDXRef-" + strings.NewReplacer("/", "-", "_", "-", "~", "-").Replace(name)
		packages = append(packages, pkg{Name: name, ID: id, Version: version, Download: "NOASSERTION", Sum: sum,
			Refs: []ref{{"PACKAGE-MANAGER", "purl", "pkg:golang/" + name + "@" + version}}})
		relations = append(relations, relation{"SPDXRef-keyhole", "DEPENDS_ON", id})
	}
	add("std", info.GoVersion, "")
	for _, d := range info.Deps {
		add(d.Path, d.Version, d.Sum)
	}
	body, _ := json.Marshal(packages)
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	// The namespace is a hash of the content and the date is fixed, so that the same binary gives the same document.
	_ = out.Encode(map[string]any{
		"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "keyhole " + os.Args[2],
		"documentNamespace": fmt.Sprintf("https://keyhole.invalid/spdx/%x", sha256.Sum256(body)),
		"creationInfo":      map[string]any{"created": "1970-01-01T00:00:00Z", "creators": []string{"Tool: keyhole .ci/sbom"}},
		"packages":          packages, "relationships": relations,
	})
}
