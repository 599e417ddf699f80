package world

import (
	"encoding/json"
	"time"

	"keyhole/simulator/lock"
)

// Kind names what an effect does.
type Kind string

// The kinds of effects. The names are in stored journals, so they are never renamed.
const (
	KindBucketMade     Kind = "bucket-made"
	KindBucketRemoved  Kind = "bucket-removed"
	KindBucketSet      Kind = "bucket-set"
	KindVersionStored  Kind = "version-stored"
	KindVersionRemoved Kind = "version-removed"
	KindUploadStarted  Kind = "upload-started"
	KindPartStored     Kind = "part-stored"
	KindUploadEnded    Kind = "upload-ended"
	KindClockJumped    Kind = "clock-jumped"

	KindPrincipalPut     Kind = "principal-put"
	KindPrincipalRemoved Kind = "principal-removed"
	KindGroupPut         Kind = "group-put"
	KindGroupRemoved     Kind = "group-removed"
	KindPolicyPut        Kind = "policy-put"
	KindPolicyRemoved    Kind = "policy-removed"
	KindAccessKeyPut     Kind = "access-key-put"
	KindAccessKeyRemoved Kind = "access-key-removed"
	KindMFAPut           Kind = "mfa-put"
	KindMFARemoved       Kind = "mfa-removed"
	KindAccountPublicSet Kind = "account-public-set"
	KindObjectGrantsSet  Kind = "object-grants-set"
)

// Effect is one change of a world: what a request did, never the request. Make it with the constructors below.
// Of the pointer fields, the one that belongs to the kind is set.
type Effect struct {
	Kind    Kind   `cbor:"1,keyasint"`
	Drawn   uint64 `cbor:"2,keyasint"` // position of the generator after this effect; Apply writes it on a live world
	Bucket  string `cbor:"3,keyasint,omitempty"`
	Key     string `cbor:"4,keyasint,omitempty"`
	Version string `cbor:"5,keyasint,omitempty"` // version id
	Upload  string `cbor:"6,keyasint,omitempty"` // upload id

	Made    *Bucket   `cbor:"7,keyasint,omitempty"`
	Set     *Settings `cbor:"8,keyasint,omitempty"`
	Stored  *Version  `cbor:"9,keyasint,omitempty"`
	Started *Upload   `cbor:"10,keyasint,omitempty"`
	Part    *Part     `cbor:"11,keyasint,omitempty"`
	Jump    *Point    `cbor:"12,keyasint,omitempty"`

	Principal *Principal     `cbor:"13,keyasint,omitempty"`
	Group     *Group         `cbor:"14,keyasint,omitempty"`
	Policy    *ManagedPolicy `cbor:"15,keyasint,omitempty"`
	AccessKey *AccessKey     `cbor:"16,keyasint,omitempty"`
	MFA       *MFADevice     `cbor:"17,keyasint,omitempty"`
	Target    *Target        `cbor:"18,keyasint,omitempty"` // what is removed, or the account that is set
	Public    *PublicBlock   `cbor:"19,keyasint,omitempty"` // of the account; nil: no configuration from now on
	Grants    *Grants        `cbor:"20,keyasint,omitempty"`

	Change      *VersionChange `cbor:"21,keyasint,omitempty"`
	KMSKey      *KMSKey        `cbor:"22,keyasint,omitempty"`
	KMSAlias    *KMSAlias      `cbor:"23,keyasint,omitempty"`
	AccessPoint *AccessPoint   `cbor:"24,keyasint,omitempty"`
	Job         *Job           `cbor:"25,keyasint,omitempty"`
	Event       *Event         `cbor:"26,keyasint,omitempty"`
	Trail       *Trail         `cbor:"27,keyasint,omitempty"`
	Jobs        []string       `cbor:"28,keyasint,omitempty"` // ids of jobs that are done
}

// Target names something of an account. Name is an ARN for a managed policy, a serial number for an MFA device, an id
// for an access key.
type Target struct {
	Account string `cbor:"1,keyasint,omitempty"`
	Kind    string `cbor:"2,keyasint,omitempty"` // of a principal: "user" or "role"
	Name    string `cbor:"3,keyasint,omitempty"`
}

// Grants is an access control list; a nil List is the default one.
type Grants struct {
	List []ACLGrant `cbor:"1,keyasint"`
}

