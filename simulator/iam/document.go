package iam

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/policy/review"
	"keyhole/simulator/world"
)

// Texts of MalformedPolicyDocument for what cannot be decoded; package review has the others. (recorded: localstack
// snapshots of 2026)
const (
	syntaxErrors = "Syntax errors in policy."
	oldVersion   = "Policy document must be version 2012-10-17 or greater."
	noActions    = "Policy statement must contain actions."
	noResources  = "Policy statement must contain resources."
)

// malformed is a 400 with a place in the document, which only we tell.
func malformed(message, say string, at policy.Position) *exchange.Fault {
	if at.Line > 0 {
		say = fmt.Sprintf("%s Line %d, column %d.", say, at.Line, at.Column)
	}
	return exchange.Err(400, "MalformedPolicyDocument", message).Told(say)
}

// identityDocument refuses what is no policy for a user, group or role, or a managed policy, which needs the new version.
func identityDocument(x *exchange.Exchange, text string, managed bool) *exchange.Fault {
	fault := IdentityDocument(x, text)
	if fault != nil || !managed {
		return fault
	}
	if d, err := policy.Decode([]byte(text)); err == nil && !d.Variables {
		return malformed(oldVersion, "A managed policy needs the newer version.", policy.Position{})
	}
	if world.PolicySize([]byte(text)) > world.MaxManagedPolicySize {
		return quota("PolicySize", strconv.Itoa(world.MaxManagedPolicySize))
	}
	return nil
}

// IdentityDocument refuses what is no policy that can be attached to an identity, or passed with a session.
func IdentityDocument(x *exchange.Exchange, text string) *exchange.Fault {
	d, err := policy.Decode([]byte(text))
	if err != nil {
		return undecoded(err, syntaxErrors)
	}
	return reviewed(x, review.IdentityPolicy(d))
}

// undecoded is the refusal of a text that is no policy at all.
func undecoded(err error, otherwise string) *exchange.Fault {
	var m *policy.Malformed
	if !errors.As(err, &m) {
		return malformed(otherwise, "This is no policy.", policy.Position{})
	}
	message := otherwise
	switch {
	case strings.Contains(m.Message, "field Action"):
		message = noActions
	case strings.Contains(m.Say, "Resource must not be an empty list"):
		message = noResources
	case strings.Contains(m.Say, "Action must not be an empty list"):
		message = noActions
	}
	return malformed(message, m.Say, m.Position)
}

// reviewed is the refusal of a document that is a policy of the wrong kind.
func reviewed(x *exchange.Exchange, m *policy.Malformed) *exchange.Fault {
	if m == nil {
		return nil
	}
	if m.Modelled {
		ours(x)
	}
	return malformed(m.Message, m.Say, m.Position)
}

// trustDocument refuses what is no trust policy of a role.
func trustDocument(x *exchange.Exchange, text string) *exchange.Fault {
	d, err := policy.Decode([]byte(text))
	if err != nil {
		var m *policy.Malformed
		errors.As(err, &m)
		return malformed(m.Message, m.Say, m.Position)
	}
	if fault := reviewed(x, review.TrustPolicy(d)); fault != nil {
		return fault
	}
	for i := range d.Statements {
		if fault := knownPrincipals(x, d.Statements[i].Principal); fault != nil {
			return fault
		}
	}
	if world.PolicySize([]byte(text)) > world.MaxTrustPolicySize {
		return quota("ACLSizePerRole", strconv.Itoa(world.MaxTrustPolicySize))
	}
	return nil
}

// knownPrincipals refuses a principal that does not exist: IAM keeps its unique id, so it has to be there.
// Principals of accounts that this sandbox does not have are taken as they are.
func knownPrincipals(x *exchange.Exchange, list *policy.PrincipalList) *exchange.Fault {
	for _, e := range list.Entries {
		parts := strings.SplitN(e.Value, ":", 6)
		if e.Type != "AWS" || len(parts) != 6 || parts[2] != "iam" {
			continue
		}
		if _, here := x.World.Account(parts[4]); !here {
			continue
		}
		kind, rest, _ := strings.Cut(parts[5], "/")
		name := rest[strings.LastIndexByte(rest, '/')+1:]
		p, ok := x.World.Principal(parts[4], kind, name)
		if parts[5] != "root" && (!ok || p.ARN != e.Value) {
			return malformed(fmt.Sprintf("Invalid principal in policy: %q:%q", e.Type, e.Value), "Nobody has that ARN.", e.At)
		}
	}
	return nil
}
