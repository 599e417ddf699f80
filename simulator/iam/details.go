package iam

import (
	"encoding/json"
	"maps"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// What GetAccountAuthorizationDetails answers: everything of the account with everything that belongs to it.
type (
	inlineShape struct{ PolicyName, PolicyDocument string }

	userDetail struct {
		userShape
		UserPolicyList          query.Members[inlineShape]
		GroupList               query.Members[string]
		AttachedManagedPolicies query.Members[attachedShape]
	}
	groupDetail struct {
		groupShape
		GroupPolicyList         query.Members[inlineShape]
		AttachedManagedPolicies query.Members[attachedShape]
	}
	roleDetail struct {
		roleShape
		InstanceProfileList     query.Members[string] // always empty: instance profiles are not imitated
		RolePolicyList          query.Members[inlineShape]
		AttachedManagedPolicies query.Members[attachedShape]
	}
	policyDetail struct {
		policyShape
		PolicyVersionList query.Members[versionShape]
	}
	details struct {
		UserDetailList  query.Members[userDetail]
		GroupDetailList query.Members[groupDetail]
		RoleDetailList  query.Members[roleDetail]
		Policies        query.Members[policyDetail]
		query.More
	}
)

func getAccountAuthorizationDetails(x *exchange.Exchange) *exchange.Fault {
	type item struct {
		arn string
		add func(*details)
	}
	var list []item
	filter := query.Strings(x.Form, "Filter")
	wanted := func(kind string) bool { return len(filter) == 0 || slices.Contains(filter, kind) }
	if wanted("User") {
		for _, p := range principals(x, "user") {
			list = append(list, item{p.ARN, func(d *details) { d.UserDetailList.Member = append(d.UserDetailList.Member, detailOfUser(x, p)) }})
		}
	}
	if wanted("Group") {
		for _, g := range groups(x) {
			list = append(list, item{g.ARN, func(d *details) { d.GroupDetailList.Member = append(d.GroupDetailList.Member, detailOfGroup(x, g)) }})
		}
	}
	if wanted("Role") {
		for _, p := range principals(x, "role") {
			list = append(list, item{p.ARN, func(d *details) { d.RoleDetailList.Member = append(d.RoleDetailList.Member, detailOfRole(x, p)) }})
		}
	}
	for _, of := range []struct{ kind, account string }{{"LocalManagedPolicy", x.Caller.Account}, {"AWSManagedPolicy", world.AWS}} {
		for _, p := range x.World.ManagedPolicies(of.account) {
			attached, boundaries := uses(x, p.ARN)
			if wanted(of.kind) && (of.account != world.AWS || attached+boundaries > 0) {
				list = append(list, item{p.ARN, func(d *details) { d.Policies.Member = append(d.Policies.Member, detailOfPolicy(x, p)) }})
			}
		}
	}
	part, more, fault := query.Page(x.Form, list, func(i item) string { return i.arn })
	if fault != nil {
		return fault
	}
	out := details{More: more}
	for _, i := range part.Member {
		i.add(&out)
	}
	x.Result(out)
	return nil
}

func inlineList(policies map[string]json.RawMessage) (out query.Members[inlineShape]) {
	for _, name := range slices.Sorted(maps.Keys(policies)) {
		out.Member = append(out.Member, inlineShape{name, escape(policies[name])})
	}
	return out
}

func attachedMembers(x *exchange.Exchange, arns []string) query.Members[attachedShape] {
	return query.Members[attachedShape]{Member: attachedList(x, arns)}
}

func detailOfUser(x *exchange.Exchange, p world.Principal) userDetail {
	return userDetail{shapeOfUser(x, p, true), inlineList(p.Policies), query.Members[string]{Member: p.Groups}, attachedMembers(x, p.Managed)}
}

func detailOfGroup(x *exchange.Exchange, g world.Group) groupDetail {
	return groupDetail{shapeOfGroup(x, g), inlineList(g.Policies), attachedMembers(x, g.Managed)}
}

func detailOfRole(x *exchange.Exchange, p world.Principal) roleDetail {
	return roleDetail{roleShape: shapeOfRole(x, p, true, false), RolePolicyList: inlineList(p.Policies), AttachedManagedPolicies: attachedMembers(x, p.Managed)}
}

func detailOfPolicy(x *exchange.Exchange, p world.ManagedPolicy) policyDetail {
	d := policyDetail{policyShape: shapeOfPolicy(x, p)}
	d.Description = p.Description
	for _, v := range slices.Backward(p.Versions) {
		s := shapeOfVersion(x, p, v)
		s.Document = escape(v.Document)
		d.PolicyVersionList.Member = append(d.PolicyVersionList.Member, s)
	}
	return d
}