// Settings is what BucketSet changes; nil fields stay as they are.
type Settings struct {
	Encryption *Encryption `cbor:"1,keyasint,omitempty"`
	Versioning *string     `cbor:"2,keyasint,omitempty"` // "Enabled" or "Suspended": it never goes back to ""

	Policy       *json.RawMessage `cbor:"3,keyasint,omitempty"` // empty: removed
	Public       *PublicBlock     `cbor:"4,keyasint,omitempty"`
	PublicSet    *bool            `cbor:"5,keyasint,omitempty"`
	Ownership    *string          `cbor:"6,keyasint,omitempty"` // OwnerEnforced, OwnerPreferred or ObjectWriter
	OwnershipSet *bool            `cbor:"7,keyasint,omitempty"`
	Grants       *[]ACLGrant      `cbor:"8,keyasint,omitempty"` // a nil list: the default ACL
	DefaultACL   bool             `cbor:"9,keyasint,omitempty"` // Apply writes it for a nil list, which CBOR cannot point at

	ObjectLock *bool              `cbor:"10,keyasint,omitempty"`
	Lock       *lock.Default      `cbor:"11,keyasint,omitempty"`
	MFADelete  *string            `cbor:"12,keyasint,omitempty"`
	Tags       *map[string]string `cbor:"13,keyasint,omitempty"` // empty: none from now on
	Payer      *string            `cbor:"14,keyasint,omitempty"` // "BucketOwner" or "Requester"
	Config     *ConfigChange      `cbor:"15,keyasint,omitempty"`
}

// Point says that at real moment Real the simulated clock showed Simulated and ran on from there.
type Point struct {
	Real      time.Time `cbor:"1,keyasint"`
	Simulated time.Time `cbor:"2,keyasint"`
}

// BucketMade adds an empty bucket; see World.NewBucket for the defaults of its profile.
func BucketMade(b Bucket) Effect {
	b.Objects, b.Uploads = Sorted[[]*Version]{}, Sorted[*Upload]{}
	return Effect{Kind: KindBucketMade, Bucket: b.Name, Made: &b}
}

// BucketRemoved removes an empty bucket. Uploads in progress end with it.
func BucketRemoved(bucket string) Effect {
	return Effect{Kind: KindBucketRemoved, Bucket: bucket}
}

// BucketSet changes settings of a bucket.
func BucketSet(bucket string, s Settings) Effect {
	return Effect{Kind: KindBucketSet, Bucket: bucket, Set: &s}
}

// EncryptionSet is BucketSet with a new default encryption.
func EncryptionSet(bucket string, e Encryption) Effect {
	return BucketSet(bucket, Settings{Encryption: &e})
}

// VersioningSet is BucketSet with "Enabled" or "Suspended".
func VersioningSet(bucket, versioning string) Effect {
	return BucketSet(bucket, Settings{Versioning: &versioning})
}

// VersionStored puts a version or a delete marker before the older ones of its key. One with the id "null" replaces
// the null version there was; see World.StoreVersion, which picks the id.
func VersionStored(bucket string, v Version) Effect {
	return Effect{Kind: KindVersionStored, Bucket: bucket, Key: v.Key, Stored: &v}
}

// VersionRemoved removes one version or delete marker for good.
func VersionRemoved(bucket, key, id string) Effect {
	return Effect{Kind: KindVersionRemoved, Bucket: bucket, Key: key, Version: id}
}

// UploadStarted adds a multipart upload without parts.
func UploadStarted(bucket string, u Upload) Effect {
	u.Parts = nil
	return Effect{Kind: KindUploadStarted, Bucket: bucket, Upload: u.ID, Started: &u}
}

// PartStored adds a part to an upload or replaces the one of the same number.
func PartStored(bucket, upload string, p Part) Effect {
	return Effect{Kind: KindPartStored, Bucket: bucket, Upload: upload, Part: &p}
}

// UploadEnded removes an upload with its parts: it was aborted, or the version made of it is stored next.
func UploadEnded(bucket, upload string) Effect {
	return Effect{Kind: KindUploadEnded, Bucket: bucket, Upload: upload}
}

// ClockJumped moves the simulated clock forward; see World.Jump.
func ClockJumped(p Point) Effect {
	return Effect{Kind: KindClockJumped, Jump: &p}
}
