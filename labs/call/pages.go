package call

import (
	_ "embed"
	"strings"
	"sync"
)

// Pages says how an operation lists in pages: which members carry tokens, which the results.
type Pages struct {
	More    string   // member that says whether more follows; "" when the token alone does
	In, Out []string // tokens asked with and answered with
	Limit   string   // member for the size of a page, "" when there is none
	Results []string
	Once    []string // members of the first page that the CLI prints too
}

//go:embed pages.txt
var pagesText string

// pages reads pages.txt: operation, more, in, out, limit, results and once between tabs.
var pages = sync.OnceValue(func() map[string]Pages {
	m := map[string]Pages{}
	for line := range strings.Lines(pagesText) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 7 {
			continue
		}
		// An alternative to a token ("NextMarker || Contents[-1].Key") is the reader's to know.
		out, _, _ := strings.Cut(cells[3], "||")
		m[cells[0]] = Pages{More: cells[1], In: strings.Fields(cells[2]), Out: strings.Fields(out), Limit: cells[4],
			Results: strings.Fields(cells[5]), Once: strings.Fields(cells[6])}
	}
	return m
})

// Pages is how the operation lists in pages; false when the CLI reads it once.
func (op Op) Pages() (Pages, bool) {
	p, ok := pages()[qualified(op.Qualified())]
	return p, ok
}

// Check says what is wrong with the parameters of a call, without making it: nil, *ParamError or ErrUnknownOperation.
func Check(operation string, params map[string]any) error {
	r, ok := byName()[qualified(operation)]
	if !ok {
		return ErrUnknownOperation
	}
	params, _, err := r.prepare(params)
	if err != nil {
		return err
	}
	if problems := validate(r, params); len(problems) > 0 {
		return &ParamError{Problems: problems}
	}
	return nil
}

// CheckResult says what is wrong with values that stand for an answer; nil or *ParamError.
func (op Op) CheckResult(fields map[string]any) error {
	var out report
	out.structure(op.output, fields, "")
	if len(out) > 0 {
		return &ParamError{Problems: out}
	}
	return nil
}
