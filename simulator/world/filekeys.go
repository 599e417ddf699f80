package world

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"keyhole/simulator/strictjson"
)

var (
	kmsKeyID = regexp.MustCompile(`^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
	aliasEnd = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)
)

// DefaultKeyPolicy is the policy of a key that is made without one: the account's own policies decide. (KMS developer
// guide, default key policy)
func DefaultKeyPolicy(account string) json.RawMessage {
	return json.RawMessage(`{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::` + account + `:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`)
}

// keysOfFile reads symmetric KMS keys for encryption, each with its aliases.
func (r *reader) keysOfFile(root *node) {
	for i, n := range r.list(root, "keys") {
		if !r.object(n, "a key", "id account region policy aliases state description tags") {
			continue
		}
		account := r.owner(n, "a key")
		if account == "" {
			continue
		}
		k := KMSKey{
			Account: account, Region: r.text(n, "region", "a region such as us-east-1", regionName.MatchString),
			ID:          r.text(n, "id", "a UUID in small letters", kmsKeyID.MatchString),
			Description: r.text(n, "description", "text", anyText),
			Spec:        "SYMMETRIC_DEFAULT", Usage: "ENCRYPT_DECRYPT", Manager: "CUSTOMER", Origin: "AWS_KMS",
			State:   r.text(n, "state", `"Enabled" or "Disabled"`, func(s string) bool { return s == "Enabled" || s == "Disabled" }),
			Created: r.w.Now(), Tags: r.tags(n),
		}
		if k.Region == "" {
			k.Region = r.w.region
		}
		seed := r.w.derive("kms key", account, k.Region, fmt.Sprint(i), k.ID)
		if k.ID == "" {
			if n.Get("id") != nil {
				continue // told already
			}
			k.ID = uuidOf(seed)
		}
		if k.State == "" {
			k.State = "Enabled"
		}
		k.ARN = "arn:aws:kms:" + k.Region + ":" + account + ":key/" + k.ID
		k.Material = []KMSMaterial{{ID: hex.EncodeToString(r.w.derive("kms material id", k.ARN)), Created: k.Created, Bytes: r.w.derive("kms material", k.ARN)}}
		k.Policy = r.policy(n.Get("policy"), fmt.Sprintf("the policy of key %.130q", k.ID), ofResource)
		if n.Get("policy") == nil {
			k.Policy = DefaultKeyPolicy(account)
		}
		r.put(n, KMSKeyPut(k), "key "+k.ID)
		r.aliases(n, k)
	}
}

func (r *reader) aliases(n *node, k KMSKey) {
	for _, alias := range r.list(n, "aliases") {
		switch {
		case !r.is(alias, strictjson.IsText, "an alias"):
		case !strings.HasPrefix(alias.Text, "alias/"):
			r.add(alias.At, "an alias must begin with alias/")
		case !aliasEnd.MatchString(alias.Text) || strings.HasPrefix(alias.Text, "alias/aws/"):
			r.add(alias.At, "an alias is alias/ and letters, digits, slashes, underscores and hyphens; alias/aws/ is for AWS")
		default:
			r.put(alias, KMSAliasPut(KMSAlias{Account: k.Account, Region: k.Region, Name: alias.Text, Key: k.ID, Created: k.Created, Updated: k.Created}), alias.Text)
		}
	}
}

// put makes a change of the file's own if that is possible, and nothing is replaced by it.
func (r *reader) put(n *node, e Effect, what string) {
	err := r.w.check(e)
	if err == nil {
		err = r.w.quota(e)
	}
	switch {
	case err != nil:
		r.refused(n.At, err)
	case r.w.hasThing(e):
		r.add(n.At, "%.300s is in the file twice", what)
	default:
		r.w.changeThings(e.copiedThings())
	}
}

// owner is the account something belongs to: the one that is named, or the only one; "" when that is told to be wrong.
func (r *reader) owner(n *node, what string) string {
	if n.Get("account") != nil {
		return r.text(n, "account", "the 12 digits of an account of this file", r.known)
	}
	if len(r.w.accounts) > 1 {
		r.need(n, what+" of a world with several accounts", "account")
		return ""
	}
	return r.w.accounts[0].ID
}

// uuidOf writes 16 of some bytes as a version 4 UUID.
func uuidOf(b []byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
