package iam

import (
	"encoding/json"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var roleRows = []row{
	{"CreateRole", onRole, takes(roleName.Needed(), trust.Needed(), path, description, maxSession, boundary, query.RequestTags), createRole},
	{"GetRole", onRole, takes(roleName.Needed()), getRole},
	{"UpdateRole", onRole, takes(roleName.Needed(), description, maxSession), updateRole},
	{"UpdateRoleDescription", onRole, takes(roleName.Needed(), description.Needed()), updateRoleDescription},
	{"UpdateAssumeRolePolicy", onRole, takes(roleName.Needed(), document.Needed()), updateAssumeRolePolicy},
	{"DeleteRole", onRole, takes(roleName.Needed()), deleteRole},
	{"ListRoles", onPaths("role"), paged(pathPrefix), listRoles},
	{"ListInstanceProfilesForRole", onRole, paged(roleName.Needed()), listInstanceProfilesForRole},
}

type roleAnswer struct{ Role roleShape }

// MaxSessionOf is how long a session of a role may last.
func MaxSessionOf(p world.Principal) time.Duration {
	if p.MaxSession == 0 {
		return world.DefaultSessionDuration
	}
	return p.MaxSession
}

func createRole(x *exchange.Exchange) *exchange.Fault {
	name := x.Form.Get("RoleName")
	path, fault := checkPath(x.Form.Get("Path"))
	if fault != nil {
		return fault
	}
	if taken(x, "role", name) {
		return exists("Role with name " + name + " already exists.")
	}
	if fault := room(x, "Roles", len(principals(x, "role")), world.MaxRoles); fault != nil {
		return fault
	}
	text := x.Form.Get("AssumeRolePolicyDocument")
	if fault := trustDocument(x, text); fault != nil {
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
		Kind: "role", Account: x.Caller.Account, Name: name, Path: path, ID: x.World.NewID("AROA"), ARN: arnOf(x, "role", path, name),
		Created: x.World.Now(), Trust: json.RawMessage(text), Boundary: boundary, Tags: tags, Description: x.Form.Get("Description"),
		MaxSession: time.Duration(query.Whole(x.Form, "MaxSessionDuration", 0)) * time.Second,
	}
	if fault := apply(x, "role "+name+" was created", world.PrincipalPut(p)); fault != nil {
		return fault
	}
	s := shapeOfRole(x, p, true, false)
	s.Description = "" // CreateRole does not repeat it (recorded)
	x.Result(roleAnswer{s})
	return nil
}

// listInstanceProfilesForRole is asked by Terraform before it removes a role. There are no instance profiles here, as there
// are no instances, so the list is empty and that is true.
func listInstanceProfilesForRole(x *exchange.Exchange) *exchange.Fault {
	if _, fault := theRole(x); fault != nil {
		return fault
	}
	x.Result(struct {
		InstanceProfiles query.Members[string]
		query.More
	}{})
	return nil
}

func getRole(x *exchange.Exchange) *exchange.Fault {
	p, fault := theRole(x)
	if fault != nil {
		return fault
	}
	x.Note("modelled: RoleLastUsed is empty, because nothing keeps when a role was used")
	x.Result(struct {
		Role struct {
			roleShape
			RoleLastUsed struct{}
		}
	}{struct {
		roleShape
		RoleLastUsed struct{}
	}{roleShape: shapeOfRole(x, p, true, true)}})
	return nil
}

func updateRole(x *exchange.Exchange) *exchange.Fault {
	p, fault := theRole(x)
	if fault != nil {
		return fault
	}
	if query.Sent(x.Form, "Description") {
		p.Description = x.Form.Get("Description")
	}
	if seconds := query.Whole(x.Form, "MaxSessionDuration", 0); seconds > 0 {
		p.MaxSession = time.Duration(seconds) * time.Second
	}
	if fault := apply(x, "role "+p.Name+" was changed", world.PrincipalPut(p)); fault != nil {
		return fault
	}
	x.Result(struct{}{})
	return nil
}

func updateRoleDescription(x *exchange.Exchange) *exchange.Fault {
	p, fault := theRole(x)
	if fault != nil {
		return fault
	}
	p.Description = x.Form.Get("Description")
	if fault := apply(x, "role "+p.Name+" was described", world.PrincipalPut(p)); fault != nil {
		return fault
	}
	x.Result(roleAnswer{shapeOfRole(x, p, true, false)})
	return nil
}

func updateAssumeRolePolicy(x *exchange.Exchange) *exchange.Fault {
	p, fault := theRole(x)
	if fault != nil {
		return fault
	}
	text := x.Form.Get("PolicyDocument")
	if fault := trustDocument(x, text); fault != nil {
		return fault
	}
	p.Trust = json.RawMessage(text)
	return finish(x, "role "+p.Name+" has another trust policy", world.PrincipalPut(p))
}

func deleteRole(x *exchange.Exchange) *exchange.Fault {
	p, fault := theRole(x)
	switch {
	case fault != nil:
		return fault
	case len(p.Managed) > 0:
		return conflict("Cannot delete entity, must detach all policies first.")
	case len(p.Policies) > 0:
		return conflict("Cannot delete entity, must delete policies first.")
	}
	return finish(x, "role "+p.Name+" was deleted", world.PrincipalRemoved(p.Account, "role", p.Name))
}

func listRoles(x *exchange.Exchange) *exchange.Fault {
	part, more, fault := query.Page(x.Form, principals(x, "role"), func(p world.Principal) string { return p.Name })
	if fault != nil {
		return fault
	}
	roles := query.Members[roleShape]{}
	for _, p := range part.Member {
		roles.Member = append(roles.Member, shapeOfRole(x, p, false, true))
	}
	x.Result(struct {
		Roles query.Members[roleShape]
		query.More
	}{roles, more})
	return nil
}
