package world

import (
	"strconv"

	"keyhole/simulator/lock"
	"keyhole/simulator/strictjson"
)

// protection reads how a bucket protects what is in it: Object Lock, MFA delete and default encryption.
func (r *reader) protection(n *node, b *Bucket) {
	r.objectLock(n, b)
	b.MFADelete = r.text(n, "mfa_delete", `"Enabled" or "Disabled"`, func(s string) bool { return s == "Enabled" || s == "Disabled" })
	if b.MFADelete != "" && b.Versioning == "" {
		r.add(n.Get("mfa_delete").At, "mfa_delete needs versioning")
	}
	r.encryption(n, b)
	b.Tags = r.tags(n)
}

// objectLock reads true, false, or the default retention {"mode", "days" or "years"}. Object Lock brings versioning with it.
func (r *reader) objectLock(n *node, b *Bucket) {
	v := n.Get("object_lock")
	switch {
	case v == nil:
		return
	case v.Kind == strictjson.IsBool:
		b.ObjectLock = v.Yes
	case r.object(v, "object_lock", "mode days years"):
		b.ObjectLock = true
		b.Lock = lock.Default{
			Mode: r.text(v, "mode", `"GOVERNANCE" or "COMPLIANCE"`, func(s string) bool { return s == lock.Governance || s == lock.Compliance }),
			Days: r.number(v, "days", lock.MaxDays), Years: r.number(v, "years", lock.MaxYears),
		}
		r.need(v, "object_lock", "mode")
		if (v.Get("days") == nil) == (v.Get("years") == nil) {
			r.add(v.At, `object_lock needs either "days" or "years"`)
		}
	}
	if !b.ObjectLock {
		return
	}
	if b.Versioning == "Suspended" {
		r.add(v.At, "Object Lock needs versioning, which is suspended")
	}
	b.Versioning = "Enabled"
}

// number reads a whole number from 1; 0 when it is left out or wrong.
func (r *reader) number(n *node, field string, most int) int {
	v := n.Get(field)
	if v == nil || !r.is(v, strictjson.IsNumber, field) {
		return 0
	}
	i, err := strconv.Atoi(v.Text)
	if err != nil || i < 1 || i > most {
		r.add(v.At, "%s must be a whole number from 1 to %d", field, most)
		return 0
	}
	return i
}

// encryption reads {"algorithm", "key", "bucket_key", "blocked"}; what is left out stays as the profile has it. The key is
// not looked for: S3 does not either.
func (r *reader) encryption(n *node, b *Bucket) {
	v := n.Get("encryption")
	if v == nil || !r.object(v, "encryption", "algorithm key bucket_key blocked") {
		return
	}
	e := &b.Encryption
	if a := r.text(v, "algorithm", `"AES256", "aws:kms" or "aws:kms:dsse"`, func(s string) bool {
		return s == "AES256" || s == "aws:kms" || s == "aws:kms:dsse"
	}); a != "" {
		e.Explicit, e.Algorithm = true, a
	}
	if key := r.text(v, "key", "a key id, an alias or an ARN", anyText); key != "" {
		e.KMSKey = key
		if e.Algorithm == "AES256" || e.Algorithm == "" {
			r.add(v.Get("key").At, "a key is for aws:kms and aws:kms:dsse")
		}
	}
	e.BucketKeyEnabled = r.flag(v, "bucket_key")
	if v.Get("blocked") == nil {
		return
	}
	e.ShowBlocked, e.Blocked = true, nil
	for _, kind := range r.list(v, "blocked") {
		if !r.is(kind, strictjson.IsText, "a blocked type") {
			continue
		}
		if kind.Text != "SSE-C" {
			r.add(kind.At, `the only type that can be blocked is "SSE-C"; an empty list blocks nothing`)
			continue
		}
		e.Blocked = []string{"SSE-C"}
	}
}
