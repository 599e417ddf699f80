package s3

import (
	"slices"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// ReplicateJob is the kind of the jobs that copy one version to one bucket. Of a job, Target is the destination bucket and
// Data the id of the rule.
const ReplicateJob = "replicate"

// ReplicationDelay is how long a copy takes here. S3 promises most within 15 minutes; often it is seconds.
const ReplicationDelay = 5 * time.Second

// What became of a version under replication, as x-amz-replication-status says it.
const (
	pending   = "PENDING"
	completed = "COMPLETED"
	failed    = "FAILED"
	replica   = "REPLICA"
)

// arrived is told of every version and delete marker that a request stored, at the end: it says when the version will
// expire, and begins its copies. Copies of copies are not made.
func arrived(x *exchange.Exchange, v *world.Version) *exchange.Fault {
	if !v.DeleteMarker {
		expirationHeader(x, v)
	}
	return beginCopies(x, v)
}

// beginCopies puts a job on the list for every copy that the rules want of a version.
func beginCopies(x *exchange.Exchange, v *world.Version) *exchange.Fault {
	rules := copiedBy(x.At, v)
	if len(rules) == 0 || v.ID == world.NullID {
		return nil
	}
	for _, r := range rules {
		job := x.World.NewJob(ReplicateJob, x.World.Now().Add(ReplicationDelay))
		job.Bucket, job.Key, job.Version, job.Data = x.Bucket, v.Key, v.ID, []byte(r.ID)
		job.Target, _ = bucketARN(r.Destination.Bucket)
		if err := x.World.Apply(world.JobAdded(job)); err != nil {
			return x.Failed(err)
		}
		x.Did("version %s of %s is to be copied to %s", v.ID, v.Key, job.Target)
	}
	if v.DeleteMarker {
		return nil
	}
	status := pending
	if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, world.VersionChange{Replication: &status})); err != nil {
		return x.Failed(err)
	}
	return nil
}

// copiedBy are the rules by which a version is copied, one for each destination: that of the highest priority.
func copiedBy(b *world.Bucket, v *world.Version) (rules []replicationRule) {
	doc, ok := replicationOf(b)
	if !ok {
		return nil
	}
	slices.SortStableFunc(doc.Rules, func(a, c replicationRule) int { return priority(c) - priority(a) })
	seen := map[string]bool{}
	for _, r := range doc.Rules {
		if r.takes(v) && !seen[r.Destination.Bucket] {
			seen[r.Destination.Bucket] = true
			rules = append(rules, r)
		}
	}
	return rules
}

func priority(r replicationRule) int {
	if r.Priority == nil {
		return 0
	}
	return *r.Priority
}

// changedLater begins the copies of a version anew, after its tags or its protection changed: those travel too.
func changedLater(x *exchange.Exchange, v *world.Version) *exchange.Fault {
	if v.Replication != pending && v.Replication != completed {
		return nil
	}
	b, _ := x.World.Bucket(x.Bucket)
	if now, ok := b.Version(v.Key, v.ID); ok {
		if slices.ContainsFunc(x.World.Jobs(ReplicateJob), func(j world.Job) bool { return j.Bucket == b.Name && j.Version == v.ID }) {
			return nil // the copy on its way takes it along
		}
		return beginCopies(x, now)
	}
	return nil
}

// replicationHeader tells a reader what became of the copies of a version, or that it is one.
func replicationHeader(x *exchange.Exchange, v *world.Version) {
	if v.Replication != "" {
		x.Set("X-Amz-Replication-Status", v.Replication)
	}
}

// settleCopies writes down, on the source, what became of one of its copies: all must have worked.
func settleCopies(w *world.World, job world.Job, worked bool) error {
	b, ok := w.Bucket(job.Bucket)
	if !ok {
		return nil
	}
	v, ok := b.Version(job.Key, job.Version)
	if !ok || v.DeleteMarker || v.Replication == failed {
		return nil
	}
	status := completed
	if !worked {
		status = failed
	} else if slices.ContainsFunc(w.Jobs(ReplicateJob), func(j world.Job) bool {
		return j.ID != job.ID && j.Bucket == job.Bucket && j.Key == job.Key && j.Version == job.Version
	}) {
		return nil
	}
	return w.Apply(world.VersionSet(job.Bucket, job.Key, job.Version, world.VersionChange{Replication: &status}))
}

// ReplicationRole is the role that a bucket's copies are made with; false when it has none any more.
func ReplicationRole(b *world.Bucket) (account, name, arn string, ok bool) {
	doc, ok := replicationOf(b)
	parts := roleARNs.FindStringSubmatch(doc.Role)
	if !ok || parts == nil {
		return "", "", "", false
	}
	return parts[1], parts[2][strings.LastIndexByte(parts[2], '/')+1:], doc.Role, true
}
