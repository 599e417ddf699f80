package review

import (
	"fmt"
	"strings"

	"keyhole/simulator/policy"
)

// weakKeys say nothing about who asks, with what is wrong with them.
var weakKeys = map[string]string{
	"aws:referer":            "Any client can write any `Referer` header",
	"aws:useragent":          "Any client can write any `User-Agent` header",
	"aws:securetransport":    "Anybody can use HTTPS",
	"aws:currenttime":        "A time says nothing of who asks",
	"aws:epochtime":          "A time says nothing of who asks",
	"s3:prefix":              "Anybody can ask for that prefix",
	"s3:delimiter":           "Anybody can ask for that delimiter",
	"s3:max-keys":            "Anybody can ask for that many keys",
	"s3:tlsversion":          "Anybody can use that version of TLS",
	"s3:authtype":            "It says how a request is signed, not by whom",
	"s3:signatureversion":    "It says how a request is signed, not by whom",
	"s3:x-amz-acl":           "Anybody can send that header",
	"s3:existingobjecttag":   "It chooses objects, not callers",
	"s3:x-amz-storage-class": "Anybody can send that header",

	"s3:x-amz-server-side-encryption": "Anybody can send that header",
}

// isOpen says that an Allow is to everybody as Block Public Access judges it. Keys of KMS pin a caller too.
func isOpen(s *policy.Statement) bool {
	if !s.Allow || s.Principal == nil || s.Principal.Not || condition(s, "kms:CallerAccount", "sts:ExternalId") != nil {
		return false
	}
	open, _ := policy.IsPublic(&policy.Document{Statements: []policy.Statement{*s}})
	return open && everybody(s.Principal)
}

func weakOnly(s *policy.Statement) (why string) {
	for i := range s.Conditions {
		c := &s.Conditions[i]
		name, _, _ := strings.Cut(strings.ToLower(c.Key), "/")
		text, weak := weakKeys[name]
		if !weak {
			return ""
		}
		if why == "" {
			why = text
		}
	}
	return why
}

func public(j *judge, s *policy.Statement) []hit {
	if !isOpen(s) || weakOnly(s) != "" {
		return nil
	}
	h := hit{at: s.Principal.Entries[0].At, title: "lets everybody in"}
	switch {
	case j.o.Kind == TrustPolicyKind:
		h.text = "Anybody with an AWS account may assume the role. Name the accounts or roles that need it."
	case len(s.Conditions) > 0:
		h.text = "Its conditions do not pin who asks to a fixed value, so the policy counts as public. Name the callers, or compare a key such as `aws:PrincipalOrgID` with a fixed value."
	default:
		h.text = "Anonymous callers from the whole internet are meant too. Name the callers as principals; Block Public Access refuses this policy while it is on."
	}
	if j.o.Kind == KeyPolicyKind && len(s.Conditions) == 0 {
		h.text = "Every account of AWS may use the key. Name the callers as principals, or ask for `kms:CallerAccount`."
	}
	return []hit{h}
}

func weakCondition(_ *judge, s *policy.Statement) []hit {
	why := ""
	if isOpen(s) {
		why = weakOnly(s)
	}
	if why == "" {
		return nil
	}
	c := &s.Conditions[0]
	return []hit{{at: c.At, title: "keeps nobody out with " + clip(c.Key),
		text: why + ", so the policy still counts as public. Name the callers, or compare a key such as `aws:PrincipalOrgID` or `aws:SourceVpce` with a fixed value."}}
}

func notPrincipalAllow(_ *judge, s *policy.Statement) []hit {
	if !s.Allow || s.Principal == nil || !s.Principal.Not {
		return nil
	}
	return []hit{{at: s.Principal.At, title: "allows everybody it does not name",
		text: "`NotPrincipal` with Allow means the rest of the world, anonymous callers too; S3 and IAM refuse it. Name those who may as `Principal`."}}
}

