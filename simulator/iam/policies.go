package iam

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var policyRows = []row{
	{"CreatePolicy", onPolicy, takes(policyName.Needed(), document.Needed(), policyPath, query.Param{Name: "Description", Max: 1000}, query.RequestTags), createPolicy},
	{"GetPolicy", onPolicy, takes(arn.Needed()), getPolicy},
	{"DeletePolicy", onPolicy, takes(arn.Needed()), deletePolicy},
	{"ListPolicies", onPaths("policy"), paged(policyPath.Named("PathPrefix"), scope, onlyAttached, usage), listPolicies},
}

type policyShape struct {
	PolicyName                    string
	PolicyID                      string `xml:"PolicyId"`
	ARN                           string `xml:"Arn"`
	Path                          string
	DefaultVersionID              string `xml:"DefaultVersionId"`
	AttachmentCount               int
	PermissionsBoundaryUsageCount int
	IsAttachable                  bool
	Description                   string `xml:",omitempty"`
	CreateDate, UpdateDate        string
	Tags                          *query.Members[tagShape]
}

func shapeOfPolicy(x *exchange.Exchange, p world.ManagedPolicy) policyShape {
	attached, boundaries := uses(x, p.ARN)
	latest := p.Created
	if n := len(p.Versions); n > 0 {
		latest = p.Versions[n-1].Created
	}
	return policyShape{
		PolicyName: p.Name, PolicyID: p.ID, ARN: p.ARN, Path: pathOf(p.Path), DefaultVersionID: p.Default, AttachmentCount: attached,
		PermissionsBoundaryUsageCount: boundaries, IsAttachable: true, CreateDate: when(x, p.Created), UpdateDate: when(x, latest),
	}
}

// uses are how often a policy is attached in the caller's account, and how often it is a boundary.
func uses(x *exchange.Exchange, arn string) (attached, boundaries int) {
	for _, p := range x.World.Principals() {
		if p.Account == x.Caller.Account {
			attached += count(p.Managed, arn)
			boundaries += count([]string{p.Boundary}, arn)
		}
	}
	for _, g := range x.World.Groups(x.Caller.Account) {
		attached += count(g.Managed, arn)
	}
	return attached, boundaries
}

func count(list []string, one string) (n int) {
	for _, s := range list {
		if s == one {
			n++
		}
	}
	return n
}

// checkARN refuses what is no ARN. (recorded)
func checkARN(arn string) *exchange.Fault {
	if !strings.HasPrefix(arn, "arn:") || strings.Count(arn, ":") < 5 {
		return query.Invalid("ARN " + arn + " is not valid.").Told("That is no ARN.")
	}
	return nil
}

// thePolicy finds the managed policy a form names: of the caller's account or of AWS.
func thePolicy(x *exchange.Exchange) (world.ManagedPolicy, *exchange.Fault) {
	arn := x.Form.Get("PolicyArn")
	if fault := checkARN(arn); fault != nil {
		return world.ManagedPolicy{}, fault
	}
	p, ok := x.World.ManagedPolicy(arn)
	if !ok || p.Account != x.Caller.Account && p.Account != world.AWS {
		return p, noSuch("Policy " + arn + " was not found.")
	}
	return p, nil
}

// ownPolicy is thePolicy for changes, which AWS's own policies do not take.
func ownPolicy(x *exchange.Exchange) (world.ManagedPolicy, *exchange.Fault) {
	p, fault := thePolicy(x)
	if fault == nil && p.Account == world.AWS {
		ours(x)
		fault = exchange.Err(403, "AccessDenied", "Policy "+p.ARN+" is an AWS managed policy and cannot be changed.").Told("AWS manages that policy.")
	}
	return p, fault
}

func createPolicy(x *exchange.Exchange) *exchange.Fault {
	name := x.Form.Get("PolicyName")
	own := x.World.ManagedPolicies(x.Caller.Account)
	if slices.ContainsFunc(own, func(p world.ManagedPolicy) bool { return strings.EqualFold(p.Name, name) }) {
		return exists("A policy called " + name + " already exists. Duplicate names are not allowed.")
	}
	if fault := room(x, "Policies", len(own), world.MaxManagedPolicies); fault != nil {
		return fault
	}
	text := x.Form.Get("PolicyDocument")
	if fault := identityDocument(x, text, true); fault != nil {
		return fault
	}
	tags, fault := newTags(x, exactKeys)
	if fault != nil {
		return fault
	}
	now, path := x.World.Now(), pathOf(x.Form.Get("Path"))
	p := world.ManagedPolicy{
		Account: x.Caller.Account, Name: name, Path: path, ID: x.World.NewID("ANPA"), ARN: arnOf(x, "policy", path, name),
		Description: x.Form.Get("Description"), Created: now, Default: "v1", Tags: tags,
		Versions: []world.PolicyVersion{{ID: "v1", Document: json.RawMessage(text), Created: now}},
	}
	if fault := apply(x, "policy "+name+" was created", world.PolicyPut(p)); fault != nil {
		return fault
	}
	s := shapeOfPolicy(x, p)
	s.Tags = shapeOfTags(p.Tags)
	x.Result(struct{ Policy policyShape }{s})
	return nil
}

func getPolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := thePolicy(x)
	if fault != nil {
		return fault
	}
	s := shapeOfPolicy(x, p)
	s.Description, s.Tags = p.Description, &query.Members[tagShape]{Member: tagList(p.Tags)}
	x.Result(struct{ Policy policyShape }{s})
	return nil
}

func deletePolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := ownPolicy(x)
	if fault != nil {
		return fault
	}
	if attached, boundaries := uses(x, p.ARN); attached+boundaries > 0 {
		return conflict("Cannot delete a policy attached to entities.")
	}
	if len(p.Versions) > 1 {
		return conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	return finish(x, "policy "+p.Name+" was deleted", world.PolicyRemoved(p.ARN))
}

func listPolicies(x *exchange.Exchange) *exchange.Fault {
	var list []policyShape
	scope, onlyAttached, usage := x.Form.Get("Scope"), x.Form.Get("OnlyAttached") == "true", x.Form.Get("PolicyUsageFilter")
	for _, account := range []string{x.Caller.Account, world.AWS} {
		if scope == "Local" && account == world.AWS || scope == "AWS" && account != world.AWS {
			continue
		}
		for _, p := range x.World.ManagedPolicies(account) {
			s := shapeOfPolicy(x, p)
			used := s.AttachmentCount > 0 && usage != "PermissionsBoundary" || s.PermissionsBoundaryUsageCount > 0 && usage != "PermissionsPolicy"
			if strings.HasPrefix(s.Path, x.Form.Get("PathPrefix")) && (used || !onlyAttached && usage == "") {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b policyShape) int {
		return cmp.Or(cmp.Compare(a.PolicyName, b.PolicyName), cmp.Compare(a.ARN, b.ARN))
	})
	part, more, fault := query.Page(x.Form, list, func(p policyShape) string { return p.ARN })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		Policies query.Members[policyShape]
		query.More
	}{part, more})
	return nil
}
