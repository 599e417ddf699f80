// Package sts is the STS service: its table of operations, and the handlers of those that are imitated.
package sts

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/query"
)

// Bounds of STS that are not in package world. (STS API reference)
const (
	defaultRole    = 3600   // seconds of a role session
	defaultUser    = 43200  // seconds of a user's or federated user's session
	defaultRoot    = 3600   // seconds of root's, which is the most it may have too
	longestUser    = 129600 // seconds
	longestChained = 3600   // seconds of a role session that was asked for by one
)

// The parameters. (botocore sts 2011-06-15)
var (
	names  = query.Like(`[\w+=,.@-]*`)
	passed = query.Param{Name: "Policy", Min: 1, Like: query.Like(`[\u0009\u000A\u000D\u0020-\u00FF]+`)}
	serial = query.Param{Name: "SerialNumber", Min: 9, Max: 256, Like: query.Like(`[\w+=/:,.@-]*`)}
	code   = query.Param{Name: "TokenCode", Min: 6, Max: 6, Like: query.Like(`[\d]*`)}

	assumeParams = []query.Param{
		query.Param{Name: "RoleArn", Min: 20, Max: 2048}.Needed(),
		query.Param{Name: "RoleSessionName", Min: 2, Max: 64, Like: names}.Needed(),
		passed, duration(43200), query.RequestTags, query.TagKeys.Named("TransitiveTagKeys"),
		{Name: "ExternalId", Min: 2, Max: 1224, Like: query.Like(`[\w+=,.@:\/-]*`)},
		serial, code, {Name: "SourceIdentity", Min: 2, Max: 64, Like: names},
	}
	federationParams = []query.Param{
		query.Param{Name: "Name", Min: 2, Max: 32, Like: names}.Needed(), passed, duration(longestUser), query.RequestTags,
	}
	keyParams = []query.Param{query.Param{Name: "AccessKeyId", Min: 16, Max: 128, Like: query.Like(`[\w]*`)}.Needed()}
)

func duration(longest int) query.Param {
	return query.Param{Name: "DurationSeconds", Kind: query.Number, Min: 900, Max: longest}
}

// operations are the rows of STS, made once. GetCallerIdentity and GetSessionToken need no permission: they say who
// holds the key, and no policy can deny that.
var operations = func() []exchange.Operation {
	rows := []exchange.Operation{
		{Name: "AssumeRole", Inspect: inspectAssume, Handle: assumeRole, Needs: []exchange.Need{
			{Action: "sts:AssumeRole", Resource: roleARN},
			{Action: "sts:TagSession", Resource: roleARN, When: tagged, Why: "because session tags were sent"},
			{Action: "sts:SetSourceIdentity", Resource: roleARN, When: sent("SourceIdentity"), Why: "because SourceIdentity was sent"},
		}},
		{Name: "GetCallerIdentity", Handle: getCallerIdentity},
		{Name: "GetSessionToken", Inspect: checks(duration(longestUser), serial, code), Handle: getSessionToken},
		{Name: "GetFederationToken", Inspect: checks(federationParams...), Handle: getFederationToken, Needs: []exchange.Need{
			{Action: "sts:GetFederationToken", Resource: federatedARN},
			{Action: "sts:TagSession", Resource: federatedARN, When: tagged, Why: "because session tags were sent"},
		}},
		{Name: "GetAccessKeyInfo", Inspect: checks(keyParams...), Handle: getAccessKeyInfo, Needs: []exchange.Need{{Action: "sts:GetAccessKeyInfo"}}},
	}
	for _, name := range []string{
		"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage", "GetDelegatedAccessToken", "GetWebIdentityToken",
	} {
		rows = append(rows, exchange.Operation{Name: name, Needs: []exchange.Need{{Action: "sts:" + name}}})
	}
	for i := range rows {
		rows[i].Service, rows[i].Method = "sts", "POST"
	}
	return rows
}()

// Operations are all 11 operations of STS in 2026; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }

func checks(params ...query.Param) func(*exchange.Exchange) *exchange.Fault {
	return func(x *exchange.Exchange) *exchange.Fault { return query.Check(x, true, params...) }
}

func tagged(x *exchange.Exchange) bool { return len(query.Tags(x.Form)) > 0 }

func sent(name string) func(*exchange.Exchange) bool {
	return func(x *exchange.Exchange) bool { return x.Form.Get(name) != "" }
}

func roleARN(x *exchange.Exchange) string { return x.Form.Get("RoleArn") }

func federatedARN(x *exchange.Exchange) string {
	return "arn:aws:sts::" + x.Caller.Account + ":federated-user/" + x.Form.Get("Name")
}

// denied is a 403 with a sentence of its own.
func denied(message, say string) *exchange.Fault {
	return exchange.Err(403, "AccessDenied", message).Told(say)
}

// seconds is how long a session is asked to last.
func seconds(x *exchange.Exchange, otherwise int) int {
	return query.Whole(x.Form, "DurationSeconds", otherwise)
}
