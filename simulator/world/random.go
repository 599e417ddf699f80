package world

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Everything here follows from the seed by HMAC-SHA256 under a label of its own. The one stream that moves is the
// generator's; its position after each effect is part of the effect, so that a world read back draws on from there.

const (
	versionAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
	requestAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

	versionIDLength = 32
	uploadIDLength  = 64
	requestIDLength = 16
	hostIDBytes     = 56 // 76 characters of base64
)

// derive is a key or an identifier for a purpose: HMAC-SHA256(seed, label 0 detail 0 …).
func (w *World) derive(label string, details ...string) []byte {
	mac := w.keyed()
	mac.Write([]byte(label))
	for _, d := range details {
		mac.Write([]byte{0})
		mac.Write([]byte(d))
	}
	return mac.Sum(nil)
}

// keyed is a fresh HMAC under the seed: a copy of one that was set up with the world, which is half the work.
func (w *World) keyed() hash.Hash {
	if w.mac != nil {
		if fresh, err := w.mac.Clone(); err == nil {
			return fresh
		}
	}
	return hmac.New(sha256.New, []byte("keyhole world\x00"+w.seed))
}

// draw is the next value of the generator: AES in counter mode under a key of its own, from the block that the generator
// has come to, so that a value costs less than the hash of its label would.
func (w *World) draw(n int) []byte {
	w.cursor++
	var at [aes.BlockSize]byte
	binary.BigEndian.PutUint64(at[:8], w.cursor)
	out := make([]byte, n)
	cipher.NewCTR(w.generator, at[:]).XORKeyStream(out, out)
	return out
}

// numbered is n bytes for the request of a number: the blocks of a label that begins with kind.
func (w *World) numbered(kind byte, number, n int) []byte {
	at := [aes.BlockSize]byte{kind}
	binary.BigEndian.PutUint32(at[4:8], uint32(uint64(number)>>32))
	binary.BigEndian.PutUint32(at[8:12], uint32(number))
	out := make([]byte, n)
	cipher.NewCTR(w.numbers, at[:]).XORKeyStream(out, out)
	return out
}

// block is a cipher for one purpose.
func (w *World) block(label string) cipher.Block {
	b, err := aes.NewCipher(w.derive(label))
	if err != nil {
		panic(err) // 32 bytes
	}
	return b
}

// Random returns n bytes that nobody without the seed can tell from random ones, each time others. Data keys, nonces
// and salts come from here.
func (w *World) Random(n int) []byte { return w.draw(n) }

// NewVersionID returns a version id: 32 characters, opaque.
func (w *World) NewVersionID() string {
	return letters(w.draw(versionIDLength), versionAlphabet)
}

// NewUploadID returns a multipart upload id: 64 characters, opaque.
func (w *World) NewUploadID() string {
	return letters(w.draw(uploadIDLength), versionAlphabet)
}

// RequestID is the x-amz-request-id of the n-th request: 16 upper-case letters and digits. It draws nothing.
func (w *World) RequestID(n int) string {
	return letters(w.numbered('r', n, requestIDLength), requestAlphabet)
}

// HostID is the x-amz-id-2 of the n-th request: 76 characters of base64. It draws nothing.
func (w *World) HostID(n int) string {
	return base64.StdEncoding.EncodeToString(w.numbered('h', n, hostIDBytes))
}

// Master is the key that wraps the data keys of SSE-S3: 32 bytes. It stays inside the simulator.
func (w *World) Master() []byte { return w.derive("sse-s3 master") }

// Tag is characters 5 to 12 of every access key id this world makes, so that a host with many worlds finds the one a
// key belongs to: 8 characters of A-Z and 2-7.
func (w *World) Tag() string { return base32ID(w.derive("tag"), 8) }

// letters maps bytes to an alphabet. An alphabet that does not divide 256 leans to its front a little, which is of no
// matter for ids.
func letters(b []byte, alphabet string) string {
	for i, c := range b {
		b[i] = alphabet[int(c)%len(alphabet)]
	}
	return string(b)
}

func base32ID(b []byte, n int) string {
	return base32.StdEncoding.EncodeToString(b)[:n]
}

// secretFrom is 40 characters like those of an AWS secret key.
func secretFrom(b []byte) string {
	return base64.RawStdEncoding.EncodeToString(b)[:40]
}

func (w *World) canonicalID(account string) string {
	return hex.EncodeToString(w.derive("canonical id", account))
}

// accountID is a 12-digit account id for the n-th account of a file that names none.
func (w *World) accountID(n int) string {
	b := w.derive("account id", string(binary.BigEndian.AppendUint64(nil, uint64(n))))
	id := letters(b[:12:12], "0123456789")
	if id[0] == '0' { // legal, but spreadsheets and people lose it
		return "1" + id[1:]
	}
	return id
}
