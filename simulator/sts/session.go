package sts

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// mint makes the credentials, with the session policies of the request.
func mint(x *exchange.Exchange, ask world.SessionAsk) (world.Session, *exchange.Fault) {
	ask.Base = x.Base
	if text := x.Form.Get("Policy"); text != "" {
		if fault := iam.IdentityDocument(x, text); fault != nil {
			return world.Session{}, fault
		}
		if n := len(text); n > world.MaxSessionPolicySize {
			return world.Session{}, packed(n * 100 / world.MaxSessionPolicySize)
		}
		ask.Policy = json.RawMessage(text)
	}
	for _, prefix := range query.Items(x.Form, "PolicyArns") {
		arn := x.Form.Get(prefix + ".arn")
		if p, ok := x.World.ManagedPolicy(arn); !ok || p.Account != ask.Account && p.Account != world.AWS {
			x.Note("modelled: the text of this refusal is ours")
			return world.Session{}, query.Invalid("Policy " + arn + " does not exist or is not attachable.").Told("There is no such managed policy.")
		}
		ask.PolicyARNs = append(ask.PolicyARNs, arn)
	}
	if len(ask.PolicyARNs) > world.MaxSessionPolicyARNs {
		return world.Session{}, query.Invalid(fmt.Sprintf("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to %d", world.MaxSessionPolicyARNs))
	}
	s, err := x.World.MintSession(ask)
	switch {
	case errors.Is(err, world.ErrPacked):
		return s, packed(101)
	case errors.Is(err, world.ErrInvalid):
		x.Note("modelled: the text of this refusal is ours (%v)", err)
		return s, query.Invalid("The session cannot be made as it was asked for.").Told("That session cannot be made.")
	case err != nil:
		return s, x.Failed(err)
	}
	return s, nil
}

// packed is the 400 for policies and tags that take more room than a token has.
func packed(percent int) *exchange.Fault {
	return exchange.Err(400, "PackedPolicyTooLarge", fmt.Sprintf("Packed policy consumes %d%% of allotted space, please use smaller policy.", percent)).
		Told("The session policies and tags are too long.")
}

func shape(s world.Session) credentials {
	return credentials{s.AccessKey, s.Secret, s.Token, s.Expires.Format("2006-01-02T15:04:05Z")}
}

// userSeconds is how long a session of the calling user or root is to last; no root session lasts longer than an hour.
func userSeconds(x *exchange.Exchange) time.Duration {
	n := seconds(x, defaultUser)
	if x.Caller.Kind == "root" && n > defaultRoot {
		if query.Sent(x.Form, "DurationSeconds") {
			x.Note("sessions of root last an hour at most, whatever was asked for")
		}
		n = defaultRoot
	}
	return time.Duration(n) * time.Second
}

// getSessionToken gives a user a session of its own, which MFA can be a part of.
func getSessionToken(x *exchange.Exchange) *exchange.Fault {
	if x.Caller.Temporary {
		return denied("Cannot call GetSessionToken with session credentials", "Only long-term keys get a session token.")
	}
	at, fault := mfa(x)
	if fault != nil {
		return fault
	}
	s, fault := mint(x, world.SessionAsk{Kind: "user", Account: x.Caller.Account, Name: x.Caller.Name, Duration: userSeconds(x), MFA: at})
	if fault != nil {
		return fault
	}
	x.Result(struct{ Credentials credentials }{shape(s)})
	return nil
}

// getFederationToken gives somebody outside a session with the caller's permissions, as far as the session policy goes.
func getFederationToken(x *exchange.Exchange) *exchange.Fault {
	if x.Caller.Temporary {
		return denied("Cannot call GetFederationToken with session credentials", "Only long-term keys get a federation token.")
	}
	tags, fault := sessionTags(x)
	if fault != nil {
		return fault
	}
	s, fault := mint(x, world.SessionAsk{
		Kind: "federated-user", Account: x.Caller.Account, Name: x.Caller.Name, Session: x.Form.Get("Name"), Duration: userSeconds(x), Tags: tags,
	})
	if fault != nil {
		return fault
	}
	var answer struct {
		Credentials   credentials
		FederatedUser struct {
			FederatedUserID string `xml:"FederatedUserId"`
			ARN             string `xml:"Arn"`
		}
		PackedPolicySize int
	}
	answer.Credentials, answer.PackedPolicySize = shape(s), s.Packed
	answer.FederatedUser.FederatedUserID, answer.FederatedUser.ARN = s.UserID, s.ARN
	x.Result(answer)
	return nil
}
