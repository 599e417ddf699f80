package world

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Errors of Identity and MintSession.
var (
	ErrUnknownKey   = errors.New("world: no such access key")
	ErrInactiveKey  = fmt.Errorf("%w that is active", ErrUnknownKey)
	ErrBadToken     = errors.New("world: the session token does not belong to the access key")
	ErrExpiredToken = errors.New("world: the session has expired")
	ErrNoRole       = errors.New("world: no such role or user")
	ErrPacked       = fmt.Errorf("%w: the policies and tags of the session do not fit into a token", ErrInvalid)
)

// Bounds of a session. (s3-wire 9.2)
const (
	MinRoleSession = time.Hour // the least a role's MaxSession may be
	MinSession     = 15 * time.Minute
	MaxSession     = 12 * time.Hour // of a role
	MaxUserSession = 36 * time.Hour // GetSessionToken and GetFederationToken
	MaxRootSession = time.Hour      // either, called by root

	// A token goes along with every request, in one header or in the query, so it is bounded well below the 8 KiB that
	// S3 takes for all headers together. A session policy of MaxSessionPolicySize characters fits with room for tags.
	maxTokenBytes = 4096
	maxTokenPlain = maxTokenBytes/4*3 - 12 - 16 // without the nonce and the GCM tag
	maxClaims     = 64 << 10                    // of claims unpacked
)

var (
	sessionName   = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	federatedName = regexp.MustCompile(`^[\w+=,.@-]{2,32}$`)
	noName        = regexp.MustCompile(`^$`)
)

// Session is temporary credentials. Nothing of it is kept in the world: the token holds it.
type Session struct {
	AccessKey, Secret, Token string
	ARN                      string    // of the caller as policies see it: arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
	UserID                   string    // aws:userid: AROA…:SESSION
	Expires                  time.Time // in Base, whole seconds
	Base                     Base
	Packed                   int // percent of the space for policies and tags that is used; 0 when there are none
}

// SessionAsk is what a session is to be. Name is the role, or the user whose permissions a user's or federated user's
// session has, "" for root; Session is the name of the role session or of the federated user. Tags are the session
// tags, those that came from an earlier session included. Whether the caller may have the session is STS's business.
type SessionAsk struct {
	Kind           string // "role", "user" or "federated-user"
	Account, Name  string
	Session        string
	Duration       time.Duration // of simulated time
	Base           Base          // the clock in which the client reads Expires
	Policy         json.RawMessage
	PolicyARNs     []string
	Tags           map[string]string
	Transitive     []string // names of tags that go on to sessions made from this one
	SourceIdentity string
	MFA            time.Time // simulated; zero for none
}

// MintSession makes credentials. Errors: ErrNoRole for an absent role or user; ErrPacked when the policies and tags
// do not fit into a token; ErrInvalid for a name, duration, policy or tag that STS would refuse.
func (w *World) MintSession(s SessionAsk) (Session, error) {
	p, err := w.checkAsk(s)
	if err != nil {
		return Session{}, err
	}
	now := w.Now()
	c := claims{
		Kind: s.Kind, Account: s.Account, Name: s.Name, ID: p.ID, Session: s.Session, Base: s.Base,
		Issued: now.Truncate(time.Second), Expires: now.Add(s.Duration).Truncate(time.Second),
		Policy: s.Policy, PolicyARNs: s.PolicyARNs, Tags: s.Tags, Transitive: s.Transitive,
		SourceIdentity: s.SourceIdentity,
	}
	if !s.MFA.IsZero() {
		c.MFA = utc(s.MFA)
	}
	token, packed, err := w.seal(c)
	if err != nil {
		return Session{}, err
	}
	if len(s.Policy)+len(s.PolicyARNs)+len(s.Tags) == 0 {
		packed = 0
	}
	id, secret := w.credentialsOf(token)
	return Session{
		AccessKey: id, Secret: secret, Token: token, ARN: c.arn(p), UserID: c.userID(), Packed: packed,
		Expires: w.In(s.Base, c.Expires).Truncate(time.Second), Base: s.Base,
	}, nil
}

// RoleSession is MintSession for a plain session of a role, without policies, tags and MFA.
func (w *World) RoleSession(account, role, session string, d time.Duration, base Base) (Session, error) {
	return w.MintSession(SessionAsk{Kind: "role", Account: account, Name: role, Session: session, Duration: d, Base: base})
}

