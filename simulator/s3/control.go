package s3

import (
	"bytes"
	"net/http"

	"keyhole/simulator/exchange"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// controlNamespace is that of the documents of S3 Control.
const controlNamespace = "http://awss3control.amazonaws.com/doc/2018-08-20/"

const (
	accountHeader = "X-Amz-Account-Id"
	accountBlock  = "/v20180820/configuration/publicAccessBlock"
)

// controlOperations are the rows of S3 Control, which name an account by a header and no bucket.
var controlOperations = []exchange.Operation{
	{Service: "s3control", Name: "GetPublicAccessBlock", Method: "GET", Path: accountBlock, Needs: on(exchange.TheAccount, "s3:GetAccountPublicAccessBlock"), Handle: getAccountBlock},
	{Service: "s3control", Name: "PutPublicAccessBlock", Method: "PUT", Path: accountBlock, Payload: exchange.Document, Needs: on(exchange.TheAccount, "s3:PutAccountPublicAccessBlock"), Handle: putAccountBlock},
	{Service: "s3control", Name: "DeletePublicAccessBlock", Method: "DELETE", Path: accountBlock, Needs: on(exchange.TheAccount, "s3:PutAccountPublicAccessBlock"), Handle: deleteAccountBlock},
}

// ControlOperations are the operations of S3 Control that are imitated. Do not change them.
func ControlOperations() []exchange.Operation { return controlOperations }

// ownAccount is the account a request names, which must be the caller's own.
func ownAccount(x *exchange.Exchange) (world.Account, *exchange.Fault) {
	id := x.Header.Get(accountHeader)
	if id == "" {
		x.Note("modelled: what S3 Control answers without x-amz-account-id was never recorded")
		return world.Account{}, exchange.Err(400, "MissingSecurityHeader", "Your request was missing a required header").
			With("MissingHeaderName", "x-amz-account-id").Told("The request names no account.")
	}
	account, ok := x.World.Account(id)
	if !ok || x.Anonymous || id != x.Caller.Account {
		return world.Account{}, exchange.Denied().Told("That is not the caller's account.")
	}
	return account, nil
}

func getAccountBlock(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	if account.Public == nil {
		return noPublicBlock("AccountId", account.ID)
	}
	x.Document("PublicAccessBlockConfiguration", shownPublic(*account.Public))
	x.Answer.Body = bytes.Replace(x.Answer.Body, []byte(wire.Namespace), []byte(controlNamespace), 1)
	return nil
}

func putAccountBlock(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	body, fault := intact(x)
	if fault != nil {
		return fault
	}
	var c publicConfiguration
	text := bytes.Replace(body.Data, []byte(controlNamespace), []byte(wire.Namespace), 1)
	if refusal := wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, &c); refusal != nil {
		return exchange.Refused(refusal)
	}
	p, fault := c.settings()
	if fault != nil {
		return fault
	}
	return setAccountBlock(x, account.ID, &p)
}

func deleteAccountBlock(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	if account.Public != nil {
		if fault := setAccountBlock(x, account.ID, nil); fault != nil {
			return fault
		}
	}
	x.Answer.Status = http.StatusNoContent
	return nil
}

func setAccountBlock(x *exchange.Exchange, account string, p *world.PublicBlock) *exchange.Fault {
	if err := x.World.Apply(world.AccountPublicSet(account, p)); err != nil {
		return x.Failed(err)
	}
	if p == nil {
		x.Did("account %s has no Block Public Access configuration", account)
		return nil
	}
	x.Did("Block Public Access of account %s is now: %s", account, switches(*p))
	return nil
}
