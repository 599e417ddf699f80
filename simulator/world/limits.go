package world

import (
	"errors"
	"fmt"
	"time"
	"unicode"
)

// Defaults of Limits, for one sandbox.
const (
	ObjectBytes  = 16 << 20 // plaintext bytes of one object or one part
	SandboxBytes = 64 << 20 // plaintext bytes of all versions and parts together
	MaxBuckets   = 100
	MaxVersions  = 10_000 // versions and delete markers
	MaxUploads   = 1_000  // multipart uploads in progress
	MaxParts     = 10_000 // parts of all uploads in progress
)

// Bounds that no option changes.
const (
	MaxPartNumber = 10_000    // S3's own
	MaxKeyBytes   = 1024      // S3's own: UTF-8 bytes of an object key
	PolicyBytes   = 80 << 10  // one policy document with its white space; policy.Decode bounds it without
	FileBytes     = 1 << 20   // a world file
	FileDepth     = 32        // nesting in a world file
	SnapshotBytes = 256 << 20 // a snapshot that is read back
	EffectsBytes  = 64 << 20  // one batch of effects that is read back
	MaxJumps      = 10_000    // jumps of one clock
	MaxGrants     = 100       // S3's own: grants of one access control list
)

// Quotas of IAM, for each account. (IAM and AWS STS quotas, IAM User Guide; those that can be raised have their default)
const (
	MaxUsers               = 5_000
	MaxGroups              = 300
	MaxRoles               = 1_000
	MaxManagedPolicies     = 1_500 // customer managed policies
	MaxPolicyVersions      = 5     // versions of one managed policy
	MaxAccessKeysPerUser   = 2
	MaxMFADevicesPerUser   = 8
	MaxGroupsPerUser       = 10
	MaxAttachedPolicies    = 10 // managed policies on one user, group or role
	MaxTags                = 50 // of one user, role or session
	MaxTagKey              = 128
	MaxTagValue            = 256
	MaxUserPolicySize      = 2_048  // characters without white space: all inline policies of one user together
	MaxGroupPolicySize     = 5_120  // likewise of one group
	MaxRolePolicySize      = 10_240 // likewise of one role
	MaxManagedPolicySize   = 6_144  // characters without white space: one managed policy
	MaxTrustPolicySize     = 2_048  // characters without white space: a role's trust policy
	MaxSessionPolicySize   = 2_048  // characters: one session policy, white space included
	MaxSessionPolicyARNs   = 10     // managed policies given as session policies
	MaxRoleDescription     = 1_000
	DefaultSessionDuration = time.Hour // of a role that names no MaxSession
)

// PolicySize is how long IAM takes a document to be: its characters without white space.
func PolicySize(text []byte) (n int) {
	for _, r := range string(text) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// A LimitError says which limit a change would pass. errors.Is(err, ErrLimit) holds for all of them.
type LimitError struct {
	// "ObjectBytes", "SandboxBytes", "Buckets", "Versions", "Uploads", "Parts", and IAM's "Users", "Groups", "Roles",
	// "Policies", "AccessKeysPerUser", "MFADevicesPerUser", "MFADevices"
	Limit string
	Max   int64
	Want  int64 // what the sandbox would hold after the change
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("world: the sandbox limit %s is %d, this would make %d", e.Limit, e.Max, e.Want)
}

// Is makes every LimitError an ErrLimit, and two of the same limit equal.
func (e *LimitError) Is(target error) bool {
	if target == ErrLimit {
		return true
	}
	other, ok := target.(*LimitError)
	return ok && other.Limit == e.Limit
}

// Sentinels of Apply and the look-ups.
var (
	ErrLimit     = errors.New("world: a sandbox limit is reached")
	ErrNoBucket  = errors.New("world: no such bucket")
	ErrNoVersion = errors.New("world: no such version")
	ErrNoUpload  = errors.New("world: no such upload")
	ErrNoBlob    = errors.New("world: no such blob")
	ErrExists    = errors.New("world: it exists already")
	ErrNotEmpty  = errors.New("world: the bucket is not empty")
	ErrInvalid   = errors.New("world: not a possible change")
)

func (l Limits) filled() Limits {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	count := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.ObjectBytes, ObjectBytes)
	def(&l.SandboxBytes, SandboxBytes)
	count(&l.Buckets, MaxBuckets)
	count(&l.Versions, MaxVersions)
	count(&l.Uploads, MaxUploads)
	count(&l.Parts, MaxParts)
	return l
}
