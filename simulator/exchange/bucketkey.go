package exchange

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"keyhole/simulator/sse"
	"keyhole/simulator/world"
)

// A bucket key is a data key that S3 has KMS make once for a caller and uses for many objects. S3 keeps the plaintext for a
// "limited time" that AWS does not tell; here it is BucketKeyLife. It is fetched at least once for every requester, so that
// the use of each shows in CloudTrail. (user guide: S3 Bucket Keys) What is kept is the key as KMS wrapped it, never the
// plaintext.
const (
	BucketKeyLife     = time.Hour
	MaxBucketKeyBytes = 64 << 10 // of all that a bucket holds, as JSON; the oldest go
)

// bucketKeys is the name under which a bucket's settings hold them.
const bucketKeys = "bucket-keys"

// heldKey is one bucket key.
type heldKey struct {
	Requester string            `json:"requester"` // ARN
	Key       string            `json:"key"`       // ARN
	Context   map[string]string `json:"context"`
	Blob      []byte            `json:"blob"`
	Made      time.Time         `json:"made"`
}

// heldBucketKey is the bucket key that S3 still holds for this caller, key and context.
func (x *Exchange) heldBucketKey(k *sse.KeyChoice) (blob []byte, ok bool) {
	if !k.BucketKey {
		return nil, false
	}
	for _, h := range x.heldKeys() {
		if h.Requester == x.Caller.ARN && h.Key == k.ARN && maps.Equal(h.Context, k.Context) {
			return h.Blob, true
		}
	}
	return nil, false
}

// heldKeys are the bucket keys that S3 holds now, oldest first.
func (x *Exchange) heldKeys() []heldKey {
	var all []heldKey
	if err := json.Unmarshal(x.At.Config[bucketKeys], &all); err != nil {
		return nil // nothing is held
	}
	now := x.World.Now()
	return slices.DeleteFunc(all, func(h heldKey) bool { return now.Sub(h.Made) >= BucketKeyLife })
}

// holdBucketKey keeps a new bucket key for the caller's next objects.
func (x *Exchange) holdBucketKey(k *sse.KeyChoice, blob []byte) *Fault {
	held := append(x.heldKeys(), heldKey{Requester: x.Caller.ARN, Key: k.ARN, Context: k.Context, Blob: blob, Made: x.World.Now()})
	text, err := json.Marshal(held)
	for err == nil && len(text) > MaxBucketKeyBytes {
		held = held[1:]
		text, err = json.Marshal(held)
	}
	if err != nil {
		return x.Failed(err)
	}
	if err := x.World.Apply(world.ConfigSet(x.Bucket, bucketKeys, text)); err != nil {
		return x.Failed(err)
	}
	x.Did("S3 holds a bucket key of %s for this caller until %s", k.ARN, x.World.Now().Add(BucketKeyLife).Format(time.RFC3339))
	return nil
}
