package s3

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keyhole/simulator/lock"
	"keyhole/simulator/sse"
	"keyhole/simulator/wire"
	"keyhole/simulator/world"
)

// ruled is a bucket with versions, some of them locked, and the rules of a document.
type ruled struct {
	now   time.Time
	world *world.World
}

func newRuled(t *rapid.T) *ruled {
	r := &ruled{now: time.Date(2026, 6, 1, 9, 30, 0, 0, time.UTC)}
	r.world = world.New(world.Options{Now: func() time.Time { return r.now }})
	b := r.world.NewBucket("vault", world.DefaultAccount)
	b.ObjectLock, b.Versioning = true, "Enabled"
	r.apply(t, world.BucketMade(b))
	return r
}

func (r *ruled) apply(t *rapid.T, e world.Effect) {
	if err := r.world.Apply(e); err != nil {
		t.Fatal(err)
	}
}

func (r *ruled) run(t *rapid.T) {
	for range 1000 {
		due := r.world.DueJobs(r.world.Now())
		if len(due) == 0 {
			return
		}
		if _, err := RunLifecycle(r.world, due[0]); err != nil {
			t.Fatal(err)
		}
		r.apply(t, world.JobDone(due[0].ID))
	}
	t.Fatal("the rules never come to an end")
}

// Whatever the rules say, and however far the clock goes: a version under a retention that has not ended, or under a legal
// hold, is still there.
func TestLifecycleNeverRemovesALockedVersion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRuled(t)
		var doc lifecycleDocument
		for i := range rapid.IntRange(1, 3).Draw(t, "rules") {
			days, later, yes := rapid.IntRange(1, 40).Draw(t, "days"), rapid.IntRange(1, 40).Draw(t, "noncurrent"), true
			prefix := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "prefix")
			rule := lifecycleRule{ID: fmt.Sprint(i), Status: "Enabled", Filter: &ruleFilter{Prefix: &prefix}, Noncurrent: &noncurrentExpiration{Days: &later}}
			if rapid.Bool().Draw(t, "marker") {
				rule.Expiration = &lifecycleExpiration{DeleteMarker: &yes}
			} else {
				rule.Expiration = &lifecycleExpiration{Days: &days}
			}
			doc.Rules = append(doc.Rules, rule)
		}
		r.apply(t, world.ConfigSet("vault", "lifecycle", wire.Encode("LifecycleConfiguration", doc)))
		job := r.world.NewJob(LifecycleJob, midnight(r.now))
		job.Bucket = "vault"
		r.apply(t, world.JobAdded(job))

		type held struct {
			key, id string
			until   time.Time
			hold    bool
		}
		var locked []held
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				r.now = r.now.Add(time.Duration(rapid.IntRange(1, 60*24).Draw(t, "hours")) * time.Hour)
				r.run(t)
			case 1:
				if _, _, err := r.world.DeleteKey("vault", rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), world.DefaultAccount); err != nil {
					t.Fatal(err)
				}
			default:
				v := world.Version{Key: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key"), Size: 1, StorageClass: "STANDARD",
					Sealed: sse.Sealed{Method: sse.SSES3, Ciphertext: r.world.PutBlob([]byte("x"))}}
				if rapid.Bool().Draw(t, "retained") {
					v.Retention = lock.Retention{Mode: rapid.SampledFrom([]string{lock.Governance, lock.Compliance}).Draw(t, "mode"),
						Until: r.now.Add(time.Duration(rapid.IntRange(1, 90*24).Draw(t, "for")) * time.Hour)}
				}
				if rapid.IntRange(0, 3).Draw(t, "hold") == 0 {
					v.Hold = lock.On
				}
				now, _, err := r.world.StoreVersion("vault", v)
				if err != nil {
					t.Fatal(err)
				}
				if v.Retention.Set() || v.Hold == lock.On {
					locked = append(locked, held{v.Key, now.ID, v.Retention.Until, v.Hold == lock.On})
				}
			}
			b, _ := r.world.Bucket("vault")
			for _, h := range locked {
				if _, there := b.Version(h.key, h.id); !there && (h.hold || h.until.After(r.world.Now())) {
					t.Fatalf("version %s of %s was removed on %s, protected until %s (hold: %v)", h.id, h.key, r.world.Now(), h.until, h.hold)
				}
			}
		}
	})
}

// One long jump ends where many small ones do.
func TestOneLongJumpEqualsManyShortOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days, later := rapid.IntRange(1, 20).Draw(t, "days"), rapid.IntRange(1, 20).Draw(t, "noncurrent")
		total := rapid.IntRange(1, 60).Draw(t, "total")
		end := func(step time.Duration) string {
			r := newRuled(t)
			prefix := ""
			doc := lifecycleDocument{Rules: []lifecycleRule{{ID: "r", Status: "Enabled", Filter: &ruleFilter{Prefix: &prefix},
				Expiration: &lifecycleExpiration{Days: &days}, Noncurrent: &noncurrentExpiration{Days: &later}}}}
			r.apply(t, world.ConfigSet("vault", "lifecycle", wire.Encode("LifecycleConfiguration", doc)))
			job := r.world.NewJob(LifecycleJob, midnight(r.now))
			job.Bucket = "vault"
			r.apply(t, world.JobAdded(job))
			if _, _, err := r.world.StoreVersion("vault", world.Version{Key: "a", Size: 1, Sealed: sse.Sealed{Method: sse.SSES3, Ciphertext: r.world.PutBlob([]byte("x"))}}); err != nil {
				t.Fatal(err)
			}
			last := r.now.Add(time.Duration(total) * day)
			for r.now.Before(last) {
				r.now = r.now.Add(min(step, last.Sub(r.now)))
				r.run(t)
			}
			b, _ := r.world.Bucket("vault")
			say := ""
			for _, v := range b.Objects.Get("a") {
				say += fmt.Sprintf("%v %s, ", v.DeleteMarker, v.Created)
			}
			return say
		}
		if long, short := end(100*day), end(7*time.Hour); long != short {
			t.Fatalf("in one jump %q, in small ones %q", long, short)
		}
	})
}
