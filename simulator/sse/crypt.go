package sse

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// What Decrypt answers with when it gives no bytes.
var (
	ErrWrongKey = errors.New("sse: not the key it was encrypted with")
	ErrDamaged  = errors.New("sse: the ciphertext is not what was stored")
)

const nonceBytes = 12

// Encrypt seals plain under a new data key, which is itself wrapped: by master (32 bytes) under SSE-S3, by a key made
// of the customer's under SSE-C. The ciphertext is returned beside its description. A method without a usable key, as
// those of EncryptKMS here, is a mistake of the caller and panics; random gives n random bytes.
func Encrypt(plain []byte, m Method, master []byte, key CustomerSecret, random func(n int) []byte) (Sealed, []byte) {
	s := Sealed{Method: m}
	if m == None {
		s.Ciphertext = hexSum(plain)
		return s, plain
	}
	if m == SSEC {
		s.Customer = Keep(key, random)
	}
	wrapper, err := wrapping(s, master, key)
	if err != nil {
		panic(err)
	}
	dataKey := random(KeyBytes)
	s.Nonce = random(nonceBytes)
	ciphertext := gcm(dataKey).Seal(nil, s.Nonce, plain, context(m, "object"))
	s.WrappedKey = wrap(wrapper, dataKey, context(m, "data key"), random)
	s.Ciphertext = hexSum(ciphertext)
	return s, ciphertext
}

// Decrypt opens what Encrypt sealed: ErrWrongKey when the data key cannot be unwrapped, ErrDamaged when the bytes
// are not those that were stored.
func Decrypt(s Sealed, ciphertext, master []byte, key CustomerSecret) ([]byte, error) {
	return DecryptInto(nil, s, ciphertext, master, key)
}

// DecryptInto is Decrypt into room that the caller has; where it does not suffice, other is made. Under None the result is
// the ciphertext itself, to read only.
func DecryptInto(room []byte, s Sealed, ciphertext, master []byte, key CustomerSecret) ([]byte, error) {
	switch s.Method {
	case None:
		if hexSum(ciphertext) != s.Ciphertext {
			return nil, ErrDamaged
		}
		return ciphertext, nil
	case SSEC:
		if !s.Customer.Matches(key) {
			return nil, ErrWrongKey
		}
	}
	wrapper, err := wrapping(s, master, key)
	if err != nil {
		return nil, err
	}
	if len(s.WrappedKey) < nonceBytes || len(s.Nonce) != nonceBytes {
		return nil, ErrDamaged
	}
	dataKey, err := gcm(wrapper).Open(nil, s.WrappedKey[:nonceBytes], s.WrappedKey[nonceBytes:], context(s.Method, "data key"))
	if err != nil {
		return nil, ErrWrongKey
	}
	if len(dataKey) != KeyBytes {
		return nil, ErrDamaged
	}
	plain, err := gcm(dataKey).Open(room[:0], s.Nonce, ciphertext, context(s.Method, "object"))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// wrapping is the key that wraps the data key.
func wrapping(s Sealed, master []byte, key CustomerSecret) ([]byte, error) {
	switch s.Method {
	case SSES3:
		if len(master) != KeyBytes {
			return nil, fmt.Errorf("sse: the master key has %d bytes, not %d", len(master), KeyBytes)
		}
		return master, nil
	case SSEC:
		if len(key.bytes()) != KeyBytes {
			return nil, ErrWrongKey
		}
		// The customer key is the HMAC's key here and its message in CustomerKey.HMAC, so what is kept for the
		// comparison says nothing about this one. (HKDF-Extract with the same salt would be exactly what is kept.)
		h := hmac.New(sha256.New, key.bytes())
		h.Write([]byte("keyhole sse-c data key 1"))
		h.Write(s.Customer.Salt)
		return h.Sum(nil), nil
	}
	return nil, fmt.Errorf("sse: no method %q", s.Method)
}

// context binds a ciphertext to its method and its use.
func context(m Method, use string) []byte { return []byte("keyhole " + string(m) + " " + use) }

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // 32 bytes, checked by every caller
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ETag of a single upload or part, without quotes: the MD5 under SSE-S3, else 32 random hex digits. (s3-wire 4.6)
func ETag(m Method, plain []byte, random func(n int) []byte) string {
	if m != SSES3 && m != None {
		return hex.EncodeToString(random(md5.Size))
	}
	sum := md5.Sum(plain)
	return hex.EncodeToString(sum[:])
}

// ResponseHeaders are the lines that tell a client how something is encrypted. The encryption context is told to who
// writes, never to who reads; CompleteMultipartUpload leaves out the lines of a customer key. (s3-wire 4.1)
func ResponseHeaders(s Sealed, written bool) [][2]string {
	switch {
	case s.Method == SSES3:
		return [][2]string{{argumentName, "AES256"}}
	case s.Method == SSEC:
		return [][2]string{
			{"x-amz-server-side-encryption-customer-algorithm", "AES256"},
			{"x-amz-server-side-encryption-customer-key-MD5", s.Customer.MD5},
		}
	case s.Method.KMS():
		lines := [][2]string{{argumentName, string(s.Method)}, {"x-amz-server-side-encryption-aws-kms-key-id", s.KeyARN}}
		if s.BucketKey && s.Method == SSEKMS {
			lines = append(lines, [2]string{"x-amz-server-side-encryption-bucket-key-enabled", "true"})
		}
		if context := EncodeContext(s.Context); written && context != "" {
			lines = append(lines, [2]string{"x-amz-server-side-encryption-context", context})
		}
		return lines
	}
	return nil
}
