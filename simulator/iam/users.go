package iam

import (
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var userRows = []row{
	{"CreateUser", onUser, takes(userName.Needed(), path, boundary, query.RequestTags), createUser},
	{"GetUser", onUser, takes(anyUser), getUser},
	{"UpdateUser", onUser, takes(anyUser.Needed(), path.Named("NewPath"), userName.Named("NewUserName")), updateUser},
	{"DeleteUser", onUser, takes(anyUser.Needed()), deleteUser},
	{"ListUsers", onPaths("user"), paged(pathPrefix), listUsers},
}

type userAnswer struct{ User userShape }

func createUser(x *exchange.Exchange) *exchange.Fault {
	name := x.Form.Get("UserName")
	path, fault := checkPath(x.Form.Get("Path"))
	if fault != nil {
		return fault
	}
	if taken(x, "user", name) {
		return exists("User with name " + name + " already exists.")
	}
	if fault := room(x, "Users", len(principals(x, "user")), world.MaxUsers); fault != nil {
		return fault
	}
	tags, fault := newTags(x, foldKeys)
	if fault != nil {
		return fault
	}
	boundary, fault := boundaryOf(x)
	if fault != nil {
		return fault
	}
	p := world.Principal{
		Kind: "user", Account: x.Caller.Account, Name: name, Path: path, ID: x.World.NewID("AIDA"), ARN: arnOf(x, "user", path, name),
		Created: x.World.Now(), Boundary: boundary, Tags: tags,
	}
	if fault := apply(x, "user "+name+" was created", world.PrincipalPut(p)); fault != nil {
		return fault
	}
	x.Result(userAnswer{shapeOfUser(x, p, true)})
	return nil
}

func getUser(x *exchange.Exchange) *exchange.Fault {
	p, fault := userOrCaller(x)
	if fault != nil {
		return fault
	}
	if p.Kind == "root" {
		x.Note("modelled: GetUser of the root user names no user")
		p.Path = "/"
	}
	x.Result(userAnswer{shapeOfUser(x, p, true)})
	return nil
}

// updateUser renames or moves a user. Keys, devices and groups go with it.
func updateUser(x *exchange.Exchange) *exchange.Fault {
	old, fault := theUser(x)
	if fault != nil {
		return fault
	}
	p := old
	if query.Sent(x.Form, "NewPath") {
		if p.Path, fault = checkPath(x.Form.Get("NewPath")); fault != nil {
			return fault
		}
	}
	if name := x.Form.Get("NewUserName"); name != "" && name != old.Name {
		if taken(x, "user", name) && !strings.EqualFold(name, old.Name) {
			return exists("User with name " + name + " already exists.")
		}
		p.Name = name
	}
	p.ARN = arnOf(x, "user", p.Path, p.Name)
	var effects []world.Effect
	if p.Name == old.Name {
		effects = append(effects, world.PrincipalPut(p))
	} else {
		effects = rename(x, old, p)
	}
	return finish(x, "user "+old.Name+" is now "+p.ARN, effects...)
}

// rename moves a user with everything that names it. What belongs to the old name is taken away first.
func rename(x *exchange.Exchange, old, p world.Principal) []world.Effect {
	var away, back []world.Effect
	for _, k := range x.World.KeysOf(old.Account, old.Name) {
		away = append(away, world.AccessKeyRemoved(k.ID))
		k.User = p.Name
		back = append(back, world.AccessKeyPut(k))
	}
	for _, d := range x.World.MFADevices(old.Account, old.Name) {
		away = append(away, world.MFARemoved(d.Serial))
		d.User = p.Name
		back = append(back, world.MFAPut(d))
	}
	return slices.Concat(away, []world.Effect{world.PrincipalRemoved(old.Account, "user", old.Name), world.PrincipalPut(p)}, back)
}

func deleteUser(x *exchange.Exchange) *exchange.Fault {
	p, fault := theUser(x)
	if fault != nil {
		return fault
	}
	switch {
	case len(p.Managed) > 0:
		return conflict("Cannot delete entity, must detach all policies first.")
	case len(p.Policies) > 0:
		return conflict("Cannot delete entity, must delete policies first.")
	case len(p.Groups) > 0:
		return conflict("Cannot delete entity, must remove users from group first.")
	case len(x.World.KeysOf(p.Account, p.Name)) > 0:
		return conflict("Cannot delete entity, must delete access keys first.")
	case len(x.World.MFADevices(p.Account, p.Name)) > 0:
		return conflict("Cannot delete entity, must delete MFA device first.")
	}
	return finish(x, "user "+p.Name+" was deleted", world.PrincipalRemoved(p.Account, "user", p.Name))
}

func listUsers(x *exchange.Exchange) *exchange.Fault {
	part, more, fault := query.Page(x.Form, principals(x, "user"), func(p world.Principal) string { return p.Name })
	if fault != nil {
		return fault
	}
	users := query.Members[userShape]{}
	for _, p := range part.Member {
		users.Member = append(users.Member, shapeOfUser(x, p, false))
	}
	x.Result(struct {
		Users query.Members[userShape]
		query.More
	}{users, more})
	return nil
}

// room refuses one more of something that has a quota, IAM's or this simulator's.
func room(x *exchange.Exchange, what string, there, most int) *exchange.Fault {
	if there >= min(most, SandboxEntities) {
		if most > SandboxEntities {
			x.Note("this simulator keeps %d %s of an account; AWS keeps %d", SandboxEntities, strings.ToLower(what), most)
			most = SandboxEntities
		}
		return quota(what+"PerAccount", strconv.Itoa(most))
	}
	return nil
}
