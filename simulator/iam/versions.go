package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

var versionRows = []row{
	{"CreatePolicyVersion", onPolicy, takes(arn.Needed(), document.Needed(), asDefault), createPolicyVersion},
	{"GetPolicyVersion", onPolicy, takes(arn.Needed(), versionID.Needed()), getPolicyVersion},
	{"ListPolicyVersions", onPolicy, paged(arn.Needed()), listPolicyVersions},
	{"SetDefaultPolicyVersion", onPolicy, takes(arn.Needed(), versionID.Needed()), setDefaultPolicyVersion},
	{"DeletePolicyVersion", onPolicy, takes(arn.Needed(), versionID.Needed()), deletePolicyVersion},
}

type versionShape struct {
	Document         string `xml:",omitempty"`
	VersionID        string `xml:"VersionId"`
	IsDefaultVersion bool
	CreateDate       string
}

func shapeOfVersion(x *exchange.Exchange, p world.ManagedPolicy, v world.PolicyVersion) versionShape {
	return versionShape{VersionID: v.ID, IsDefaultVersion: v.ID == p.Default, CreateDate: when(x, v.Created)}
}

func createPolicyVersion(x *exchange.Exchange) *exchange.Fault {
	p, fault := ownPolicy(x)
	if fault != nil {
		return fault
	}
	text := x.Form.Get("PolicyDocument")
	if fault := identityDocument(x, text, true); fault != nil {
		return fault
	}
	if len(p.Versions) >= world.MaxPolicyVersions {
		return exchange.Err(409, "LimitExceeded", fmt.Sprintf("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", world.MaxPolicyVersions)).
			Told("Delete a version first.")
	}
	v := world.PolicyVersion{ID: nextVersion(p), Document: json.RawMessage(text), Created: x.World.Now()}
	p.Versions = append(slices.Clone(p.Versions), v)
	if x.Form.Get("SetAsDefault") == "true" {
		p.Default = v.ID
	}
	if fault := apply(x, "version "+v.ID+" of policy "+p.Name+" was created", world.PolicyPut(p)); fault != nil {
		return fault
	}
	x.Result(struct{ PolicyVersion versionShape }{shapeOfVersion(x, p, v)})
	return nil
}

// nextVersion is one more than the highest there is: numbers of deleted versions below it do not come again.
func nextVersion(p world.ManagedPolicy) string {
	highest := 0
	for _, v := range p.Versions {
		n, _ := strconv.Atoi(strings.TrimPrefix(v.ID, "v"))
		highest = max(highest, n)
	}
	return "v" + strconv.Itoa(highest+1)
}

// theVersion finds the policy and the version a form names.
func theVersion(x *exchange.Exchange) (world.ManagedPolicy, world.PolicyVersion, *exchange.Fault) {
	arn, id := x.Form.Get("PolicyArn"), x.Form.Get("VersionId")
	if fault := checkARN(arn); fault != nil {
		return world.ManagedPolicy{}, world.PolicyVersion{}, fault
	}
	if p, fault := thePolicy(x); fault == nil {
		for _, v := range p.Versions {
			if v.ID == id {
				return p, v, nil
			}
		}
	}
	return world.ManagedPolicy{}, world.PolicyVersion{}, noSuch("Policy " + arn + " version " + id + " does not exist or is not attachable.")
}

func getPolicyVersion(x *exchange.Exchange) *exchange.Fault {
	p, v, fault := theVersion(x)
	if fault != nil {
		return fault
	}
	s := shapeOfVersion(x, p, v)
	s.Document = escape(v.Document)
	x.Result(struct{ PolicyVersion versionShape }{s})
	return nil
}

func listPolicyVersions(x *exchange.Exchange) *exchange.Fault {
	p, fault := thePolicy(x)
	if fault != nil {
		return fault
	}
	var list []versionShape
	for _, v := range slices.Backward(p.Versions) { // newest first (recorded)
		list = append(list, shapeOfVersion(x, p, v))
	}
	part, more, fault := query.Page(x.Form, list, func(v versionShape) string { return v.VersionID })
	if fault != nil {
		return fault
	}
	x.Result(struct {
		Versions query.Members[versionShape]
		query.More
	}{part, more})
	return nil
}

// changeVersion is theVersion of a policy that may be changed.
func changeVersion(x *exchange.Exchange) (world.ManagedPolicy, world.PolicyVersion, *exchange.Fault) {
	p, v, fault := theVersion(x)
	if fault == nil {
		_, fault = ownPolicy(x)
	}
	return p, v, fault
}

func setDefaultPolicyVersion(x *exchange.Exchange) *exchange.Fault {
	p, v, fault := changeVersion(x)
	if fault != nil {
		return fault
	}
	p.Default = v.ID
	return finish(x, "version "+v.ID+" of policy "+p.Name+" is in force", world.PolicyPut(p))
}

func deletePolicyVersion(x *exchange.Exchange) *exchange.Fault {
	p, v, fault := changeVersion(x)
	if fault != nil {
		return fault
	}
	if v.ID == p.Default {
		return conflict("Cannot delete the default version of a policy.")
	}
	p.Versions = slices.DeleteFunc(slices.Clone(p.Versions), func(o world.PolicyVersion) bool { return o.ID == v.ID })
	return finish(x, "version "+v.ID+" of policy "+p.Name+" was deleted", world.PolicyPut(p))
}
