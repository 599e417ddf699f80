package kms

import (
	"slices"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

var keyRows = []row{
	{name: "CreateKey", takes: "Policy Description KeyUsage CustomerMasterKeySpec KeySpec Origin CustomKeyStoreId BypassPolicyLockoutSafetyCheck Tags MultiRegion XksKeyId",
		needs: createNeeds, do: createKey},
	{name: "DescribeKey", takes: "KeyId! GrantTokens", locate: byAny, do: describeKey},
	{name: "ListKeys", takes: "Limit Marker", do: listKeys},
	{name: "EnableKey", takes: "KeyId!", locate: byOwn, do: func(c *call) *exchange.Fault { return c.turn(kmskey.Enabled) }},
	{name: "DisableKey", takes: "KeyId!", locate: byOwn, do: func(c *call) *exchange.Fault { return c.turn(kmskey.Disabled) }},
	{name: "UpdateKeyDescription", takes: "KeyId! Description!", locate: byOwn, do: updateDescription},
	{name: "GenerateRandom", takes: "NumberOfBytes CustomKeyStoreId Recipient", do: generateRandom},
}

var createNeeds = []exchange.Need{
	{Action: "kms:CreateKey"},
	{Action: "kms:TagResource", Why: "because the new key is to have tags", When: func(x *exchange.Exchange) bool { return len(found(x).in.Tags) > 0 }},
}

// newKey is the key that a request asks for.
func (c *call) newKey() (k world.KMSKey, fault *exchange.Fault) {
	in := &c.in
	spec, usage, origin := in.KeySpec, in.KeyUsage, in.Origin
	if spec == "" {
		spec = in.CustomerMasterKeySpec
	}
	if spec == "" {
		spec = kmskey.Symmetric
	}
	if origin == "" {
		origin = "AWS_KMS"
	}
	kind, ok := kmskey.SpecOf(spec)
	switch {
	case !ok: // a data key's
		return k, exchange.Invalidated("1 validation error detected: Value '" + spec + "' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [" + specNames() + "]")
	case in.KeySpec != "" && in.CustomerMasterKeySpec != "" && in.KeySpec != in.CustomerMasterKeySpec:
		return k, exchange.Invalidated("You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.")
	case usage == "" && spec != kmskey.Symmetric:
		return k, exchange.Invalidated("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
	case usage == "":
		usage = kmskey.EncryptDecrypt
	case !slices.Contains(kind.Usages, usage):
		return k, exchange.Invalidated("KeyUsage " + usage + " is not compatible with KeySpec " + spec)
	}
	if origin == "AWS_CLOUDHSM" || origin == "EXTERNAL_KEY_STORE" || in.CustomKeyStoreId != "" || in.XksKeyId != "" {
		return k, exchange.Err(501, "NotImplemented", "Custom key stores are not imitated by this simulator.").Told("Custom key stores are not imitated.")
	}
	if fault = checkTags(c.in.Tags, nil); fault != nil {
		return k, fault
	}
	id := c.NewKeyID()
	if in.MultiRegion {
		id = "mrk-" + strings.ReplaceAll(id, "-", "")
	}
	k = world.KMSKey{
		Account: c.Caller.Account, Region: c.region(), ID: id, ARN: "arn:aws:kms:" + c.region() + ":" + c.Caller.Account + ":key/" + id,
		Description: in.Description, Spec: spec, Usage: usage, Manager: "CUSTOMER", Origin: origin, MultiRegion: in.MultiRegion,
		State: kmskey.Enabled, Created: c.World.Now(), Tags: tagMap(in.Tags, nil),
	}
	if origin == "EXTERNAL" {
		k.State = kmskey.PendingImport
	} else {
		k.Material = []world.KMSMaterial{c.NewMaterial("")}
	}
	return k, nil
}

func specNames() string {
	names := make([]string, len(kmskey.Specs))
	for i, s := range kmskey.Specs {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

func createKey(c *call) *exchange.Fault {
	k, fault := c.newKey()
	if fault != nil {
		return fault
	}
	k.Policy = world.DefaultKeyPolicy(k.Account)
	if c.in.Policy != "" {
		if k.Policy, fault = c.keyPolicy(k, c.in.Policy, c.in.BypassPolicyLockoutSafetyCheck); fault != nil {
			return fault
		}
	}
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("made key %s, %s for %s", k.ID, k.Spec, k.Usage)
	c.Output(struct{ KeyMetadata metadata }{metadataOf(k)})
	return nil
}

func describeKey(c *call) *exchange.Fault {
	c.Output(struct{ KeyMetadata metadata }{metadataOf(c.key)})
	return nil
}

func listKeys(c *call) *exchange.Fault {
	type entry struct{ KeyArn, KeyId string }
	page, next, fault := paged(c, 100, c.World.KMSKeys(c.Caller.Account, c.region()), func(k world.KMSKey) string { return k.ID })
	if fault != nil {
		return fault
	}
	out := []entry{}
	for _, k := range page {
		out = append(out, entry{k.ARN, k.ID})
	}
	c.Output(struct {
		Keys []entry
		more
	}{out, next})
	return nil
}

// turn enables or disables a key. What is so already stays so.
func (c *call) turn(state string) *exchange.Fault {
	if fault := c.changeable(); fault != nil {
		return fault
	}
	if fault := c.ready(); fault != nil {
		return fault
	}
	k := c.key
	k.State = state
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s is now %s", k.ID, strings.ToLower(state))
	c.Output(nil)
	return nil
}

// changeable refuses to change a key that AWS manages.
func (c *call) changeable() *exchange.Fault {
	if c.key.Manager == "AWS" {
		c.Note("modelled: how a change of a key that AWS manages is refused")
		return fail("UnsupportedOperationException", c.key.ARN+" is an AWS managed key, which cannot be changed.", "AWS manages this key, nobody else.")
	}
	return nil
}

func updateDescription(c *call) *exchange.Fault {
	if fault := c.changeable(); fault != nil {
		return fault
	}
	if fault := c.ready(); fault != nil {
		return fault
	}
	k := c.key
	k.Description = c.in.Description
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s has another description", k.ID)
	c.Output(nil)
	return nil
}

func generateRandom(c *call) *exchange.Fault {
	switch {
	case c.in.NumberOfBytes == nil:
		return exchange.Invalidated("NumberOfBytes is required.")
	case c.in.CustomKeyStoreId != "":
		return fail("CustomKeyStoreNotFoundException", "", "There are no custom key stores.")
	case c.in.Recipient != nil:
		return enclaves()
	}
	c.Output(struct{ Plaintext []byte }{c.World.Random(*c.in.NumberOfBytes)})
	return nil
}

// enclaves refuses what only a Nitro enclave could read.
func enclaves() *exchange.Fault {
	return exchange.Err(501, "NotImplemented", "Recipients are not imitated by this simulator.").Told("There are no Nitro enclaves here.")
}
