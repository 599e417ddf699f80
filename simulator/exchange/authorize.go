package exchange

import (
	"strconv"
	"strings"

	"keyhole/simulator/policy"
)

// Judge sets who answers Authorize. The pipeline does, once for every request. version is the one an entry of a list
// names, "" otherwise.
func (x *Exchange) Judge(judge func(action, resource, version, why string) Authorization) {
	x.judge, x.asking = judge, &KeyUse{}
}

// Authorize decides one (action, resource) pair that the operation's Needs do not name, and adds it to the trace.
// resource is an ARN, or "*"; why ends "it was needed …": "because the list names this key".
func (x *Exchange) Authorize(action, resource, why string) Authorization {
	return x.AuthorizeVersion(action, resource, "", why)
}

// AuthorizeVersion is Authorize for a version of an object that the query does not name.
func (x *Exchange) AuthorizeVersion(action, resource, version, why string) Authorization {
	a := x.judge(action, resource, version, why)
	kept := a
	if len(x.Trace.Authorization) >= KeptDecisions {
		kept.Decision = nil
	}
	x.Trace.Authorization = append(x.Trace.Authorization, kept)
	return a
}

// KeptDecisions is for how many pairs of one request the trace keeps every reason. A DeleteObjects of a thousand keys asks
// as often; of the later ones the verdict and its one sentence stay.
const KeptDecisions = 50

// Ask is Authorize for a pair that only chooses between two answers, as s3:ListBucket does between 404 and 403.
func (x *Exchange) Ask(action, resource, why string) Authorization {
	before := len(x.Trace.Authorization)
	a := x.judge(action, resource, "", why)
	a.Asked = true
	for i := before; i < len(x.Trace.Authorization); i++ { // what judge kept beside: the pair of an access point
		x.Trace.Authorization[i].Asked = true
	}
	x.Trace.Authorization = append(x.Trace.Authorization, a)
	return a
}

// Refuse is the 403 for a pair that was denied: AWS's sentence for callers of the owner's account or organization,
// the plain one for everybody else. (s3-wire 5.7)
func (x *Exchange) Refuse(a Authorization) *Fault {
	f := Denied().Told(headline(a))
	if a.Decision == nil || x.Anonymous {
		return f
	}
	kin := x.kin(a.Decision.Request.ResourceAccount)
	text := a.Decision.Text()
	if x.Op.Service != "s3" { // only S3 puts the resource in quotation marks
		text = strings.Replace(text, strconv.Quote(a.Resource), a.Resource, 1)
	}
	switch {
	case strings.HasPrefix(a.Action, "kms:"):
		f.Message = x.refusedKey(a)
		if x.Op.Service == "kms" {
			f.Status, f.Code = 400, "AccessDeniedException"
		}
	case x.Op.Service == "sts" && (!kin || a.Decision.Verdict == policy.ImplicitlyDenied && a.Decision.By == policy.Resource):
		// Who is not trusted hears it without a reason, from another account too. (s3-wire 9.2)
		head, _, _ := strings.Cut(text, a.Resource)
		f.Message = head + a.Resource
	case kin:
		f.Message = text
	}
	return f
}

// headlines are the layers in a headline of nine words at most.
var headlines = map[policy.Layer]string{
	policy.SCP: "A service control policy", policy.RCP: "A resource control policy", policy.Endpoint: "The VPC endpoint's policy",
	policy.Resource: "The resource's own policy", policy.Identity: "An identity policy", policy.Boundary: "The permissions boundary",
	policy.Session: "The session policy", policy.Public: "Block Public Access",
}

func headline(a Authorization) string {
	switch {
	case a.Decision == nil:
		return "The policies do not allow this."
	case a.Decision.Request.Principal.Kind == policy.Anonymous && a.Decision.Verdict != policy.ExplicitlyDenied:
		return "Anonymous callers are not allowed."
	case a.Decision.Rule == policy.BothSidesNeeded:
		return "Both accounts must allow this; one does not."
	case a.Decision.Rule == policy.NothingAllows:
		return "No policy allows this."
	case a.Decision.Verdict == policy.ExplicitlyDenied && headlines[a.Decision.By] != "":
		return headlines[a.Decision.By] + " denies this."
	case headlines[a.Decision.By] != "":
		return headlines[a.Decision.By] + " does not allow this."
	}
	return "The policies do not allow this."
}

// kin says whether an account is the caller's own or in the same organization.
func (x *Exchange) kin(account string) bool {
	if account == x.Caller.Account {
		return true
	}
	_, _, ours := x.World.OrgOf(x.Caller.Account)
	_, _, theirs := x.World.OrgOf(account)
	return ours && theirs // a world has one organization
}
