package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"keyhole/labs/call"
)

// Proof is requests against a fresh sandbox and the answers that must come back. One step decides: its answer is the
// claim. The control is one edit under which that step answers differently, so that a proof which would hold in any
// case is noticed.
type Proof struct {
	ID       string // "ssec-key-per-version.own-key": owner and name
	Owner    string // question id, or name of a proofs file
	Title    string
	Profile  string // "2026" unless the file says otherwise
	Given    []Given
	Steps    []Step
	Deciding int // from 1
	Control  Control
}

// Given is one bucket that exists before the first step.
type Given struct {
	Bucket     string `yaml:"bucket"`
	Account    string `yaml:"account"`    // name in the cast; "" is acme
	Profile    string `yaml:"profile"`    // "" is the proof's
	Versioning string `yaml:"versioning"` // "", "Enabled", "Suspended"
	Unblock    string `yaml:"unblock"`    // "SSE-C": its default block is lifted by a PutBucketEncryption first
}

// Step is one request. In is by SDK member name; besides these, ssec and source_ssec name a customer key ("k1"), and
// ${name} in any text stands for a saved value.
type Step struct {
	Say    string            `yaml:"say"`  // what happens, in one sentence
	As     string            `yaml:"as"`   // principal of the cast
	Do     string            `yaml:"do"`   // "PutObject"
	In     map[string]any    `yaml:"in"`   //
	Over   string            `yaml:"over"` // "https" (or "") or "http"
	Set    map[string]string `yaml:"set"`  // headers set before signing
	Drop   []string          `yaml:"drop"` // headers taken away before signing
	Save   map[string]string `yaml:"save"` // name: member of the answer, "VersionId"
	Expect *Expect           `yaml:"expect"`
}

// Expect is what an answer must be. A step without one must succeed.
type Expect struct {
	Status        int               `yaml:"status"`
	Code          string            `yaml:"code"`           // S3 error code; "" on success and on HEAD, which has no body
	Message       string            `yaml:"message"`        // part of the error's message
	Headers       map[string]string `yaml:"headers"`        // exact value, or "*" for any
	AbsentHeaders []string          `yaml:"absent_headers"` // must not be there
	Body          *string           `yaml:"body"`           // the whole body
	BodyHas       []string          `yaml:"body_has"`       // parts of the body
	BodyLacks     []string          `yaml:"body_lacks"`     // must not be in the body
}

// Control is the edit and the other answer of the deciding step under it.
type Control struct {
	Say    string            `yaml:"say"`  // "Send the other key."
	Step   int               `yaml:"step"` // the step that is edited, from 1; 0 is the deciding one
	As     string            `yaml:"as"`
	Over   string            `yaml:"over"`
	Set    map[string]string `yaml:"set"`
	Drop   []string          `yaml:"drop"`
	In     map[string]any    `yaml:"in"`   // parameters replaced; null takes one away
	Skip   bool              `yaml:"skip"` // the step is left out
	Expect Expect            `yaml:"expect"`
}

// Edit is the control as an edit.
func (p Proof) Edit() Edit {
	c := p.Control
	step := c.Step
	if step == 0 {
		step = p.Deciding
	}
	return Edit{Step: step, As: c.As, Transport: c.Over, SetHeader: c.Set, DropHeader: c.Drop, Params: c.In, Skip: c.Skip}
}

// proofFile is a proof as it is written.
type proofFile struct {
	Title    string  `yaml:"title"`
	Profile  string  `yaml:"profile"`
	Given    []Given `yaml:"given"`
	Steps    []Step  `yaml:"steps"`
	Deciding int     `yaml:"deciding"`
	Control  Control `yaml:"control"`
}

// named turns the proofs of one file into values, in the order of their names.
func named(owner string, files map[string]proofFile) []Proof {
	var out []Proof
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f := files[name]
		p := Proof{
			ID: owner + "." + name, Owner: owner, Title: f.Title, Profile: f.Profile,
			Given: f.Given, Steps: f.Steps, Deciding: f.Deciding, Control: f.Control,
		}
		if p.Profile == "" {
			p.Profile = "2026"
		}
		p.Control.In = plainMap(p.Control.In)
		for i := range p.Steps {
			p.Steps[i].In = plainMap(p.Steps[i].In)
		}
		out = append(out, p)
	}
	return out
}

