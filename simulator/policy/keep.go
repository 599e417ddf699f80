package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A kept decision is its question: the request and the documents. What was said about them is found again by evaluating, so
// a stored trace can be asked what an edit would change.
type kept struct {
	Principal       Principal
	Action          string
	Resource        string
	ResourceAccount string
	Context         []Values

	Texts                  []string // documents, each once
	SCPs, RCPs             [][]keptAttached
	Endpoint, On           *keptAttached
	Identity               []keptAttached
	Boundary, Session      *keptAttached
	Grants                 []Grant
	ACL                    *ACL
	RestrictPublicBuckets  bool
	NoSCPs, NoRCPs, NoList bool // they were nil, which is another thing than empty
}

type keptAttached struct {
	Name, Source string
	Text         int // index
}

// MarshalBinary writes the question as JSON.
func (d *Decision) MarshalBinary() ([]byte, error) {
	r, l := &d.Request, &d.Layers
	k := kept{
		Principal: r.Principal, Action: r.Action, Resource: r.Resource, ResourceAccount: r.ResourceAccount, Context: r.Context.Keys(),
		Grants: l.Grants, ACL: l.ACL, RestrictPublicBuckets: l.RestrictPublicBuckets,
		NoSCPs: l.SCPs == nil, NoRCPs: l.RCPs == nil, NoList: l.Identity == nil,
	}
	index := map[string]int{}
	one := func(a *Attached) *keptAttached {
		if a == nil {
			return nil
		}
		i, known := index[a.Document.Text]
		if !known {
			i = len(k.Texts)
			index[a.Document.Text] = i
			k.Texts = append(k.Texts, a.Document.Text)
		}
		return &keptAttached{a.Name, a.Source, i}
	}
	list := func(all []Attached) []keptAttached {
		out := make([]keptAttached, len(all))
		for i := range all {
			out[i] = *one(&all[i])
		}
		return out
	}
	levels := func(all [][]Attached) [][]keptAttached {
		out := make([][]keptAttached, len(all))
		for i := range all {
			out[i] = list(all[i])
		}
		return out
	}
	k.SCPs, k.RCPs, k.Identity = levels(l.SCPs), levels(l.RCPs), list(l.Identity)
	k.Endpoint, k.On, k.Boundary, k.Session = one(l.Endpoint), one(l.Resource), one(l.Boundary), one(l.Session)
	return json.Marshal(k)
}

// UnmarshalBinary reads a question and decides it again. The error names what is not as MarshalBinary writes it. A document
// that is refused by now leaves a decision without a verdict and a trace: whoever kept it keeps the rest.
func (d *Decision) UnmarshalBinary(data []byte) error {
	var k kept
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&k); err != nil {
		return fmt.Errorf("policy: a kept decision: %w", err)
	}
	docs := make([]*Document, len(k.Texts))
	for i, text := range k.Texts {
		doc, err := Decode([]byte(text))
		if err != nil {
			*d = Decision{Request: Request{Principal: k.Principal, Action: k.Action, Resource: k.Resource, ResourceAccount: k.ResourceAccount}}
			return nil
		}
		docs[i] = doc
	}
	var bad error
	one := func(a *keptAttached) *Attached {
		if a == nil {
			return nil
		}
		if a.Text < 0 || a.Text >= len(docs) {
			bad = fmt.Errorf("policy: a kept decision has no document %d", a.Text)
			return nil
		}
		return &Attached{a.Name, a.Source, docs[a.Text]}
	}
	list := func(all []keptAttached) []Attached {
		out := make([]Attached, 0, len(all))
		for i := range all {
			if a := one(&all[i]); a != nil {
				out = append(out, *a)
			}
		}
		return out
	}
	levels := func(all [][]keptAttached, none bool) [][]Attached {
		if none {
			return nil
		}
		out := make([][]Attached, len(all))
		for i := range all {
			out[i] = list(all[i])
		}
		return out
	}
	r := Request{Principal: k.Principal, Action: k.Action, Resource: k.Resource, ResourceAccount: k.ResourceAccount}
	for _, v := range k.Context {
		r.Context.put(v.Name, v)
	}
	l := Layers{
		SCPs: levels(k.SCPs, k.NoSCPs), RCPs: levels(k.RCPs, k.NoRCPs), Endpoint: one(k.Endpoint), Resource: one(k.On),
		Identity: list(k.Identity), Boundary: one(k.Boundary), Session: one(k.Session),
		Grants: k.Grants, ACL: k.ACL, RestrictPublicBuckets: k.RestrictPublicBuckets,
	}
	if k.NoList {
		l.Identity = nil
	}
	if bad != nil {
		return bad
	}
	*d = Evaluate(r, l)
	return nil
}
