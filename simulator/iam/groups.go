package iam

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var groupRows = []row{
	{"CreateGroup", onGroup, takes(groupName.Needed(), path), createGroup},
	{"GetGroup", onGroup, paged(groupName.Needed()), getGroup},
	{"UpdateGroup", onGroup, takes(groupName.Needed(), path.Named("NewPath"), groupName.Named("NewGroupName")), updateGroup},
	{"DeleteGroup", onGroup, takes(groupName.Needed()), deleteGroup},
	{"ListGroups", onPaths("group"), paged(pathPrefix), listGroups},
	{"AddUserToGroup", onGroup, takes(groupName.Needed(), anyUser.Needed()), addUserToGroup},
	{"RemoveUserFromGroup", onGroup, takes(groupName.Needed(), anyUser.Needed()), removeUserFromGroup},
	{"ListGroupsForUser", onUser, paged(anyUser.Needed()), listGroupsForUser},
}

// groups are those of the caller's account below a path, by name.
func groups(x *exchange.Exchange) []world.Group {
	var out []world.Group
	for _, g := range x.World.Groups(x.Caller.Account) {
		if strings.HasPrefix(pathOf(g.Path), x.Form.Get("PathPrefix")) {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b world.Group) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func groupTaken(x *exchange.Exchange, name string) bool {
	return slices.ContainsFunc(x.World.Groups(x.Caller.Account), func(g world.Group) bool { return strings.EqualFold(g.Name, name) })
}

// members are the users of a group, by name.
func members(x *exchange.Exchange, g world.Group) []world.Principal {
	var out []world.Principal
	for _, p := range x.World.Principals() {
		if p.Kind == "user" && p.Account == g.Account && slices.Contains(p.Groups, g.Name) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b world.Principal) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func createGroup(x *exchange.Exchange) *exchange.Fault {
	name := x.Form.Get("GroupName")
	path, fault := checkPath(x.Form.Get("Path"))
	if fault != nil {
		return fault
	}
	if groupTaken(x, name) {
		return exists("Group with name " + name + " already exists.")
	}
	if fault := room(x, "Groups", len(groups(x)), world.MaxGroups); fault != nil {
		return fault
	}
	g := world.Group{
		Account: x.Caller.Account, Name: name, Path: path, ID: x.World.NewID("AGPA"), ARN: arnOf(x, "group", path, name), Created: x.World.Now(),
	}
	if fault := apply(x, "group "+name+" was created", world.GroupPut(g)); fault != nil {
		return fault
	}
	x.Result(struct{ Group groupShape }{shapeOfGroup(x, g)})
	return nil
}

func getGroup(x *exchange.Exchange) *exchange.Fault {
	g, fault := theGroup(x)
	if fault != nil {
		return fault
	}
	part, more, fault := query.Page(x.Form, members(x, g), func(p world.Principal) string { return p.Name })
	if fault != nil {
		return fault
	}
	users := query.Members[userShape]{}
	for _, p := range part.Member {
		users.Member = append(users.Member, shapeOfUser(x, p, false))
	}
	x.Result(struct {
		Group groupShape
		Users query.Members[userShape]
		query.More
	}{shapeOfGroup(x, g), users, more})
	return nil
}

// updateGroup renames or moves a group. Its members stay in it.
func updateGroup(x *exchange.Exchange) *exchange.Fault {
	old, fault := theGroup(x)
	if fault != nil {
		return fault
	}
	g := old
	if query.Sent(x.Form, "NewPath") {
		if g.Path, fault = checkPath(x.Form.Get("NewPath")); fault != nil {
			return fault
		}
	}
	if name := x.Form.Get("NewGroupName"); name != "" && name != old.Name {
		if groupTaken(x, name) && !strings.EqualFold(name, old.Name) {
			return exists("Group with name " + name + " already exists.")
		}
		g.Name = name
	}
	g.ARN = arnOf(x, "group", g.Path, g.Name)
	if g.Name == old.Name {
		return finish(x, "group "+g.Name+" is now "+g.ARN, world.GroupPut(g))
	}
	var out, in []world.Effect
	for _, p := range members(x, old) {
		p.Groups = without(p.Groups, old.Name)
		out = append(out, world.PrincipalPut(p))
		p.Groups = append(slices.Clone(p.Groups), g.Name)
		in = append(in, world.PrincipalPut(p))
	}
	effects := slices.Concat(out, []world.Effect{world.GroupRemoved(old.Account, old.Name), world.GroupPut(g)}, in)
	return finish(x, "group "+old.Name+" is now "+g.ARN, effects...)
}

func deleteGroup(x *exchange.Exchange) *exchange.Fault {
	g, fault := theGroup(x)
	if fault != nil {
		return fault
	}
	switch {
	case len(members(x, g)) > 0:
		return conflict("Cannot delete entity, must remove users from group first.")
	case len(g.Managed) > 0:
		return conflict("Cannot delete entity, must detach all policies first.")
	case len(g.Policies) > 0:
		return conflict("Cannot delete entity, must delete policies first.")
	}
	return finish(x, "group "+g.Name+" was deleted", world.GroupRemoved(g.Account, g.Name))
}

func listGroups(x *exchange.Exchange) *exchange.Fault { return answerGroups(x, groups(x)) }

func answerGroups(x *exchange.Exchange, list []world.Group) *exchange.Fault {
	part, more, fault := query.Page(x.Form, list, func(g world.Group) string { return g.Name })
	if fault != nil {
		return fault
	}
	out := query.Members[groupShape]{}
	for _, g := range part.Member {
		out.Member = append(out.Member, shapeOfGroup(x, g))
	}
	x.Result(struct {
		Groups query.Members[groupShape]
		query.More
	}{out, more})
	return nil
}

// membership finds the user and the group a form names; the user is missed first. (recorded)
func membership(x *exchange.Exchange) (world.Principal, world.Group, *exchange.Fault) {
	g, missing := theGroup(x)
	p, fault := theUser(x)
	if fault == nil {
		fault = missing
	}
	return p, g, fault
}

func addUserToGroup(x *exchange.Exchange) *exchange.Fault {
	p, g, fault := membership(x)
	switch {
	case fault != nil:
		return fault
	case slices.Contains(p.Groups, g.Name):
		x.Result(nil)
		return nil
	case len(p.Groups) >= world.MaxGroupsPerUser:
		return quota("GroupsPerUser", strconv.Itoa(world.MaxGroupsPerUser))
	}
	p.Groups = append(slices.Clone(p.Groups), g.Name)
	return finish(x, "user "+p.Name+" is now in group "+g.Name, world.PrincipalPut(p))
}

func removeUserFromGroup(x *exchange.Exchange) *exchange.Fault {
	p, g, fault := membership(x)
	if fault != nil {
		return fault
	}
	if !slices.Contains(p.Groups, g.Name) {
		x.Result(nil)
		return nil
	}
	p.Groups = without(p.Groups, g.Name)
	return finish(x, "user "+p.Name+" is no longer in group "+g.Name, world.PrincipalPut(p))
}

func listGroupsForUser(x *exchange.Exchange) *exchange.Fault {
	p, fault := theUser(x)
	if fault != nil {
		return fault
	}
	var list []world.Group
	for _, name := range slices.Sorted(slices.Values(p.Groups)) {
		if g, ok := x.World.Group(p.Account, name); ok {
			list = append(list, g)
		}
	}
	return answerGroups(x, list)
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}
