package world

import (
	"encoding/json"
	"time"
)

// Account is one AWS account of the sandbox.
type Account struct {
	ID          string // 12 digits
	Name, Email string
	CanonicalID string       // 64 hex digits
	Public      *PublicBlock `cbor:",omitempty"` // Block Public Access of the whole account; nil: no configuration
}

// Principal is root, a user or a role of an account.
type Principal struct {
	Kind        string // "root", "user", "role"
	Account     string
	Name        string // "" for root
	Path        string // "/" or "/division/team/"; "" for root
	ID          string // AIDA…, AROA…, or the account id for root
	ARN         string
	Created     time.Time
	Trust       json.RawMessage            // roles
	Policies    map[string]json.RawMessage // inline
	Managed     []string                   // ARNs of attached managed policies
	Boundary    string                     // ARN of the managed policy that is the permissions boundary; "" for none
	Groups      []string                   // users: names of groups of the account
	Tags        map[string]string
	Description string        // roles
	MaxSession  time.Duration // roles; 0 is an hour
}

// Group is a group of users. It is no principal.
type Group struct {
	Account, Name, Path string
	ID                  string // AGPA…
	ARN                 string
	Created             time.Time
	Policies            map[string]json.RawMessage // inline
	Managed             []string                   // ARNs of attached managed policies
}

// ManagedPolicy is a policy with a name and versions of its own. Account is "aws" for those that AWS manages.
type ManagedPolicy struct {
	Account, Name, Path string
	ID                  string // ANPA…
	ARN, Description    string
	Created             time.Time
	Default             string            // id of the version in force: "v1"
	Versions            []PolicyVersion   // oldest first
	Tags                map[string]string `cbor:",omitempty"` // unlike those of users and roles, their names may differ in case only
}

// PolicyVersion is one version of a managed policy. It never changes.
type PolicyVersion struct {
	ID       string // "v1"
	Document json.RawMessage
	Created  time.Time
}

// Document is the text of the version in force; nil when there is none of that id.
func (p ManagedPolicy) Document() json.RawMessage {
	for _, v := range p.Versions {
		if v.ID == p.Default {
			return v.Document
		}
	}
	return nil
}

// AccessKey is a long-term key of a principal.
type AccessKey struct {
	ID, Secret string
	Account    string
	User       string // "" for root
	Active     bool
	Created    time.Time `cbor:",omitzero"`
}

// MFADevice is a virtual MFA device. Its seed is a secret.
type MFADevice struct {
	Account, Name string
	Serial        string // arn:aws:iam::ACCOUNT:mfa/NAME
	User          string // "" while it is not enabled
	Seed          []byte // 20 bytes of TOTP key
	Enabled       time.Time
}

// Identity is who a request speaks for, once its key is known.
type Identity struct {
	Kind      string // "root", "user", "role", "federated-user"
	Account   string
	Name      string // user or role; of a federated user, the user whose key asked for the session; "" for root
	Session   string // name of a role session or of a federated user
	ARN       string // arn:aws:sts::…:assumed-role/R/S for a session of a role
	AccessKey string
	Secret    string    // never leaves the authenticate stage
	Expires   time.Time // zero for long-term keys

	UserID                 string    // aws:userid: "AIDA…", "AROA…:SESSION", "ACCOUNT:NAME" of a federated user, the account id of root
	Temporary              bool      // the key is a session's
	Issued                 time.Time // of a session: when it was made
	MFA                    time.Time // of a session: when the MFA code was given; zero for none
	SessionPolicy          json.RawMessage
	ManagedSessionPolicies []string          // ARNs
	Tags                   map[string]string // session tags over those of the principal
	TransitiveTags         []string          // names of session tags that go on to further sessions
	SourceIdentity         string
}

// people are the accounts and all that is in IAM. The slices and the map are never changed in place once the world is
// made, so that a clone and an undo keep what they had.
type people struct {
	accounts   []Account
	principals []Principal // account by account, root first, then users, then roles
	groups     []Group
	managed    []ManagedPolicy // of the accounts; those of AWS are not in here
	keys       []AccessKey
	devices    []MFADevice
	byKey      map[string]int // access key id to its place in keys
}
