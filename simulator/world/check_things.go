package world

import (
	"errors"
	"fmt"
	"time"

	"keyhole/simulator/lock"
)

// ErrLocked: a version under COMPLIANCE or a legal hold stays, whatever asks. Handlers refuse before; this is the last line.
var ErrLocked = errors.New("world: the version is locked")

// Bounds of what exists beside accounts and buckets.
const (
	MaxKMSKeys         = 1_000     // of the whole sandbox
	MaxKMSAliases      = 1_000     // of the whole sandbox; AWS allows 50 for each key
	MaxKMSGrants       = 1_000     // of one key; AWS allows 50,000
	MaxAccessPoints    = 1_000     // of the whole sandbox; AWS allows 10,000 for an account and region
	MaxJobs            = 20_000    // that wait on the clock
	MaxEvents          = 1_000     // management events of the whole sandbox that are kept
	MaxTrails          = 5         // of one account: AWS's own, for one region
	MaxConfigurations  = 1_000     // documents of one bucket's settings
	ConfigurationBytes = 256 << 10 // one of them
	EventBytes         = 256 << 10 // one event or job: CloudTrail's own for an event
	kmsKeyBytes        = 32        // of one backing key
)

// checkThings says whether a change of what exists beside accounts and buckets is possible now.
func (w *World) checkThings(e Effect) error {
	switch e.Kind {
	case KindKMSKeyPut:
		return w.checkKMSKey(*e.KMSKey)
	case KindKMSAliasPut:
		a := e.KMSAlias
		if _, ok := w.Account(a.Account); !ok || a.Name == "" || len(a.Name) > MaxKeyBytes || len(a.Key) > MaxKeyBytes {
			return invalid("alias %.130q", a.Name)
		}
		return firstError(checkTime(a.Created), checkTime(a.Updated))
	case KindAccessPointPut:
		p := e.AccessPoint
		if _, ok := w.Account(p.Account); !ok || p.Name == "" || len(p.Name) > MaxKeyBytes || len(p.Alias) > MaxKeyBytes || len(p.Policy) > PolicyBytes {
			return invalid("access point %.130q", p.Name)
		}
		return checkTime(p.Created)
	case KindJobAdded:
		j := e.Job
		if j.ID == "" || j.Kind == "" || len(j.Data) > EventBytes || len(j.Key) > MaxKeyBytes || j.Due.IsZero() {
			return invalid("a job of the kind %.40q", j.Kind)
		}
		return checkTime(j.Due)
	case KindJobsDone:
		gone := set(e.Jobs)
		if n := len(those(w.jobs, func(j *Job) bool { return gone[j.ID] })); n != len(e.Jobs) {
			return fmt.Errorf("%w: %d of %d jobs", ErrNoEntity, len(e.Jobs)-n, len(e.Jobs))
		}
		return nil
	case KindEventWritten:
		if e.Event.ID == "" || len(e.Event.Record) > EventBytes {
			return invalid("an event of %d bytes", len(e.Event.Record))
		}
		return checkTime(e.Event.At)
	case KindTrailPut:
		t := e.Trail
		if _, ok := w.Account(t.Account); !ok || t.Name == "" || len(t.Name) > MaxKeyBytes || len(t.Selectors) > EventBytes {
			return invalid("trail %.130q", t.Name)
		}
		return firstError(checkTime(t.Created), checkTime(t.Started), checkTime(t.Stopped))
	}
	return w.checkThingThere(e.Kind, *e.Target)
}

// checkThingThere says whether what is to be removed is there.
func (w *World) checkThingThere(kind Kind, t Target) error {
	there := false
	switch kind {
	case KindKMSKeyRemoved:
		_, there = w.KMSKey(t.Name)
	case KindKMSAliasRemoved:
		_, there = w.KMSAlias(t.Account, t.Kind, t.Name)
	case KindAccessPointRemoved:
		_, there = w.AccessPoint(t.Account, t.Name)
	case KindJobDone:
		_, there = find(w.jobs, func(j *Job) bool { return j.ID == t.Name })
	case KindTrailRemoved:
		_, there = find(w.trails, func(r *Trail) bool { return r.Account == t.Account && r.Name == t.Name })
	}
	if !there {
		return fmt.Errorf("%w: %.200q", ErrNoEntity, t.Name)
	}
	return nil
}

