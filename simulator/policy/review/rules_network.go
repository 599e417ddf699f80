package review

import (
	"strings"

	"keyhole/simulator/policy"
)

const mfaKey = "aws:MultiFactorAuthPresent"

// mfa finds a Deny that long-term access keys walk past: their requests have no such key.
func mfa(j *judge, s *policy.Statement) []hit {
	if s.Allow {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if !strings.EqualFold(c.Key, mfaKey) || !isBase(c, "Bool") || c.IfExists() || !holdsValue(c, "false") {
			return nil
		}
		h := &hit{title: "does not stop long-term access keys",
			text:  "Requests signed with a user's own access key have no `aws:MultiFactorAuthPresent` at all, and `Bool` fails without it. Use `BoolIfExists`, which holds when the key is absent.",
			label: "Use BoolIfExists", edit: func(d *draft) { d.operator(d.statement(s.Index), c.Operator, c.Operator+"IfExists") }}
		if a, resource := example(s); a != "" {
			h.probe = j.newProbe("A request with a user's access key and without MFA", a, resource)
		}
		return h
	})
}

// mfaAllow finds an Allow that asks for MFA and takes requests that cannot have it.
func mfaAllow(_ *judge, s *policy.Statement) []hit {
	if !s.Allow {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if !strings.EqualFold(c.Key, mfaKey) || !isBase(c, "Bool") || !c.IfExists() || !holdsValue(c, "true") {
			return nil
		}
		return &hit{title: "takes requests without MFA",
			text:  "Requests signed with a user's own access key have no `aws:MultiFactorAuthPresent`, and IfExists holds without it. Use `Bool` in an Allow.",
			label: "Use Bool", edit: func(d *draft) {
				d.operator(d.statement(s.Index), c.Operator, c.Operator[:len(c.Operator)-len("IfExists")])
			}}
	})
}

// example is an action and a resource that the statement means, to send as a probe; "" when none is plain.
func example(s *policy.Statement) (action, resource string) {
	if s.Action.Not || s.Resource == nil || s.Resource.Not {
		return "", ""
	}
	for _, r := range s.Resource.Entries {
		for _, p := range s.Action.Entries {
			name := p.Text
			if p.Text == "*" || strings.EqualFold(p.Text, "s3:*") {
				name = "s3:GetObject"
				if types := TypesOf(r.Text); len(types) == 1 && types[0] == "bucket" {
					name = "s3:ListBucket"
				}
			}
			a, ok := Action(name)
			if !ok || !a.Covers(r.Text) || strings.Contains(r.Text, "${") || strings.Contains(r.Text, "?") {
				continue
			}
			if r.Text == "*" && a.On("object") {
				return a.Name, "arn:aws:s3:::probe/probe.txt"
			}
			return a.Name, strings.ReplaceAll(r.Text, "*", "probe.txt")
		}
	}
	return "", ""
}

func ipWithoutVPC(_ *judge, s *policy.Statement) []hit {
	if s.Allow || condition(s, "aws:SourceVpce", "aws:SourceVpc", "aws:SourceVpcArn", "aws:VpcSourceIp", "aws:VpceAccount", "aws:VpceOrgID", "aws:ViaAWSService", "aws:PrincipalIsAWSService") != nil {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if !strings.EqualFold(c.Key, "aws:SourceIp") || !isBase(c, "NotIpAddress") || presenceAsked(s, c) {
			return nil
		}
		return &hit{title: "also denies whoever comes through a VPC endpoint",
			text: "A request through a VPC endpoint has no `aws:SourceIp`, and `NotIpAddress` holds without it. Spare your own endpoint with a further condition, such as `StringNotEquals` on `aws:SourceVpce`."}
	})
}

func vpceLocksConsole(_ *judge, s *policy.Statement) []hit {
	if s.Allow || !everybody(s.Principal) || !covers(s, "s3:PutBucketPolicy") ||
		condition(s, "aws:PrincipalArn", "aws:userid", "aws:SourceIp", "aws:PrincipalTag/", "aws:PrincipalAccount", "aws:username") != nil {
		return nil
	}
	return each(s, func(c *policy.Condition) *hit {
		if !c.Negated() || !strings.EqualFold(c.Key, "aws:SourceVpce") && !strings.EqualFold(c.Key, "aws:SourceVpc") {
			return nil
		}
		return &hit{title: "locks the console out too",
			text: "The console does not come through your endpoint, so it has another or no " + code(c.Key) + ", and your administrators cannot even change this policy. Spare them with `ArnNotLike` on `aws:PrincipalArn`, or deny object actions only."}
	})
}

// covers says whether a statement's Action and Resource may mean an action on some resource.
func covers(s *policy.Statement, action string) bool {
	a, _ := Action(action)
	on := false
	for _, p := range s.Action.Entries {
		on = on || matches(strings.ToLower(p.Text), strings.ToLower(action))
	}
	if on == s.Action.Not {
		return false
	}
	return s.Resource == nil || s.Resource.Not || reachOf(s.Resource).covers(&a)
}

func ownerLockout(j *judge, s *policy.Statement) []hit {
	if s.Allow || len(s.Conditions) > 0 || !covers(s, "s3:PutBucketPolicy") || !(everybody(s.Principal) || namesAccount(s.Principal, j.o.Owner)) {
		return nil
	}
	return []hit{{at: s.Action.At, title: "locks the owner out",
		text: "It denies `s3:PutBucketPolicy` to your own administrators too, and no Allow beats a Deny. Only the root user of the owner's account could still change the policy: leave the actions on the policy out, or spare a role with `ArnNotLike` on `aws:PrincipalArn`."}}
}

func namesAccount(l *policy.PrincipalList, account string) bool {
	if l == nil || l.Not || account == "" {
		return false
	}
	for _, e := range l.Entries {
		if p := who(e.Value); e.Type == "AWS" && p.kind == "account" && p.account == account {
			return true
		}
	}
	return false
}
