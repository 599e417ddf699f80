package sse

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
)

// ErrNoDataKey is what a missing or misshapen data key is answered with; it comes of a mistake in the caller, or of a
// damaged world.
var ErrNoDataKey = errors.New("sse: KMS gave no data key of 32 bytes")

// EncryptKMS seals plain under the key that KMS opened: the object's own data key, or with to.BucketKey the bucket's, of
// which a key for this object is derived. to has method, key, context and the key as KMS wrapped it. Under DSSE the
// ciphertext is encrypted once more, under a data key of its own that master (32 bytes) wraps.
func EncryptKMS(plain []byte, to Sealed, opened CustomerSecret, master []byte, random func(n int) []byte) (Sealed, []byte, error) {
	to.Nonce = random(nonceBytes)
	dataKey, err := objectKey(to, opened)
	if err != nil {
		return Sealed{}, nil, err
	}
	ciphertext := gcm(dataKey).Seal(nil, to.Nonce, plain, context(to.Method, "object"))
	if to.Method == DSSE {
		outer := random(KeyBytes)
		to.Outer.Nonce = random(nonceBytes)
		ciphertext = gcm(outer).Seal(nil, to.Outer.Nonce, ciphertext, context(DSSE, "outer layer"))
		to.Outer.WrappedKey = wrap(master, outer, context(DSSE, "outer data key"), random)
	}
	to.Ciphertext = hexSum(ciphertext)
	return to, ciphertext, nil
}

// DecryptKMS opens what EncryptKMS sealed, with the data key that KMS opened.
func DecryptKMS(s Sealed, ciphertext []byte, opened CustomerSecret, master []byte) ([]byte, error) {
	return DecryptKMSInto(nil, s, ciphertext, opened, master)
}

// DecryptKMSInto is DecryptKMS into room that the caller has; where it does not suffice, other is made.
func DecryptKMSInto(room []byte, s Sealed, ciphertext []byte, opened CustomerSecret, master []byte) ([]byte, error) {
	if len(s.Nonce) != nonceBytes {
		return nil, ErrDamaged
	}
	dataKey, err := objectKey(s, opened)
	if err != nil {
		return nil, err
	}
	if s.Method == DSSE {
		outer, err := unwrap(master, s.Outer.WrappedKey, context(DSSE, "outer data key"))
		if err != nil || len(outer) != KeyBytes || len(s.Outer.Nonce) != nonceBytes {
			return nil, ErrDamaged
		}
		if ciphertext, err = gcm(outer).Open(nil, s.Outer.Nonce, ciphertext, context(DSSE, "outer layer")); err != nil {
			return nil, ErrDamaged
		}
	}
	plain, err := gcm(dataKey).Open(room[:0], s.Nonce, ciphertext, context(s.Method, "object"))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// objectKey is the key of one object: the data key itself, or one derived from the bucket's.
func objectKey(s Sealed, opened CustomerSecret) ([]byte, error) {
	key := opened.bytes()
	if !s.Method.KMS() || len(key) != KeyBytes {
		return nil, ErrNoDataKey
	}
	if !s.BucketKey {
		return key, nil
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("keyhole object of a bucket key 1"))
	h.Write(s.Nonce)
	return h.Sum(nil), nil
}

// wrap seals a key under another; the nonce stands before the ciphertext.
func wrap(wrapper, key, aad []byte, random func(n int) []byte) []byte {
	nonce := random(nonceBytes)
	return gcm(wrapper).Seal(nonce[:nonceBytes:nonceBytes], nonce, key, aad)
}

// unwrap opens what wrap sealed.
func unwrap(wrapper, wrapped, aad []byte) ([]byte, error) {
	if len(wrapper) != KeyBytes || len(wrapped) < nonceBytes {
		return nil, ErrDamaged
	}
	return gcm(wrapper).Open(nil, wrapped[:nonceBytes], wrapped[nonceBytes:], aad)
}
