package iam

import (
	"encoding/json"
	"fmt"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var simulateRows = []row{
	{"SimulatePrincipalPolicy", onSource, append(takes(source.Needed(), inputs), simulated...), simulatePrincipal},
	{"SimulateCustomPolicy", onEverything, append(takes(inputs.Needed()), simulated...), simulateCustom},
	{"GetContextKeysForPrincipalPolicy", onSource, takes(source.Needed(), inputs), contextKeysForPrincipal},
	{"GetContextKeysForCustomPolicy", onEverything, takes(inputs.Needed()), contextKeysForCustom},
}

func onSource(x *exchange.Exchange) string { return x.Form.Get("PolicySourceArn") }

// simulation is one question to the engine: everything but the action and the resource.
type simulation struct {
	principal policy.Principal
	layers    policy.Layers
	context   policy.Context
	owner     string // account of the resources; "": as their ARNs say, else the principal's
	bounded   bool   // there is a permissions boundary
	organized bool   // there are service control policies
}

// invalidInput is a 400 of the simulator's.
func invalidInput(format string, args ...any) *exchange.Fault {
	return exchange.Err(400, "InvalidInput", fmt.Sprintf(format, args...)).Told("The simulation cannot be run like this.")
}

// sourceOf finds the user, group or role that a simulation is about: its policies, its boundary and who it is.
func sourceOf(x *exchange.Exchange) (simulation, *exchange.Fault) {
	arn := x.Form.Get("PolicySourceArn")
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[2] != "iam" || !strings.Contains(parts[5], "/") {
		return simulation{}, invalidInput("Invalid Entity Arn: %s does not clearly define entity type and name.", arn)
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	name := rest[strings.LastIndexByte(rest, '/')+1:]
	s := simulation{principal: policy.Principal{Kind: policy.User, ARN: arn, Account: parts[4], Name: name}}
	p := world.Principal{Kind: "group", Account: parts[4], Name: name}
	found := false
	switch kind {
	case "user", "role":
		p, found = x.World.Principal(parts[4], kind, name)
		s.principal.ID = p.ID
	case "group":
		var g world.Group
		g, found = x.World.Group(parts[4], name)
		p.Policies, p.Managed, p.ARN = g.Policies, g.Managed, g.ARN
	}
	if !found || p.ARN != arn || parts[4] != x.Caller.Account {
		return s, noSuch("The entity with arn " + arn + " cannot be found.")
	}
	if kind == "role" {
		s.principal = policy.Principal{
			Kind: policy.RoleSession, Account: parts[4], Name: name, Session: "simulation", ID: p.ID + ":simulation",
			ARN: "arn:aws:sts::" + parts[4] + ":assumed-role/" + name + "/simulation",
		}
	}
	s.layers.Identity, s.layers.Boundary = x.World.PrincipalPolicies(p)
	s.layers.SCPs = x.World.SCPs(parts[4])
	s.describe(p)
	return s, nil
}

// describe fills in the keys about the principal, which a request of its would have.
func (s *simulation) describe(p world.Principal) {
	if p.Kind == "group" {
		return
	}
	s.context.Set("aws:PrincipalArn", p.ARN)
	s.context.Set("aws:PrincipalAccount", p.Account)
	s.context.Set("aws:userid", s.principal.ID)
	if p.Kind == "user" {
		s.context.Set("aws:username", p.Name)
	}
	for key, value := range p.Tags {
		s.context.Set("aws:PrincipalTag/"+key, value)
	}
}

// inputDocuments are the policies a form gives as texts, named by their place in the list as AWS names them.
func inputDocuments(x *exchange.Exchange, list string) ([]policy.Attached, *exchange.Fault) {
	var out []policy.Attached
	for i, text := range query.Strings(x.Form, list) {
		d, err := x.World.Compile(json.RawMessage(text))
		if err != nil {
			return nil, invalidInput("%s.%d: %v", list, i+1, err)
		}
		out = append(out, policy.Attached{Name: fmt.Sprintf("%s.%d", list, i+1), Source: "the request", Document: d})
	}
	return out, nil
}

// read adds what both simulations may give: policies, a boundary, a resource policy, another caller and condition keys.
func (s *simulation) read(x *exchange.Exchange) *exchange.Fault {
	x.Note("modelled: a simulation has the keys about its principal and those that were given, no others; so are the texts of what it refuses")
	more, fault := inputDocuments(x, "PolicyInputList")
	if fault != nil {
		return fault
	}
	s.layers.Identity = append(s.layers.Identity, more...)
	boundaries, fault := inputDocuments(x, "PermissionsBoundaryPolicyInputList")
	switch {
	case fault != nil:
		return fault
	case len(boundaries) > 1:
		return invalidInput("Only one permissions boundary can be given.")
	case len(boundaries) == 1:
		s.layers.Boundary = &boundaries[0]
	}
	if caller := x.Form.Get("CallerArn"); caller != "" {
		p, err := policy.ParsePrincipal(caller)
		if err != nil || p.Kind != policy.User {
			return invalidInput("Invalid CallerArn: %s is not the ARN of a user.", caller)
		}
		s.principal = p
		u, _ := x.World.Principal(p.Account, "user", p.Name)
		s.principal.ID, u.Kind, u.Account, u.Name, u.ARN = u.ID, "user", p.Account, p.Name, caller
		s.describe(u)
	}
	if text := x.Form.Get("ResourcePolicy"); text != "" {
		if s.principal.Name == "" {
			return invalidInput("CallerArn is required when a ResourcePolicy is given.")
		}
		d, err := x.World.Compile(json.RawMessage(text))
		if err != nil {
			return invalidInput("ResourcePolicy: %v", err)
		}
		s.layers.Resource = &policy.Attached{Name: "ResourcePolicy", Source: "the request", Document: d}
	}
	if owner := strings.SplitN(x.Form.Get("ResourceOwner"), ":", 6); len(owner) == 6 {
		s.owner = owner[4]
	} else if query.Sent(x.Form, "ResourceOwner") {
		s.owner = x.Form.Get("ResourceOwner")
	}
	for _, prefix := range query.Items(x.Form, "ContextEntries") {
		name, values := x.Form.Get(prefix+".ContextKeyName"), query.Strings(x.Form, prefix+".ContextKeyValues")
		switch {
		case name == "" || len(values) == 0:
			return invalidInput("A context entry needs a name and a value.")
		case strings.HasSuffix(x.Form.Get(prefix+".ContextKeyType"), "List") || len(values) > 1:
			s.context.SetList(name, values)
		default:
			s.context.Set(name, values[0])
		}
	}
	s.bounded, s.organized = s.layers.Boundary != nil, s.layers.SCPs != nil
	return nil
}

func simulatePrincipal(x *exchange.Exchange) *exchange.Fault {
	s, fault := sourceOf(x)
	if fault != nil {
		return fault
	}
	return s.run(x)
}

func simulateCustom(x *exchange.Exchange) *exchange.Fault {
	s := simulation{principal: policy.Principal{Kind: policy.User, ARN: "arn:aws:iam::" + x.Caller.Account + ":user/", Account: x.Caller.Account}}
	return s.run(x)
}

// run evaluates every action on every resource.
func (s *simulation) run(x *exchange.Exchange) *exchange.Fault {
	if fault := s.read(x); fault != nil {
		return fault
	}
	actions, resources := query.Strings(x.Form, "ActionNames"), query.Strings(x.Form, "ResourceArns")
	named := len(resources) > 0
	if !named {
		resources = []string{"*"}
	}
	if n := len(actions) * len(resources); n > MaxSimulations {
		return invalidInput("%d actions and resources are more than the %d this simulator takes at once.", n, MaxSimulations)
	}
	var results []resultShape
	for _, action := range actions {
		if vendor, name, ok := strings.Cut(action, ":"); !ok || vendor == "" || name == "" || strings.ContainsAny(action, "*?") {
			return invalidInput("Invalid Action Name: %s", action)
		}
		for _, resource := range resources {
			results = append(results, s.evaluate(action, resource, named))
		}
	}
	part, more, fault := query.Page(x.Form, results, func(r resultShape) string { return r.EvalActionName + " " + r.EvalResourceName })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		EvaluationResults query.Members[resultShape]
		query.More
	}{part, more})
	return nil
}

// evaluate asks the engine once.
func (s *simulation) evaluate(action, resource string, named bool) resultShape {
	owner := s.owner
	if parts := strings.SplitN(resource, ":", 6); owner == "" && len(parts) == 6 {
		owner = parts[4]
	}
	if len(owner) != 12 {
		owner = s.principal.Account
	}
	d := policy.Evaluate(policy.Request{Principal: s.principal, Action: action, Resource: resource, ResourceAccount: owner, Context: s.context}, s.layers)
	return s.shape(&d, action, resource, named)
}

func contextKeysForPrincipal(x *exchange.Exchange) *exchange.Fault {
	s, fault := sourceOf(x)
	if fault != nil {
		return fault
	}
	return s.answerKeys(x)
}

func contextKeysForCustom(x *exchange.Exchange) *exchange.Fault { return (&simulation{}).answerKeys(x) }

func (s *simulation) answerKeys(x *exchange.Exchange) *exchange.Fault {
	more, fault := inputDocuments(x, "PolicyInputList")
	if fault != nil {
		return fault
	}
	x.Result(struct{ ContextKeyNames query.Members[string] }{query.Members[string]{Member: tested(append(s.layers.Identity, more...))}})
	return nil
}
