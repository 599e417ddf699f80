package world

import (
	"errors"
	"fmt"

	"keyhole/simulator/strictjson"
)

func (r *reader) buckets(root *node, w *World) {
	for _, n := range r.list(root, "buckets") {
		if !r.object(n, "a bucket", "name account profile versioning object_lock mfa_delete encryption tags policy public_access_block ownership acl") {
			continue
		}
		r.need(n, "a bucket", "name")
		name := r.text(n, "name", "text", anyText)
		account := r.owner(n, "a bucket")
		profile := w.profile
		if p := r.text(n, "profile", `"2026", "2022" or "2018"`, profileName); p != "" {
			profile = Profile(p)
		}
		b := w.NewBucketOf(profile, name, account)
		b.Versioning = r.text(n, "versioning", `"Enabled" or "Suspended"`, func(s string) bool { return s == "Enabled" || s == "Suspended" })
		r.protection(n, &b)
		b.Policy = r.policy(n.Get("policy"), fmt.Sprintf("the policy of bucket %.63q", name), ofResource)
		r.access(n, w, &b)
		r.bucket(n, w, b)
	}
}

// known says whether an account is one of the file.
func (r *reader) known(id string) bool {
	_, ok := r.w.Account(id)
	return ok
}

// access reads who may be let in at all.
func (r *reader) access(n *node, w *World, b *Bucket) {
	if v := n.Get("public_access_block"); v != nil {
		b.Public, b.PublicSet = r.publicBlock(v)
	}
	if o := r.text(n, "ownership", fmt.Sprintf("%q, %q or %q", OwnerEnforced, OwnerPreferred, ObjectWriter), func(s string) bool {
		return s == OwnerEnforced || s == OwnerPreferred || s == ObjectWriter
	}); o != "" {
		b.Ownership, b.OwnershipSet = o, true
	}
	acl := r.text(n, "acl", "private, public-read, public-read-write, authenticated-read or log-delivery-write", func(s string) bool {
		_, ok := cannedACLs[s]
		return ok
	})
	if acl == "" || acl == "private" {
		return
	}
	if b.Ownership == OwnerEnforced {
		r.add(n.Get("acl").At, "bucket %.63q has ACLs off (%s), so its acl can only be private", b.Name, b.Ownership)
	}
	owner, _ := w.Account(b.Account)
	b.Grants = append([]ACLGrant{{Kind: "CanonicalUser", ID: owner.CanonicalID, Permission: "FULL_CONTROL"}}, cannedACLs[acl]...)
}

// Groups an ACL can name. (s3-wire 9; Access control list overview, S3 User Guide)
const (
	AllUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	AuthenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	LogDelivery        = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// cannedACLs are the grants a canned ACL gives besides FULL_CONTROL of the owner.
var cannedACLs = map[string][]ACLGrant{
	"private":            nil,
	"public-read":        {{Kind: "Group", URI: AllUsers, Permission: "READ"}},
	"public-read-write":  {{Kind: "Group", URI: AllUsers, Permission: "READ"}, {Kind: "Group", URI: AllUsers, Permission: "WRITE"}},
	"authenticated-read": {{Kind: "Group", URI: AuthenticatedUsers, Permission: "READ"}},
	"log-delivery-write": {{Kind: "Group", URI: LogDelivery, Permission: "WRITE"}, {Kind: "Group", URI: LogDelivery, Permission: "READ_ACP"}},
}

// publicBlock reads the four settings; a setting that is left out is off, and false in their place is no configuration.
func (r *reader) publicBlock(n *node) (block PublicBlock, set bool) {
	if n.Kind == strictjson.IsBool && !n.Yes {
		return block, false
	}
	if !r.object(n, "public_access_block", "block_public_acls ignore_public_acls block_public_policy restrict_public_buckets") {
		return block, false
	}
	return PublicBlock{
		BlockPublicACLs: r.flag(n, "block_public_acls"), IgnorePublicACLs: r.flag(n, "ignore_public_acls"),
		BlockPublicPolicy: r.flag(n, "block_public_policy"), RestrictPublicBuckets: r.flag(n, "restrict_public_buckets"),
	}, true
}

// bucket puts a bucket into the world if that is possible.
func (r *reader) bucket(n *node, w *World, b Bucket) {
	at := n.Get("name")
	if at == nil || at.Kind != strictjson.IsText || b.Account == "" {
		return // told already
	}
	e := BucketMade(b)
	err := w.check(e)
	if err == nil {
		err = w.quota(e)
	}
	switch limit, over := errors.AsType[*LimitError](err); {
	case err == nil:
		w.change(e.copied())
	case errors.Is(err, ErrExists):
		r.add(at.At, "bucket %.63q is in the file twice", b.Name)
	case over:
		r.add(at.At, "more than %d buckets", limit.Max)
	default:
		r.refused(at.At, err)
	}
}
