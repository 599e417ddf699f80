package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"keyhole/simulator/policy"
)

// maxPolicyFile bounds a policy file before it is read whole; the engine's own limit of a document is far below.
const maxPolicyFile = 1 << 20

const explainSays = `decides requests as AWS does, without a server.

  keyhole explain --cases FILE [--why]
      One case a line (JSON Lines; simulator/policy/testdata/FORMAT.md says which fields), one answer a line:
      {"id":…,"decision":…}. The count goes to standard error. Exit 0: all as expected; 1: a difference, or a
      line that cannot be read.

  keyhole explain --policy FILE --principal ARN --action s3:GetObject --resource ARN [--context k=v]…
      One question, answered in words with the line that decided. --policy is taken as the resource's policy when
      a statement of it names a Principal, else as the caller's. The context is complete as given: a key that is
      not given is absent. Exit 0: allowed; 1: denied; 2: the question could not be answered.`

// explainAsk is what the command line of `keyhole explain` says.
type explainAsk struct {
	cases string
	why   bool

	policies, identity, scps, rcps    []string
	boundary, session, endpoint       string
	principal, action, resource, owns string
	context                           []string
}

func runExplain(_ context.Context, m *machine, args []string) error {
	f := m.flags("explain", explainSays)
	var a explainAsk
	list := func(to *[]string) func(string) error {
		return func(s string) error { *to = append(*to, s); return nil }
	}
	f.StringVar(&a.cases, "cases", "", "file with one case a line; - is standard input")
	f.BoolVar(&a.why, "why", false, "with --cases: say the deciding layer, rule and statement")
	f.Func("policy", "file with a policy of the resource (it names a Principal) or of the caller; may be repeated", list(&a.policies))
	f.StringVar(&a.principal, "principal", "", "who asks: ARN of a user, root user, role session or federated user; a service; or anonymous")
	f.StringVar(&a.action, "action", "", "what is asked, as s3:PutObject")
	f.StringVar(&a.resource, "resource", "", "ARN it is asked for; * for actions on no resource")
	f.StringVar(&a.owns, "resource-account", "", "12 digits: who owns the resource (default: the account in its ARN, else the caller's)")
	f.Func("context", "condition key and value, as aws:SecureTransport=true; a JSON list, or the key repeated, makes a multivalued key", list(&a.context))
	f.Func("identity", "file with a policy of the caller; may be repeated", list(&a.identity))
	f.StringVar(&a.boundary, "boundary", "", "file with the caller's permissions boundary")
	f.StringVar(&a.session, "session", "", "file with the session policy")
	f.Func("scp", "file with a service control policy; repeated: one a level, root first", list(&a.scps))
	f.Func("rcp", "file with a resource control policy; repeated: one a level, root first", list(&a.rcps))
	f.StringVar(&a.endpoint, "endpoint", "", "file with the policy of the VPC endpoint the request comes through")
	if err := f.parse(args); err != nil {
		return err
	}
	if a.cases != "" {
		if a.principal != "" || a.action != "" || a.resource != "" || len(a.policies) > 0 {
			return usageError{"keyhole explain: --cases holds whole questions; leave the other flags out, or leave --cases out"}
		}
		return explainCases(m, a.cases, a.why)
	}
	if a.principal == "" || a.action == "" || a.resource == "" {
		return usageError{"keyhole explain: --cases FILE, or --principal, --action and --resource are needed; see keyhole explain --help"}
	}
	r, l, err := a.question()
	if err != nil {
		return usageError{"keyhole explain: " + err.Error()}
	}
	d := policy.Evaluate(r, l)
	inWords(m.stdout, &d)
	if d.Verdict != policy.Allowed {
		return errSilent
	}
	return nil
}

// question is the request and its layers as the flags give them.
func (a *explainAsk) question() (r policy.Request, l policy.Layers, err error) {
	if r.Principal, err = policy.ParsePrincipal(a.principal); err != nil {
		return r, l, fmt.Errorf("--principal: %w", err)
	}
	r.Action, r.Resource, r.ResourceAccount = a.action, a.resource, a.owns
	if r.ResourceAccount == "" {
		r.ResourceAccount = r.Principal.Account
		if parts := strings.SplitN(a.resource, ":", 6); len(parts) == 6 && parts[4] != "" {
			r.ResourceAccount = parts[4]
		}
	}
	if err := setContext(&r.Context, a.context); err != nil {
		return r, l, err
	}
	var d documents
	for _, name := range a.policies {
		if one := d.open(name, ""); one != nil && speaksOfPrincipals(one.Document) {
			if l.Resource != nil {
				return r, l, fmt.Errorf("--policy %s: %s names principals too, and a resource has one policy", name, l.Resource.Name)
			}
			one.Source = "resource"
			l.Resource = one
		} else if one != nil {
			one.Source = "caller"
			l.Identity = append(l.Identity, *one)
		}
	}
	for _, name := range a.identity {
		if one := d.open(name, "caller"); one != nil {
			l.Identity = append(l.Identity, *one)
		}
	}
	l.SCPs, l.RCPs = d.levels(a.scps), d.levels(a.rcps)
	l.Boundary, l.Session, l.Endpoint = d.open(a.boundary, "boundary"), d.open(a.session, "session"), d.open(a.endpoint, "VPC endpoint")
	return r, l, d.err
}

func speaksOfPrincipals(d *policy.Document) bool {
	for i := range d.Statements {
		if d.Statements[i].Principal != nil {
			return true
		}
	}
	return false
}

// setContext reads k=v. A JSON list of texts, or a key that comes twice, is a multivalued key.
func setContext(c *policy.Context, pairs []string) error {
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return fmt.Errorf("--context %q: a key and a value are needed, as aws:SecureTransport=true", pair)
		}
		var list []string
		isList := strings.HasPrefix(value, "[") && json.Unmarshal([]byte(value), &list) == nil
		before, again := c.Get(name)
		switch {
		case isList:
			c.SetList(name, append(before.List, list...))
		case again:
			c.SetList(name, append(before.List, value))
		default:
			c.Set(name, value)
		}
	}
	return nil
}

// documents reads policy files and keeps the first error.
type documents struct{ err error }

func (d *documents) open(name, source string) *policy.Attached {
	if name == "" || d.err != nil {
		return nil
	}
	text, err := readBounded(name, maxPolicyFile)
	if err != nil {
		d.err = err
		return nil
	}
	document, err := policy.Decode(text)
	if m := (*policy.Malformed)(nil); errors.As(err, &m) {
		d.err = fmt.Errorf("%s:%d:%d: %s (%s)", name, m.Line, m.Column, m.Message, m.Say)
		return nil
	}
	return &policy.Attached{Name: filepath.Base(name), Source: source, Document: document}
}

func (d *documents) levels(names []string) (levels [][]policy.Attached) {
	for i, name := range names {
		if one := d.open(name, fmt.Sprintf("level %d", i+1)); one != nil {
			levels = append(levels, []policy.Attached{*one})
		}
	}
	return levels
}

// readBounded reads a whole file of at most limit bytes; - is standard input.
func readBounded(name string, limit int64) ([]byte, error) {
	in := io.ReadCloser(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", name, rootCause(err))
		}
		in = f
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, rootCause(err))
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%s is larger than %d KiB, which is the limit", name, limit>>10)
	}
	return text, nil
}
