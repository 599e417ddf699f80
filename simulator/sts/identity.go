package sts

import (
	"strings"

	"keyhole/simulator/exchange"
)

// getCallerIdentity says who holds the key.
func getCallerIdentity(x *exchange.Exchange) *exchange.Fault {
	x.Result(struct {
		ARN     string `xml:"Arn"`
		UserID  string `xml:"UserId"`
		Account string
	}{x.Caller.ARN, x.Caller.UserID, x.Caller.Account})
	return nil
}

// getAccessKeyInfo says which account a key belongs to. A session's key is known by its token alone, so that only the
// caller's own can be told.
func getAccessKeyInfo(x *exchange.Exchange) *exchange.Fault {
	id := x.Form.Get("AccessKeyId")
	account := ""
	if k, ok := x.World.AccessKey(id); ok {
		account = k.Account
	} else if strings.EqualFold(id, x.Caller.AccessKey) {
		account = x.Caller.Account
	}
	if account == "" {
		x.Note("modelled: AWS reads the account out of any key id; here only keys of this sandbox have one")
		return exchange.Err(400, "ValidationError", "Invalid AccessKeyId").Told("No account here has that key.")
	}
	x.Result(struct{ Account string }{account})
	return nil
}