func notPrincipalDeny(_ *judge, s *policy.Statement) []hit {
	if s.Allow || s.Principal == nil || !s.Principal.Not {
		return nil
	}
	accounts, roles := map[string]bool{}, map[string]bool{}
	for _, e := range s.Principal.Entries {
		switch p := who(e.Value); p.kind {
		case "account":
			accounts[p.account] = true
		case "role":
			roles[p.account+"/"+p.name] = true
		}
	}
	h := hit{at: s.Principal.At, title: "may deny the very ones it means to spare", label: "Spare them by aws:PrincipalArn"}
	missing := ""
	for _, e := range s.Principal.Entries {
		switch p := who(e.Value); {
		case p.kind == "role":
			missing = fmt.Sprintf("A role is listed, but a session of it has an ARN of its own, `arn:aws:sts::%s:assumed-role/%s/SESSION`", p.account, p.name)
		case p.kind == "session" && (!roles[p.account+"/"+p.name] || !accounts[p.account]):
			missing = "A session is spared only if its role and its account are listed too"
		case p.kind == "user" && !accounts[p.account] && missing == "":
			missing = fmt.Sprintf("A user is spared only if its account, `%s`, is listed too", p.account)
		}
	}
	if missing == "" {
		missing = "Services treat accounts in `NotPrincipal` differently, and a caller with a permissions boundary is always denied"
	}
	h.text = missing + ". Deny `*` and spare the callers with `ArnNotLike` on `aws:PrincipalArn` instead."
	if spared := sparedARNs(s.Principal); spared != nil && condition(s, "aws:PrincipalArn") == nil {
		h.edit = func(d *draft) {
			n := d.statement(s.Index)
			v := n.Get("NotPrincipal")
			if v == nil {
				d.lost = true
				return
			}
			d.rename(n, "NotPrincipal", "Principal")
			d.put(v.At, v.End, `"*"`)
			var list any = spared
			if len(spared) == 1 {
				list = spared[0]
			}
			d.require(n, "ArnNotLike", "aws:PrincipalArn", list)
		}
	}
	return []hit{h}
}

// sparedARNs are what aws:PrincipalArn holds for the users and roles of a list; nil when an entry has no such ARN. Accounts
// are listed for the sake of their people only, and a session for which its role is not listed would become wider.
func sparedARNs(l *policy.PrincipalList) []string {
	var out []string
	roles := map[string]bool{}
	for _, e := range l.Entries {
		if p := who(e.Value); p.kind == "user" || p.kind == "role" {
			roles[p.account+"/"+p.name] = true
			out = append(out, e.Value)
		}
	}
	for _, e := range l.Entries {
		p := who(e.Value)
		if e.Type != "AWS" || p.kind == "" || p.kind == "federated" || p.kind == "session" && !roles[p.account+"/"+p.name] {
			return nil
		}
	}
	return out
}

func principalARNSession(_ *judge, s *policy.Statement) []hit {
	var out []hit
	for i := range s.Conditions {
		c := &s.Conditions[i]
		if !strings.EqualFold(c.Key, "aws:PrincipalArn") {
			continue
		}
		for _, v := range c.Values {
			role, ok := roleOfSession(v.Text)
			if !ok {
				continue
			}
			h := hit{at: v.At, title: "compares aws:PrincipalArn with the ARN of a session",
				text: "For a session of a role `aws:PrincipalArn` holds the ARN of the role, `arn:aws:iam::ACCOUNT:role/NAME`, so this value is never met. Write the role's ARN."}
			if role != "" {
				h.label = "Write the role's ARN"
				h.edit = func(d *draft) { d.swap(d.conditionValue(s.Index, c), v.Text, role) }
			}
			out = append(out, h)
		}
	}
	return out
}

// roleOfSession is the role behind the ARN of sessions; "" when only one session was meant, which a role's ARN would widen.
func roleOfSession(arn string) (role string, ok bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 || part[2] != "sts" || !strings.HasPrefix(part[5], "assumed-role/") {
		return "", false
	}
	name, session, _ := strings.Cut(strings.TrimPrefix(part[5], "assumed-role/"), "/")
	if session != "*" || name == "" {
		return "", true
	}
	return part[0] + ":" + part[1] + ":iam::" + part[4] + ":role/" + name, true
}