// checkAsk finds the principal of a session and says what STS would refuse.
func (w *World) checkAsk(s SessionAsk) (Principal, error) {
	kind, most, names := "role", MaxSession, sessionName
	switch {
	case s.Kind == "federated-user":
		kind, most, names = "user", MaxUserSession, federatedName
	case s.Kind == "user":
		kind, most, names = "user", MaxUserSession, noName
	case s.Kind != "role":
		return Principal{}, invalid("a session of the kind %.20q", s.Kind)
	}
	if kind == "user" && s.Name == "" {
		kind, most = "root", MaxRootSession
	}
	p, ok := w.Principal(s.Account, kind, s.Name)
	switch {
	case !ok:
		return p, fmt.Errorf("%w: %s in %s", ErrNoRole, s.Name, s.Account)
	case !names.MatchString(s.Session):
		return p, invalid("a session name that is not %s", names)
	case s.Duration < MinSession || s.Duration > most:
		return p, invalid("a session of %s, not between %s and %s", s.Duration, MinSession, most)
	case s.Base != BaseReal && s.Base != BaseSimulated:
		return p, invalid("the clock %q", s.Base)
	case len(s.PolicyARNs) > MaxSessionPolicyARNs:
		return p, invalid("%d session policies, more than %d", len(s.PolicyARNs), MaxSessionPolicyARNs)
	case utf8.RuneCount(s.Policy) > MaxSessionPolicySize:
		return p, invalid("a session policy of %d characters, more than %d", utf8.RuneCount(s.Policy), MaxSessionPolicySize)
	case s.SourceIdentity != "" && !sessionName.MatchString(s.SourceIdentity):
		return p, invalid("a source identity that is not %s", sessionName)
	}
	for _, name := range s.Transitive {
		if _, ok := s.Tags[name]; !ok {
			return p, invalid("a transitive tag that is not among the tags")
		}
	}
	for _, arn := range s.PolicyARNs {
		if q, ok := w.ManagedPolicy(arn); !ok || q.Account != s.Account && q.Account != AWS {
			return p, fmt.Errorf("%w: policy %.200q", ErrNoEntity, arn)
		}
	}
	var texts []json.RawMessage
	if len(s.Policy) > 0 {
		texts = append(texts, s.Policy)
	}
	for _, arn := range s.PolicyARNs {
		q, _ := w.ManagedPolicy(arn)
		texts = append(texts, q.Document())
	}
	if _, err := w.union(texts); err != nil {
		return p, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return p, CheckTags(s.Tags)
}

// Identity is who an access key and a session token ("" for long-term keys) speak for. base is the clock in which the
// request was signed; Identity.Expires is answered in it, while the end itself is a moment of simulated time, so that a
// jump of the clock ends sessions for every client. Errors: ErrUnknownKey (ErrInactiveKey is one too), ErrBadToken,
// ErrExpiredToken. No error holds the token or a secret.
func (w *World) Identity(accessKey, token string, base Base) (Identity, error) {
	if i, ok := w.byKey[accessKey]; ok {
		k := w.keys[i]
		switch {
		case !k.Active:
			return Identity{}, ErrInactiveKey
		case token != "":
			return Identity{}, ErrBadToken
		}
		p, ok := w.holder(k)
		if !ok {
			return Identity{}, ErrUnknownKey
		}
		return Identity{Kind: p.Kind, Account: k.Account, Name: k.User, ARN: p.ARN, AccessKey: k.ID, Secret: k.Secret, UserID: p.ID, Tags: p.Tags}, nil
	}
	// A key of a session without its token is like a key that does not exist. (s3-wire 3.2)
	if token == "" || !strings.HasPrefix(accessKey, "ASIA") {
		return Identity{}, ErrUnknownKey
	}
	c, err := w.unseal(token)
	if err != nil {
		return Identity{}, err
	}
	id, secret := w.credentialsOf(token)
	if !hmac.Equal([]byte(id), []byte(accessKey)) {
		return Identity{}, ErrBadToken
	}
	p, ok := w.Principal(c.Account, c.of(), c.Name)
	if !ok || p.ID != c.ID { // gone, or another of the same name
		return Identity{}, ErrBadToken
	}
	if !w.Now().Before(c.Expires) {
		return Identity{}, ErrExpiredToken
	}
	i := Identity{
		Kind: c.Kind, Account: c.Account, Name: c.Name, Session: c.Session, ARN: c.arn(p),
		AccessKey: id, Secret: secret, Expires: w.In(base, c.Expires),
		UserID: c.userID(), Temporary: true, Issued: c.Issued, MFA: c.MFA,
		SessionPolicy: c.Policy, ManagedSessionPolicies: c.PolicyARNs, Tags: over(p.Tags, c.Tags),
		TransitiveTags: c.Transitive, SourceIdentity: c.SourceIdentity,
	}
	if c.Kind == "user" {
		i.Kind = p.Kind // of root too
	}
	return i, nil
}

// holder is the user or root a long-term key belongs to.
func (w *World) holder(k AccessKey) (Principal, bool) {
	if k.User == "" {
		return w.Principal(k.Account, "root", "")
	}
	return w.Principal(k.Account, "user", k.User)
}

// over are tags with others laid over them. A tag gives way to one whose name differs in case only.
func over(tags, upper map[string]string) map[string]string {
	if len(upper) == 0 {
		return tags
	}
	out := maps.Clone(upper)
	for name, value := range tags {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(upper)), func(n string) bool { return strings.EqualFold(n, name) }) {
			out[name] = value
		}
	}
	return out
}
