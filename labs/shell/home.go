package shell

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
)

// Limits of the virtual home folder.
const (
	// MaxFile is the size of one file in bytes.
	MaxFile = 1 << 20
	// MaxHome is the size of all files together in bytes, names included.
	MaxHome = 4 << 20
	// MaxFiles is how many files and folders there may be.
	MaxFiles = 512
	// MaxPath is the length of a path in bytes.
	MaxPath = 512
)

// Home is a learner's files by path ("k1.bin", "notes/a.txt"). Fields are exported so that a run can keep it.
type Home struct {
	Files   map[string][]byte
	Folders []string // made with mkdir; sorted
}

// What goes wrong with files; commands print them as the tools of a real shell do.
var (
	ErrNoFile   = errors.New("No such file or directory") //nolint:staticcheck // the tools' words
	ErrIsFolder = errors.New("Is a directory")            //nolint:staticcheck // the tools' words
	ErrExists   = errors.New("File exists")               //nolint:staticcheck // the tools' words
	ErrOutside  = errors.New("Permission denied")         //nolint:staticcheck // the tools' words
)

// LimitError says which limit of the console was met.
type LimitError struct {
	Limit string // "the size of one file", as a sentence can hold it
	Max   int
}

// Error names the limit.
func (e *LimitError) Error() string {
	return fmt.Sprintf("limit reached: %s is at most %d", e.Limit, e.Max)
}

// NewHome returns a home folder with files.
func NewHome(files map[string][]byte) *Home {
	h := &Home{Files: map[string][]byte{}}
	for name, data := range files {
		h.Files[name] = data
	}
	return h
}

// Clean turns a path as typed into a key of Files; "" is the home folder itself. A path that leaves the home folder is
// ErrOutside. "~", "~/x" and "/home/student/x" mean the home folder.
func (h *Home) Clean(dir, name string) (string, error) {
	if len(name) > MaxPath {
		return "", &LimitError{"the length of a path in bytes", MaxPath}
	}
	switch {
	case name == "~" || strings.HasPrefix(name, "~/"):
		dir, name = "", strings.TrimPrefix(name[1:], "/")
	case name == HomePath || strings.HasPrefix(name, HomePath+"/"):
		dir, name = "", strings.TrimPrefix(name[len(HomePath):], "/")
	case strings.HasPrefix(name, "/"):
		return "", ErrOutside
	}
	p := path.Join(dir, name)
	if p == ".." || strings.HasPrefix(p, "../") {
		return "", ErrOutside
	}
	if p == "." {
		p = ""
	}
	return p, nil
}

// HomePath is what pwd prints for the home folder.
const HomePath = "/home/student"

// Read returns a file's bytes, which must not be changed.
func (h *Home) Read(p string) ([]byte, error) {
	if data, ok := h.Files[p]; ok {
		return data, nil
	}
	if h.IsFolder(p) {
		return nil, ErrIsFolder
	}
	return nil, ErrNoFile
}

// Write stores a file, within the limits.
func (h *Home) Write(p string, data []byte) error {
	if p == "" || h.IsFolder(p) {
		return ErrIsFolder
	}
	if parent := path.Dir(p); parent != "." && !h.IsFolder(parent) {
		return ErrNoFile
	}
	if len(data) > MaxFile {
		return &LimitError{"the size of one file in bytes", MaxFile}
	}
	old, had := h.Files[p]
	if !had && len(h.Files)+len(h.Folders) >= MaxFiles {
		return &LimitError{"the number of files", MaxFiles}
	}
	if h.Size()-len(old)+len(data)+len(p) > MaxHome {
		return &LimitError{"the size of all files in bytes", MaxHome}
	}
	if h.Files == nil {
		h.Files = map[string][]byte{}
	}
	h.Files[p] = append([]byte(nil), data...)
	return nil
}

// Remove deletes a file.
func (h *Home) Remove(p string) error {
	if _, err := h.Read(p); err != nil {
		return err
	}
	delete(h.Files, p)
	return nil
}

// Mkdir makes a folder and, with parents, those above it.
func (h *Home) Mkdir(p string, parents bool) error {
	if _, isFile := h.Files[p]; isFile {
		return ErrExists
	}
	if h.IsFolder(p) {
		if parents {
			return nil
		}
		return ErrExists
	}
	if parent := path.Dir(p); parent != "." && !h.IsFolder(parent) {
		if !parents {
			return ErrNoFile
		}
		if err := h.Mkdir(parent, true); err != nil {
			return err
		}
	}
	if len(h.Files)+len(h.Folders) >= MaxFiles {
		return &LimitError{"the number of files", MaxFiles}
	}
	h.Folders = append(h.Folders, p)
	sort.Strings(h.Folders)
	return nil
}

// RemoveAll deletes a folder and what is in it.
func (h *Home) RemoveAll(p string) {
	for name := range h.Files {
		if strings.HasPrefix(name, p+"/") {
			delete(h.Files, name)
		}
	}
	kept := h.Folders[:0]
	for _, f := range h.Folders {
		if f != p && !strings.HasPrefix(f, p+"/") {
			kept = append(kept, f)
		}
	}
	h.Folders = kept
}

// IsFolder says whether p is the home folder, was made with mkdir, or holds a file.
func (h *Home) IsFolder(p string) bool {
	if p == "" {
		return true
	}
	for _, f := range h.Folders {
		if f == p || strings.HasPrefix(f, p+"/") {
			return true
		}
	}
	for name := range h.Files {
		if strings.HasPrefix(name, p+"/") {
			return true
		}
	}
	return false
}

// List returns the names directly in a folder, sorted; folders end in "/".
func (h *Home) List(p string) []string {
	prefix := p + "/"
	if p == "" {
		prefix = ""
	}
	set := map[string]bool{}
	add := func(name string, folder bool) {
		rest, inside := strings.CutPrefix(name, prefix)
		if !inside || rest == "" {
			return
		}
		if first, _, deeper := strings.Cut(rest, "/"); deeper || folder {
			set[first+"/"] = true
		} else {
			set[rest] = true
		}
	}
	for name := range h.Files {
		add(name, false)
	}
	for _, f := range h.Folders {
		add(f, true)
	}
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Size is the bytes of all files and names.
func (h *Home) Size() int {
	n := 0
	for name, data := range h.Files {
		n += len(name) + len(data)
	}
	return n
}

// Clone copies the folder; file contents are shared, because Write never changes them in place.
func (h *Home) Clone() *Home {
	c := NewHome(h.Files)
	c.Folders = append([]string(nil), h.Folders...)
	return c
}
