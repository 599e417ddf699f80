package s3

import (
	"fmt"
	"slices"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/lock"
	"keyhole/simulator/world"
)

// LifecycleJob is the kind of the jobs that apply the lifecycle rules of a bucket. There is one for each bucket that has
// rules, due at a midnight UTC; it ends by adding the next.
const LifecycleJob = "lifecycle"

// RunLifecycle does a job of kind LifecycleJob: what the rules say is due by then. It returns what it did and what a lock
// kept it from, a sentence each. Of a long jump of the clock the midnights are left out at which nothing would be due.
func RunLifecycle(w *world.World, job world.Job) (said []string, err error) {
	b, ok := w.Bucket(job.Bucket)
	if !ok {
		return nil, nil
	}
	doc, ok := lifecycleOf(b)
	if !ok {
		return nil, nil
	}
	last, _ := time.Parse(time.RFC3339, string(job.Data))
	list := plan(b, doc)
	slices.SortStableFunc(list, func(a, c planned) int { return order(a.deed) - order(c.deed) })
	for _, p := range list {
		if p.due.After(job.Due) {
			continue
		}
		say, err := p.run(w, job, last)
		if err != nil {
			return nil, fmt.Errorf("rule %s on %s: %w", p.rule, p.key, err)
		}
		if say != "" {
			said = append(said, say+" (rule "+p.rule+")")
			if err := p.logDeed(w, job.Bucket, job, len(said)); err != nil {
				return nil, err
			}
		}
	}
	next := w.NewJob(LifecycleJob, nextRun(w, job, doc))
	next.Bucket, next.Data = job.Bucket, []byte(job.Due.UTC().Format(time.RFC3339))
	return said, w.Apply(world.JobAdded(next))
}

func order(d deed) int { return slices.Index([]deed{expire, discard, unmark, abandon, move}, d) }

// nextRun is the first midnight after a run at which something is due; at the latest the one that comes next by the clock,
// because what is written meanwhile is not known.
func nextRun(w *world.World, job world.Job, doc lifecycleDocument) time.Time {
	next := midnight(w.Now())
	b, _ := w.Bucket(job.Bucket)
	for _, p := range plan(b, doc) {
		at := p.due
		if p.deed == discard {
			if p.version.Hold == lock.On {
				continue // it has no end that the clock knows
			}
			if until := p.version.Retention.Until; until.After(at) {
				at = until
			}
		}
		if !at.After(job.Due) { // what this run did made it possible
			at = job.Due.Add(day)
		}
		if m := midnight(at.Add(-1)); m.Before(next) { // the midnight at or after it
			next = m
		}
	}
	return next
}

// run does one deed, and says so; "" when there was nothing left to do. last is when the rules ran before: what a lock
// keeps is told once, not every night.
func (p planned) run(w *world.World, job world.Job, last time.Time) (say string, err error) {
	b, _ := w.Bucket(job.Bucket)
	if p.deed == abandon {
		if _, there := b.Uploads.Find(p.upload); !there {
			return "", nil
		}
		return fmt.Sprintf("ended multipart upload %s of %s", short(p.upload), p.key), w.Apply(world.UploadEnded(b.Name, p.upload))
	}
	v, there := b.Version(p.key, p.version.ID)
	now, _ := b.Current(p.key)
	if !there || v.DeleteMarker != p.version.DeleteMarker || !v.Created.Equal(p.version.Created) {
		return "", nil
	}
	switch p.deed {
	case expire:
		if v != now {
			return "", nil
		}
		return p.expire(w, b, v, job.Due)
	case move:
		return fmt.Sprintf("moved version %s of %s from %s to %s", v.ID, v.Key, v.StorageClass, p.class),
			w.Apply(world.VersionSet(b.Name, v.Key, v.ID, world.VersionChange{StorageClass: &p.class}))
	}
	if d := lock.Remove(exchange.Protection(v), "remove", job.Due, lock.Bypass{}); !d.Allowed {
		if p.due.After(last) {
			return fmt.Sprintf("left version %s of %s alone: Object Lock protects it", v.ID, v.Key), nil
		}
		return "", nil
	}
	if p.deed == unmark {
		say = fmt.Sprintf("removed delete marker %s of %s: nothing is behind it", v.ID, v.Key)
	} else {
		say = fmt.Sprintf("removed noncurrent version %s of %s for good", v.ID, v.Key)
	}
	_, err = w.RemoveVersion(b.Name, v.Key, v.ID)
	return say, err
}

// expire ends the current version of a key: a delete marker hides it where there are versions, else it is gone.
func (p planned) expire(w *world.World, b *world.Bucket, v *world.Version, at time.Time) (string, error) {
	if b.Versioning == "" {
		_, err := w.RemoveVersion(b.Name, v.Key, v.ID)
		return fmt.Sprintf("removed %s for good: the bucket keeps no versions", v.Key), err
	}
	if d := lock.Remove(exchange.Protection(v), "replace", at, lock.Bypass{}); !d.Allowed && b.Versioning != "Enabled" {
		return fmt.Sprintf("left %s alone: Object Lock protects it", v.Key), nil
	}
	marker, _, err := w.StoreVersion(b.Name, world.Version{Key: v.Key, DeleteMarker: true, Owner: b.Account, Created: at})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("put delete marker %s before %s", marker.ID, v.Key), nil
}
