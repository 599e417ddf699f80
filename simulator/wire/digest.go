package wire

import (
	"crypto/md5"
	"encoding/hex"
)

// digests are hashes of a body that were made before anybody asked.
type digests struct {
	md5       string // 32 hex digits; "" when it was not made
	algorithm Algorithm
	sum       string
}

// Digest hashes an upload as its answer will need it: the checksum that is claimed, or the one S3 makes by itself, and with
// etag the MD5. It is called where nobody waits; hashing a body takes longer than everything else about it.
func (b *Body) Digest(c Claim, etag bool) {
	b.made.algorithm = c.Algorithm
	if b.made.algorithm == "" {
		b.made.algorithm = CRC64NVME
	}
	b.made.sum = b.made.algorithm.Sum(b.Data)
	if etag {
		sum := md5.Sum(b.Data)
		b.made.md5 = hex.EncodeToString(sum[:])
	}
}

// Sum is the checksum of the data, base64.
func (b Body) Sum(a Algorithm) string {
	if b.made.sum != "" && b.made.algorithm == a {
		return b.made.sum
	}
	return a.Sum(b.Data)
}

// MD5 is that of the data in 32 hex digits, when Digest made it of these very bytes; "" otherwise.
func (b Body) MD5(of []byte) string {
	if len(of) != len(b.Data) || len(of) > 0 && &of[0] != &b.Data[0] {
		return ""
	}
	return b.made.md5
}
