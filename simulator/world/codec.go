package world

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// Version bytes that stand before everything encoded. A reader takes those from firstVersion on and refuses any other.
const (
	firstVersion    = 1 // before policies were evaluated: see bringUp
	snapshotVersion = 3 // 2 had no keys, access points, jobs, events and trails
	effectsVersion  = 3
)

// ErrEncoding: the bytes are not a snapshot or a batch of effects of a version this program reads.
var ErrEncoding = errors.New("world: not a snapshot or batch this version reads")

// Bounds of what is decoded. The biggest honest value is a bucket with MaxVersions keys.
const (
	decodeDepth = 16
	decodeItems = 128 << 10
)

var encoder = must(cbor.EncOptions{
	Sort: cbor.SortCoreDeterministic, // equal worlds have equal bytes, so Hash can be a hash of them
	Time: cbor.TimeRFC3339NanoUTC,
}.EncMode())

var decoder = must(cbor.DecOptions{
	DupMapKey:         cbor.DupMapKeyEnforcedAPF,
	IndefLength:       cbor.IndefLengthForbidden,
	TagsMd:            cbor.TagsForbidden,
	ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	UTF8:              cbor.UTF8DecodeInvalid, // metadata is bytes as they came in a header
	MaxNestedLevels:   decodeDepth,
	MaxArrayElements:  decodeItems,
	MaxMapPairs:       decodeItems,
}.DecMode())

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options above are constants
	}
	return v
}

// encode is the version byte and the CBOR of v.
func encode(version byte, v any) ([]byte, error) {
	body, err := encoder.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("world: encode: %w", err)
	}
	return append([]byte{version}, body...), nil
}

// decode reads what encode wrote and says in which version. Its errors quote nothing of the bytes, which may hold secrets.
func decode(data []byte, version byte, limit int, v any) (written byte, err error) {
	if len(data) == 0 || data[0] < firstVersion || data[0] > version {
		return 0, fmt.Errorf("%w: no version byte %d to %d", ErrEncoding, firstVersion, version)
	}
	if len(data) > limit {
		return 0, fmt.Errorf("%w: %d bytes, more than %d", ErrEncoding, len(data), limit)
	}
	if err := decoder.Unmarshal(data[1:], v); err != nil {
		return 0, fmt.Errorf("%w: %T", ErrEncoding, err)
	}
	return data[0], nil
}
