package wire

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strings"
)

// Algorithm is a checksum algorithm of S3.
type Algorithm string

// The five algorithms that are imitated. S3's 2026 model names more (SHA512, MD5, XXHASH64, XXHASH3, XXHASH128).
const (
	CRC32     Algorithm = "CRC32"
	CRC32C    Algorithm = "CRC32C"
	CRC64NVME Algorithm = "CRC64NVME"
	SHA1      Algorithm = "SHA1"
	SHA256    Algorithm = "SHA256"
)

var algorithms = []Algorithm{CRC32, CRC32C, CRC64NVME, SHA1, SHA256}

// nvme is the reflected polynomial of CRC-64/NVME.
const nvme = 0x9a6c9329ac4bc9b5

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	nvmeTable  = crc64.MakeTable(nvme)
)

// ParseAlgorithm reads x-amz-checksum-algorithm, in any case.
func ParseAlgorithm(s string) (Algorithm, *Refusal) {
	for _, a := range algorithms {
		if strings.EqualFold(s, string(a)) {
			return a, nil
		}
	}
	return "", badRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
		"This checksum algorithm is not known.")
}

// Header is "x-amz-checksum-crc32".
func (a Algorithm) Header() string { return "x-amz-checksum-" + a.lower() }

func (a Algorithm) lower() string { return strings.ToLower(string(a)) }

func (a Algorithm) new() hash.Hash {
	switch a {
	case CRC32:
		return crc32.NewIEEE()
	case CRC32C:
		return crc32.New(castagnoli)
	case CRC64NVME:
		return crc64.New(nvmeTable)
	case SHA1:
		return sha1.New()
	}
	return sha256.New()
}

// Size is the length of a checksum in bytes.
func (a Algorithm) Size() int { return a.new().Size() }

// Sum is the checksum of data, base64.
func (a Algorithm) Sum(data []byte) string {
	h := a.new()
	h.Write(data)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// valid says whether a value is base64 of the right length.
func (a Algorithm) valid(value string) bool {
	raw, err := base64.StdEncoding.DecodeString(value)
	return err == nil && len(raw) == a.Size()
}

// ChecksumType says what a multipart checksum covers.
type ChecksumType string

// The two types, as x-amz-checksum-type names them.
const (
	FullObject ChecksumType = "FULL_OBJECT"
	Composite  ChecksumType = "COMPOSITE"
)

// TypeFor is the checksum type of an upload: asked is x-amz-checksum-type; "" takes the default of the algorithm.
// A type without an algorithm is refused; neither gives "".
func TypeFor(a Algorithm, asked string) (ChecksumType, *Refusal) {
	t := ChecksumType(asked)
	switch {
	case a == "" && asked != "":
		return "", badRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
			"A checksum type needs an algorithm.")
	case a == "":
		return "", nil
	case asked == "" && a == CRC64NVME:
		return FullObject, nil
	case asked == "":
		return Composite, nil
	case t != FullObject && t != Composite:
		return "", badRequest("Value for x-amz-checksum-type header is invalid.", "The checksum type is not known.")
	case t == Composite && a == CRC64NVME, t == FullObject && (a == SHA1 || a == SHA256):
		return "", badRequest("The "+asked+" checksum type cannot be used with the "+a.lower()+" checksum algorithm.",
			"Type and algorithm do not go together.")
	}
	return t, nil
}
