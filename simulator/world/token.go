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

// claims is what a token holds: CBOR, packed with DEFLATE, sealed under a key of the world.
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

// tokenForm stands before the packed claims. A token of another form is refused like a forged one.
const tokenForm = 2

// seal encrypts claims under a key of the world and says how full the token is, in percent. The nonce is an HMAC of the
// claims: no two different claims share one, and minting needs no draw from the generator, which would be a change of
// the world.
func (w *World) seal(c claims) (token string, percent int, err error) {
	raw, err := encoder.Marshal(c)
	if err != nil {
		return "", 0, fmt.Errorf("world: encode session: %w", err)
	}
	plain := bytes.NewBuffer([]byte{tokenForm})
	pack, err := flate.NewWriter(plain, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = pack.Write(raw) // into memory: it cannot fail
	_ = pack.Close()
	percent = (plain.Len()*100 + maxTokenPlain) / (maxTokenPlain + 1)
	if plain.Len() > maxTokenPlain || len(raw) > maxClaims {
		return "", percent, fmt.Errorf("%w: %d%%", ErrPacked, percent)
	}
	mac := hmac.New(sha256.New, w.derive("session nonce"))
	mac.Write(plain.Bytes())
	gcm := w.sessionCipher()
	nonce := mac.Sum(nil)[:gcm.NonceSize()]
	return base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, plain.Bytes(), nil)), percent, nil
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
	if err != nil || len(plain) == 0 || plain[0] != tokenForm {
		return claims{}, ErrBadToken
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(plain[1:])), maxClaims))
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
