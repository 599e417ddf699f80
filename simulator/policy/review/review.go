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

// Refusal is why a document of one kind is not accepted when it is put; nil when it is. Boundaries are identity policies.
// Service control policies are not put in the simulator, so they are judged like identity policies too.
func Refusal(d *policy.Document, o Options) *policy.Malformed {
	switch o.Kind {
	case BucketPolicyKind:
		return BucketPolicy(d, o.Bucket, nil)
	case TrustPolicyKind:
		return TrustPolicy(d)
	case EndpointKind, KeyPolicyKind:
		return EndpointPolicy(d)
	}
	return IdentityPolicy(d)
}

func refuse(at policy.Position, message, say string) *policy.Malformed {
	return &policy.Malformed{Position: at, Message: message, Say: say}
}

// valueAt is where an element's first value stands, or its name when it has none.
func valueAt(l *policy.PatternList) policy.Position {
	if len(l.Entries) > 0 {
		return l.Entries[0].At
	}
	return l.At
}
