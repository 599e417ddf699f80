package simulator

import (
	"fmt"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// authorize asks the policies about every pair of action and resource that the operation needs. All must be allowed.
func authorize(_ *Simulator, v *visit) (string, *exchange.Fault) {
	if p := v.closedToThis(); p != nil && !v.trusted {
		return "", exchange.Denied().Told("The access point takes requests from its VPC only.")
	}
	var denied *exchange.Authorization
	for _, need := range v.Op.Needs {
		if need.When != nil && !need.When(v.Exchange) {
			continue
		}
		if need.On == exchange.TheKey && v.Op.Service == "s3" {
			continue // S3 asks when it comes to the key, after it knows that the object is there
		}
		asked := v.judge(need.Action, v.resourceOf(need), "", need.Why) // adds a pair of its own when there is an access point
		v.Trace.Authorization = append(v.Trace.Authorization, asked)
	}
	for i := range v.Trace.Authorization {
		if a := &v.Trace.Authorization[i]; !a.Allowed && denied == nil {
			denied = a
		}
	}
	unpaid := payer(v)
	switch n := len(v.Trace.Authorization); {
	case v.Anonymous && anonymousTexts[v.Op.Name] != "":
		return "", exchange.Err(403, "AccessDenied", anonymousTexts[v.Op.Name]).Told("Anonymous callers are not allowed.")
	case denied != nil:
		return denied.Reason, v.Refuse(*denied)
	case foreignPolicy(v):
		return "", exchange.Err(405, "MethodNotAllowed", "The specified method is not allowed against this resource.").
			With("Method", v.Method).With("ResourceType", "BUCKETPOLICY").Told("A bucket policy is its owner's alone.")
	case unpaid != nil:
		return "", unpaid
	case n == 0 && v.Op.Name == "DeleteObjects":
		return skipped + "each key of the list is asked about by itself", nil
	case n == 0:
		return skipped + "the operation needs no permission", nil
	case n == 1:
		return v.Trace.Authorization[0].Reason, nil
	default:
		return fmt.Sprintf("all %d permissions are there", n), nil
	}
}

// judge decides one action on one resource. Through an access point these are two pairs: the point's own, which is kept in
// the trace, and the bucket's. version is the one an entry of a list names, "" otherwise.
func (v *visit) judge(action, resource, version, why string) exchange.Authorization {
	if p := v.pointOf(action, resource); p != nil {
		at := v.judgePair(action, resource, version, strings.TrimSpace(why+" through the access point"), p, true)
		if !at.Allowed {
			return at
		}
		if len(v.Trace.Authorization) >= exchange.KeptDecisions {
			at.Decision = nil
		}
		v.Trace.Authorization = append(v.Trace.Authorization, at)
		return v.judgePair(action, resource, version, why, p, false)
	}
	return v.judgePair(action, resource, version, why, nil, false)
}

// judgePair decides one pair. point is the access point it goes through, at says that its own policy is asked.
func (v *visit) judgePair(action, resource, version, why string, point *world.AccessPoint, at bool) exchange.Authorization {
	a := exchange.Authorization{Action: action, Resource: resource, Why: why}
	p := v.pairOf(action, resource)
	p.named = version
	if point != nil {
		p.point, p.atPoint = point, at
	}
	if at {
		p.resource, p.account = pointResource(point, resource), point.Account
		a.Resource = p.resource
	}
	d := policy.Evaluate(policy.Request{
		Principal: v.principal(), Action: action, Resource: p.resource, ResourceAccount: p.account, Context: p.context(),
	}, p.layers())
	a.Allowed, a.Reason, a.Decision = v.trusted || d.Verdict == policy.Allowed, reason(&d), &d
	return a
}

// principal is the caller as policies name it.
func (v *visit) principal() policy.Principal {
	if v.Anonymous {
		return policy.Principal{Kind: policy.Anonymous}
	}
	p, err := policy.ParsePrincipal(v.Caller.ARN)
	if err != nil { // every identity of a world has an ARN of these forms
		v.Note("the caller has no ARN that policies know: %v", err)
		return policy.Principal{Kind: policy.Anonymous}
	}
	return p
}

// reason is what decided, in one sentence.
func reason(d *policy.Decision) string {
	if doc := d.DecidingPolicy(); doc != nil {
		s := d.Deciding().Statement
		name := fmt.Sprintf("statement %d", s.Index+1)
		if s.Sid != "" {
			name = s.Sid
		}
		verb := "allows"
		if !s.Allow {
			verb = "denies"
		}
		return fmt.Sprintf("%s, line %d of %s (%s), %s it", name, s.From.Line, doc.Name, doc.Source, verb)
	}
	if said, ok := ruleSays[d.Rule]; ok {
		return said
	}
	for _, layer := range d.Trace {
		if layer.Layer == d.By && layer.Why != "" {
			return layer.Why
		}
	}
	return string(d.Rule)
}

// ruleSays are the rules that decide without a statement, in words.
var ruleSays = map[policy.Rule]string{
	policy.NothingAllows:       "no policy allows it",
	policy.BothSidesNeeded:     "another account's resource needs an Allow on both sides, and one is missing",
	policy.SCPMustAllow:        "no service control policy of one level allows it",
	policy.EndpointMustAllow:   "the policy of the VPC endpoint does not allow it",
	policy.BoundaryMustAllow:   "the permissions boundary does not allow it",
	policy.SessionMustAllow:    "the session policy does not allow it",
	policy.RootMayAll:          "the root user may do everything in its account",
	policy.RootKeepsPolicy:     "the root user of the owner's account may always repair a bucket policy",
	policy.KeyPolicyMustAllow:  "the policy of the resource itself does not allow it",
	policy.GrantAllows:         "a grant on the key allows it",
	policy.ACLAllows:           "the access control list allows it",
	policy.RestrictPublic:      "RestrictPublicBuckets keeps what a public policy allows to the owner's account",
	policy.FederatedNeedsScope: "a federated user may do nothing without a session policy",
	policy.AnonymousNeedsAllow: "nothing allows anonymous callers to do it",
	policy.BudgetExhausted:     "the policies are too much to evaluate, which is never an Allow",
}

// anonymousTexts are the operations that S3 refuses to unsigned requests whatever the policies say, with its words.
// (s3-wire 3.2)
var anonymousTexts = map[string]string{
	"CreateMultipartUpload": "Anonymous users cannot initiate multipart uploads.  Please authenticate.",
	"CopyObject":            "Anonymous users cannot copy objects.  Please authenticate.",
	"UploadPartCopy":        "Anonymous users cannot copy objects.  Please authenticate.",

	"GetBucketOwnershipControls": "s3:GetBucketOwnershipControls does not support Anonymous requests!",
	"PutBucketOwnershipControls": "s3:PutBucketOwnershipControls does not support Anonymous requests!",
}

// foreignPolicy says whether somebody who may handle the bucket policy is not of the account that owns the bucket, which
// S3 refuses whatever the policies say. (s3-wire 5.1)
func foreignPolicy(v *visit) bool {
	switch v.Op.Name {
	case "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy":
		return v.At != nil && v.Caller.Account != v.At.Account
	}
	return false
}
