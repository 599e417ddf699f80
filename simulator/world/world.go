// Package world is what exists in one private cloud: accounts, principals, access keys, buckets, versions and the clock.
// It knows no HTTP. Everything that changes it is an Effect, so that a snapshot and the effects after it are the world again.
package world

import (
	"encoding/json"
	"time"

	"keyhole/simulator/lock"
	"keyhole/simulator/sse"
)

// Profile is the default behaviour of an era.
type Profile string

const (
	Profile2026 Profile = "2026" // SSE-C blocked, Block Public Access on, ACLs off, SSE-S3 floor
	Profile2022 Profile = "2022" // ACLs allowed, no Block Public Access, SSE-C open
	Profile2018 Profile = "2018" // as 2022 in this version
)

// Bucket is one bucket; Versions are newest first under each key.
type Bucket struct {
	Name, Account, Region string
	Created               time.Time
	Profile               Profile
	Versioning            string // "", "Enabled", "Suspended"
	ObjectLock            bool   // it never goes off again
	Policy                json.RawMessage
	Ownership             string // "BucketOwnerEnforced" (ACLs off), "BucketOwnerPreferred", "ObjectWriter" (ACLs allowed); what holds
	OwnershipSet          bool   // Get answers it; false after DeleteBucketOwnershipControls and in old profiles
	Public                PublicBlock
	PublicSet             bool       // Get answers it; false after DeletePublicAccessBlock and in old profiles
	Grants                []ACLGrant // the bucket's ACL; nil: the owner has FULL_CONTROL, nobody else anything
	Encryption            Encryption
	Lock                  lock.Default       `cbor:",omitzero"`  // what Object Lock gives new versions that bring nothing
	MFADelete             string             `cbor:",omitempty"` // "", "Enabled" or "Disabled"
	Tags                  map[string]string  `cbor:",omitempty"`
	Payer                 string             `cbor:",omitempty"` // "" is "BucketOwner"; "Requester"
	Config                map[string][]byte  `cbor:",omitempty"` // documents by name: "cors", "lifecycle", "inventory/ID", …
	Objects               Sorted[[]*Version] // by key
	Uploads               Sorted[*Upload]    // by id
}

// Encryption is a bucket's default encryption.
type Encryption struct {
	Explicit         bool   // somebody put it, so an in-place copy is a change
	Algorithm        string // "AES256", "aws:kms", "aws:kms:dsse"; see NoteFloor for the profiles before 2023
	KMSKey           string
	BucketKeyEnabled bool
	Blocked          []string // "SSE-C"; empty: nothing is blocked
	ShowBlocked      bool     // Get prints the element, as NONE when Blocked is empty
}

// Version is one version of a key, or a delete marker. Never changed after it is stored.
type Version struct {
	Key, ID      string // ID "null" when it was written unversioned
	Created      time.Time
	DeleteMarker bool
	ETag         string // without quotes
	Size         int64  // plaintext bytes
	ContentType  string
	Metadata     map[string]string // lower-case names without the x-amz-meta- prefix
	System       map[string]string // Cache-Control, Content-Disposition, Content-Encoding, Content-Language, Expires
	StorageClass string
	Tags         map[string]string
	Checksum     Checksum
	Parts        []Part // multipart: the parts it was made of
	Sealed       sse.Sealed
	Owner        string     // account id
	Grants       []ACLGrant `cbor:",omitzero"` // the object's ACL; nil: the owner has FULL_CONTROL, nobody else anything

	Retention   lock.Retention `cbor:",omitzero"`
	Hold        string         `cbor:",omitempty"` // legal hold: "", "ON" or "OFF"
	Replication string         `cbor:",omitempty"` // "", "PENDING", "COMPLETED", "FAILED" or "REPLICA"
	Redirect    string         `cbor:",omitempty"` // x-amz-website-redirect-location
	Restored    time.Time      `cbor:",omitzero"`  // until when an archived object can be read; zero: it was not restored
}

// ACLGrant is one line of an access control list.
type ACLGrant struct {
	Kind        string // "CanonicalUser" or "Group"
	ID          string // canonical id of a canonical user
	DisplayName string
	URI         string // of a group
	Permission  string // "READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"
}

// Checksum is always over the plaintext.
type Checksum struct {
	Algorithm string // "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"
	Value     string // base64, with "-N" when composite
	Type      string // "FULL_OBJECT", "COMPOSITE"
}

// Upload is a multipart upload in progress.
type Upload struct {
	ID, Key                         string
	Started                         time.Time
	Initiator                       string          // ARN
	Template                        Version         // headers given at Create; its Sealed is how the parts are encrypted, with the data key they share
	Customer                        sse.CustomerKey // zero unless SSE-C: salted HMAC and MD5 only
	Method                          sse.Method
	AskedMethod, AskedKey           string `cbor:",omitempty"` // encryption headers of the request that began it; policies judge its parts by them
	ChecksumAlgorithm, ChecksumType string
	Parts                           map[int]Part
}

// Part is one uploaded part, sealed like an object.
type Part struct {
	Number   int
	ETag     string
	Size     int64
	Modified time.Time
	Checksum Checksum
	Claimed  Checksum `cbor:",omitzero"` // the one the client sent with the bytes, when it is of another algorithm; the upload's end may name it
	Sealed   sse.Sealed
}

// Limits of one sandbox; zero values take the defaults of limits.go.
type Limits struct {
	ObjectBytes  int64 // one object or part; default 16 MiB
	SandboxBytes int64 // all versions and parts; default 64 MiB
	Buckets      int
	Versions     int // versions and delete markers of the whole sandbox
	Uploads      int // multipart uploads in progress
	Parts        int // parts of all uploads in progress
}

// PublicBlock is the four Block Public Access settings of a bucket or an account.
type PublicBlock struct {
	BlockPublicACLs, IgnorePublicACLs, BlockPublicPolicy, RestrictPublicBuckets bool
}
