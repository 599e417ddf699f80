// Package kms is AWS KMS: its table of operations, and the handlers of those that are imitated.
package kms

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// call is one request for KMS: its members, and the keys it is about.
type call struct {
	*exchange.Exchange
	in   params
	key  world.KMSKey // of KeyId, TargetKeyId or DestinationKeyId, or of a ciphertext
	from world.KMSKey // of ReEncrypt: the key of the ciphertext
	blob kmskey.Blob
}

// row is one operation of KMS.
type row struct {
	name   string
	takes  string                      // the members it reads, those that have to be there with "!"
	locate func(*call) *exchange.Fault // finds what it is about; nil: nothing
	needs  []exchange.Need             // nil: kms:NAME on the key
	do     func(*call) *exchange.Fault
}

// operations are the rows of KMS, made once.
var operations = func() []exchange.Operation {
	var out []exchange.Operation
	for _, r := range slices.Concat(keyRows, deletionRows, rotationRows, aliasRows, policyRows, grantRows, cryptoRows, tagRows) {
		out = append(out, r.operation())
	}
	for _, name := range notImitated {
		out = append(out, exchange.Operation{Service: "kms", Name: name, Method: "POST", Needs: []exchange.Need{{Action: "kms:" + name}}})
	}
	return out
}()

// Operations are all 54 operations of KMS in 2026; those with a nil Handle are not imitated. Do not change them.
func Operations() []exchange.Operation { return operations }

// notImitated are the operations of KMS that no lab here needs: custom key stores, imported key material, copies of keys in
// other regions, and what asymmetric and HMAC keys do.
var notImitated = []string{
	"ConnectCustomKeyStore", "CreateCustomKeyStore", "DeleteCustomKeyStore", "DeleteImportedKeyMaterial", "DeriveSharedSecret",
	"DescribeCustomKeyStores", "DisconnectCustomKeyStore", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateMac",
	"GetKeyLastUsage", "GetParametersForImport", "GetPublicKey", "ImportKeyMaterial", "ReplicateKey", "Sign",
	"UpdateCustomKeyStore", "UpdatePrimaryRegion", "Verify", "VerifyMac",
}

func (r row) operation() exchange.Operation {
	op := exchange.Operation{
		Service: "kms", Name: r.name, Method: "POST", Needs: r.needs,
		Inspect: func(x *exchange.Exchange) *exchange.Fault {
			c := &call{Exchange: x}
			if fault := x.Input(&c.in, strings.Fields(r.takes)...); fault != nil {
				return fault
			}
			x.Found = c
			return nil
		},
		Handle: func(x *exchange.Exchange) *exchange.Fault {
			c := *x.Found.(*call)
			c.Exchange = x // of a shadow run: the copy
			return worded(r.do(&c))
		},
	}
	if r.locate != nil {
		op.Locate = func(x *exchange.Exchange) *exchange.Fault { return r.locate(x.Found.(*call)) }
		if op.Needs == nil {
			op.Needs = onKey("kms:" + r.name)
		}
	}
	if op.Needs == nil {
		op.Needs = []exchange.Need{{Action: "kms:" + r.name}}
	}
	return op
}

// onKey is a need on the key the request is about.
func onKey(action string) []exchange.Need {
	return []exchange.Need{{Action: action, On: exchange.TheKey, Resource: func(x *exchange.Exchange) string { return found(x).key.ARN }}}
}

// found is the call of a request; an empty one where nothing was sent, as when somebody only asks who may do it.
func found(x *exchange.Exchange) *call {
	if c, ok := x.Found.(*call); ok {
		return c
	}
	return &call{Exchange: x}
}

// worded gives a limit of the sandbox KMS's code.
func worded(f *exchange.Fault) *exchange.Fault {
	if f != nil && f.Code == "InvalidRequest" {
		f.Code = "LimitExceededException"
	}
	return f
}

// region is the one the request was signed for.
func (c *call) region() string {
	if a := c.Trace.Authentication; a != nil && a.Region != "" {
		return a.Region
	}
	return c.World.Region()
}

// fail is a 400 of KMS.
func fail(code, message, say string) *exchange.Fault {
	return exchange.Err(400, code, message).Told(say)
}

// put changes a key, for good.
func (c *call) put(k world.KMSKey) *exchange.Fault {
	if err := c.World.Apply(world.KMSKeyPut(k)); err != nil {
		return c.Failed(err)
	}
	return nil
}

// ready is the refusal of a key whose state does not let it take part; nil when it does.
func (c *call) ready() *exchange.Fault {
	if r := kmskey.CheckState(c.Op.Name, c.key.State, c.key.ARN); r != nil {
		return fail(r.Code, r.Message, "The key is not in a state for this.")
	}
	return nil
}

// dry ends an operation that was only to be tried. It comes after every other check.
func (c *call) dry() *exchange.Fault {
	if c.in.DryRun {
		return fail("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", "It would have worked.")
	}
	return nil
}
