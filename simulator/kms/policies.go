package kms

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// maxPolicy is the longest key policy, bytes. (KMS quotas; the model takes 131,072)
const maxPolicy = 32 << 10

// policyName is the only one a key policy can have.
const policyName = "default"

var policyRows = []row{
	{name: "GetKeyPolicy", takes: "KeyId! PolicyName", locate: byOwn, do: getPolicy},
	{name: "PutKeyPolicy", takes: "KeyId! PolicyName Policy! BypassPolicyLockoutSafetyCheck", locate: byOwn, do: putPolicy},
	{name: "ListKeyPolicies", takes: "KeyId! Limit Marker", locate: byOwn, do: listPolicies},
}

func (c *call) named() *exchange.Fault {
	if c.in.PolicyName != "" && c.in.PolicyName != policyName {
		return fail("NotFoundException", "No such policy exists", "The only policy is called default.")
	}
	return nil
}

func getPolicy(c *call) *exchange.Fault {
	if fault := c.named(); fault != nil {
		return fault
	}
	c.Output(struct{ Policy, PolicyName string }{string(c.key.Policy), policyName})
	return nil
}

func listPolicies(c *call) *exchange.Fault {
	c.Output(struct {
		PolicyNames []string
		more
	}{[]string{policyName}, more{}})
	return nil
}

func putPolicy(c *call) *exchange.Fault {
	if fault := c.named(); fault != nil {
		return fault
	}
	if fault := c.changeable(); fault != nil {
		return fault
	}
	k := c.key
	var fault *exchange.Fault
	if k.Policy, fault = c.keyPolicy(k, c.in.Policy, c.in.BypassPolicyLockoutSafetyCheck); fault != nil {
		return fault
	}
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s has another policy", k.ID)
	c.Output(nil)
	return nil
}

// malformed is a 400 about a key policy.
func malformed(message, say string) *exchange.Fault {
	return fail("MalformedPolicyDocumentException", message, say)
}

// keyPolicy judges a policy that a key is to get. Unless bypass, whoever puts it must be able to put the next one.
func (c *call) keyPolicy(k world.KMSKey, text string, bypass bool) (json.RawMessage, *exchange.Fault) {
	if len(text) > maxPolicy {
		return nil, fail("LimitExceededException", fmt.Sprintf("Policy exceeds the limit of %d bytes", maxPolicy), "The policy is too long.")
	}
	d, err := policy.Decode([]byte(text))
	if err != nil {
		c.Note("modelled: the words for a key policy that cannot be read; it says: %v", err)
		return nil, malformed("Policy contains invalid syntax.", "This is no policy.")
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		switch {
		case s.Principal == nil:
			return nil, malformed("Policy contains a statement with no principal.", fmt.Sprintf("Statement %d names no principal.", i+1))
		case s.Resource == nil:
			return nil, malformed("Policy contains a statement with no resource.", fmt.Sprintf("Statement %d names no resource.", i+1))
		case !c.principalsExist(s):
			return nil, malformed("Policy contains a statement with one or more invalid principals.", fmt.Sprintf("Statement %d names somebody who is not there.", i+1))
		}
	}
	if !bypass && !c.mayPutAgain(k, d) {
		return nil, malformed("The new key policy will not allow you to update the key policy in the future.", "You would lock yourself out.")
	}
	return json.RawMessage(text), nil
}

// principalsExist says whether the users and roles a statement names are there, as far as their accounts are in this world.
func (c *call) principalsExist(s *policy.Statement) bool {
	for _, e := range s.Principal.Entries {
		if e.Type != "AWS" || e.Value == "*" {
			continue
		}
		if !c.exists(e.Value) {
			return false
		}
	}
	return true
}

var principalARN = regexp.MustCompile(`^arn:aws:(iam|sts)::([0-9]{12}):(root|user/.+|role/.+|assumed-role/[^/]+/.+|federated-user/.+)$`)

// exists says whether an ARN of a user, role, session or account, or the id of an account, means somebody. Those of accounts
// that are not in this world count as there.
func (c *call) exists(arn string) bool {
	parts := principalARN.FindStringSubmatch(arn)
	if parts == nil {
		return accountID.MatchString(arn)
	}
	if _, known := c.World.Account(parts[2]); !known {
		return true
	}
	if !strings.HasPrefix(parts[3], "user/") && !strings.HasPrefix(parts[3], "role/") {
		return true
	}
	for _, p := range c.World.Principals() {
		if p.ARN == arn {
			return true
		}
	}
	return false
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// mayPutAgain says whether the caller could put the next policy under this one. Conditions see who calls, and no more.
func (c *call) mayPutAgain(k world.KMSKey, d *policy.Document) bool {
	who, err := policy.ParsePrincipal(c.Caller.ARN)
	if err != nil {
		return false
	}
	l := policy.Layers{Resource: &policy.Attached{Name: "new key policy", Source: "key " + k.ID, Document: d}}
	l.Identity, l.Boundary, l.Session = c.World.PoliciesOf(c.Caller)
	var context policy.Context
	context.Set("kms:CallerAccount", c.Caller.Account)
	context.Set("aws:PrincipalAccount", c.Caller.Account)
	context.Set("aws:PrincipalArn", c.Caller.ARN)
	return policy.Decide(&policy.Request{
		Principal: who, Action: "kms:PutKeyPolicy", Resource: k.ARN, ResourceAccount: k.Account, Context: context,
	}, &l) == policy.Allowed
}
