package world

import (
	"time"

	"keyhole/simulator/lock"
	"keyhole/simulator/sse"
)

// The kinds of effects on what exists beside accounts and buckets.
const (
	KindVersionSet         Kind = "version-set"
	KindKMSKeyPut          Kind = "kms-key-put"
	KindKMSKeyRemoved      Kind = "kms-key-removed"
	KindKMSAliasPut        Kind = "kms-alias-put"
	KindKMSAliasRemoved    Kind = "kms-alias-removed"
	KindAccessPointPut     Kind = "access-point-put"
	KindAccessPointRemoved Kind = "access-point-removed"
	KindJobAdded           Kind = "job-added"
	KindJobDone            Kind = "job-done"
	KindJobsDone           Kind = "jobs-done"
	KindEventWritten       Kind = "event-written"
	KindTrailPut           Kind = "trail-put"
	KindTrailRemoved       Kind = "trail-removed"
)

// VersionChange is what VersionSet changes; nil fields stay as they are.
type VersionChange struct {
	Retention    *lock.Retention    `cbor:"1,keyasint,omitempty"`
	Hold         *string            `cbor:"2,keyasint,omitempty"`
	Tags         *map[string]string `cbor:"3,keyasint,omitempty"`
	Sealed       *sse.Sealed        `cbor:"4,keyasint,omitempty"`
	Parts        *[]Part            `cbor:"5,keyasint,omitempty"`
	ETag         *string            `cbor:"6,keyasint,omitempty"`
	Replication  *string            `cbor:"7,keyasint,omitempty"`
	StorageClass *string            `cbor:"8,keyasint,omitempty"`
	Restored     *time.Time         `cbor:"9,keyasint,omitempty"`
}

// ConfigChange is one document of a bucket's settings; an empty text removes it.
type ConfigChange struct {
	Name string `cbor:"1,keyasint"`
	Text []byte `cbor:"2,keyasint,omitempty"`
}

// VersionSet changes what may be changed of a stored version.
func VersionSet(bucket, key, id string, c VersionChange) Effect {
	return Effect{Kind: KindVersionSet, Bucket: bucket, Key: key, Version: id, Change: &c}
}

// ConfigSet is BucketSet with one document; an empty text removes it.
func ConfigSet(bucket, name string, text []byte) Effect {
	return BucketSet(bucket, Settings{Config: &ConfigChange{name, text}})
}

// KMSKeyPut adds a key or replaces the one of that ARN.
func KMSKeyPut(k KMSKey) Effect { return Effect{Kind: KindKMSKeyPut, KMSKey: &k} }

// KMSKeyRemoved removes a key for good, with its aliases.
func KMSKeyRemoved(arn string) Effect {
	return Effect{Kind: KindKMSKeyRemoved, Target: &Target{Name: arn}}
}

// KMSAliasPut adds an alias or gives it another key.
func KMSAliasPut(a KMSAlias) Effect { return Effect{Kind: KindKMSAliasPut, KMSAlias: &a} }

// KMSAliasRemoved removes an alias. Of the target, Kind is the region.
func KMSAliasRemoved(account, region, name string) Effect {
	return Effect{Kind: KindKMSAliasRemoved, Target: &Target{Account: account, Kind: region, Name: name}}
}

// AccessPointPut adds an access point or replaces the one of that name.
func AccessPointPut(p AccessPoint) Effect { return Effect{Kind: KindAccessPointPut, AccessPoint: &p} }

// AccessPointRemoved removes an access point.
func AccessPointRemoved(account, name string) Effect {
	return Effect{Kind: KindAccessPointRemoved, Target: &Target{Account: account, Name: name}}
}

// JobAdded is work for later; see World.NewJob, which gives it its id.
func JobAdded(j Job) Effect { return Effect{Kind: KindJobAdded, Job: &j} }

// NewJob is a job with an id of its own.
func (w *World) NewJob(kind string, due time.Time) Job {
	return Job{ID: w.NewID("J"), Kind: kind, Due: utc(due)}
}

// JobDone takes a job off the list.
func JobDone(id string) Effect { return Effect{Kind: KindJobDone, Target: &Target{Name: id}} }

// JobsDone takes several jobs off the list at once. All of them are there, none is named twice, and there is at least one.
func JobsDone(ids []string) Effect { return Effect{Kind: KindJobsDone, Jobs: ids} }

// EventWritten adds a management event; the oldest beyond MaxEvents is forgotten.
func EventWritten(e Event) Effect { return Effect{Kind: KindEventWritten, Event: &e} }

// TrailPut adds a trail or replaces the one of that name.
func TrailPut(t Trail) Effect { return Effect{Kind: KindTrailPut, Trail: &t} }

// TrailRemoved removes a trail.
func TrailRemoved(account, name string) Effect {
	return Effect{Kind: KindTrailRemoved, Target: &Target{Account: account, Name: name}}
}
