// Package policy decides requests as AWS does, over every layer of policies, and keeps the reason of every statement.
package policy

// Verdict is how a request ends.
type Verdict string

// The verdicts. AWS answers both denials with the same 403.
const (
	Allowed          Verdict = "Allowed"
	ExplicitlyDenied Verdict = "ExplicitlyDenied" // a Deny statement (or RestrictPublicBuckets) matched somewhere
	ImplicitlyDenied Verdict = "ImplicitlyDenied" // nothing denied it, but an Allow that was needed is missing
)

// Layer is one of the places that have a say.
type Layer string

// The layers, in the order they are told.
const (
	SCP      Layer = "scp"      // service control policies of the caller's organization, level by level
	RCP      Layer = "rcp"      // resource control policies of the resource's organization, level by level
	Endpoint Layer = "vpce"     // policy of the VPC endpoint the request came through
	Resource Layer = "resource" // bucket, access point, key or trust policy
	Grants   Layer = "grant"    // grants on a KMS key
	ACLs     Layer = "acl"      // access control list of the bucket or object, unless ownership is enforced
	Identity Layer = "identity" // policies of the user with its groups, or of the role
	Boundary Layer = "boundary" // permissions boundary of the user or role
	Session  Layer = "session"  // session policy
	Public   Layer = "bpa"      // Block Public Access: RestrictPublicBuckets
	Account  Layer = "account"  // what an account's root user may do without any policy
)

// Request is one question: may this principal do this action on this resource.
type Request struct {
	Principal       Principal
	Action          string  // "s3:PutObject", any case
	Resource        string  // ARN; "*" for actions on no resource
	ResourceAccount string  // 12 digits: who owns the resource
	Context         Context // the complete context; a key that is not in it is absent
}

// Attached is a document with the place it is attached to.
type Attached struct {
	Name     string // "ReadLogs"
	Source   string // "user alice", "group devs", "role app", "bucket vault", "ou Prod", …
	Document *Document
}

// Layers are all documents and settings that have a say in one request. The zero value is an account without policies.
type Layers struct {
	SCPs [][]Attached // a list for each level, root first; nil: no organization, or its management account
	RCPs [][]Attached // RCPFullAWSAccess is implied on each level

	Endpoint *Attached // nil: not through an endpoint, or its default policy
	Resource *Attached // nil: none
	Grants   []Grant   // of a KMS key
	ACL      *ACL      // nil: ACLs have no say (Object Ownership is enforced, or it is not S3)

	Identity []Attached // of the user and its groups, or of the role
	Boundary *Attached  // nil: none, which limits nothing
	Session  *Attached  // nil: none was passed

	RestrictPublicBuckets bool // effective Block Public Access setting: account or bucket or access point
}

// Grant is one grant on a KMS key. (s3-wire 9; kms:CreateGrant)
type Grant struct {
	ID            string
	Grantee       string            // ARN of a user, role, role session or account root
	Operations    []string          // "Decrypt", "GenerateDataKey", …
	ContextEquals map[string]string // EncryptionContextEquals: exactly these pairs; nil: no such constraint
	ContextSubset map[string]string // EncryptionContextSubset: at least these pairs
}

// ACL is the access control list that has a say in one request: the bucket's for bucket actions and PutObject, else the object's.
type ACL struct {
	Owner        string // account that owns the bucket or the object; an object may belong to another account than its bucket
	IgnorePublic bool   // effective IgnorePublicAcls
	Grants       []ACLGrant
}

// ACLGrant is one line of an ACL.
type ACLGrant struct {
	Grantee    string // 12 digits of an account, or "AllUsers", "AuthenticatedUsers", "LogDelivery"
	Permission string // "READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"
}
