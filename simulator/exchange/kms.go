package exchange

import (
	"strings"

	"keyhole/simulator/kmskey"
	"keyhole/simulator/policy"
	"keyhole/simulator/world"
)

// KeyUse is what S3 asks of KMS for its caller while the policies are asked about it.
type KeyUse struct {
	Key     world.KMSKey
	Context map[string]string // encryption context; nil: S3 has none
}

// KeyUse is what S3 asks of KMS just now; nil when it asks nothing.
func (x *Exchange) KeyUse() *KeyUse {
	if x.asking == nil || x.asking.Key.ARN == "" {
		return nil
	}
	return x.asking
}

// Suppose has KeyUse say that S3 asks for a key, for who only wants to know what would be decided.
func (x *Exchange) Suppose(k world.KMSKey, context map[string]string) { x.asking = &KeyUse{k, context} }

// FindKey is the KMS key that a header or a bucket's setting of S3 means: a key id, an alias or an ARN; "" is the key AWS
// manages for S3 in the caller's account, which is made on its first use. A bare id is one of the bucket owner's keys, an
// alias one of the caller's. (s3-wire 4.3)
func (x *Exchange) FindKey(id string) (world.KMSKey, *Fault) {
	if id == "" {
		id = managedAlias
	}
	region, account := x.keyScope(id)
	k, _, fault := x.LookUpKey(region, account, id)
	return k, viaS3(fault) // of another account's key that is not there, UseKey says no
}

// keyScope is where S3 looks for a key, and to whom an id belongs.
func (x *Exchange) keyScope(id string) (region, account string) {
	region, account = x.World.Region(), x.Caller.Account
	if x.At == nil {
		return region, account
	}
	if keyIDPattern.MatchString(id) || x.Anonymous {
		account = x.At.Account
	}
	return x.At.Region, account
}

// KeyARN is the ARN of the KMS key that an id means, for a condition that asks for it: resolved as FindKey does, without
// making anything. What means no key stays what it is.
func (x *Exchange) KeyARN(id string) string {
	if id == "" {
		id = managedAlias
	}
	region, account := x.keyScope(id)
	prefix := "arn:aws:kms:" + region + ":" + account + ":"
	switch {
	case strings.HasPrefix(id, "arn:"):
		if parts := keyARN.FindStringSubmatch(id); parts != nil && parts[3] == "alias" {
			if a, ok := x.World.KMSAlias(parts[2], parts[1], "alias/"+parts[4]); ok {
				return "arn:aws:kms:" + parts[1] + ":" + parts[2] + ":key/" + a.Key
			}
		}
		return id
	case strings.HasPrefix(id, "alias/"):
		if a, ok := x.World.KMSAlias(account, region, id); ok {
			return prefix + "key/" + a.Key
		}
		if id == managedAlias {
			return prefix + "key/" + managedID(x.World, region, account)
		}
		return prefix + id
	}
	return prefix + "key/" + id
}

// UseKey asks whether the caller may have S3 do action ("kms:GenerateDataKey") with a key, under an encryption context,
// and then whether the key's state and kind let it. The decision joins the trace; why is that of Authorize.
func (x *Exchange) UseKey(k world.KMSKey, action string, context map[string]string, why string) *Fault {
	if x.asking == nil {
		x.asking = &KeyUse{}
	}
	*x.asking = KeyUse{k, context}
	a := x.Authorize(action, k.ARN, why)
	*x.asking = KeyUse{}
	if !a.Allowed {
		return x.Refuse(a)
	}
	return viaS3(KeyReady(k, strings.TrimPrefix(action, "kms:"), ""))
}

// KeyReady says whether a key's state and kind let it do an operation of KMS ("Encrypt"); the fault has KMS's words.
func KeyReady(k world.KMSKey, operation, algorithm string) *Fault {
	if r := kmskey.CheckState(operation, k.State, k.ARN); r != nil {
		return Err(400, r.Code, r.Message).Told("The key is not in a state for this.")
	}
	if r := kmskey.CheckKind(operation, k.Spec, k.Usage, algorithm, k.ARN); r != nil {
		return Err(400, r.Code, r.Message).Told("The key is not of a kind for this.")
	}
	return nil
}

// viaS3 is a fault of KMS as S3 hands it on.
func viaS3(f *Fault) *Fault {
	if f != nil && f.Status == 400 {
		f.Code = "KMS." + f.Code
	}
	return f
}

// DataKey is a new key of 32 bytes and the same as k wrapped it. It asks for no permission: UseKey comes first.
func (x *Exchange) DataKey(k world.KMSKey, context map[string]string) (plain, blob []byte) {
	plain = x.World.Random(kmskey.MaterialBytes)
	return plain, x.Wrap(k, context, plain)
}

// Wrap encrypts a few bytes under the newest backing key of k.
func (x *Exchange) Wrap(k world.KMSKey, context map[string]string, plain []byte) []byte {
	newest := k.Material[len(k.Material)-1]
	blob, err := kmskey.Seal(k.ARN, newest.ID, newest.Bytes, context, plain, x.World.Random)
	if err != nil { // the world takes only keys that can seal
		panic(err)
	}
	return blob
}

// OpenDataKey is the data key in a blob. It asks for no permission: UseKey comes first.
func (x *Exchange) OpenDataKey(blob []byte, context map[string]string) (plain []byte, f *Fault) {
	b, err := kmskey.Parse(blob)
	if err == nil {
		if k, ok := x.World.KMSKey(b.KeyARN); ok {
			if plain, ok = Unwrap(k, b, context); ok {
				return plain, nil
			}
		} else {
			return nil, viaS3(noKey("Key '"+b.KeyARN+"' does not exist", "The key is gone, and with it the data."))
		}
	}
	return nil, viaS3(Err(400, "InvalidCiphertextException", "").Told("Not the context the data key was made with."))
}

// Unwrap opens a blob with the backing key that sealed it.
func Unwrap(k world.KMSKey, b kmskey.Blob, context map[string]string) ([]byte, bool) {
	for _, m := range k.Material {
		if m.ID == b.MaterialID {
			plain, err := b.Open(m.Bytes, context)
			return plain, err == nil
		}
	}
	return nil, false
}

// unreachableText is about another account's key, whether it is there or not. (recorded: buildkite issue 2344)
func (x *Exchange) unreachableText(action string) string {
	return "User: " + x.Caller.ARN + " is not authorized to perform: " + action + " on this resource because the resource does not exist in this Region, " +
		"no resource-based policies allow access, or a resource-based policy explicitly denies access"
}

// refusedKey are the words for a pair of KMS that was denied. Of another account's key nobody is told why, nor whether it
// is there; a missing Allow in the caller's own policies is told. (recorded: buildkite issue 2344; the rest modelled)
func (x *Exchange) refusedKey(a Authorization) string {
	own := a.Decision.By == policy.Identity || a.Decision.By == policy.SCP || a.Decision.By == policy.Boundary || a.Decision.By == policy.Session
	if a.Decision.Request.ResourceAccount != x.Caller.Account && !own {
		return x.unreachableText(a.Action)
	}
	return strings.Replace(a.Decision.Text(), `"`+a.Resource+`"`, a.Resource, 1)
}
