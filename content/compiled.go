package content

import (
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"keyhole/labs"
	"keyhole/quiz"
)

//go:embed compiled.cbor
var compiledFile []byte

// compiled is the library as it is built into the program: parsed, checked and rendered.
type compiled struct {
	Version        int
	Questions      []quiz.Question
	Notes          []Note
	Facts          []Fact
	Labs           []labs.Lab
	Proofs         []Proof
	Modules        []Module
	Objectives     []Objective
	Misconceptions []Misconception
	Exams          []Exam
	Meta           map[string]Meta
	Rendered       map[string]string
}

// compiledVersion grows when the shape of compiled changes.
const compiledVersion = 1

// Compile writes a library in the form that Embedded reads. The same library gives the same bytes.
func (l *Library) Compile() ([]byte, error) {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return nil, err
	}
	return mode.Marshal(compiled{
		Version: compiledVersion, Questions: l.Questions, Notes: l.Notes, Facts: l.Facts, Labs: l.Labs, Proofs: l.Proofs,
		Modules: l.Modules, Objectives: l.Objectives, Misconceptions: l.Misconceptions, Exams: l.Exams,
		Meta: l.Meta, Rendered: l.rendered,
	})
}

// ErrStale is returned by Embedded when the built-in material was compiled by another version of this package.
var ErrStale = errors.New("the built-in content is not current: run go generate ./content")

// Embedded is the library built into the program. It is decoded once; callers share it and must not change it.
func Embedded() (*Library, error) { return embedded() }

var mapType = reflect.TypeFor[map[string]any]()

var embedded = sync.OnceValues(func() (*Library, error) { return decompile(compiledFile) })

func decompile(data []byte) (*Library, error) {
	mode, err := cbor.DecOptions{
		IntDec:           cbor.IntDecConvertSignedOrFail, // as document.walk makes them
		DefaultMapType:   mapType,
		MaxArrayElements: 1 << 20,
		MaxMapPairs:      1 << 20,
	}.DecMode()
	if err != nil {
		return nil, err
	}
	var c compiled
	if err := mode.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStale, err)
	}
	if c.Version != compiledVersion {
		return nil, ErrStale
	}
	l := &Library{
		Questions: c.Questions, Notes: c.Notes, Facts: c.Facts, Labs: c.Labs, Proofs: c.Proofs, Modules: c.Modules,
		Objectives: c.Objectives, Misconceptions: c.Misconceptions, Exams: c.Exams, Meta: c.Meta,
		rendered: c.Rendered, places: map[string]place{},
	}
	l.reindex()
	return l, nil
}
