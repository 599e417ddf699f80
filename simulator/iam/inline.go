package iam

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// inlineRows are Put, Get, Delete and List of the inline policies of users, groups and roles.
var inlineRows = func() []row {
	var out []row
	for _, k := range kindsOfHolder {
		out = append(out,
			row{"Put" + k.Name + "Policy", k.on, takes(k.param.Needed(), policyName.Needed(), document.Needed()), k.putPolicy},
			row{"Get" + k.Name + "Policy", k.on, takes(k.param.Needed(), policyName.Needed()), k.getPolicy},
			row{"Delete" + k.Name + "Policy", k.on, takes(k.param.Needed(), policyName.Needed()), k.deletePolicy},
			row{"List" + k.Name + "Policies", k.on, paged(k.param.Needed()), k.listPolicies})
	}
	return out
}()

func (k kind) putPolicy(x *exchange.Exchange) *exchange.Fault {
	h, fault := k.find(x)
	if fault != nil {
		return fault
	}
	text := x.Form.Get("PolicyDocument")
	if fault := identityDocument(x, text, false); fault != nil {
		return fault
	}
	policies := maps.Clone(h.policies)
	if policies == nil {
		policies = map[string]json.RawMessage{}
	}
	policies[x.Form.Get("PolicyName")] = json.RawMessage(text)
	total := 0
	for _, p := range policies {
		total += world.PolicySize(p)
	}
	if total > k.bytes {
		return exchange.Err(409, "LimitExceeded", fmt.Sprintf("Maximum policy size of %d bytes exceeded for %s %s", k.bytes, k.word, h.name)).
			Told("The inline policies are too long together.")
	}
	return finish(x, fmt.Sprintf("inline policy %s of %s %s was put", x.Form.Get("PolicyName"), k.word, h.name), h.with(policies, h.managed))
}

// inline finds the policy a form names.
func (k kind) inline(x *exchange.Exchange) (holder, json.RawMessage, *exchange.Fault) {
	h, fault := k.find(x)
	if fault != nil {
		return h, nil, fault
	}
	document, ok := h.policies[x.Form.Get("PolicyName")]
	if !ok {
		return h, nil, noSuch("The " + k.word + " policy with name " + x.Form.Get("PolicyName") + " cannot be found.")
	}
	return h, document, nil
}

func (k kind) getPolicy(x *exchange.Exchange) *exchange.Fault {
	h, document, fault := k.inline(x)
	if fault != nil {
		return fault
	}
	x.Result(struct {
		Holder         named
		PolicyName     string
		PolicyDocument string
	}{named{xml.Name{Local: k.Name + "Name"}, h.name}, x.Form.Get("PolicyName"), escape(document)})
	return nil
}

// named is an element whose name is known at run time: UserName, GroupName or RoleName.
type named struct {
	XMLName xml.Name
	Value   string `xml:",chardata"`
}

func (k kind) deletePolicy(x *exchange.Exchange) *exchange.Fault {
	h, _, fault := k.inline(x)
	if fault != nil {
		return fault
	}
	policies := maps.Clone(h.policies)
	delete(policies, x.Form.Get("PolicyName"))
	return finish(x, fmt.Sprintf("inline policy %s of %s %s was deleted", x.Form.Get("PolicyName"), k.word, h.name), h.with(policies, h.managed))
}

func (k kind) listPolicies(x *exchange.Exchange) *exchange.Fault {
	h, fault := k.find(x)
	if fault != nil {
		return fault
	}
	part, more, fault := query.Page(x.Form, slices.Sorted(maps.Keys(h.policies)), func(s string) string { return s })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		PolicyNames query.Members[string]
		query.More
	}{part, more})
	return nil
}
