package world

import (
	"crypto/cipher"
	"hash"
	"maps"
	"slices"
	"time"
)

// Options say how a world is made. What a world file states wins over Seed, Profile and Region.
type Options struct {
	Seed    string           // every id, key and random byte of the world follows from it; "" is a seed like any other
	Profile Profile          // "" is 2026
	Region  string           // "" is us-east-1
	Now     func() time.Time // the real clock; nil: it stands still at Standstill
	Limits  Limits
}

// Standstill is the real time of a world that was given no clock.
var Standstill = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// DefaultRegion is the region of a world that was given none.
const DefaultRegion = "us-east-1"

// DefaultAccount is the account of a world whose file names none.
const DefaultAccount = "111122223333"

// World is one private cloud. It is not safe for concurrent use: whoever holds it guards it with one lock, also for
// Clone, which marks what is shared from then on.
//
// What its look-ups return is a view to read before the next change, not to write to.
type World struct {
	now    func() time.Time
	limits Limits
	load   func(hash string) ([]byte, error) // blobs of a restored world; nil: all are resident

	// What there is; the snapshot holds exactly this.
	seed      string
	mac       hash.Cloner  // HMAC under the seed, to be copied: see keyed
	generator cipher.Block // what draw draws from
	numbers   cipher.Block // what the ids of requests come from
	profile   Profile
	region    string
	drawn     uint64 // generator position after the last effect
	points    []Point
	people    // accounts and who is in them
	things    // keys, access points, jobs and what is written down
	org       *Organization
	endpoints []VPCEndpoint
	sourceIP  string
	buckets   map[string]*Bucket

	// What follows from it.
	compiled *compiled
	owned    map[string]bool // buckets whose maps no clone shares
	usage    Usage
	blobs    *blobs
	cursor   uint64 // generator position now: at least drawn
	// A stored world is being read back: its blobs are in the store and are not fetched to look.
	reading bool

	// What happened since the last Drain that was not reverted.
	pending []Effect
	undo    []func()
	drained bool // undo belongs to a batch that was handed out
}

// New makes a world with one account, DefaultAccount, its root, the user admin who may do anything, and nothing else.
func New(o Options) *World {
	w := blank(o)
	w.start(time.Time{})
	w.settleDefault()
	return w
}

// blank is a world without a clock and accounts.
func blank(o Options) *World {
	w := &World{
		now: o.Now, limits: o.Limits.filled(),
		seed: o.Seed, profile: o.Profile, region: o.Region,
		buckets: map[string]*Bucket{}, owned: map[string]bool{}, people: people{byKey: map[string]int{}},
		compiled: newCompiled(), blobs: newBlobs(),
	}
	w.mac, _ = w.keyed().(hash.Cloner)
	w.generator, w.numbers = w.block("generator"), w.block("numbers of requests")
	if w.now == nil {
		w.now = func() time.Time { return Standstill }
	}
	if w.profile == "" {
		w.profile = Profile2026
	}
	if w.region == "" {
		w.region = DefaultRegion
	}
	return w
}

// Clone returns a world that starts equal and shares nothing that can change: versions, parts and blobs are immutable,
// and the maps around them are copied by whichever of the two writes first. Pending effects stay with the original.
func (w *World) Clone() *World {
	c := *w
	c.buckets = maps.Clone(w.buckets)
	w.owned, c.owned = map[string]bool{}, map[string]bool{}
	w.points = slices.Clip(w.points)
	c.points = w.points
	w.clip()
	c.clip()
	c.blobs = w.blobs.copied()
	c.pending, c.undo, c.drained = nil, nil, false
	return &c
}

// Profile is the era new buckets start in.
func (w *World) Profile() Profile { return w.profile }

// Region is the one region of the world.
func (w *World) Region() string { return w.region }

// Limits are the limits in force, defaults filled in.
func (w *World) Limits() Limits { return w.limits }

// NextChange is the next moment at which something changes by itself, and what; false when nothing is known to.
// Role sessions are not kept anywhere, so their ends are not known here.
func (w *World) NextChange() (time.Time, string, bool) { return time.Time{}, "", false }