func (w *World) checkKMSKey(k KMSKey) error {
	if _, ok := w.Account(k.Account); !ok {
		return invalid("a KMS key of the unknown account %.20q", k.Account)
	}
	switch {
	case k.ID == "" || k.ARN != "arn:aws:kms:"+k.Region+":"+k.Account+":key/"+k.ID:
		return invalid("the ARN %.200q of a KMS key", k.ARN)
	case len(k.Policy) > PolicyBytes || len(k.Description) > EventBytes:
		return invalid("KMS key %s with texts too long", k.ID)
	case len(k.Grants) > MaxKMSGrants:
		return &LimitError{Limit: "KMSGrants", Max: MaxKMSGrants, Want: int64(len(k.Grants))}
	}
	for _, m := range k.Material {
		if len(m.Bytes) != kmsKeyBytes {
			return invalid("KMS key %s with material of %d bytes", k.ID, len(m.Bytes))
		}
	}
	return firstError(checkTime(k.Created), checkTime(k.Deletion), checkTime(k.NextRotation))
}

// checkChange says whether a stored version may be changed so.
func (w *World) checkChange(v *Version, c VersionChange) error {
	if c.Retention != nil {
		if err := checkTime(c.Retention.Until); err != nil {
			return err
		}
		shorter := c.Retention.Mode != lock.Compliance || c.Retention.Until.Before(v.Retention.Until)
		if w.complied(v) && shorter {
			return fmt.Errorf("%w: COMPLIANCE until %s cannot be shortened", ErrLocked, v.Retention.Until.UTC().Format(time.RFC3339))
		}
	}
	if c.Hold != nil && *c.Hold != "" && *c.Hold != lock.On && *c.Hold != lock.Off {
		return invalid("the legal hold %.20q", *c.Hold)
	}
	if c.Tags != nil && len(*c.Tags) > MaxTags {
		return invalid("%d tags", len(*c.Tags))
	}
	if c.Restored != nil {
		if err := checkTime(*c.Restored); err != nil {
			return err
		}
	}
	other := *v
	give(&other.Sealed, c.Sealed)
	give(&other.Parts, c.Parts)
	return w.checkStored(other)
}

// complied says whether a version is under COMPLIANCE now.
func (w *World) complied(v *Version) bool {
	return v.Retention.Mode == lock.Compliance && v.Retention.Active(w.Now())
}

// checkLoose says whether a version may go: not while COMPLIANCE or a legal hold keeps it. GOVERNANCE can be lifted by
// those who may, which is not asked here. While a stored world is read back nothing is asked: what happened, happened.
func (w *World) checkLoose(v *Version) error {
	if v == nil || w.reading || !w.complied(v) && v.Hold != lock.On {
		return nil
	}
	return fmt.Errorf("%w: %s of %q", ErrLocked, v.ID, v.Key)
}

// quotaThings is about what is new; what is replaced was counted when it came.
func (w *World) quotaThings(e Effect) error {
	switch e.Kind {
	case KindKMSKeyPut:
		if _, there := w.KMSKey(e.KMSKey.ARN); !there {
			return within("KMSKeys", MaxKMSKeys, int64(len(w.kmsKeys)+1))
		}
	case KindKMSAliasPut:
		return within("KMSAliases", MaxKMSAliases, int64(len(w.aliases)+1))
	case KindAccessPointPut:
		if _, there := w.AccessPoint(e.AccessPoint.Account, e.AccessPoint.Name); !there {
			return within("AccessPoints", MaxAccessPoints, int64(len(w.things.points)+1))
		}
	case KindJobAdded:
		return within("Jobs", MaxJobs, int64(len(w.jobs)+1))
	case KindTrailPut:
		if _, there := find(w.trails, func(t *Trail) bool { return t.Account == e.Trail.Account && t.Name == e.Trail.Name }); !there {
			return within("Trails", MaxTrails, int64(len(w.Trails(e.Trail.Account))+1))
		}
	case KindBucketSet:
		if c := e.Set.Config; c != nil && len(c.Text) > 0 && w.buckets[e.Bucket].Config[c.Name] == nil {
			return within("Configurations", MaxConfigurations, int64(len(w.buckets[e.Bucket].Config)+1))
		}
	}
	return nil
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
