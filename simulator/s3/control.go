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
	accountBlock  = controlPath + "configuration/publicAccessBlock"
)

// controlDocument answers with a document of S3 Control.
func controlDocument(x *exchange.Exchange, root string, v any) {
	x.Document(root, v)
	x.Answer.Body = bytes.Replace(x.Answer.Body, []byte(wire.Namespace), []byte(controlNamespace), 1)
}

// controlXML checks and decodes a document of S3 Control.
func controlXML(x *exchange.Exchange, v any) *exchange.Fault {
	body, fault := intact(x)
	if fault != nil {
		return fault
	}
	text := bytes.Replace(body.Data, []byte(controlNamespace), []byte(wire.Namespace), 1)
	return exchange.Refused(wire.Decode(bytes.NewReader(text), wire.XMLBytes, wire.XMLDepth, v))
}

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
	controlDocument(x, "PublicAccessBlockConfiguration", shownPublic(*account.Public))
	return nil
}

func putAccountBlock(x *exchange.Exchange) *exchange.Fault {
	account, fault := ownAccount(x)
	if fault != nil {
		return fault
	}
	var c publicConfiguration
	if fault := controlXML(x, &c); fault != nil {
		return fault
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