// plainMap makes one type of all whole numbers, as document.walk does.
func plainMap(m map[string]any) map[string]any {
	for k, v := range m {
		m[k] = plain(v)
	}
	return m
}

func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return plainMap(v)
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	case uint64, int64:
		return integer(v)
	}
	return v
}

var (
	savedRef = regexp.MustCompile(`\$\{([^}]*)\}`)
	keyName  = regexp.MustCompile(`^k[0-9]$`)
)

// flaws reports what a schema cannot see; at says where the proof stands in its file.
func (p Proof) flaws(d *document, at string) {
	if p.Deciding > len(p.Steps) {
		d.report(at+".deciding", "proof", "step %d decides, but there are %d steps", p.Deciding, len(p.Steps))
	} else if p.Deciding > 0 && p.Steps[p.Deciding-1].Expect == nil {
		d.report(fmt.Sprintf("%s.steps[%d]", at, p.Deciding-1), "proof", "the deciding step expects nothing")
	}
	if p.Control.Step > len(p.Steps) {
		d.report(at+".control.step", "proof", "the control edits step %d, but there are %d steps", p.Control.Step, len(p.Steps))
	}
	if p.Control.empty() {
		d.report(at+".control", "proof", "the control edits nothing")
	}
	if p.Control.Skip && p.Edit().Step == p.Deciding {
		d.report(at+".control.skip", "proof", "the control cannot leave out the deciding step")
	}
	if !known(p.Control.As) {
		d.report(at+".control.as", "proof", "%q is not in the cast", p.Control.As)
	}
	if p.Deciding >= 1 && p.Deciding <= len(p.Steps) && p.Steps[p.Deciding-1].Expect.same(&p.Control.Expect) {
		d.report(at+".control.expect", "proof", "the control expects the same answer as the proof, so it shows nothing")
	}
	saved := map[string]bool{}
	for i, s := range p.Steps {
		where := fmt.Sprintf("%s.steps[%d]", at, i)
		if !known(s.As) {
			d.report(where+".as", "proof", "%q is not in the cast (%s)", s.As, strings.Join(Cast(), ", "))
		}
		checkCall(d, where, s)
		for _, ref := range references(s.In) {
			if !saved[ref] && !strings.HasPrefix(ref, "key:") && !strings.HasPrefix(ref, "md5:") {
				d.report(where+".in", "proof", "${%s} was not saved by an earlier step", ref)
			}
		}
		for name := range s.Save {
			saved[name] = true
		}
	}
}

// checkCall reports an operation or a parameter that does not exist.
func checkCall(d *document, where string, s Step) {
	op, ok := call.Operation(call.CLIName(s.Do))
	if !ok || op.Name != s.Do {
		d.report(where+".do", "proof", "%q is not an S3 operation", s.Do)
		return
	}
	for name, v := range s.In {
		if name == "ssec" || name == "source_ssec" {
			if text, ok := v.(string); !ok || !keyName.MatchString(text) {
				d.report(where+".in."+name, "proof", "a customer key is named k0 to k9, not %v", v)
			}
			continue
		}
		if !slices.ContainsFunc(op.Members, func(m call.Member) bool { return m.Name == name }) {
			d.report(where+".in."+name, "proof", "%s has no parameter %q", s.Do, name)
		}
	}
}

func known(principal string) bool { return principal == "" || slices.Contains(Cast(), principal) }

func (c Control) empty() bool {
	return c.As == "" && c.Over == "" && len(c.Set) == 0 && len(c.Drop) == 0 && len(c.In) == 0 && !c.Skip
}

// same reports whether two expectations cannot be told apart.
func (e *Expect) same(o *Expect) bool {
	if e == nil || o == nil {
		return e == o
	}
	body := e.Body == o.Body || e.Body != nil && o.Body != nil && *e.Body == *o.Body
	return e.Status == o.Status && e.Code == o.Code && e.Message == o.Message && body &&
		maps.Equal(e.Headers, o.Headers) && slices.Equal(e.AbsentHeaders, o.AbsentHeaders) &&
		slices.Equal(e.BodyHas, o.BodyHas) && slices.Equal(e.BodyLacks, o.BodyLacks)
}

// references lists the names in ${…} anywhere in a value.
func references(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		for _, m := range savedRef.FindAllStringSubmatch(v, -1) {
			out = append(out, m[1])
		}
	case []any:
		for _, inner := range v {
			out = append(out, references(inner)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(out, references(v[name])...)
		}
	}
	return out
}
