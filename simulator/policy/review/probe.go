package review

import "keyhole/simulator/policy"

// probe is a request that a finding lets through, or holds up, and its fix does not.
type probe struct {
	say     string // "A listing over HTTP"
	request policy.Request
}

// stranger is who sends probes where the owner is not known.
const stranger = "111122223333"

// everything is what an administrator's identity policy says.
var everything = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`

// newProbe is a request of an administrator of the owner's account over HTTPS from the internet.
func (j *judge) newProbe(say, action, resource string) *probe {
	account := j.o.Owner
	if account == "" {
		account = stranger
	}
	arn := "arn:aws:iam::" + account + ":user/probe"
	p := &probe{say: say, request: policy.Request{
		Principal: policy.Principal{Kind: policy.User, ARN: arn, Account: account, Name: "probe"},
		Action:    action, Resource: resource, ResourceAccount: account,
	}}
	c := &p.request.Context
	c.Set("aws:SecureTransport", "true")
	c.Set("aws:SourceIp", "198.51.100.7")
	c.Set("aws:PrincipalArn", arn)
	c.Set("aws:PrincipalAccount", account)
	c.Set("aws:PrincipalType", "User")
	c.Set("aws:username", "probe")
	return p
}

// with changes one key of the request.
func (p *probe) with(key, value string) *probe {
	p.request.Context.Set(key, value)
	return p
}

// compare sends the probe to both documents and says what changed; "" when nothing did.
func (p *probe) compare(before, after *policy.Document, o Options) string {
	was, is := p.send(before, o), p.send(after, o)
	if was == is {
		return ""
	}
	if is == policy.Allowed {
		return p.say + " was denied and is allowed now."
	}
	return p.say + " was allowed and is denied now."
}

func (p *probe) send(d *policy.Document, o Options) policy.Verdict {
	admin, err := policy.Decode([]byte(everything))
	if err != nil {
		return policy.ImplicitlyDenied // a constant text: tests would show it
	}
	l := policy.Layers{Identity: []policy.Attached{{Name: "Administrator", Document: admin}}}
	at := policy.Attached{Name: "reviewed", Document: d}
	switch o.Kind {
	case BucketPolicyKind:
		l.Resource = &at
	case EndpointKind:
		l.Endpoint = &at
	case BoundaryKind:
		l.Boundary = &at
	case SCPKind:
		l.SCPs = [][]policy.Attached{{at}}
	case IdentityPolicyKind:
		l.Identity = append(l.Identity, at)
	default:
		return policy.ImplicitlyDenied
	}
	return policy.Decide(&p.request, &l)
}
