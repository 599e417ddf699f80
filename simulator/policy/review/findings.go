package review

import (
	"fmt"
	"slices"
	"strings"

	"keyhole/simulator/policy"
)

// Options say where a document is attached.
type Options struct {
	Bucket string // of a bucket policy; "" when it is not known
	Kind   Kind   // "" is an identity policy
	Owner  string // 12 digits of the account that owns the bucket, key or role; "" when it is not known
	Key    string // ARN of the KMS key a fix may pin; "" when none is known
}

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	Danger Severity = "danger" // it lets in or locks out whom the author did not mean
	Trap   Severity = "trap"   // it does something else than it seems to say
	Style  Severity = "style"  // it works, and could be said better
)

// Finding is one thing a document gets wrong.
type Finding struct {
	Rule      string // stable slug: "missing-bucket-arn"
	Statement int    // index
	At        policy.Position
	Title     string // a short sentence: "TlsOnly leaves the bucket itself open to HTTP"
	Text      string // one or two sentences with what to do; `…` is code
	Severity  Severity
	Fact      string // id of a fact of content/facts; "" when none fits
	Fix       *Fix   // nil when there is no single safe fix
}

// Fix is an edit that closes a finding. It was decoded and judged again before it is offered.
type Fix struct {
	Label string // what it does: "Name both ARNs"
	Text  string // the whole document, edited
	Proof string // what a request shows: "A listing over HTTP was allowed and is denied now."; "" when none was sent
}

// hit is what a rule found in one statement.
type hit struct {
	at    policy.Position
	title string // after the statement's name
	text  string
	mild  Severity // instead of the rule's, when this case matters less

	label string       // of the fix
	edit  func(*draft) // nil: no single safe fix
	probe *probe       // nil: nothing to send
}

// rule is one row of the table: where it applies and how it looks at a statement.
type rule struct {
	slug     string
	severity Severity
	fact     string
	kinds    []Kind // nil: all
	check    func(j *judge, s *policy.Statement) []hit
}

// judge is one document being looked at.
type judge struct {
	d *policy.Document
	o Options

	actions map[int][]ActionInfo // by statement, once asked for
}

// meant are the known actions that a statement names and that act on one of its resources, each once.
func (j *judge) meant(s *policy.Statement) []ActionInfo {
	if list, ok := j.actions[s.Index]; ok {
		return list
	}
	all := s.Resource == nil || s.Resource.Not
	var on reach
	if !all {
		on = reachOf(s.Resource)
	}
	seen := map[string]bool{}
	list := []ActionInfo{}
	for _, p := range s.Action.Entries {
		for _, a := range Expand(p.Text) {
			if !seen[a.Name] && (all || on.covers(&a)) {
				seen[a.Name] = true
				list = append(list, a)
			}
		}
	}
	j.actions[s.Index] = list
	return list
}

// Limits of what is offered for one document, as each fix is judged like a document of its own.
const (
	maxFixes     = 12  // further findings are told without
	maxFixedSize = 300 // entries (actions, resources, condition keys) of a document that is fixed at all
)

func size(d *policy.Document) (n int) {
	for i := range d.Statements {
		s := &d.Statements[i]
		n += len(s.Action.Entries) + len(s.Conditions)
		if s.Resource != nil {
			n += len(s.Resource.Entries)
		}
	}
	return n
}

// Findings are what d gets wrong: of each statement in turn, by the order of the rules. Every fix was decoded and judged.
func Findings(d *policy.Document, o Options) []Finding {
	if o.Kind == "" {
		o.Kind = IdentityPolicyKind
	}
	plain, hits := find(d, o)
	before := map[string]int{}
	for _, f := range plain {
		before[f.id()]++
	}
	left := maxFixes
	if size(d) > maxFixedSize {
		left = 0
	}
	for i := range plain {
		if hits[i].edit != nil && left > 0 {
			plain[i].Fix = offer(d, o, &plain[i], &hits[i], before)
			left--
		}
	}
	return plain
}

func find(d *policy.Document, o Options) ([]Finding, []hit) {
	j := &judge{d, o, map[int][]ActionInfo{}}
	var out []Finding
	var hits []hit
	for i := range d.Statements {
		s := &d.Statements[i]
		for _, r := range rules {
			if r.kinds != nil && !slices.Contains(r.kinds, o.Kind) {
				continue
			}
			for _, h := range r.check(j, s) {
				f := Finding{Rule: r.slug, Statement: i, At: h.at, Title: label(s) + " " + h.title, Text: h.text, Severity: r.severity, Fact: r.fact}
				if h.mild != "" {
					f.Severity = h.mild
				}
				out = append(out, f)
				hits = append(hits, h)
			}
		}
	}
	return out, hits
}

func (f *Finding) id() string { return fmt.Sprintf("%s %d", f.Rule, f.Statement) }

// offer makes the fix of a finding. It is offered only when the edited document decodes, is accepted if the old one was,
// no longer has the finding, and has no dangerous one that was not there before.
func offer(d *policy.Document, o Options, f *Finding, h *hit, before map[string]int) *Fix {
	e, err := newDraft(d.Text)
	if err != nil {
		return nil
	}
	h.edit(e)
	text, ok := e.text()
	if !ok {
		return nil
	}
	fixed, err := policy.Decode([]byte(text))
	if err != nil || Refusal(d, o) == nil && Refusal(fixed, o) != nil {
		return nil
	}
	after := map[string]int{}
	left, _ := find(fixed, o)
	for _, g := range left {
		after[g.id()]++
		if g.Severity == Danger && after[g.id()] > before[g.id()] {
			return nil
		}
	}
	if after[f.id()] >= before[f.id()] {
		return nil
	}
	fix := &Fix{Label: h.label, Text: text}
	if h.probe != nil {
		fix.Proof = h.probe.compare(d, fixed, o)
	}
	return fix
}

// label is what a statement is called: its Sid, or its number.
func label(s *policy.Statement) string {
	if s.Sid != "" {
		return clip(s.Sid)
	}
	return fmt.Sprintf("Statement %d", s.Index+1)
}

// condition is the first condition of a statement on one of the keys; nil when there is none. A key that ends in a slash
// is any key that begins so.
func condition(s *policy.Statement, keys ...string) *policy.Condition {
	for i := range s.Conditions {
		for _, key := range keys {
			if own := s.Conditions[i].Key; strings.EqualFold(own, key) || strings.HasSuffix(key, "/") && len(own) > len(key) && strings.EqualFold(own[:len(key)], key) {
				return &s.Conditions[i]
			}
		}
	}
	return nil
}

// nullTest is whether a statement asks with Null that a key is absent (true) or present (false).
func nullTest(s *policy.Statement, key, value string) bool {
	return slices.ContainsFunc(s.Conditions, func(c policy.Condition) bool {
		return isBase(&c, "Null") && strings.EqualFold(c.Key, key) && holdsValue(&c, value)
	})
}

func holdsValue(c *policy.Condition, value string) bool {
	return slices.ContainsFunc(c.Values, func(v policy.ConditionValue) bool { return strings.EqualFold(v.Text, value) })
}

func code(s string) string { return "`" + strings.ReplaceAll(clip(s), "`", "'") + "`" }
