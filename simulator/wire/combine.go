package wire

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// PartSum is the checksum of one part, for Combine.
type PartSum struct {
	Value string // base64
	Size  int64  // bytes
}

// Combine makes an object's checksum of its parts': the checksum of the parts' checksums with "-N" when composite,
// the checksum of the whole object, without its bytes, when full-object (CRCs only).
func Combine(a Algorithm, t ChecksumType, parts []PartSum) (string, error) {
	sums := make([][]byte, len(parts))
	for i, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Value)
		if err != nil || len(raw) != a.Size() {
			return "", fmt.Errorf("wire: part %d has no %s checksum: %q", i+1, a, p.Value)
		}
		sums[i] = raw
	}
	if t == Composite {
		h := a.new()
		for _, s := range sums {
			h.Write(s)
		}
		return base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts)), nil
	}
	var f field
	switch a {
	case CRC32:
		f = field{crc32.IEEE, 32}
	case CRC32C:
		f = field{crc32.Castagnoli, 32}
	case CRC64NVME:
		f = field{nvme, 64}
	default:
		return "", fmt.Errorf("wire: %s cannot be combined over a whole object", a)
	}
	var crc uint64
	for i, s := range sums {
		next := binary.BigEndian.Uint64(append(make([]byte, 8-len(s)), s...))
		crc = f.multiply(f.power(parts[i].Size), crc) ^ next
	}
	whole := binary.BigEndian.AppendUint64(nil, crc)
	return base64.StdEncoding.EncodeToString(whole[8-a.Size():]), nil
}

// field is GF(2)[x] modulo a CRC's polynomial, bits reflected: the highest bit is x^0.
// Appending n bytes to a message multiplies its CRC by x^(8n).
type field struct {
	polynomial uint64
	width      uint
}

func (f field) one() uint64 { return 1 << (f.width - 1) }

// multiply is a·b.
func (f field) multiply(a, b uint64) (product uint64) {
	for bit := f.one(); bit != 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		b = b>>1 ^ f.polynomial&-(b&1)
	}
	return product
}

// power is x^(8n), by squaring.
func (f field) power(n int64) uint64 {
	result, square := f.one(), f.one()>>8
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = f.multiply(result, square)
		}
		square = f.multiply(square, square)
	}
	return result
}

// PartsETag is the ETag of a multipart object (without quotes): the MD5 of its parts' ETags as bytes, and their number.
// The formula holds also where a part's ETag is no MD5 (SSE-C).
func PartsETag(etags []string) (string, error) {
	h := md5.New()
	for i, e := range etags {
		raw, err := hex.DecodeString(strings.Trim(e, `"`))
		if err != nil {
			return "", fmt.Errorf("wire: part %d has the ETag %q, which is not hex", i+1, e)
		}
		h.Write(raw)
	}
	return hex.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(etags)), nil
}
