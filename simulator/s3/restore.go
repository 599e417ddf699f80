package s3

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/world"
)

// RestoreJob is the kind of the jobs that bring archived objects back.
const RestoreJob = "restore"

// retrievals say how long S3 takes at most to bring an object back, by storage class and tier. (user guide, archive
// retrieval options)
var retrievals = map[string]map[string]time.Duration{
	"GLACIER":      {"Expedited": 5 * time.Minute, "Standard": 5 * time.Hour, "Bulk": 12 * time.Hour},
	"DEEP_ARCHIVE": {"Standard": 12 * time.Hour, "Bulk": 48 * time.Hour},
}

const day = 24 * time.Hour

// maxRestoreDays keeps the end of a restoration within what a date can say.
const maxRestoreDays = 36_500

type restoreRequest struct {
	XMLName    struct{} `xml:"RestoreRequest"`
	Days       string   `xml:"Days"`
	Parameters *struct {
		Tier string `xml:"Tier"`
	} `xml:"GlacierJobParameters"`
	Tier        string `xml:"Tier"`
	Type        string `xml:"Type"`
	Description string `xml:"Description"`
}

// tier is how fast it is to be; Standard when the document does not say.
func (r restoreRequest) tier() string {
	switch {
	case r.Parameters != nil && r.Parameters.Tier != "":
		return r.Parameters.Tier
	case r.Tier != "":
		return r.Tier
	}
	return "Standard"
}

func restoreObject(x *exchange.Exchange) *exchange.Fault {
	var request restoreRequest
	if fault := verified(x, &request); fault != nil {
		return fault
	}
	v, fault := find(x)
	if fault != nil {
		return hidden(x, fault, x.Bucket)
	}
	tiers, archive := retrievals[v.StorageClass]
	if !archive {
		return exchange.Err(403, "InvalidObjectState", "Restore is not allowed for the object's current storage class").
			With("StorageClass", v.StorageClass).Told("Only archived objects are restored.")
	}
	if request.Type != "" {
		return exchange.Err(501, "NotImplemented", "Restore requests of type "+request.Type+" are not imitated by this simulator.").
			Told("Only a plain restore is imitated.")
	}
	days, err := strconv.Atoi(strings.TrimSpace(request.Days))
	if err != nil || days > maxRestoreDays {
		return exchange.MalformedXML()
	}
	if days < 1 {
		return exchange.Err(400, "InvalidArgument", "restoration days should be at least 1").Told("A restored copy stays at least a day.")
	}
	takes, offered := tiers[request.tier()]
	if !offered {
		return exchange.Err(400, "InvalidArgument", request.tier()+" retrievals are not available for objects of storage class "+v.StorageClass).
			Told("This storage class has no such tier.")
	}
	x.Note("modelled: how long a retrieval takes is the longest time S3's guide gives for %s from %s: %s", request.tier(), v.StorageClass, takes)
	if restoring(x.World, x.Bucket, v) {
		return exchange.Err(409, "RestoreAlreadyInProgress", "Object restore is already in progress").Told("It is on its way already.")
	}
	versionHeader(x, v)
	now := x.World.Now()
	if !archived(v, now) {
		until := midnight(now.Add(time.Duration(days) * day))
		if err := x.World.Apply(world.VersionSet(x.Bucket, v.Key, v.ID, world.VersionChange{Restored: &until})); err != nil {
			return x.Failed(err)
		}
		x.Did("version %s of %s stays restored until %s", v.ID, v.Key, until.Format(time.DateOnly))
		return nil
	}
	job := x.World.NewJob(RestoreJob, now.Add(takes))
	job.Bucket, job.Key, job.Version = x.Bucket, v.Key, v.ID
	job.Data = []byte(midnight(job.Due.Add(time.Duration(days) * day)).Format(time.RFC3339))
	if err := x.World.Apply(world.JobAdded(job)); err != nil {
		return x.Failed(err)
	}
	x.Did("version %s of %s is being restored; it can be read from %s", v.ID, v.Key, job.Due.Format(time.RFC3339))
	x.Answer.Status = http.StatusAccepted
	return nil
}

// midnight is when a restored copy goes: S3 rounds up to the next midnight UTC.
func midnight(t time.Time) time.Time { return t.UTC().Truncate(day).Add(day) }

// FinishRestore does a job of kind RestoreJob: from now on the version can be read, until the date the job carries. A
// version that is gone needs nothing.
func FinishRestore(w *world.World, job world.Job) error {
	until, err := time.Parse(time.RFC3339, string(job.Data))
	if err != nil {
		return fmt.Errorf("restore job %s: %w", job.ID, err)
	}
	b, ok := w.Bucket(job.Bucket)
	if !ok {
		return nil
	}
	if _, ok := b.Version(job.Key, job.Version); !ok {
		return nil
	}
	return w.Apply(world.VersionSet(job.Bucket, job.Key, job.Version, world.VersionChange{Restored: &until}))
}

// archived says whether a version has to be restored before it can be read.
func archived(v *world.Version, now time.Time) bool {
	return retrievals[v.StorageClass] != nil && !v.Restored.After(now)
}

// restoring says whether a version is on its way back.
func restoring(w *world.World, bucket string, v *world.Version) bool {
	for _, job := range w.Jobs(RestoreJob) {
		if job.Bucket == bucket && job.Key == v.Key && job.Version == v.ID {
			return true
		}
	}
	return false
}

// restoreHeader is x-amz-restore of a version: on its way, or here until a date; "" when neither.
func restoreHeader(x *exchange.Exchange, v *world.Version) string {
	switch {
	case retrievals[v.StorageClass] == nil:
		return ""
	case v.Restored.After(x.World.Now()):
		return `ongoing-request="false", expiry-date="` + v.Restored.UTC().Format(http.TimeFormat) + `"`
	case restoring(x.World, x.Bucket, v):
		return `ongoing-request="true"`
	}
	return ""
}
