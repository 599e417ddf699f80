package world

import (
	"encoding/json"
	"slices"
	"time"

	"keyhole/simulator/policy"
)

// KMSKey is a key of AWS KMS. It never changes where it is stored: to change one, look it up, change the value and put it.
type KMSKey struct {
	Account, Region, ID string
	ARN                 string // arn:aws:kms:REGION:ACCOUNT:key/ID
	Description         string
	Spec                string // "SYMMETRIC_DEFAULT", "RSA_2048", "HMAC_256", …
	Usage               string // "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"
	Manager             string // "CUSTOMER" or "AWS"
	Origin              string // "AWS_KMS", "EXTERNAL", …
	MultiRegion         bool
	State               string // "Enabled", "Disabled", "PendingDeletion", "PendingImport"
	Created             time.Time
	Deletion            time.Time // of a key that is pending deletion
	Policy              json.RawMessage
	Grants              []KMSGrant        `cbor:",omitempty"`
	Tags                map[string]string `cbor:",omitempty"`
	Rotates             bool
	RotationPeriod      int // days
	NextRotation        time.Time
	Material            []KMSMaterial // newest last
}

// KMSMaterial is one backing key of a KMS key. It is a secret that never leaves the simulator.
type KMSMaterial struct {
	ID      string
	Created time.Time
	Bytes   []byte // 32
	Reason  string `cbor:",omitempty"` // of a rotation: "AUTOMATIC" or "ON_DEMAND"
}

// KMSGrant lets a principal use a key without a policy.
type KMSGrant struct {
	ID, Token, Name              string
	Grantee, Retiring            string // ARNs
	Operations                   []string
	ContextEquals, ContextSubset map[string]string
	Created                      time.Time
}

// KMSAlias is another name of a key.
type KMSAlias struct {
	Account, Region string
	Name            string // "alias/…"
	Key             string // key id
	Created         time.Time
	Updated         time.Time
}

// AccessPoint is another way to a bucket, with a policy of its own.
type AccessPoint struct {
	Account, Name, Alias  string
	Bucket, BucketAccount string
	VPC                   string // "" when it is open to the internet
	Region                string
	Created               time.Time
	Policy                json.RawMessage `cbor:",omitempty"`
	Public                PublicBlock
}

// Job is something that happens by itself on the simulated clock.
type Job struct {
	ID      string
	Due     time.Time
	Kind    string // "lifecycle", "replicate", "log", "trail", "key-deletion", …
	Bucket  string
	Key     string
	Version string
	Target  string
	Data    []byte `cbor:",omitempty"`
}

// Event is one management event as CloudTrail keeps it for 90 days.
type Event struct {
	ID           string
	At           time.Time
	Account      string
	Name, Source string          // "CreateBucket", "s3.amazonaws.com"
	Record       json.RawMessage // CloudTrail's record
}

// Trail is a trail of CloudTrail.
type Trail struct {
	Account, Name, Region                 string
	Bucket, Prefix                        string
	Logging                               bool
	Created, Started, Stopped             time.Time
	Selectors                             json.RawMessage `cbor:",omitempty"`
	Validation, MultiRegion, GlobalEvents bool
	Tags                                  map[string]string `cbor:",omitempty"`
}

// things is what exists beside accounts and buckets. Lists are never changed in place but at their end, and only where
// no clone sees that: whoever holds an older list goes on with it.
type things struct {
	kmsKeys []KMSKey
	aliases []KMSAlias
	points  []AccessPoint
	jobs    []Job   // by Due, then ID
	events  []Event // oldest first, at most twice MaxEvents
	trails  []Trail
}

// clip keeps two worlds with the same lists from writing behind each other's ends.
func (t *things) clip() {
	t.jobs, t.events = slices.Clip(t.jobs), slices.Clip(t.events)
}

// KMSKey is the key with an ARN.
func (w *World) KMSKey(arn string) (KMSKey, bool) {
	return find(w.kmsKeys, func(k *KMSKey) bool { return k.ARN == arn })
}

// KMSKeys are the keys of an account in a region, or in all for "", oldest first.
func (w *World) KMSKeys(account, region string) []KMSKey {
	return those(w.kmsKeys, func(k *KMSKey) bool { return k.Account == account && (region == "" || k.Region == region) })
}

// KMSAlias is an alias by its whole name, "alias/…".
func (w *World) KMSAlias(account, region, name string) (KMSAlias, bool) {
	return find(w.aliases, func(a *KMSAlias) bool { return a.Account == account && a.Region == region && a.Name == name })
}

// KMSAliases are the aliases of an account in a region, in the order they were made.
func (w *World) KMSAliases(account, region string) []KMSAlias {
	return those(w.aliases, func(a *KMSAlias) bool { return a.Account == account && a.Region == region })
}

// KeyPolicy is the policy of a key.
func (w *World) KeyPolicy(k KMSKey) *policy.Attached {
	return w.attach("key policy", "key "+k.ID, k.Policy)
}

// AccessPoint is the access point of an account with a name.
func (w *World) AccessPoint(account, name string) (AccessPoint, bool) {
	return find(w.things.points, func(p *AccessPoint) bool { return p.Account == account && p.Name == name })
}

// AccessPointAlias is the access point with an alias.
func (w *World) AccessPointAlias(alias string) (AccessPoint, bool) {
	return find(w.things.points, func(p *AccessPoint) bool { return p.Alias == alias })
}

// AccessPoints are those of an account, or all for "", in the order they were made.
func (w *World) AccessPoints(account string) []AccessPoint {
	return those(w.things.points, func(p *AccessPoint) bool { return account == "" || p.Account == account })
}

// PointPolicy is the policy of an access point; nil when it has none.
func (w *World) PointPolicy(p AccessPoint) *policy.Attached {
	return w.attach("access point policy", "access point "+p.Name, p.Policy)
}

// NextDue is when the next job is due; false when there is none.
func (w *World) NextDue() (time.Time, bool) {
	if len(w.jobs) == 0 {
		return time.Time{}, false
	}
	return w.jobs[0].Due, true
}

// DueJobs are the jobs that are due at a moment, in the order they are to be done.
func (w *World) DueJobs(now time.Time) []Job {
	n := 0
	for n < len(w.jobs) && !w.jobs[n].Due.After(now) {
		n++
	}
	return slices.Clone(w.jobs[:n])
}

// FirstDue is the job that is to be done first of those that are due at a moment; false when none is.
func (w *World) FirstDue(now time.Time) (Job, bool) {
	if len(w.jobs) == 0 || w.jobs[0].Due.After(now) {
		return Job{}, false
	}
	return w.jobs[0], true
}

// Waiting is how many jobs are on the list.
func (w *World) Waiting() int { return len(w.jobs) }

// Jobs are the jobs of a kind, or all for "".
func (w *World) Jobs(kind string) []Job {
	return those(w.jobs, func(j *Job) bool { return kind == "" || j.Kind == kind })
}

// Events are the management events of an account, newest first, at most MaxEvents of the whole sandbox.
func (w *World) Events(account string) []Event {
	kept := w.keptEvents()
	var out []Event
	for _, e := range slices.Backward(kept) {
		if e.Account == account {
			out = append(out, e)
		}
	}
	return out
}

func (w *World) keptEvents() []Event { return w.events[max(0, len(w.events)-MaxEvents):] }

// Trails are the trails of an account, in the order they were made; of all accounts for "".
func (w *World) Trails(account string) []Trail {
	return those(w.trails, func(t *Trail) bool { return account == "" || t.Account == account })
}
