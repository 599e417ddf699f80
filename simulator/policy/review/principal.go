package review

import (
	"strings"

	"keyhole/simulator/policy"
)

// checkPrincipal is S3's judgement of a Principal element.
func checkPrincipal(s *policy.Statement, known func(string) bool) *policy.Malformed {
	switch {
	case s.Principal == nil:
		return refuse(s.From, missingPrincipal, "A resource policy says whom it means.")
	case s.Allow && s.Principal.Not:
		return refuse(s.Principal.At, notPrincipalWithAllow, "It would allow everybody else, anonymous callers too.")
	}
	for _, e := range s.Principal.Entries {
		if say := wrongPrincipal(&e, known); say != "" {
			return refuse(e.At, invalidPrincipal, say)
		}
	}
	return nil
}

// wrongPrincipal says what is wrong with an entry; "" when nothing is.
func wrongPrincipal(e *policy.PrincipalEntry, known func(string) bool) string {
	v := e.Value
	switch {
	case v == "*":
		return ""
	case wild(v):
		return "A principal has no wildcards, other than a single star for everybody. Compare aws:PrincipalArn in a condition instead."
	}
	switch e.Type {
	case "Service":
		if !strings.Contains(v, ".") || strings.ContainsAny(v, " :/") {
			return "A service is named like logging.s3.amazonaws.com."
		}
		return ""
	case "Federated":
		if !strings.Contains(v, ".") && !strings.HasPrefix(v, "arn:") {
			return "An identity provider is an ARN or a name like cognito-identity.amazonaws.com."
		}
		return ""
	case "CanonicalUser":
		if len(v) != 64 || strings.Trim(v, "0123456789abcdef") != "" {
			return "A canonical user id has 64 hexadecimal digits."
		}
	case "AWS":
		if isAccount(v) {
			v = "arn:aws:iam::" + v + ":root"
		}
		if who(v).kind == "" {
			return "This is not the ARN of an account, user, role, role session or federated user."
		}
	}
	if known != nil && !known(v) {
		return "There is nobody of that name."
	}
	return ""
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// person is an AWS principal taken apart.
type person struct {
	kind    string // "account", "user", "role", "session", "federated"; "" when it is none of these
	account string
	name    string // without the path
	session string
}

// who takes an ARN, or the twelve digits of an account, apart:
//
//	ACCOUNT | "arn:" PARTITION ":iam::" ACCOUNT ":" ( "root" | "user/" [PATH] NAME | "role/" [PATH] NAME )
//	        | "arn:" PARTITION ":sts::" ACCOUNT ":" ( "assumed-role/" ROLE "/" SESSION | "federated-user/" NAME )
func who(arn string) person {
	if isAccount(arn) {
		return person{kind: "account", account: arn}
	}
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 || part[0] != "arn" || !strings.HasPrefix(part[1], "aws") || part[3] != "" || !isAccount(part[4]) {
		return person{}
	}
	p := person{account: part[4]}
	kind, rest, _ := strings.Cut(part[5], "/")
	switch {
	case part[2] == "iam" && part[5] == "root":
		p.kind = "account"
		return p
	case part[2] == "iam" && (kind == "user" || kind == "role"):
		p.kind, p.name = kind, rest[strings.LastIndexByte(rest, '/')+1:]
	case part[2] == "sts" && kind == "assumed-role":
		p.kind = "session"
		p.name, p.session, _ = strings.Cut(rest, "/")
		if p.session == "" {
			return person{}
		}
	case part[2] == "sts" && kind == "federated-user":
		p.kind, p.name = "federated", rest
	}
	if p.name == "" {
		return person{}
	}
	return p
}

// everybody says that a principal element without Not means all callers, anonymous ones too.
func everybody(l *policy.PrincipalList) bool {
	if l == nil || l.Not {
		return false
	}
	for _, e := range l.Entries {
		if e.Value == "*" && (e.Type == "*" || e.Type == "AWS") {
			return true
		}
	}
	return false
}
