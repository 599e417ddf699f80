// Package kmskey is what a KMS key does by itself: seal and open small secrets, and say whether its state and kind let it.
package kmskey

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

const (
	// MaterialBytes is the length of a backing key: AES-256.
	MaterialBytes = 32
	// MaxPlaintext is the most Encrypt takes, bytes. (KMS API reference, Encrypt)
	MaxPlaintext = 4096
	// MaxCiphertext is the longest blob Decrypt takes, bytes. (KMS API reference, Decrypt)
	MaxCiphertext = 6144
	// maxName bounds the two names in a blob, bytes; an ARN of a key has about 75.
	maxName = 255

	version    = 1
	nonceBytes = 12
	tagBytes   = 16
)

// ErrBlob is a blob that is not one of ours, that was changed, or that was sealed under another context: the holder of a
// blob cannot find out which. KMS answers InvalidCiphertextException with an empty message.
var ErrBlob = errors.New("kmskey: the ciphertext, its context or its key is not the one it was sealed with")

// Blob is a ciphertext taken apart. Its layout: a version byte, the key's ARN and the id of the backing key each after a
// byte of length, 12 bytes nonce, then AES-256-GCM's output. All before the nonce and the encryption context are
// authenticated, none of it is secret.
type Blob struct {
	KeyARN     string
	MaterialID string

	header []byte
	nonce  []byte
	sealed []byte
}

// Seal encrypts plain under a backing key of 32 bytes. random gives the nonce. It fails for a misshapen key and for names
// that do not fit.
func Seal(keyARN, materialID string, material []byte, context map[string]string, plain []byte, random func(n int) []byte) ([]byte, error) {
	if len(keyARN) == 0 || len(keyARN) > maxName || len(materialID) == 0 || len(materialID) > maxName {
		return nil, errors.New("kmskey: a name that does not fit into a ciphertext")
	}
	box, err := gcm(material)
	if err != nil {
		return nil, err
	}
	header := append([]byte{version, byte(len(keyARN))}, keyARN...)
	header = append(append(header, byte(len(materialID))), materialID...)
	nonce := random(nonceBytes)
	return box.Seal(append(slices.Clone(header), nonce...), nonce, plain, additional(header, context)), nil
}

// Parse takes a blob apart without opening it. The names in it are what its sender wrote: only Open proves them.
func Parse(blob []byte) (Blob, error) {
	if len(blob) > MaxCiphertext || len(blob) == 0 || blob[0] != version {
		return Blob{}, ErrBlob
	}
	arn, rest, ok := name(blob[1:])
	if !ok {
		return Blob{}, ErrBlob
	}
	material, rest, ok := name(rest)
	if !ok || len(rest) < nonceBytes+tagBytes {
		return Blob{}, ErrBlob
	}
	return Blob{
		KeyARN: arn, MaterialID: material,
		header: blob[:len(blob)-len(rest)], nonce: rest[:nonceBytes], sealed: rest[nonceBytes:],
	}, nil
}

// Open is the plaintext, given the backing key and the context it was sealed with.
func (b Blob) Open(material []byte, context map[string]string) ([]byte, error) {
	box, err := gcm(material)
	if err != nil || len(b.nonce) != nonceBytes {
		return nil, ErrBlob
	}
	plain, err := box.Open(nil, b.nonce, b.sealed, additional(b.header, context))
	if err != nil {
		return nil, ErrBlob
	}
	return plain, nil
}

// name cuts a length byte and that many bytes off.
func name(from []byte) (name string, rest []byte, ok bool) {
	if len(from) == 0 || from[0] == 0 || len(from) < 1+int(from[0]) {
		return "", nil, false
	}
	n := 1 + int(from[0])
	return string(from[1:n]), from[n:], true
}

// additional is the data that is authenticated with the ciphertext: the header, then the pairs of the context sorted by
// name, each string after its length, so that no two contexts have the same bytes.
func additional(header []byte, context map[string]string) []byte {
	out := slices.Clone(header)
	for _, name := range slices.Sorted(maps.Keys(context)) {
		for _, part := range []string{name, context[name]} {
			out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
			out = append(out, part...)
		}
	}
	return out
}

func gcm(material []byte) (cipher.AEAD, error) {
	if len(material) != MaterialBytes {
		return nil, errors.New("kmskey: a backing key has 32 bytes")
	}
	block, err := aes.NewCipher(material)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
