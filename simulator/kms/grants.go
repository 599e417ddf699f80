package kms

import (
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

var grantRows = []row{
	{name: "CreateGrant", takes: "KeyId! GranteePrincipal! RetiringPrincipal Operations! Constraints GrantTokens Name DryRun", locate: byID, do: createGrant},
	{name: "ListGrants", takes: "KeyId! Limit Marker GrantId GranteePrincipal", locate: byID, do: listGrants},
	{name: "RevokeGrant", takes: "KeyId! GrantId! DryRun", locate: byID, do: revokeGrant},
	{name: "RetireGrant", takes: "GrantToken KeyId GrantId DryRun", locate: byGrant, do: retireGrant},
	{name: "ListRetirableGrants", takes: "RetiringPrincipal! Limit Marker", do: listRetirable},
}

// contextual are the operations under which a grant's constraint on the encryption context means something.
var contextual = []string{"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"}

// asymmetricOnly are the operations of a grant that a symmetric key cannot do.
var asymmetricOnly = []string{"Sign", "Verify", "GetPublicKey", "GenerateMac", "VerifyMac", "DeriveSharedSecret"}

// Grants are the grants of a key that have a say in an action ("kms:Decrypt"). A grant's constraint counts where there is an
// encryption context, and who may retire a grant needs nothing else.
func Grants(k world.KMSKey, action string) (out []policy.Grant) {
	for _, g := range k.Grants {
		one := policy.Grant{ID: g.ID, Grantee: g.Grantee, Operations: g.Operations, ContextEquals: g.ContextEquals, ContextSubset: g.ContextSubset}
		if !slices.Contains(contextual, action[len("kms:"):]) {
			one.ContextEquals, one.ContextSubset = nil, nil
		}
		out = append(out, one)
		if g.Retiring != "" {
			out = append(out, policy.Grant{ID: g.ID, Grantee: g.Retiring, Operations: []string{"RetireGrant"}})
		}
	}
	return out
}

// byGrant finds the key of a grant that its token or its key and id name.
func byGrant(c *call) *exchange.Fault {
	switch {
	case c.in.GrantToken != "" && (c.in.KeyId != "" || c.in.GrantId != ""), c.in.GrantToken == "" && (c.in.KeyId == "" || c.in.GrantId == ""):
		c.Note("modelled: how RetireGrant is refused when it names a grant twice or not at all")
		return exchange.Invalidated("Either the grant token or the key id and the grant id must be specified.")
	case c.in.GrantToken == "":
		return byID(c)
	}
	for _, account := range c.World.Accounts() {
		for _, k := range c.World.KMSKeys(account.ID, c.region()) {
			for _, g := range k.Grants {
				if g.Token == c.in.GrantToken {
					c.key, c.in.GrantId = k, g.ID
					return nil
				}
			}
		}
	}
	return fail("InvalidGrantTokenException", "", "There is no such grant.")
}

func createGrant(c *call) *exchange.Fault {
	in := &c.in
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.grantable(); fault != nil {
		return fault
	}
	g := world.KMSGrant{
		Name: in.Name, Grantee: in.GranteePrincipal, Retiring: in.RetiringPrincipal, Operations: in.Operations, Created: c.World.Now(),
	}
	if in.Constraints != nil {
		g.ContextEquals, g.ContextSubset = in.Constraints.EncryptionContextEquals, in.Constraints.EncryptionContextSubset
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	if old := c.sameGrant(g); old != nil {
		c.Note("a grant of this name and content is there already, so it is given again")
		c.Output(struct{ GrantId, GrantToken string }{old.ID, old.Token})
		return nil
	}
	g.ID, g.Token = hex.EncodeToString(c.World.Random(32)), base64.StdEncoding.EncodeToString(c.World.Random(96))
	k := c.key
	k.Grants = append(slices.Clone(k.Grants), g)
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("granted %s the use of key %s", g.Grantee, k.ID)
	c.Output(struct{ GrantId, GrantToken string }{g.ID, g.Token})
	return nil
}

// grantable judges what a grant is to say. (KMS API reference, CreateGrant; the texts are modelled)
func (c *call) grantable() *exchange.Fault {
	in := &c.in
	for _, who := range []string{in.GranteePrincipal, in.RetiringPrincipal} {
		if who == "" {
			continue
		}
		if !c.exists(who) {
			c.Note("modelled: how a grant to somebody who is not there is refused")
			return fail("InvalidArnException", "ARN does not refer to a valid principal: "+who, "There is nobody of that name.")
		}
	}
	if len(in.Operations) == 0 {
		return exchange.Invalidated("1 validation error detected: Value '[]' at 'operations' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	for _, operation := range in.Operations {
		if c.key.Spec == kmskey.Symmetric && slices.Contains(asymmetricOnly, operation) {
			c.Note("modelled: how an operation is refused that the key cannot do")
			return exchange.Invalidated("Operation " + operation + " is not valid for a KMS key with key usage " + c.key.Usage + ".")
		}
	}
	if in.Constraints != nil && c.key.Spec != kmskey.Symmetric {
		return exchange.Invalidated("Encryption context constraints are only valid for symmetric encryption KMS keys.")
	}
	return nil
}

// sameGrant is the grant that has the same name and says the same: asking twice makes one grant.
func (c *call) sameGrant(g world.KMSGrant) *world.KMSGrant {
	if g.Name == "" {
		return nil
	}
	for i := range c.key.Grants {
		old := &c.key.Grants[i]
		if old.Name == g.Name && old.Grantee == g.Grantee && old.Retiring == g.Retiring && slices.Equal(old.Operations, g.Operations) &&
			maps.Equal(old.ContextEquals, g.ContextEquals) && maps.Equal(old.ContextSubset, g.ContextSubset) {
			return old
		}
	}
	return nil
}

func revokeGrant(c *call) *exchange.Fault { return c.endGrant("revoked") }
func retireGrant(c *call) *exchange.Fault { return c.endGrant("retired") }

func (c *call) endGrant(how string) *exchange.Fault {
	i := slices.IndexFunc(c.key.Grants, func(g world.KMSGrant) bool { return g.ID == c.in.GrantId })
	if i < 0 {
		return fail("NotFoundException", "Grant ID "+c.in.GrantId+" not found", "There is no such grant.")
	}
	if fault := c.dry(); fault != nil {
		return fault
	}
	k := c.key
	k.Grants = slices.Delete(slices.Clone(k.Grants), i, i+1)
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("%s a grant on key %s", how, k.ID)
	c.Output(nil)
	return nil
}

// grantEntry is one grant in a list.
type grantEntry struct {
	KeyId             string
	GrantId           string
	Name              string `json:",omitempty"`
	CreationDate      *moment
	GranteePrincipal  string
	RetiringPrincipal string `json:",omitempty"`
	IssuingAccount    string
	Operations        []string
	Constraints       *constraints `json:",omitempty"`
}

func entryOf(k world.KMSKey, g world.KMSGrant) grantEntry {
	e := grantEntry{k.ARN, g.ID, g.Name, at(g.Created), g.Grantee, g.Retiring, "arn:aws:iam::" + k.Account + ":root", g.Operations, nil}
	if g.ContextEquals != nil || g.ContextSubset != nil {
		e.Constraints = &constraints{g.ContextEquals, g.ContextSubset}
	}
	return e
}

func listGrants(c *call) *exchange.Fault {
	var all []grantEntry
	for _, g := range c.key.Grants {
		if (c.in.GrantId == "" || g.ID == c.in.GrantId) && (c.in.GranteePrincipal == "" || g.Grantee == c.in.GranteePrincipal) {
			all = append(all, entryOf(c.key, g))
		}
	}
	if c.in.GrantId != "" && len(all) == 0 {
		return fail("InvalidGrantIdException", "Grant ID "+c.in.GrantId+" not found", "There is no such grant.")
	}
	return c.grantPage(all)
}

func (c *call) grantPage(all []grantEntry) *exchange.Fault {
	page, next, fault := paged(c, 50, all, func(g grantEntry) string { return g.GrantId })
	if fault != nil {
		return fault
	}
	if page == nil {
		page = []grantEntry{}
	}
	c.Output(struct {
		Grants []grantEntry
		more
	}{page, next})
	return nil
}

func listRetirable(c *call) *exchange.Fault {
	var all []grantEntry
	for _, k := range c.World.KMSKeys(c.Caller.Account, c.region()) {
		for _, g := range k.Grants {
			if g.Retiring == c.in.RetiringPrincipal {
				all = append(all, entryOf(k, g))
			}
		}
	}
	return c.grantPage(all)
}
