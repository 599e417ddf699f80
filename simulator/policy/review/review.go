// Package review judges a policy document by itself: what AWS refuses when it is put, what it silently gets wrong, and what it says in plain words.
package review

import "keyhole/simulator/policy"

// Kind is where a document is attached, which decides what may stand in it.
type Kind string

// The kinds of documents.
const (
	BucketPolicyKind   Kind = "bucket"
	IdentityPolicyKind Kind = "identity"
	KeyPolicyKind      Kind = "key"
	TrustPolicyKind    Kind = "trust"
	EndpointKind       Kind = "endpoint"
	BoundaryKind       Kind = "boundary"
	SCPKind            Kind = "scp"
)

// BucketPolicy is why S3 refuses d as the policy of a bucket; nil when it accepts it. known says whether a principal (an
// ARN as written, with twelve digits as the ARN of the account's root) exists; nil knows everybody.
func BucketPolicy(d *policy.Document, bucket string, known func(principal string) bool) *policy.Malformed {
	return nil
}

// IdentityPolicy is why IAM refuses d as a policy of a user, group or role; nil when it accepts it.
func IdentityPolicy(d *policy.Document) *policy.Malformed { return nil }

// TrustPolicy is why IAM refuses d as the trust policy of a role; nil when it accepts it.
func TrustPolicy(d *policy.Document) *policy.Malformed { return nil }

// EndpointPolicy is why EC2 refuses d as the policy of a VPC endpoint; nil when it accepts it.
func EndpointPolicy(d *policy.Document) *policy.Malformed { return nil }
