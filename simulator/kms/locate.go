package kms

import (
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// byAny finds the key of KeyId, which may be an id, an ARN, an alias or an alias's ARN, of another account too.
func byAny(c *call) (fault *exchange.Fault) {
	c.key, fault = c.lookUp(c.in.KeyId)
	return fault
}

// byID is byAny for the operations that take no alias.
func byID(c *call) *exchange.Fault {
	if fault := c.noAlias(c.in.KeyId); fault != nil {
		return fault
	}
	return byAny(c)
}

// byOwn is byID for the operations that only work on the caller's own keys.
func byOwn(c *call) *exchange.Fault { return c.own(c.in.KeyId) }

func (c *call) own(id string) (fault *exchange.Fault) {
	if fault = c.noAlias(id); fault != nil {
		return fault
	}
	if c.key, fault = c.lookUp(id); fault != nil {
		return fault
	}
	if c.key.Account != c.Caller.Account {
		c.Note("modelled: AWS was never recorded refusing another account's key here")
		return fail("AccessDeniedException", "User: "+c.Caller.ARN+" is not authorized to perform: kms:"+c.Op.Name+" on resource: "+c.key.ARN,
			"Only the key's own account may do this.")
	}
	return nil
}

// noAlias refuses a name where KMS takes the id or the ARN of a key only.
func (c *call) noAlias(id string) *exchange.Fault {
	if strings.HasPrefix(id, "alias/") || strings.Contains(id, ":alias/") {
		c.Note("modelled: how an alias is refused here")
		return fail("NotFoundException", "Invalid keyId '"+id+"'", "This takes no alias, only a key.")
	}
	return nil
}

func (c *call) lookUp(id string) (world.KMSKey, *exchange.Fault) {
	k, _, fault := c.LookUpKey(c.region(), c.Caller.Account, id)
	return k, fault
}

// byCiphertext finds the key of a ciphertext. A KeyId that is sent has to mean the same key.
func byCiphertext(c *call) (fault *exchange.Fault) {
	c.key, fault = c.sealedBy(c.in.KeyId)
	return fault
}

// byBoth finds the key of a ciphertext and the one it is to be encrypted under again.
func byBoth(c *call) (fault *exchange.Fault) {
	if c.from, fault = c.sealedBy(c.in.SourceKeyId); fault != nil {
		return fault
	}
	c.key, fault = c.lookUp(c.in.DestinationKeyId)
	return fault
}

func (c *call) sealedBy(named string) (k world.KMSKey, fault *exchange.Fault) {
	if len(c.in.CiphertextBlob) == 0 {
		c.Note("modelled: how a missing ciphertext is refused")
		return k, exchange.Invalidated("1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null")
	}
	if named != "" { // it is judged first: a key that is not there is told before what is wrong with the ciphertext
		if k, fault = c.lookUp(named); fault != nil {
			return k, fault
		}
	}
	blob, err := kmskey.Parse(c.in.CiphertextBlob)
	if err != nil {
		if named != "" && k.Usage != "" && (k.Usage != kmskey.EncryptDecrypt || k.Spec != kmskey.Symmetric) {
			return k, incorrectKey()
		}
		return k, invalidCiphertext("That is no ciphertext of KMS.")
	}
	c.blob = blob
	if named != "" {
		if k.ARN != blob.KeyARN {
			return k, incorrectKey()
		}
		return k, nil
	}
	k, there := c.World.KMSKey(blob.KeyARN)
	if !there || k.Region != c.region() {
		return k, fail("AccessDeniedException", "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
			"The key of this ciphertext is not here.")
	}
	return k, nil
}

func incorrectKey() *exchange.Fault {
	return fail("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.", "That key did not encrypt this.")
}

func invalidCiphertext(say string) *exchange.Fault {
	return fail("InvalidCiphertextException", "", say)
}
