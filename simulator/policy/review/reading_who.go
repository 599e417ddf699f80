package review

import (
	"strconv"
	"strings"

	"keyhole/simulator/policy"
)

// whoMay is the subject of a statement and its verb: "the role app may ", "Nobody may ".
func whoMay(s *policy.Statement) Sentence {
	may := plain(" may ")
	if !s.Allow {
		may = plain(" may not ")
	}
	switch l := s.Principal; {
	case l == nil:
		return join(plain("whoever has this policy"), may)
	case l.Not:
		all := "Nobody"
		if s.Allow {
			all = "Everybody"
		}
		return join(strong(all), plain(" except "), callers(l), plain(" may "))
	case everybody(l) && s.Allow:
		return join(strong("Everybody"), may)
	case everybody(l):
		return join(strong("Nobody"), plain(" may "))
	default:
		return join(callers(l), may)
	}
}

func callers(l *policy.PrincipalList) Sentence {
	parts := make([]Sentence, 0, len(l.Entries))
	for i := range l.Entries {
		parts = append(parts, caller(&l.Entries[i]))
	}
	return enumerate(parts, "and")
}

func caller(e *policy.PrincipalEntry) Sentence {
	switch e.Type {
	case "Service":
		return join(plain("the service "), strong(clip(e.Value)))
	case "Federated":
		return join(plain("whoever signs in through "), strong(clip(e.Value)))
	case "CanonicalUser":
		return join(plain("the account with the canonical ID "), strong(clip(e.Value)))
	}
	p := who(e.Value)
	switch p.kind {
	case "account":
		return join(plain("the account "), strong(p.account))
	case "user":
		return join(plain("the user "), strong(clip(p.name)))
	case "role":
		return join(plain("the role "), strong(clip(p.name)))
	case "session":
		return join(plain("the session "), strong(clip(p.session)), plain(" of the role "), strong(clip(p.name)))
	case "federated":
		return join(plain("the federated user "), strong(clip(p.name)))
	}
	if e.Value == "*" {
		return strong("everybody")
	}
	return strong(clip(e.Value))
}

// short is what a caller or a principal is called in a cell: "ledger-writer".
func short(arn string) string {
	switch p := who(arn); p.kind {
	case "account":
		return p.account
	case "session":
		return clip(p.name + "/" + p.session)
	case "":
		if arn == "*" {
			return "everyone"
		}
		return clip(arn[strings.LastIndexAny(arn, "/:")+1:])
	default:
		return clip(p.name)
	}
}

var numbers = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// number is a small number in words.
func number(n int) string {
	if n >= 0 && n < len(numbers) {
		return numbers[n]
	}
	return strconv.Itoa(n)
}
