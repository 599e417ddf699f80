package kms

import (
	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

var cryptoRows = []row{
	{name: "Encrypt", takes: "KeyId! Plaintext! EncryptionContext GrantTokens EncryptionAlgorithm DryRun", locate: byAny, do: encrypt},
	{name: "Decrypt", takes: "CiphertextBlob EncryptionContext GrantTokens KeyId EncryptionAlgorithm Recipient DryRun", locate: byCiphertext, do: decrypt},
	{name: "ReEncrypt", takes: "CiphertextBlob SourceEncryptionContext SourceKeyId DestinationKeyId! DestinationEncryptionContext " +
		"SourceEncryptionAlgorithm DestinationEncryptionAlgorithm GrantTokens DryRun", locate: byBoth, needs: reEncryptNeeds, do: reEncrypt},
	{name: "GenerateDataKey", takes: "KeyId! EncryptionContext NumberOfBytes KeySpec GrantTokens Recipient DryRun", locate: byAny,
		do: func(c *call) *exchange.Fault { return c.dataKey(true) }},
	{name: "GenerateDataKeyWithoutPlaintext", takes: "KeyId! EncryptionContext NumberOfBytes KeySpec GrantTokens DryRun", locate: byAny,
		do: func(c *call) *exchange.Fault { return c.dataKey(false) }},
}

var reEncryptNeeds = []exchange.Need{
	{Action: "kms:ReEncryptFrom", Resource: func(x *exchange.Exchange) string { return found(x).from.ARN }, Why: "because this key opens the ciphertext"},
	{Action: "kms:ReEncryptTo", Resource: func(x *exchange.Exchange) string { return found(x).key.ARN }, Why: "because this key seals it again"},
}

// able says whether a key takes part, and with the algorithm that is asked for.
func (c *call) able(k world.KMSKey, algorithm string) *exchange.Fault {
	if fault := exchange.KeyReady(k, c.Op.Name, algorithm); fault != nil {
		return fault
	}
	if k.Spec != kmskey.Symmetric {
		c.Note("modelled: asymmetric keys are described here and do not encrypt")
		return exchange.Err(501, "NotImplemented", "Asymmetric encryption is not imitated by this simulator.").Told("Only symmetric keys encrypt here.")
	}
	return nil
}

func encrypt(c *call) *exchange.Fault {
	if fault := c.able(c.key, c.in.EncryptionAlgorithm); fault != nil {
		return fault
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	c.Output(struct {
		CiphertextBlob      []byte
		EncryptionAlgorithm string
		KeyId               string
	}{c.Wrap(c.key, c.in.EncryptionContext, c.in.Plaintext), kmskey.Symmetric, c.key.ARN})
	return nil
}

func decrypt(c *call) *exchange.Fault {
	if c.in.Recipient != nil {
		return enclaves()
	}
	if fault := c.able(c.key, c.in.EncryptionAlgorithm); fault != nil {
		return fault
	}
	plain, ok := exchange.Unwrap(c.key, c.blob, c.in.EncryptionContext)
	if !ok {
		return invalidCiphertext("Another context, or it was changed.")
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	c.Output(struct {
		EncryptionAlgorithm string
		KeyId               string
		KeyMaterialId       string
		Plaintext           []byte
	}{kmskey.Symmetric, c.key.ARN, c.blob.MaterialID, plain})
	return nil
}

func reEncrypt(c *call) *exchange.Fault {
	if fault := c.able(c.from, c.in.SourceEncryptionAlgorithm); fault != nil {
		return fault
	}
	if fault := c.able(c.key, c.in.DestinationEncryptionAlgorithm); fault != nil {
		return fault
	}
	plain, ok := exchange.Unwrap(c.from, c.blob, c.in.SourceEncryptionContext)
	if !ok {
		return invalidCiphertext("Another context, or it was changed.")
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	c.Output(struct {
		CiphertextBlob                 []byte
		DestinationEncryptionAlgorithm string
		DestinationKeyMaterialId       string
		KeyId                          string
		SourceEncryptionAlgorithm      string
		SourceKeyId                    string
		SourceKeyMaterialId            string
	}{c.Wrap(c.key, c.in.DestinationEncryptionContext, plain), kmskey.Symmetric, current(c.key), c.key.ARN, kmskey.Symmetric, c.from.ARN, c.blob.MaterialID})
	return nil
}

// current is the id of a key's newest material.
func current(k world.KMSKey) string { return k.Material[len(k.Material)-1].ID }

// dataKeyBytes are the lengths of data keys by their spec.
var dataKeyBytes = map[string]int{"AES_128": 16, "AES_256": 32}

func (c *call) dataKey(shown bool) *exchange.Fault {
	length := dataKeyBytes[c.in.KeySpec]
	switch asked := c.in.NumberOfBytes; {
	case c.in.Recipient != nil:
		return enclaves()
	case c.in.KeySpec != "" && length == 0:
		return exchange.Invalidated("1 validation error detected: Value '" + c.in.KeySpec + "' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]")
	case (c.in.KeySpec == "") == (asked == nil):
		c.Note("modelled: how KeySpec and NumberOfBytes are refused when both or none are sent")
		return exchange.Invalidated("Please specify either number of bytes or key spec.")
	case asked != nil:
		length = *asked
	}
	if fault := c.able(c.key, ""); fault != nil {
		return fault
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	plain := c.World.Random(length)
	out := struct {
		CiphertextBlob []byte
		KeyId          string
		KeyMaterialId  string
		Plaintext      []byte `json:",omitempty"`
	}{c.Wrap(c.key, c.in.EncryptionContext, plain), c.key.ARN, current(c.key), nil}
	if shown {
		out.Plaintext = plain
	}
	c.Output(out)
	return nil
}
