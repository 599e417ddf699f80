package world

// NoteFloor is shown where a profile is older than the SSE-S3 floor of 5 January 2023: buckets of those eras live on
// after that day, and this version does not imitate the time before it.
const NoteFloor = "modelled: the SSE-S3 floor holds in every profile; before 5 January 2023 an object could be stored unencrypted"

// Bucket ownership settings. Every profile starts with the first or the last.
const (
	OwnerEnforced  = "BucketOwnerEnforced"
	OwnerPreferred = "BucketOwnerPreferred"
	ObjectWriter   = "ObjectWriter"
)

// Known reports whether the profile is one of the three that exist.
func (p Profile) Known() bool {
	return p == Profile2026 || p == Profile2022 || p == Profile2018
}

// Note is a sentence about what the profile does not imitate; "" when there is nothing to say.
func (p Profile) Note() string {
	if p == Profile2022 || p == Profile2018 {
		return NoteFloor
	}
	return ""
}

// Encryption is what GetBucketEncryption says of a bucket of this era that nobody configured, and what it goes back to
// after DeleteBucketEncryption. (s3-wire 4.5)
func (p Profile) Encryption() Encryption {
	if p == Profile2026 {
		return Encryption{Algorithm: "AES256", Blocked: []string{"SSE-C"}, ShowBlocked: true}
	}
	return Encryption{Algorithm: "AES256"}
}

// bucket fills in what a new bucket of this era starts with.
func (p Profile) bucket(b Bucket) Bucket {
	b.Profile = p
	b.Encryption = p.Encryption()
	if p == Profile2026 {
		b.Ownership, b.OwnershipSet = OwnerEnforced, true
		b.Public = PublicBlock{BlockPublicACLs: true, IgnorePublicACLs: true, BlockPublicPolicy: true, RestrictPublicBuckets: true}
		b.PublicSet = true
		return b
	}
	b.Ownership = ObjectWriter
	b.Public = PublicBlock{}
	return b
}
