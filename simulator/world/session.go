package world

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Errors of Identity and MintSession.
var (
	ErrUnknownKey   = errors.New("world: no such access key")
	ErrInactiveKey  = fmt.Errorf("%w that is active", ErrUnknownKey)
	ErrBadToken     = errors.New("world: the session token does not belong to the access key")
	ErrExpiredToken = errors.New("world: the session has expired")
	ErrNoRole       = errors.New("world: no such role")
)

// Bounds of a role session. (s3-wire 9.2)
const (
	MinSession = 15 * time.Minute
	MaxSession = 12 * time.Hour

	maxTokenBytes = 2048 // of a token that comes back; ours have about 300
)

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// Session is temporary credentials of a role. Nothing of it is kept in the world: the token holds it.
type Session struct {
	AccessKey, Secret, Token string
	ARN                      string    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
	Expires                  time.Time // in Base, whole seconds
	Base                     Base
}

// MintSession makes credentials for a session of a role that last for d of simulated time; base says in which clock
// the client reads Expires. Errors: ErrNoRole; ErrInvalid for a session name or a duration STS would refuse.
func (w *World) MintSession(account, role, session string, d time.Duration, base Base) (Session, error) {
	if _, ok := w.Principal(account, "role", role); !ok {
		return Session{}, fmt.Errorf("%w: %s in %s", ErrNoRole, role, account)
	}
	if !sessionName.MatchString(session) {
		return Session{}, invalid("a session name that is not 2 to 64 of letters, digits and _+=,.@-")
	}
	if d < MinSession || d > MaxSession {
		return Session{}, invalid("a session of %s, not between %s and %s", d, MinSession, MaxSession)
	}
	if base != BaseReal && base != BaseSimulated {
		return Session{}, invalid("the clock %q", base)
	}
	c := claims{Account: account, Role: role, Session: session, Base: base, Expires: w.Now().Add(d).Truncate(time.Second)}
	token, err := w.seal(c)
	if err != nil {
		return Session{}, err
	}
	id, secret := w.credentialsOf(token)
	return Session{
		AccessKey: id, Secret: secret, Token: token,
		ARN: c.arn(), Expires: w.In(base, c.Expires).Truncate(time.Second), Base: base,
	}, nil
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
		kind := "user"
		if k.User == "" {
			kind = "root"
		}
		return Identity{Kind: kind, Account: k.Account, Name: k.User, ARN: arnOf(kind, k.Account, k.User), AccessKey: k.ID, Secret: k.Secret}, nil
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
	if _, ok := w.Principal(c.Account, "role", c.Role); !ok {
		return Identity{}, ErrBadToken
	}
	if !w.Now().Before(c.Expires) {
		return Identity{}, ErrExpiredToken
	}
	return Identity{
		Kind: "role", Account: c.Account, Name: c.Role, Session: c.Session, ARN: c.arn(),
		AccessKey: id, Secret: secret, Expires: w.In(base, c.Expires),
	}, nil
}

// claims is what a token holds.
type claims struct {
	Account string    `cbor:"1,keyasint"`
	Role    string    `cbor:"2,keyasint"`
	Session string    `cbor:"3,keyasint"`
	Base    Base      `cbor:"4,keyasint"`
	Expires time.Time `cbor:"5,keyasint"` // simulated
}

func (c claims) arn() string {
	return "arn:aws:sts::" + c.Account + ":assumed-role/" + c.Role + "/" + c.Session
}

// credentialsOf derives the access key id and the secret of a token.
func (w *World) credentialsOf(token string) (id, secret string) {
	return "ASIA" + w.Tag() + base32ID(w.derive("session key id", token), 8), secretFrom(w.derive("session secret", token))
}

// seal encrypts claims under a key of the world. The nonce is an HMAC of the claims: no two different claims share one,
// and minting needs no draw from the generator, which would be a change of the world.
func (w *World) seal(c claims) (string, error) {
	plain, err := encoder.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("world: encode session: %w", err)
	}
	mac := hmac.New(sha256.New, w.derive("session nonce"))
	mac.Write(plain)
	gcm := w.sessionCipher()
	nonce := mac.Sum(nil)[:gcm.NonceSize()]
	return base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, plain, nil)), nil
}

func (w *World) unseal(token string) (claims, error) {
	if len(token) > maxTokenBytes {
		return claims{}, ErrBadToken
	}
	// Strict, so that one session has one spelling of its token.
	sealed, err := base64.StdEncoding.Strict().DecodeString(token)
	gcm := w.sessionCipher()
	if err != nil || len(sealed) < gcm.NonceSize() {
		return claims{}, ErrBadToken
	}
	plain, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], nil)
	if err != nil {
		return claims{}, ErrBadToken
	}
	var c claims
	if err := decoder.Unmarshal(plain, &c); err != nil {
		return claims{}, ErrBadToken
	}
	return c, nil
}

func (w *World) sessionCipher() cipher.AEAD {
	block, err := aes.NewCipher(w.derive("session token"))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has 16-byte blocks
	}
	return gcm
}
