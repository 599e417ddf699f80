package view

import (
	"fmt"
	"strings"

	"keyhole/content"
	"keyhole/simulator/exchange"
)

// Proof is a claim that was run, with what a learner needs to change a request and run it again.
type Proof struct {
	Proof   content.Proof
	Run     content.ProofRun
	Control *content.ProofRun // the proof's own edit was run instead; nil otherwise
	Edit    content.Edit      // the learner's edit; Step 0: none
	Refused string            // why the edit could not be sent; ""
	Page    string            // address of the page it stands on, without query
	Others  []content.Proof   // further proofs of the same page, which can be run instead
}

// decisive is the run that is shown: the control's when it was asked for.
func (p Proof) shown() content.ProofRun {
	if p.Control != nil {
		return *p.Control
	}
	return p.Run
}

// deciding is the trace of the deciding step; nil when nothing was sent.
func (p Proof) deciding() *exchange.Trace {
	run := p.shown()
	if run.Deciding < 1 || run.Deciding > len(run.Steps) {
		return nil
	}
	return run.Steps[run.Deciding-1].Trace
}

func (p Proof) command() string {
	run := p.shown()
	if run.Deciding < 1 || run.Deciding > len(run.Steps) {
		return ""
	}
	return run.Steps[run.Deciding-1].Command
}

// edited says whether what is shown is not the proof as it is written.
func (p Proof) edited() bool { return p.Edit.Step > 0 || p.Control != nil }

// anchor is the id of the proof's element on its page.
func (p Proof) anchor() string { return "proof-" + strings.ReplaceAll(p.Proof.ID, ".", "-") }

// again is the address that runs the proof as it is written.
func (p Proof) again() string { return p.Page + "?proof=" + p.Proof.ID + "#" + p.anchor() }

// hasControl says whether the proof brings an edit of its own to try.
func (p Proof) hasControl() bool { return p.Proof.Control.Say != "" }

// changed describes the learner's edit in words.
func (p Proof) changed() string {
	e := p.Edit
	var parts []string
	for _, name := range sorted(e.SetHeader) {
		value := e.SetHeader[name]
		if secret(name) {
			value = "(a value that is not shown)"
		}
		parts = append(parts, name+": "+value)
	}
	for _, name := range e.DropHeader {
		parts = append(parts, "no "+name)
	}
	if e.As != "" {
		parts = append(parts, "signed as "+e.As)
	}
	if e.Transport != "" {
		parts = append(parts, "sent over "+e.Transport)
	}
	return fmt.Sprintf("step %d with %s", e.Step, strings.Join(parts, ", "))
}

// secret names the headers whose values are never shown again.
func secret(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "customer-key") || strings.Contains(name, "token")
}

// Editable lists the headers of a request that a learner may change: those that S3 reads, in the order sent.
func Editable(t *exchange.Trace) []exchange.Header {
	if t == nil {
		return nil
	}
	var out []exchange.Header
	for _, h := range t.Request.Headers {
		name := strings.ToLower(h.Name)
		switch name {
		case "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-trailer", "x-amz-decoded-content-length":
			continue
		}
		if strings.HasPrefix(name, "x-amz-") && len(out) < content.EditHeaders-1 {
			out = append(out, h)
		}
	}
	return out
}

// overNow is the transport a step used.
func overNow(s content.Step) string {
	if s.Over == "http" {
		return "http"
	}
	return "https"
}

func runLabel(run content.ProofRun, i int) string {
	s := run.Steps[i]
	switch {
	case s.Skipped:
		return "left out"
	case s.Trace != nil:
		return Outcome(s.Trace)
	}
	return s.Got
}

func badge(s content.StepRun) string {
	switch {
	case s.Trace == nil:
		return ""
	case Refused(s.Trace):
		return "deny"
	}
	return "allow"
}

func badgeIcon(s content.StepRun) string {
	switch badge(s) {
	case "deny":
		return "x"
	case "allow":
		return "check"
	}
	return "minus"
}

// otherKey is a customer key that no proof uses by itself.
const otherKey = "k9"

// keyChoices are the values a learner may put into a header that carries a customer key or its MD5, as name and words;
// none for other headers. They name keys: bytes of a key have no place in an address.
func keyChoices(s content.Step, header string) [][2]string {
	header = strings.ToLower(header)
	own := "k1"
	for _, param := range []string{"ssec", "source_ssec"} {
		name, ok := s.In[param].(string)
		if ok && (param == "source_ssec") == strings.Contains(header, "copy-source") {
			own = name
		}
	}
	switch {
	case strings.HasSuffix(header, "customer-key"):
		return [][2]string{{"${key:" + otherKey + "}", "another key"}, {"${key:" + own + ":24}", "only 24 bytes of it"}}
	case strings.HasSuffix(header, "customer-key-md5"):
		return [][2]string{{"${md5:" + otherKey + "}", "the MD5 of another key"}, {"${md5:" + own + "}", "the MD5 of the right key"}}
	}
	return nil
}

// differs says which steps answered otherwise than the proof expects.
func (p Proof) differs() string {
	var parts []string
	for i, s := range p.Run.Steps {
		if !s.Met {
			parts = append(parts, fmt.Sprintf("step %d answers %s", i+1, runLabel(p.Run, i)))
		}
	}
	return strings.Join(parts, ", ")
}
