package iam

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// attachRows are Attach, Detach and ListAttached of managed policies, the permissions boundaries, and who has a policy.
var attachRows = func() []row {
	var out []row
	for _, k := range kindsOfHolder {
		out = append(out,
			row{"Attach" + k.Name + "Policy", k.on, takes(k.param.Needed(), arn.Needed()), k.attach},
			row{"Detach" + k.Name + "Policy", k.on, takes(k.param.Needed(), arn.Needed()), k.detach},
			row{"ListAttached" + k.Name + "Policies", k.on, paged(k.param.Needed(), policyPath.Named("PathPrefix")), k.listAttached})
	}
	return append(out,
		row{"PutUserPermissionsBoundary", onUser, takes(userName.Needed(), boundary.Needed()), putBoundary(theUser)},
		row{"PutRolePermissionsBoundary", onRole, takes(roleName.Needed(), boundary.Needed()), putBoundary(theRole)},
		row{"DeleteUserPermissionsBoundary", onUser, takes(userName.Needed()), deleteBoundary(theUser)},
		row{"DeleteRolePermissionsBoundary", onRole, takes(roleName.Needed()), deleteBoundary(theRole)},
		row{"ListEntitiesForPolicy", onPolicy, paged(arn.Needed(), query.Param{Name: "EntityFilter", OneOf: kinds}, path.Named("PathPrefix"), usage), listEntities})
}()

func (k kind) attach(x *exchange.Exchange) *exchange.Fault {
	arn := x.Form.Get("PolicyArn")
	if fault := checkARN(arn); fault != nil {
		return fault
	}
	h, fault := k.find(x)
	if fault != nil {
		return fault
	}
	p, fault := thePolicy(x)
	switch {
	case fault != nil:
		return noSuch("Policy " + arn + " does not exist or is not attachable.")
	case slices.Contains(h.managed, p.ARN):
		x.Result(nil)
		return nil
	case len(h.managed) >= world.MaxAttachedPolicies:
		return quota("PoliciesPer"+k.Name, strconv.Itoa(world.MaxAttachedPolicies))
	}
	return finish(x, fmt.Sprintf("policy %s is attached to %s %s", p.Name, k.word, h.name), h.with(h.policies, append(slices.Clone(h.managed), p.ARN)))
}

func (k kind) detach(x *exchange.Exchange) *exchange.Fault {
	arn := x.Form.Get("PolicyArn")
	if fault := checkARN(arn); fault != nil {
		return fault
	}
	h, fault := k.find(x)
	if fault != nil {
		return fault
	}
	if !slices.Contains(h.managed, arn) {
		return noSuch("Policy " + arn + " was not found.")
	}
	return finish(x, fmt.Sprintf("policy %s is no longer attached to %s %s", arn, k.word, h.name), h.with(h.policies, without(h.managed, arn)))
}

func (k kind) listAttached(x *exchange.Exchange) *exchange.Fault {
	h, fault := k.find(x)
	if fault != nil {
		return fault
	}
	part, more, fault := query.Page(x.Form, attachedList(x, h.managed), func(a attachedShape) string { return a.PolicyARN })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		AttachedPolicies query.Members[attachedShape]
		query.More
	}{part, more})
	return nil
}

// boundaryOf is the permissions boundary a form asks for; "" when it asks for none.
func boundaryOf(x *exchange.Exchange) (string, *exchange.Fault) {
	arn := x.Form.Get("PermissionsBoundary")
	if arn == "" {
		return "", nil
	}
	if fault := checkARN(arn); fault != nil {
		return "", fault
	}
	p, ok := x.World.ManagedPolicy(arn)
	if !ok || p.Account != x.Caller.Account && p.Account != world.AWS {
		return "", noSuch("Scope ARN: " + arn + " does not exist or is not attachable.")
	}
	return arn, nil
}

func putBoundary(find func(*exchange.Exchange) (world.Principal, *exchange.Fault)) func(*exchange.Exchange) *exchange.Fault {
	return func(x *exchange.Exchange) *exchange.Fault {
		p, fault := find(x)
		if fault != nil {
			return fault
		}
		if p.Boundary, fault = boundaryOf(x); fault != nil {
			return fault
		}
		return finish(x, fmt.Sprintf("the permissions boundary of %s %s is %s", p.Kind, p.Name, p.Boundary), world.PrincipalPut(p))
	}
}

func deleteBoundary(find func(*exchange.Exchange) (world.Principal, *exchange.Fault)) func(*exchange.Exchange) *exchange.Fault {
	return func(x *exchange.Exchange) *exchange.Fault {
		p, fault := find(x)
		if fault != nil {
			return fault
		}
		if p.Boundary == "" {
			ours(x)
			return noSuch("The " + p.Kind + " with name " + p.Name + " does not have a permissions boundary.")
		}
		p.Boundary = ""
		return finish(x, fmt.Sprintf("%s %s has no permissions boundary", p.Kind, p.Name), world.PrincipalPut(p))
	}
}

// listEntities answers who has a policy, and whose boundary it is.
func listEntities(x *exchange.Exchange) *exchange.Fault {
	p, fault := thePolicy(x)
	if fault != nil {
		return fault
	}
	type entity struct {
		kind, name, id string
	}
	var list []entity
	filter, usage, prefix := x.Form.Get("EntityFilter"), x.Form.Get("PolicyUsageFilter"), x.Form.Get("PathPrefix")
	add := func(kind, name, id, path string, managed []string, boundary string) {
		has := slices.Contains(managed, p.ARN) && usage != "PermissionsBoundary" || boundary == p.ARN && usage != "PermissionsPolicy"
		if has && (filter == "" || filter == kind) && strings.HasPrefix(pathOf(path), prefix) {
			list = append(list, entity{kind, name, id})
		}
	}
	for _, g := range groups(x) {
		add("Group", g.Name, g.ID, g.Path, g.Managed, "")
	}
	for _, kind := range []string{"user", "role"} {
		for _, q := range principals(x, kind) {
			add(strings.ToUpper(kind[:1])+kind[1:], q.Name, q.ID, q.Path, q.Managed, q.Boundary)
		}
	}
	part, more, fault := query.Page(x.Form, list, func(e entity) string { return e.kind + "/" + e.name })
	if fault != nil {
		return fault
	}
	out := struct {
		PolicyGroups, PolicyUsers, PolicyRoles query.Members[entityShape]
		query.More
	}{More: more}
	for _, e := range part.Member {
		shape := entityShape{named{xml.Name{Local: e.kind + "Name"}, e.name}, named{xml.Name{Local: e.kind + "Id"}, e.id}}
		to := map[string]*query.Members[entityShape]{"Group": &out.PolicyGroups, "User": &out.PolicyUsers, "Role": &out.PolicyRoles}[e.kind]
		to.Member = append(to.Member, shape)
	}
	x.Result(out)
	return nil
}

// entityShape is a name and an id under the names of their kind.
type entityShape struct{ Name, ID named }
