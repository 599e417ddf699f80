package iam

import (
	"encoding/json"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// kind is what differs between users, groups and roles when it comes to policies.
type kind struct {
	word  string // "user"
	Name  string // "User"
	bytes int    // of all inline policies, without white space
	on    func(*exchange.Exchange) string
	param query.Param
	find  func(*exchange.Exchange) (holder, *exchange.Fault)
}

var kindsOfHolder = []kind{
	{"user", "User", world.MaxUserPolicySize, onUser, anyUser, principalHolder(theUser)},
	{"group", "Group", world.MaxGroupPolicySize, onGroup, groupName, groupHolder},
	{"role", "Role", world.MaxRolePolicySize, onRole, roleName, principalHolder(theRole)},
}

// holder is a user, group or role as something that has policies. Its map and slice belong to the world: clone before
// changing them.
type holder struct {
	name     string
	policies map[string]json.RawMessage
	managed  []string
	with     func(policies map[string]json.RawMessage, managed []string) world.Effect // itself with these policies instead
}

func principalHolder(find func(*exchange.Exchange) (world.Principal, *exchange.Fault)) func(*exchange.Exchange) (holder, *exchange.Fault) {
	return func(x *exchange.Exchange) (holder, *exchange.Fault) {
		p, fault := find(x)
		return holder{p.Name, p.Policies, p.Managed, func(policies map[string]json.RawMessage, managed []string) world.Effect {
			p.Policies, p.Managed = policies, managed
			return world.PrincipalPut(p)
		}}, fault
	}
}

func groupHolder(x *exchange.Exchange) (holder, *exchange.Fault) {
	g, fault := theGroup(x)
	return holder{g.Name, g.Policies, g.Managed, func(policies map[string]json.RawMessage, managed []string) world.Effect {
		g.Policies, g.Managed = policies, managed
		return world.GroupPut(g)
	}}, fault
}
