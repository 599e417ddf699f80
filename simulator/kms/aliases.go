package kms

import (
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// maxAliases is how many names one key may have. (KMS quotas)
const maxAliases = 50

var aliasRows = []row{
	{name: "CreateAlias", takes: "AliasName! TargetKeyId!", locate: byNames, needs: aliasNeeds("kms:CreateAlias", aliasTarget), do: createAlias},
	{name: "UpdateAlias", takes: "AliasName! TargetKeyId!", locate: byNames, needs: append(aliasNeeds("kms:UpdateAlias", aliasTarget), exchange.Need{
		Action: "kms:UpdateAlias", Resource: aliasOwner, Why: "because the alias leaves this key", When: moves}), do: updateAlias},
	{name: "DeleteAlias", takes: "AliasName!", locate: byAlias, needs: aliasNeeds("kms:DeleteAlias", aliasTarget), do: deleteAlias},
	{name: "ListAliases", takes: "KeyId Limit Marker", do: listAliases},
}

// aliasNeeds are the two pairs of an operation on an alias: the alias itself, and its key.
func aliasNeeds(action string, key func(*exchange.Exchange) string) []exchange.Need {
	return []exchange.Need{
		{Action: action, Resource: func(x *exchange.Exchange) string { return found(x).aliasARN() }},
		{Action: action, Resource: key, Why: "because it changes by which names the key is found"},
	}
}

func aliasTarget(x *exchange.Exchange) string { return found(x).key.ARN }

// aliasOwner is the key that has the alias now, moves whether that is another one.
func aliasOwner(x *exchange.Exchange) string {
	c := found(x)
	a, _ := c.World.KMSAlias(c.Caller.Account, c.region(), c.in.AliasName)
	return "arn:aws:kms:" + c.region() + ":" + c.Caller.Account + ":key/" + a.Key
}

func moves(x *exchange.Exchange) bool {
	c := found(x)
	a, ok := c.World.KMSAlias(c.Caller.Account, c.region(), c.in.AliasName)
	return ok && a.Key != c.key.ID
}

func (c *call) aliasARN() string {
	return "arn:aws:kms:" + c.region() + ":" + c.Caller.Account + ":" + c.in.AliasName
}

// byNames judges the name and finds the key that is to have it.
func byNames(c *call) *exchange.Fault {
	if fault := c.aliasName(); fault != nil {
		return fault
	}
	return c.own(c.in.TargetKeyId)
}

// byAlias finds the key that has an alias.
func byAlias(c *call) *exchange.Fault {
	if fault := c.aliasName(); fault != nil {
		return fault
	}
	a, ok := c.World.KMSAlias(c.Caller.Account, c.region(), c.in.AliasName)
	if !ok {
		return c.noAliasThere()
	}
	c.key, _ = c.World.KMSKey("arn:aws:kms:" + c.region() + ":" + c.Caller.Account + ":key/" + a.Key)
	return nil
}

func (c *call) noAliasThere() *exchange.Fault {
	return fail("NotFoundException", "Alias "+c.aliasARN()+" is not found.", "There is no such alias.")
}

var aliasPattern = regexp.MustCompile(`^[a-zA-Z0-9:/_-]+$`)

// aliasName judges the name of an alias. The first text was recorded.
func (c *call) aliasName() *exchange.Fault {
	name := c.in.AliasName
	switch bare, ok := strings.CutPrefix(name, "alias/"); {
	case !ok || bare == "":
		return exchange.Invalidated(`Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html`)
	case !aliasPattern.MatchString(name):
		return exchange.Invalidated("1 validation error detected: Value '" + name + "' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$")
	case strings.HasPrefix(bare, "aws/"):
		c.Note("modelled: how a name that AWS keeps for itself is refused")
		return fail("NotAuthorizedException", "The alias prefix alias/aws/ is reserved for AWS managed keys.", "Names under alias/aws/ belong to AWS.")
	}
	return nil
}

func createAlias(c *call) *exchange.Fault {
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.changeable(); fault != nil {
		return fault
	}
	if _, there := c.World.KMSAlias(c.Caller.Account, c.region(), c.in.AliasName); there {
		return fail("AlreadyExistsException", "An alias with the name "+c.aliasARN()+" already exists", "The alias is there already.")
	}
	if c.names(c.key) >= maxAliases {
		c.Note("modelled: how one alias too many is refused")
		return fail("LimitExceededException", "You have reached the limit of aliases for this KMS key.", "The key has as many names as it may.")
	}
	now := c.World.Now()
	return c.putAlias(world.KMSAlias{Account: c.Caller.Account, Region: c.region(), Name: c.in.AliasName, Key: c.key.ID, Created: now, Updated: now}, "%s now means key %s")
}

func (c *call) names(k world.KMSKey) (n int) {
	for _, a := range c.World.KMSAliases(k.Account, k.Region) {
		if a.Key == k.ID {
			n++
		}
	}
	return n
}

func (c *call) putAlias(a world.KMSAlias, say string) *exchange.Fault {
	if err := c.World.Apply(world.KMSAliasPut(a)); err != nil {
		return c.Failed(err)
	}
	c.Did(say, a.Name, a.Key)
	c.Output(nil)
	return nil
}

func updateAlias(c *call) *exchange.Fault {
	a, there := c.World.KMSAlias(c.Caller.Account, c.region(), c.in.AliasName)
	if !there {
		return c.noAliasThere()
	}
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.changeable(); fault != nil {
		return fault
	}
	before, there := c.World.KMSKey("arn:aws:kms:" + a.Region + ":" + a.Account + ":key/" + a.Key)
	if there && (before.Usage != c.key.Usage || (before.Spec == kmskey.Symmetric) != (c.key.Spec == kmskey.Symmetric)) {
		c.Note("modelled: how an alias is refused that would go to a key of another kind")
		return exchange.Invalidated("Alias " + c.aliasARN() + " can only be updated to a KMS key of the same type and key usage.")
	}
	a.Key, a.Updated = c.key.ID, c.World.Now()
	return c.putAlias(a, "%s now means key %s")
}

func deleteAlias(c *call) *exchange.Fault {
	if err := c.World.Apply(world.KMSAliasRemoved(c.Caller.Account, c.region(), c.in.AliasName)); err != nil {
		return c.Failed(err)
	}
	c.Did("removed %s; the key stays", c.in.AliasName)
	c.Output(nil)
	return nil
}

func listAliases(c *call) *exchange.Fault {
	type entry struct {
		AliasArn        string
		AliasName       string
		CreationDate    *moment
		LastUpdatedDate *moment
		TargetKeyId     string
	}
	all := c.World.KMSAliases(c.Caller.Account, c.region())
	if c.in.KeyId != "" {
		if fault := byID(c); fault != nil {
			return fault
		}
		var own []world.KMSAlias
		for _, a := range all {
			if a.Key == c.key.ID {
				own = append(own, a)
			}
		}
		all = own
	}
	page, next, fault := paged(c, 50, all, func(a world.KMSAlias) string { return a.Name })
	if fault != nil {
		return fault
	}
	out := []entry{}
	for _, a := range page {
		out = append(out, entry{"arn:aws:kms:" + a.Region + ":" + a.Account + ":" + a.Name, a.Name, at(a.Created), at(a.Updated), a.Key})
	}
	c.Output(struct {
		Aliases []entry
		more
	}{out, next})
	return nil
}
