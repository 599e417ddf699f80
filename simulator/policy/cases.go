package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Case is one line of the neutral case format (JSON Lines; testdata/FORMAT.md).
type Case struct {
	ID, Title, Reason, Source string
	Tags                      []string
	Pairs                     []Pair  // one for each action and resource the operation needs; mostly one
	Expected                  Verdict // "" when the line has none
}

// Pair is one request with the layers that have a say in it.
type Pair struct {
	Request Request
	Layers  Layers
}

// Evaluate decides all pairs; every one must be allowed. deciding is the index of the one that settles it: the first
// that is denied explicitly, else the first that is denied, else the first.
func (c *Case) Evaluate() (verdict Verdict, deciding int, all []Decision) {
	verdict = Allowed
	for i, p := range c.Pairs {
		d := Evaluate(p.Request, p.Layers)
		all = append(all, d)
		if d.Verdict == ExplicitlyDenied && verdict != ExplicitlyDenied || d.Verdict == ImplicitlyDenied && verdict == Allowed {
			verdict, deciding = d.Verdict, i
		}
	}
	return verdict, deciding, all
}

type caseLine struct {
	ID, Title, Reason, Source string
	Tags                      []string
	Request                   caseRequest
	IdentityPolicies          []caseNamed
	ResourcePolicy            json.RawMessage
	PermissionBoundary        json.RawMessage
	SessionPolicy             json.RawMessage
	SCPs                      [][]caseNamed
	RCPs                      [][]caseNamed
	VPCEndpointPolicy         json.RawMessage
	Grants                    []caseGrant
	ACL                       *caseACL
	Settings                  struct{ RestrictPublicBuckets bool }
	Pairs                     []casePair
	Expected                  struct{ Decision Verdict }
}

type caseRequest struct {
	Principal, Action, Resource, ResourceAccount string
	Context                                      map[string]any
}

type caseNamed struct {
	Name, Source string
	Policy       json.RawMessage
}

type caseGrant struct {
	ID, Grantee             string
	Operations              []string
	EncryptionContextEquals map[string]string
	EncryptionContextSubset map[string]string
}

type caseACL struct {
	Owner        string
	IgnorePublic bool
	Grants       []struct{ Grantee, Permission string }
}

// casePair is one further need of the operation; what it leaves out it has from the case.
type casePair struct {
	Action, Resource, ResourceAccount string
	ResourcePolicy                    json.RawMessage
	Context                           map[string]any
	Grants                            []caseGrant
	ACL                               *caseACL
	VPCEndpointPolicy                 json.RawMessage
}

// ParseCase reads one line. Errors name the field, and of a policy the line and column in it.
func ParseCase(line []byte) (*Case, error) {
	var c caseLine
	decoder := json.NewDecoder(bytes.NewReader(line))
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	r := caseReader{}
	out := &Case{ID: c.ID, Title: c.Title, Reason: c.Reason, Source: c.Source, Tags: c.Tags, Expected: c.Expected.Decision}
	switch c.Expected.Decision {
	case "", Allowed, ExplicitlyDenied, ImplicitlyDenied:
	default:
		return nil, fmt.Errorf("case %s: expected.decision %q is none", c.ID, c.Expected.Decision)
	}
	layers := Layers{
		SCPs: r.levels("scps", c.SCPs), RCPs: r.levels("rcps", c.RCPs),
		Endpoint: r.attached("vpcEndpointPolicy", "VPC endpoint", c.VPCEndpointPolicy),
		Resource: r.attached("resourcePolicy", "resource", c.ResourcePolicy),
		Identity: r.list("identityPolicies", c.IdentityPolicies),
		Boundary: r.attached("permissionBoundary", "boundary", c.PermissionBoundary),
		Session:  r.attached("sessionPolicy", "session", c.SessionPolicy),
		Grants:   grantsOf(c.Grants), ACL: c.ACL.list(),
		RestrictPublicBuckets: c.Settings.RestrictPublicBuckets,
	}
	if c.Request.Action != "" || len(c.Pairs) == 0 {
		out.Pairs = append(out.Pairs, Pair{r.request(c.Request), layers})
	}
	for i, p := range c.Pairs {
		l := layers
		l.Resource, l.Grants, l.ACL = r.attached(fmt.Sprintf("pairs[%d].resourcePolicy", i), "resource", p.ResourcePolicy), grantsOf(p.Grants), p.ACL.list()
		if p.VPCEndpointPolicy != nil {
			l.Endpoint = r.attached("pairs.vpcEndpointPolicy", "VPC endpoint", p.VPCEndpointPolicy)
		}
		if p.Context == nil {
			p.Context = c.Request.Context
		}
		if p.ResourceAccount == "" {
			p.ResourceAccount = c.Request.ResourceAccount
		}
		out.Pairs = append(out.Pairs, Pair{r.request(caseRequest{c.Request.Principal, p.Action, p.Resource, p.ResourceAccount, p.Context}), l})
	}
	if r.err != nil {
		return nil, fmt.Errorf("case %s: %w", c.ID, r.err)
	}
	return out, nil
}

// caseReader keeps the first error.
type caseReader struct{ err error }

func (r *caseReader) fail(field string, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("%s: %w", field, err)
	}
}

func (r *caseReader) attached(field, source string, text json.RawMessage) *Attached {
	if text == nil || string(text) == "null" {
		return nil
	}
	doc, err := Decode(text)
	if m, ok := errors.AsType[*Malformed](err); ok {
		err = fmt.Errorf("line %d column %d: %s %s", m.Line, m.Column, m.Message, m.Say)
	}
	r.fail(field, err)
	return &Attached{Name: field, Source: source, Document: doc}
}

func (r *caseReader) list(field string, in []caseNamed) []Attached {
	var out []Attached
	for i, p := range in {
		if a := r.attached(fmt.Sprintf("%s[%d]", field, i), p.Source, p.Policy); a != nil {
			a.Name = p.Name
			out = append(out, *a)
		}
	}
	return out
}

func (r *caseReader) levels(field string, in [][]caseNamed) [][]Attached {
	var out [][]Attached
	for _, level := range in {
		out = append(out, r.list(field, level))
	}
	return out
}

func (r *caseReader) request(c caseRequest) Request {
	p, err := ParsePrincipal(c.Principal)
	r.fail("request.principal", err)
	if c.Action == "" || c.Resource == "" {
		r.fail("request", fmt.Errorf("action and resource are needed"))
	}
	out := Request{Principal: p, Action: c.Action, Resource: c.Resource, ResourceAccount: c.ResourceAccount}
	for name, value := range c.Context {
		switch v := value.(type) {
		case string:
			out.Context.Set(name, v)
		case []any:
			list := make([]string, 0, len(v))
			for _, item := range v {
				text, ok := item.(string)
				if !ok {
					r.fail("request.context."+name, fmt.Errorf("a list must hold texts"))
				}
				list = append(list, text)
			}
			out.Context.SetList(name, list)
		default:
			r.fail("request.context."+name, fmt.Errorf("a value must be text or a list of texts"))
		}
	}
	return out
}

func grantsOf(in []caseGrant) []Grant {
	var out []Grant
	for _, g := range in {
		out = append(out, Grant{g.ID, g.Grantee, g.Operations, g.EncryptionContextEquals, g.EncryptionContextSubset})
	}
	return out
}

func (a *caseACL) list() *ACL {
	if a == nil {
		return nil
	}
	out := &ACL{Owner: a.Owner, IgnorePublic: a.IgnorePublic}
	for _, g := range a.Grants {
		out.Grants = append(out.Grants, ACLGrant(g))
	}
	return out
}
