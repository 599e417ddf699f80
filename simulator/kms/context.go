package kms

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// s3ARN is the pair that S3 puts into every encryption context.
const s3ARN = "aws:s3:arn"

// Context adds the condition keys of a pair of KMS: those of a request for KMS, or of what S3 asks of KMS for its caller.
// (Service Authorization Reference, KMS; KMS developer guide, condition keys)
func Context(x *exchange.Exchange, action, resource string, c *policy.Context) {
	if unscoped := []string{"kms:ListKeys", "kms:ListAliases", "kms:ListRetirableGrants", "kms:GenerateRandom"}; !x.Anonymous && !slices.Contains(unscoped, action) {
		c.Set("kms:CallerAccount", x.Caller.Account)
	}
	if k, ok := x.World.KMSKey(resource); ok {
		keyContext(x.World, k, c)
	}
	if x.Trace.Service == "kms" {
		requestContext(found(x), strings.TrimPrefix(action, "kms:"), c)
		return
	}
	region, pairs := x.World.Region(), map[string]string{s3ARN: x.ObjectARN()}
	if use := x.KeyUse(); use != nil {
		region, pairs = use.Key.Region, use.Context
	}
	c.Set("kms:ViaService", "s3."+region+".amazonaws.com")
	c.Set("kms:EncryptionAlgorithm", kmskey.Symmetric)
	encryptionContext(pairs, c)
}

// keyContext are the keys about the KMS key itself.
func keyContext(w *world.World, k world.KMSKey, c *policy.Context) {
	c.Set("kms:KeySpec", k.Spec)
	c.Set("kms:KeyUsage", k.Usage)
	c.Set("kms:KeyOrigin", k.Origin)
	c.Set("kms:MultiRegion", strconv.FormatBool(k.MultiRegion))
	var names []string
	for _, a := range w.KMSAliases(k.Account, k.Region) {
		if a.Key == k.ID {
			names = append(names, a.Name)
		}
	}
	if names != nil {
		c.SetList("kms:ResourceAliases", names)
	}
	for name, value := range k.Tags {
		c.Set("aws:ResourceTag/"+name, value)
	}
}

func encryptionContext(pairs map[string]string, c *policy.Context) {
	for name, value := range pairs {
		c.Set("kms:EncryptionContext:"+name, value)
	}
	if len(pairs) > 0 {
		c.SetList("kms:EncryptionContextKeys", slices.Sorted(maps.Keys(pairs)))
	}
}

// requestContext are the keys that members of a request fill.
func requestContext(call *call, action string, c *policy.Context) {
	in := &call.in
	set := func(name, value string) {
		if value != "" {
			c.Set("kms:"+name, value)
		}
	}
	switch action {
	case "CreateKey", "TagResource":
		requestTags(in.Tags, c)
	case "UntagResource":
		c.SetList("aws:TagKeys", in.TagKeys)
	}
	switch action {
	case "CreateKey":
		newKeyContext(in, c)
	case "PutKeyPolicy":
		c.Set("kms:BypassPolicyLockoutSafetyCheck", strconv.FormatBool(in.BypassPolicyLockoutSafetyCheck))
	case "ScheduleKeyDeletion":
		set("ScheduleKeyDeletionPendingWindowInDays", strconv.Itoa(call.window()))
	case "EnableKeyRotation":
		period := usualPeriod
		if in.RotationPeriodInDays != nil {
			period = *in.RotationPeriodInDays
		}
		set("RotationPeriodInDays", strconv.Itoa(period))
	case "CreateGrant":
		grantContext(in, c)
	case "ListGrants", "RevokeGrant":
		c.Set("kms:GrantIsForAWSResource", "false")
	case "RetireGrant":
		for _, g := range call.key.Grants {
			if g.ID == in.GrantId {
				set("GrantConstraintType", constraintType(&constraints{g.ContextEquals, g.ContextSubset}))
				encryptionContext(union(g.ContextEquals, g.ContextSubset), c)
			}
		}
	case "Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext":
		set("EncryptionAlgorithm", or(in.EncryptionAlgorithm, kmskey.Symmetric))
		encryptionContext(in.EncryptionContext, c)
	case "ReEncryptFrom":
		set("EncryptionAlgorithm", or(in.SourceEncryptionAlgorithm, kmskey.Symmetric))
		encryptionContext(in.SourceEncryptionContext, c)
	case "ReEncryptTo":
		set("EncryptionAlgorithm", or(in.DestinationEncryptionAlgorithm, kmskey.Symmetric))
		encryptionContext(in.DestinationEncryptionContext, c)
	}
	if strings.HasPrefix(action, "ReEncrypt") {
		set("ReEncryptOnSameKey", strconv.FormatBool(call.from.ARN == call.key.ARN))
	}
	set("RequestAlias", alias(in, action))
}

// alias is the alias by which a request names the key of an action; "" when it names it by its id.
func alias(in *params, action string) string {
	id := in.KeyId
	switch action {
	case "ReEncryptFrom":
		id = in.SourceKeyId
	case "ReEncryptTo":
		id = in.DestinationKeyId
	}
	if i := strings.Index(id, "alias/"); i >= 0 {
		return id[i:]
	}
	return ""
}

func requestTags(tags []tag, c *policy.Context) {
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.TagKey
		c.Set("aws:RequestTag/"+t.TagKey, t.TagValue)
	}
	if len(names) > 0 {
		c.SetList("aws:TagKeys", names)
	}
}

func newKeyContext(in *params, c *policy.Context) {
	c.Set("kms:KeySpec", or(or(in.KeySpec, in.CustomerMasterKeySpec), kmskey.Symmetric))
	c.Set("kms:KeyUsage", or(in.KeyUsage, kmskey.EncryptDecrypt))
	c.Set("kms:KeyOrigin", or(in.Origin, "AWS_KMS"))
	c.Set("kms:MultiRegion", strconv.FormatBool(in.MultiRegion))
	if in.MultiRegion {
		c.Set("kms:MultiRegionKeyType", "PRIMARY")
	}
	c.Set("kms:BypassPolicyLockoutSafetyCheck", strconv.FormatBool(in.BypassPolicyLockoutSafetyCheck))
}

func grantContext(in *params, c *policy.Context) {
	c.SetList("kms:GrantOperations", in.Operations)
	c.Set("kms:GranteePrincipal", in.GranteePrincipal)
	c.Set("kms:GrantIsForAWSResource", "false")
	if in.RetiringPrincipal != "" {
		c.Set("kms:RetiringPrincipal", in.RetiringPrincipal)
	}
	if in.Constraints != nil {
		c.Set("kms:GrantConstraintType", constraintType(in.Constraints))
		encryptionContext(union(in.Constraints.EncryptionContextEquals, in.Constraints.EncryptionContextSubset), c)
	}
}

func constraintType(of *constraints) string {
	switch {
	case of.EncryptionContextEquals != nil:
		return "EncryptionContextEquals"
	case of.EncryptionContextSubset != nil:
		return "EncryptionContextSubset"
	}
	return ""
}

func union(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, b)
	return out
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
