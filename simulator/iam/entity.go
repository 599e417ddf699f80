package iam

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// arnOf is the ARN of something in the caller's account. path begins and ends with a slash.
func arnOf(x *exchange.Exchange, kind, path, name string) string {
	if path == "" {
		path = "/"
	}
	return "arn:aws:iam::" + x.Caller.Account + ":" + kind + path + name
}

// when is a moment as IAM writes it, in the clock the caller signs by.
func when(x *exchange.Exchange, t time.Time) string {
	return x.World.In(x.Base, t).Format("2006-01-02T15:04:05Z")
}

// The ARNs that permissions are checked on. What does not exist is named as it would be with the path "/".

func onUser(x *exchange.Exchange) string {
	name := x.Form.Get("UserName")
	if name == "" {
		if x.Caller.Kind != "user" {
			return arnOf(x, "user", "/", "")
		}
		name = x.Caller.Name
	}
	if p, ok := x.World.Principal(x.Caller.Account, "user", name); ok {
		return p.ARN
	}
	return arnOf(x, "user", x.Form.Get("Path"), name)
}

func onRole(x *exchange.Exchange) string {
	if p, ok := x.World.Principal(x.Caller.Account, "role", x.Form.Get("RoleName")); ok {
		return p.ARN
	}
	return arnOf(x, "role", x.Form.Get("Path"), x.Form.Get("RoleName"))
}

func onGroup(x *exchange.Exchange) string {
	if g, ok := x.World.Group(x.Caller.Account, x.Form.Get("GroupName")); ok {
		return g.ARN
	}
	return arnOf(x, "group", x.Form.Get("Path"), x.Form.Get("GroupName"))
}

func onPolicy(x *exchange.Exchange) string {
	if arn := x.Form.Get("PolicyArn"); arn != "" {
		return arn
	}
	return arnOf(x, "policy", x.Form.Get("Path"), x.Form.Get("PolicyName"))
}

func onDevice(x *exchange.Exchange) string {
	if serial := x.Form.Get("SerialNumber"); serial != "" {
		return serial
	}
	return arnOf(x, "mfa", x.Form.Get("Path"), x.Form.Get("VirtualMFADeviceName"))
}

// onPaths is what lists of a kind are checked on: the path they ask for.
func onPaths(kind string) func(*exchange.Exchange) string {
	return func(x *exchange.Exchange) string { return arnOf(x, kind, x.Form.Get("PathPrefix"), "") }
}

func onEverything(*exchange.Exchange) string { return "*" }

// ours notes that the refusal which follows has no text of AWS's that anybody recorded.
func ours(x *exchange.Exchange) { x.Note("modelled: the text of this refusal is ours") }

// noSuch is a 404 in IAM's words. (recorded for users, roles, groups, policies, keys and devices)
func noSuch(message string) *exchange.Fault {
	return exchange.Err(404, "NoSuchEntity", message).Told("There is no such thing in this account.")
}

// exists is a 409 for a name that is taken.
func exists(message string) *exchange.Fault {
	return exchange.Err(409, "EntityAlreadyExists", message).Told("The name is taken.")
}

// conflict is a 409 for something that still has something.
func conflict(message string) *exchange.Fault {
	return exchange.Err(409, "DeleteConflict", message).Told("Something still belongs to it.")
}

// quota is a 409 for one too many.
func quota(name, most string) *exchange.Fault {
	return exchange.Err(409, "LimitExceeded", "Cannot exceed quota for "+name+": "+most).Told("That is one too many.")
}

// theUser finds the user a form names.
func theUser(x *exchange.Exchange) (world.Principal, *exchange.Fault) {
	return findUser(x, x.Form.Get("UserName"))
}

func findUser(x *exchange.Exchange, name string) (world.Principal, *exchange.Fault) {
	p, ok := x.World.Principal(x.Caller.Account, "user", name)
	if !ok {
		return p, noSuch("The user with name " + name + " cannot be found.")
	}
	return p, nil
}

// userOrCaller finds the user a form names, and the caller when it names none.
func userOrCaller(x *exchange.Exchange) (world.Principal, *exchange.Fault) {
	switch name := x.Form.Get("UserName"); {
	case name != "":
		return findUser(x, name)
	case x.Caller.Kind == "user":
		return findUser(x, x.Caller.Name)
	case x.Caller.Kind == "root":
		p, _ := x.World.Principal(x.Caller.Account, "root", "")
		return p, nil
	}
	return world.Principal{}, exchange.Err(400, "ValidationError", "Must specify userName when calling with non-User credentials").
		Told("A session of a role is no user: name one.")
}

func theRole(x *exchange.Exchange) (world.Principal, *exchange.Fault) {
	name := x.Form.Get("RoleName")
	p, ok := x.World.Principal(x.Caller.Account, "role", name)
	if !ok {
		return p, noSuch("The role with name " + name + " cannot be found.")
	}
	return p, nil
}

func theGroup(x *exchange.Exchange) (world.Group, *exchange.Fault) {
	name := x.Form.Get("GroupName")
	g, ok := x.World.Group(x.Caller.Account, name)
	if !ok {
		return g, noSuch("The group with name " + name + " cannot be found.")
	}
	return g, nil
}

// principals are the users or roles of the caller's account below a path, by name.
func principals(x *exchange.Exchange, kind string) []world.Principal {
	var out []world.Principal
	for _, p := range x.World.Principals() {
		if p.Account == x.Caller.Account && p.Kind == kind && strings.HasPrefix(pathOf(p.Path), x.Form.Get("PathPrefix")) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b world.Principal) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// taken says whether a user or role of that name exists; names are unique whatever their case.
func taken(x *exchange.Exchange, kind, name string) bool {
	return slices.ContainsFunc(x.World.Principals(), func(p world.Principal) bool {
		return p.Account == x.Caller.Account && p.Kind == kind && strings.EqualFold(p.Name, name)
	})
}

func pathOf(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// checkPath is the path of something new, "/" when none was sent.
func checkPath(path string) (string, *exchange.Fault) {
	path = pathOf(path)
	printable := strings.IndexFunc(path, func(r rune) bool { return r < '!' || r > '~' }) < 0
	if path[0] != '/' || path[len(path)-1] != '/' || !printable {
		return "", exchange.Err(400, "ValidationError",
			"The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.").
			Told("A path begins and ends with a slash.")
	}
	return path, nil
}

// apply makes changes; after the last one say tells what was done.
func apply(x *exchange.Exchange, say string, effects ...world.Effect) *exchange.Fault {
	for _, e := range effects {
		if err := x.World.Apply(e); err != nil {
			return x.Failed(err)
		}
	}
	x.Did("%s", say)
	return nil
}

// finish is apply for an operation that answers nothing but that it was done.
func finish(x *exchange.Exchange, say string, effects ...world.Effect) *exchange.Fault {
	if fault := apply(x, say, effects...); fault != nil {
		return fault
	}
	x.Result(nil)
	return nil
}
