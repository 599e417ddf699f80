package s3

import (
	"fmt"
	"maps"
	"slices"

	"keyhole/simulator/exchange"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// Replicate does a job of kind ReplicateJob. x is an exchange whose caller is the role of the configuration: every
// permission is asked through it. It returns what happened. That a copy fails is no error: the source says FAILED.
func Replicate(x *exchange.Exchange, job world.Job) ([]string, error) {
	say, err := replicateOne(x, job)
	if err == nil {
		return []string{say}, settleCopies(x.World, job, true)
	}
	return []string{fmt.Sprintf("version %s of %s was not copied to %s: %v", job.Version, job.Key, job.Target, err)}, settleCopies(x.World, job, false)
}

// replicateOne copies a version, or its changes, or a delete marker.
func replicateOne(x *exchange.Exchange, job world.Job) (say string, err error) {
	b, ok := x.World.Bucket(job.Bucket)
	if !ok {
		return "", fmt.Errorf("the source bucket is gone")
	}
	v, ok := b.Version(job.Key, job.Version)
	if !ok {
		return "", fmt.Errorf("the version is gone")
	}
	doc, _ := replicationOf(b)
	i := slices.IndexFunc(doc.Rules, func(r replicationRule) bool { return r.ID == string(job.Data) })
	to, there := x.World.Bucket(job.Target)
	switch {
	case i < 0:
		return "", fmt.Errorf("the rule is gone")
	case !there || to.Versioning != "Enabled":
		return "", fmt.Errorf("the destination has no versions")
	case (v.Retention.Set() || v.Hold == "ON") && !to.ObjectLock:
		return "", fmt.Errorf("a protected version goes only where Object Lock is on")
	case v.Sealed.Method == sse.SSEC && slices.Contains(to.Encryption.Blocked, "SSE-C"):
		return "", fmt.Errorf("the destination blocks SSE-C")
	}
	c := copying{x: x, rule: doc.Rules[i], from: b, to: to, version: v}
	if err := c.permitted(); err != nil {
		return "", err
	}
	if _, again := to.Version(v.Key, v.ID); again {
		return c.again()
	}
	return c.store()
}

// copying is one copy being made.
type copying struct {
	x        *exchange.Exchange
	rule     replicationRule
	from, to *world.Bucket
	version  *world.Version
}

// permitted asks for everything the role needs. (user guide, setting up permissions for live replication)
func (c copying) permitted() error {
	source, target, v := "arn:aws:s3:::"+c.from.Name, "arn:aws:s3:::"+c.to.Name, c.version
	type pair struct{ action, resource, why string }
	asks := []pair{{"s3:GetReplicationConfiguration", source, "to read the rules"}}
	if v.DeleteMarker {
		asks = append(asks, pair{"s3:ListBucket", source, "to see the delete marker"}, pair{"s3:ReplicateDelete", target + "/" + v.Key, "to put the delete marker"})
	} else {
		object, copied := source+"/"+v.Key, target+"/"+v.Key
		asks = append(asks, pair{"s3:GetObjectVersionForReplication", object, "to read the version"}, pair{"s3:GetObjectVersionAcl", object, "to read its access control list"},
			pair{"s3:ReplicateObject", copied, "to write the copy"})
		if len(v.Tags) > 0 {
			asks = append(asks, pair{"s3:GetObjectVersionTagging", object, "because it has tags"}, pair{"s3:ReplicateTags", copied, "because it has tags"})
		}
		if v.Retention.Set() {
			asks = append(asks, pair{"s3:GetObjectRetention", object, "because it is retained"})
		}
		if v.Hold != "" {
			asks = append(asks, pair{"s3:GetObjectLegalHold", object, "because of its legal hold"})
		}
		if c.rule.Destination.Translation != nil {
			asks = append(asks, pair{"s3:ObjectOwnerOverrideToBucketOwner", copied, "because the copy changes hands"})
		}
	}
	for _, ask := range asks {
		if a := c.x.AuthorizeVersion(ask.action, ask.resource, v.ID, ask.why); !a.Allowed {
			return fmt.Errorf("the role may not %s on %s: %s", ask.action, ask.resource, a.Reason)
		}
	}
	return nil
}

// again brings a copy that is there already up to date.
func (c copying) again() (string, error) {
	v, tags := c.version, maps.Clone(c.version.Tags)
	change := world.VersionChange{Tags: &tags}
	if v.Retention.Set() {
		change.Retention = &v.Retention
	}
	if v.Hold != "" {
		change.Hold = &v.Hold
	}
	if tags == nil {
		tags = map[string]string{}
	}
	if !v.DeleteMarker {
		if err := c.x.World.Apply(world.VersionSet(c.to.Name, v.Key, v.ID, change)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("brought the copy of version %s of %s in %s up to date", v.ID, v.Key, c.to.Name), nil
}

// store makes the copy. It keeps the id and the time of the original.
func (c copying) store() (string, error) {
	v := *c.version
	v.Replication = replica
	if !v.DeleteMarker {
		v.Metadata, v.System, v.Tags, v.Parts = maps.Clone(v.Metadata), maps.Clone(v.System), maps.Clone(v.Tags), slices.Clone(v.Parts)
		if class := c.rule.Destination.StorageClass; class != "" {
			v.StorageClass = class
		}
		if !v.Retention.Set() && c.to.Lock.Set() { // the destination protects what brings nothing
			v.Retention = c.to.Lock.From(c.x.World.Now())
		}
		if v.Sealed.Method.KMS() {
			if err := c.reseal(&v); err != nil {
				return "", err
			}
		}
	}
	if c.rule.Destination.Translation != nil || c.to.Ownership == world.OwnerEnforced {
		v.Owner, v.Grants = c.to.Account, nil
	}
	if err := c.x.World.Apply(world.VersionStored(c.to.Name, v)); err != nil {
		return "", err
	}
	what := "version"
	if v.DeleteMarker {
		what = "delete marker"
	}
	return fmt.Sprintf("copied %s %s of %s to %s (rule %s)", what, v.ID, v.Key, c.to.Name, c.rule.ID), nil
}

// reseal opens a version under a KMS key and encrypts the copy under the key of the rule. The ETag and the sums stay.
func (c copying) reseal(v *world.Version) error {
	from, to := *c.x, *c.x
	from.At, from.Bucket, from.Key = c.from, c.from.Name, v.Key
	to.At, to.Bucket, to.Key = c.to, c.to.Name, v.Key
	key, fault := from.FindKey(v.Sealed.KeyARN)
	if fault == nil {
		fault = from.UseKey(key, "kms:Decrypt", v.Sealed.Context, "to open the version with its KMS key")
	}
	if fault != nil {
		return fmt.Errorf("kms:Decrypt with %s: %s", v.Sealed.KeyARN, fault.Code)
	}
	opened, fault := from.OpenDataKey(v.Sealed.WrappedKey, v.Sealed.Context)
	if fault != nil {
		return fault
	}
	plain, fault := load(&from, c.version, wire.Range{First: 0, Last: v.Size - 1}, sse.NewCustomerSecret(opened))
	if fault != nil {
		return fault
	}
	id := c.rule.Destination.Encryption.Key
	next, fault := to.FindKey(id)
	bucketKey := v.Sealed.BucketKey
	context := sse.ContextFor(nil, bucketKey, to.BucketARN(), to.ObjectARN())
	if fault == nil {
		fault = to.UseKey(next, "kms:Encrypt", context, "to encrypt the copy with the rule's KMS key")
	}
	if fault != nil {
		return fmt.Errorf("kms:Encrypt with %s: %s", id, fault.Code)
	}
	secret, blob := to.DataKey(next, context)
	sealed, ciphertext, err := sse.EncryptKMS(plain, sse.Sealed{Method: v.Sealed.Method, KeyARN: next.ARN, BucketKey: bucketKey, Context: context, WrappedKey: blob},
		sse.NewCustomerSecret(secret), c.x.World.Master(), c.x.World.Random)
	if err != nil {
		return err
	}
	sealed.Ciphertext = c.x.World.PutBlob(ciphertext)
	v.Sealed = sealed
	for i := range v.Parts {
		v.Parts[i].Sealed = sse.Sealed{}
	}
	return nil
}

// NotReplicated does a job of kind ReplicateJob that cannot begin: the source says FAILED.
func NotReplicated(w *world.World, job world.Job, why string) ([]string, error) {
	return []string{fmt.Sprintf("version %s of %s was not copied to %s: %s", job.Version, job.Key, job.Target, why)}, settleCopies(w, job, false)
}
