package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// managedAlias is the name of the key AWS manages for S3.
const managedAlias = "alias/aws/s3"

var (
	keyIDPattern = regexp.MustCompile(`^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32})$`)
	keyARN       = regexp.MustCompile(`^arn:aws:kms:([a-z0-9-]+):([0-9]{12}):(key|alias)/(.+)$`)
)

// LookUpKey finds the key that an id, an alias or an ARN means in a region, to an account. Of another account's key that
// is not there only the ARN is known, and there is no fault: whoever asks is not allowed to know. The faults have KMS's
// words. (recorded: localstack's KMS snapshots; of a missing alias from memory)
func (x *Exchange) LookUpKey(region, account, id string) (k world.KMSKey, found bool, f *Fault) {
	prefix := "arn:aws:kms:" + region + ":" + account + ":"
	switch parts := keyARN.FindStringSubmatch(id); {
	case parts != nil && parts[1] != region:
		return k, false, noKey("Invalid arn "+parts[1], "The key is in another region.")
	case parts != nil && parts[3] == "key":
		if k, found = x.World.KMSKey(id); !found {
			k = world.KMSKey{Region: region, Account: parts[2], ID: parts[4], ARN: id}
		}
	case parts != nil:
		if k, found, f = x.aliased(region, parts[2], "alias/"+parts[4]); f != nil {
			return k, false, f
		}
		if !found {
			k = world.KMSKey{Region: region, Account: parts[2], ARN: id}
		}
	case strings.HasPrefix(id, "arn:"):
		return k, false, Err(400, "InvalidArnException", "Invalid arn "+id).Told("That is no ARN of a key.")
	case strings.HasPrefix(id, "alias/"):
		if k, found, f = x.aliased(region, account, id); f != nil {
			return k, false, f
		}
		if !found {
			k = world.KMSKey{Region: region, Account: account, ARN: prefix + id}
		}
	case keyIDPattern.MatchString(id):
		if k, found = x.World.KMSKey(prefix + "key/" + id); !found {
			k = world.KMSKey{Region: region, Account: account, ID: id, ARN: prefix + "key/" + id}
		}
	default:
		return k, false, noKey("Invalid keyId '"+id+"'", "That is no id of a key.")
	}
	switch {
	case found || k.Account != account:
		return k, found, nil
	case k.ID == "":
		return k, false, noKey("Alias "+k.ARN+" is not found.", "There is no such alias.")
	}
	return k, false, noKey("Key '"+k.ARN+"' does not exist", "There is no such key.")
}

func noKey(message, say string) *Fault { return Err(400, "NotFoundException", message).Told(say) }

// aliased is the key that an alias of an account means. The alias of the key AWS manages for S3 makes it, for the
// account itself.
func (x *Exchange) aliased(region, account, name string) (k world.KMSKey, found bool, f *Fault) {
	if a, ok := x.World.KMSAlias(account, region, name); ok {
		k, found = x.World.KMSKey("arn:aws:kms:" + region + ":" + account + ":key/" + a.Key)
		return k, found, nil
	}
	if name != managedAlias || account != x.Caller.Account {
		return k, false, nil
	}
	k, f = x.managedKey(region, account)
	return k, f == nil, f
}

// managedID is the id that the key AWS manages for S3 has, or will have: it follows from the world.
func managedID(w *world.World, region, account string) string {
	mac := hmac.New(sha256.New, w.Master())
	_, _ = mac.Write([]byte("id of the key managed for S3\x00" + region + "\x00" + account))
	return uuid(mac.Sum(nil))
}

// NewKeyID is an id for a new key.
func (x *Exchange) NewKeyID() string { return uuid(x.World.Random(16)) }

// uuid writes 16 bytes as a version 4 UUID.
func uuid(b []byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// NewMaterial is a backing key. reason is why it came after the first one.
func (x *Exchange) NewMaterial(reason string) world.KMSMaterial {
	return world.KMSMaterial{ID: hex.EncodeToString(x.World.Random(32)), Created: x.World.Now(), Bytes: x.World.Random(kmskey.MaterialBytes), Reason: reason}
}

// managedKey makes the key AWS manages for S3 in an account and region, on its first use. (s3-wire 4.3)
func (x *Exchange) managedKey(region, account string) (world.KMSKey, *Fault) {
	id := managedID(x.World, region, account)
	k := world.KMSKey{
		Account: account, Region: region, ID: id, ARN: "arn:aws:kms:" + region + ":" + account + ":key/" + id,
		Description: "Default key that protects my S3 objects when no other key is defined",
		Spec:        kmskey.Symmetric, Usage: kmskey.EncryptDecrypt, Manager: "AWS", Origin: "AWS_KMS", State: kmskey.Enabled,
		Created: x.World.Now(), Policy: managedPolicy(region, account), Material: []world.KMSMaterial{x.NewMaterial("")},
		Rotates: true, RotationPeriod: 365,
	}
	alias := world.KMSAlias{Account: account, Region: region, Name: managedAlias, Key: id, Created: k.Created, Updated: k.Created}
	for _, e := range []world.Effect{world.KMSKeyPut(k), world.KMSAliasPut(alias)} {
		if err := x.World.Apply(e); err != nil {
			return k, x.Failed(err)
		}
	}
	x.Did("made aws/s3, the key that AWS manages for S3 in account %s and %s", account, region)
	return k, nil
}

// managedPolicy is the policy of the key AWS manages for S3: whoever may use S3 in the account may use the key through S3,
// and nobody can change that. (KMS developer guide, AWS managed keys)
func managedPolicy(region, account string) json.RawMessage {
	return json.RawMessage(`{
  "Version" : "2012-10-17",
  "Id" : "auto-s3-2",
  "Statement" : [ {
    "Sid" : "Allow access through S3 for all principals in the account that are authorized to use S3",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "*"
    },
    "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey" ],
    "Resource" : "*",
    "Condition" : {
      "StringEquals" : {
        "kms:CallerAccount" : "` + account + `",
        "kms:ViaService" : "s3.` + region + `.amazonaws.com"
      }
    }
  }, {
    "Sid" : "Allow direct access to key metadata to the account",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::` + account + `:root"
    },
    "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*" ],
    "Resource" : "*"
  } ]
}`)
}
