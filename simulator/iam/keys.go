package iam

import (
	"strconv"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var keyRows = []row{
	{"CreateAccessKey", onUser, takes(anyUser), createAccessKey},
	{"ListAccessKeys", onUser, paged(anyUser), listAccessKeys},
	{"UpdateAccessKey", onUser, takes(anyUser, keyID.Needed(), status.Needed()), updateAccessKey},
	{"DeleteAccessKey", onUser, takes(anyUser, keyID.Needed()), deleteAccessKey},
}

type keyShape struct {
	UserName        string
	AccessKeyID     string `xml:"AccessKeyId"`
	Status          string
	SecretAccessKey string `xml:",omitempty"`
	CreateDate      string
}

func shapeOfKey(x *exchange.Exchange, k world.AccessKey) keyShape {
	s := keyShape{UserName: k.User, AccessKeyID: k.ID, Status: "Inactive", CreateDate: when(x, k.Created)}
	if k.Active {
		s.Status = "Active"
	}
	return s
}

func createAccessKey(x *exchange.Exchange) *exchange.Fault {
	p, fault := userOrCaller(x)
	if fault != nil {
		return fault
	}
	if len(x.World.KeysOf(p.Account, p.Name)) >= world.MaxAccessKeysPerUser {
		return quota("AccessKeysPerUser", strconv.Itoa(world.MaxAccessKeysPerUser))
	}
	k := x.World.NewAccessKey(p.Account, p.Name)
	if fault := apply(x, "access key "+k.ID+" was created", world.AccessKeyPut(k)); fault != nil {
		return fault
	}
	s := shapeOfKey(x, k)
	s.SecretAccessKey = k.Secret
	x.Result(struct{ AccessKey keyShape }{s})
	return nil
}

func listAccessKeys(x *exchange.Exchange) *exchange.Fault {
	p, fault := userOrCaller(x)
	if fault != nil {
		return fault
	}
	part, more, fault := query.Page(x.Form, x.World.KeysOf(p.Account, p.Name), func(k world.AccessKey) string { return k.ID })
	if fault != nil {
		return fault
	}
	keys := query.Members[keyShape]{}
	for _, k := range part.Member {
		keys.Member = append(keys.Member, shapeOfKey(x, k))
	}
	x.Result(struct {
		AccessKeyMetadata query.Members[keyShape]
		query.More
	}{keys, more})
	return nil
}

// theKey finds the key a form names among those of the user it names, or of the caller.
func theKey(x *exchange.Exchange) (world.AccessKey, *exchange.Fault) {
	p, fault := userOrCaller(x)
	if fault != nil {
		return world.AccessKey{}, fault
	}
	id := x.Form.Get("AccessKeyId")
	for _, k := range x.World.KeysOf(p.Account, p.Name) {
		if k.ID == id {
			return k, nil
		}
	}
	return world.AccessKey{}, noSuch("The Access Key with id " + id + " cannot be found.")
}

func updateAccessKey(x *exchange.Exchange) *exchange.Fault {
	k, fault := theKey(x)
	if fault != nil {
		return fault
	}
	if x.Form.Get("Status") == "Expired" {
		ours(x)
		return exchange.Err(400, "InvalidInput", "Status Expired cannot be set.").Told("Keys expire by themselves only.")
	}
	k.Active = x.Form.Get("Status") == "Active"
	return finish(x, "access key "+k.ID+" is now "+x.Form.Get("Status"), world.AccessKeyPut(k))
}

func deleteAccessKey(x *exchange.Exchange) *exchange.Fault {
	k, fault := theKey(x)
	if fault != nil {
		return fault
	}
	return finish(x, "access key "+k.ID+" was deleted", world.AccessKeyRemoved(k.ID))
}
