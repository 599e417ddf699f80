package sts

import (
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/iam"
	"keyhole/simulator/query"
	"keyhole/simulator/world"
)

// inspectAssume refuses what no role could be assumed with, before it is asked whether the caller may. The order: the
// parameters, the ARN, who never may, the tags. (texts: recorded, but for root's: public reports)
func inspectAssume(x *exchange.Exchange) *exchange.Fault {
	if fault := query.Check(x, true, assumeParams...); fault != nil {
		return fault
	}
	arn := x.Form.Get("RoleArn")
	if parts := strings.SplitN(arn, ":", 6); len(parts) != 6 || parts[0] != "arn" || parts[1] != "aws" || parts[2] != "iam" || len(parts[4]) != 12 || !strings.HasPrefix(parts[5], "role/") {
		return query.Invalid(arn + " is invalid").Told("That is no ARN of a role.")
	}
	switch x.Caller.Kind {
	case "root":
		return denied("Roles may not be assumed by root accounts.", "Root cannot assume a role.")
	case "federated-user":
		x.Note("modelled: the text of this refusal is ours")
		return denied("Cannot call AssumeRole with federation credentials", "A federated user cannot assume a role.")
	}
	if _, fault := sessionTags(x); fault != nil {
		return fault
	}
	return nil
}

// invalidTags is a 400 about session tags.
func invalidTags(message string) *exchange.Fault {
	return exchange.Err(400, "InvalidParameterValue", message).Told("These session tags cannot be set.")
}

// sessionTags are the tags the session is going to have: those that were sent, and the transitive ones of the calling session.
func sessionTags(x *exchange.Exchange) (map[string]string, *exchange.Fault) {
	tags := map[string]string{}
	for _, t := range query.Tags(x.Form) {
		if _, twice := fold(tags, t.Key); twice {
			return nil, invalidTags("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		tags[t.Key] = t.Value
	}
	for _, key := range query.Strings(x.Form, "TransitiveTagKeys") {
		if _, ok := fold(tags, key); !ok {
			return nil, invalidTags("The specified transitive tag key must be included in the requested tags.")
		}
	}
	for _, key := range x.Caller.TransitiveTags {
		if _, conflict := fold(tags, key); conflict {
			return nil, invalidTags("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
	}
	for _, key := range x.Caller.TransitiveTags {
		tags[key] = x.Caller.Tags[key]
	}
	return tags, nil
}

// fold finds a key whatever its case.
func fold(tags map[string]string, key string) (spelt string, ok bool) {
	for k := range tags {
		if strings.EqualFold(k, key) {
			return k, true
		}
	}
	return "", false
}

// transitive are the keys of the tags that go on to further sessions, spelt as the tags are.
func transitive(x *exchange.Exchange, tags map[string]string) []string {
	out := slices.Clone(x.Caller.TransitiveTags)
	for _, key := range query.Strings(x.Form, "TransitiveTagKeys") {
		if spelt, ok := fold(tags, key); ok && !slices.Contains(out, spelt) {
			out = append(out, spelt)
		}
	}
	return out
}

type credentials struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

type assumeAnswer struct {
	Credentials     credentials
	AssumedRoleUser struct {
		AssumedRoleID string `xml:"AssumedRoleId"`
		ARN           string `xml:"Arn"`
	}
	PackedPolicySize int    `xml:",omitempty"`
	SourceIdentity   string `xml:",omitempty"`
}

// assumeRole mints a session of a role that the trust policy and the caller's own policies have allowed.
func assumeRole(x *exchange.Exchange) *exchange.Fault {
	role, ok := roleOf(x)
	if !ok { // authorize has refused what has no trust policy
		x.Note("there is no role %s, and yet it was allowed", x.Form.Get("RoleArn"))
		return exchange.Denied()
	}
	ask := world.SessionAsk{
		Kind: "role", Account: role.Account, Name: role.Name, Session: x.Form.Get("RoleSessionName"),
		Duration: time.Duration(seconds(x, defaultRole)) * time.Second, SourceIdentity: x.Form.Get("SourceIdentity"),
	}
	switch chained := x.Caller.Kind == "role"; {
	case chained && seconds(x, defaultRole) > longestChained:
		return query.Invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.").Told("A chained session lasts an hour at most.")
	case ask.Duration > iam.MaxSessionOf(role):
		return query.Invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.").Told("The role does not allow sessions that long.")
	case x.Caller.SourceIdentity != "" && ask.SourceIdentity != "" && ask.SourceIdentity != x.Caller.SourceIdentity:
		x.Note("modelled: the text of this refusal is ours")
		return denied("SourceIdentity cannot be changed once it is set", "The source identity stays what it was.")
	case ask.SourceIdentity == "":
		ask.SourceIdentity = x.Caller.SourceIdentity
	}
	tags, fault := sessionTags(x)
	if fault != nil {
		return fault
	}
	ask.Tags, ask.Transitive = tags, transitive(x, tags)
	if ask.MFA, fault = mfa(x); fault != nil {
		return fault
	}
	s, fault := mint(x, ask)
	if fault != nil {
		return fault
	}
	answer := assumeAnswer{Credentials: shape(s), PackedPolicySize: s.Packed, SourceIdentity: ask.SourceIdentity}
	answer.AssumedRoleUser.AssumedRoleID, answer.AssumedRoleUser.ARN = s.UserID, s.ARN
	x.Result(answer)
	return nil
}

// roleOf is the role a form names by its ARN.
func roleOf(x *exchange.Exchange) (world.Principal, bool) {
	arn := x.Form.Get("RoleArn")
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return world.Principal{}, false
	}
	p, ok := x.World.Principal(parts[4], "role", parts[5][strings.LastIndexByte(parts[5], '/')+1:])
	return p, ok && p.ARN == arn
}

// mfa is when the MFA code of a request was given; zero when the request has none.
func mfa(x *exchange.Exchange) (time.Time, *exchange.Fault) {
	serial, code := x.Form.Get("SerialNumber"), x.Form.Get("TokenCode")
	switch {
	case serial == "" && code == "":
		return time.Time{}, nil
	case serial == "" || code == "":
		x.Note("modelled: the text of this refusal is ours")
		return time.Time{}, denied("MultiFactorAuthentication failed, both the serial number and the code are needed.", "A code needs its device, and the reverse.")
	}
	return x.World.Now(), iam.CheckMFA(x, serial, code)
}
