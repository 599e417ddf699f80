package world

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// claims is what a token holds: CBOR, sealed under a key of the world.
type claims struct {
	Kind           string            `cbor:"1,keyasint"`
	Account        string            `cbor:"2,keyasint"`
	Name           string            `cbor:"3,keyasint,omitempty"`
	ID             string            `cbor:"4,keyasint"` // of the principal
	Session        string            `cbor:"5,keyasint,omitempty"`
	Base           Base              `cbor:"6,keyasint"`
	Issued         time.Time         `cbor:"7,keyasint"` // simulated, like the others
	Expires        time.Time         `cbor:"8,keyasint"`
	MFA            time.Time         `cbor:"9,keyasint,omitzero"`
	Policy         json.RawMessage   `cbor:"10,keyasint,omitempty"`
	PolicyARNs     []string          `cbor:"11,keyasint,omitempty"`
	Tags           map[string]string `cbor:"12,keyasint,omitempty"`
	Transitive     []string          `cbor:"13,keyasint,omitempty"`
	SourceIdentity string            `cbor:"14,keyasint,omitempty"`
}

// of is the kind of principal behind the session.
func (c claims) of() string {
	switch {
	case c.Kind == "role":
		return "role"
	case c.Name == "":
		return "root"
	}
	return "user"
}

func (c claims) arn(p Principal) string {
	switch c.Kind {
	case "role":
		return "arn:aws:sts::" + c.Account + ":assumed-role/" + c.Name + "/" + c.Session
	case "federated-user":
		return "arn:aws:sts::" + c.Account + ":federated-user/" + c.Session
	}
	return p.ARN
}

func (c claims) userID() string {
	switch c.Kind {
	case "role":
		return c.ID + ":" + c.Session
	case "federated-user":
		return c.Account + ":" + c.Session
	}
	return c.ID
}

// credentialsOf derives the access key id and the secret of a token.
func (w *World) credentialsOf(token string) (id, secret string) {
	return "ASIA" + w.Tag() + base32ID(w.derive("session key id", token), 8), secretFrom(w.derive("session secret", token))
}

// The byte before the claims says in which form they are. A token of another form is refused like a forged one.
const (
	plainToken  = 1
	packedToken = 2 // with DEFLATE, which costs time at every request: only where the claims would not fit otherwise
)

// seal encrypts claims under a key of the world and says how full the token is, in percent. The nonce is an HMAC of the
// claims: no two different claims share one, and minting needs no draw from the generator, which would be a change of
// the world.
func (w *World) seal(c claims) (token string, percent int, err error) {
	raw, err := encoder.Marshal(c)
	if err != nil {
		return "", 0, fmt.Errorf("world: encode session: %w", err)
	}
	plain := append([]byte{plainToken}, raw...)
	if len(plain) > maxTokenPlain {
		plain = pack(raw)
	}
	percent = (len(plain)*100 + maxTokenPlain - 1) / maxTokenPlain
	if len(plain) > maxTokenPlain || len(raw) > maxClaims {
		return "", percent, fmt.Errorf("%w: %d%%", ErrPacked, percent)
	}
	mac := hmac.New(sha256.New, w.derive("session nonce"))
	mac.Write(plain)
	gcm := w.sessionCipher()
	nonce := mac.Sum(nil)[:gcm.NonceSize()]
	return base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, plain, nil)), percent, nil
}

func pack(raw []byte) []byte {
	out := bytes.NewBuffer([]byte{packedToken})
	z, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = z.Write(raw) // into memory: it cannot fail
	_ = z.Close()
	return out.Bytes()
}

func unpack(plain []byte) ([]byte, error) {
	switch {
	case len(plain) == 0:
	case plain[0] == plainToken:
		return plain[1:], nil
	case plain[0] == packedToken:
		return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(plain[1:])), maxClaims))
	}
	return nil, ErrBadToken
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
	raw, err := unpack(plain)
	if err != nil {
		return claims{}, ErrBadToken
	}
	var c claims
	if err := decoder.Unmarshal(raw, &c); err != nil {
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
