package policy

import (
	"fmt"
	"strings"
)

// PrincipalKind is what kind of caller it is.
type PrincipalKind string

// The kinds of principals.
const (
	Anonymous     PrincipalKind = "anonymous"
	RootUser      PrincipalKind = "root"
	User          PrincipalKind = "user"
	RoleSession   PrincipalKind = "assumed-role"
	FederatedUser PrincipalKind = "federated-user"
	Service       PrincipalKind = "service"
)

// Principal is who asks.
type Principal struct {
	Kind    PrincipalKind
	ARN     string // as a denial names it; the name of a service; "" when anonymous
	Account string // 12 digits; "" for services and anonymous callers
	Name    string // user, role (without path) or federated user name
	Session string // of a role session

	ID          string // unique id, "AIDA…" or "AROA…:session"; "" when unknown
	CanonicalID string // of the account; "" when unknown
}

// ParsePrincipal reads
//
//	"anonymous" | SERVICE ".amazonaws.com" | ARN
//	ARN = "arn:" PARTITION ":iam::" ACCOUNT ":" ( "root" | "user/" [PATH "/"] NAME )
//	    | "arn:" PARTITION ":sts::" ACCOUNT ":" ( "assumed-role/" ROLE "/" SESSION | "federated-user/" NAME )
func ParsePrincipal(s string) (Principal, error) {
	if s == "anonymous" {
		return Principal{Kind: Anonymous}, nil
	}
	if !strings.HasPrefix(s, "arn:") {
		if strings.HasSuffix(s, ".amazonaws.com") && strings.IndexByte(s, ' ') < 0 {
			return Principal{Kind: Service, ARN: s}, nil
		}
		return Principal{}, fmt.Errorf("policy: principal %.200q is no ARN, no service and not the word anonymous", s)
	}
	parts := strings.SplitN(s, ":", 6)
	bad := fmt.Errorf("policy: principal %.200q is not the ARN of a user, a root user, a role session or a federated user", s)
	if len(parts) != 6 || parts[3] != "" || !accountID(parts[4]) {
		return Principal{}, bad
	}
	p := Principal{ARN: s, Account: parts[4]}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch service := parts[2]; {
	case service == "iam" && parts[5] == "root":
		p.Kind = RootUser
		return p, nil
	case service == "iam" && kind == "user":
		p.Kind, p.Name = User, rest[strings.LastIndexByte(rest, '/')+1:]
	case service == "sts" && kind == "federated-user":
		p.Kind, p.Name = FederatedUser, rest
	case service == "sts" && kind == "assumed-role":
		p.Kind = RoleSession
		p.Name, p.Session, _ = strings.Cut(rest, "/")
		if p.Session == "" {
			return Principal{}, bad
		}
	}
	if p.Kind == "" || p.Name == "" {
		return Principal{}, bad
	}
	return p, nil
}

func accountID(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) == 12
}
