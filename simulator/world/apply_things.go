package world

import (
	"maps"
	"slices"
)

// changeThings does a change of what exists beside accounts and buckets; false when the kind is none of those.
func (w *World) changeThings(e Effect) (undo func(), mine bool) {
	old := w.things
	switch t := e.Target; e.Kind {
	case KindVersionSet:
		return w.setVersion(e), true
	case KindKMSKeyPut:
		w.kmsKeys = with(w.kmsKeys, *e.KMSKey, func(k *KMSKey) bool { return k.ARN == e.KMSKey.ARN })
	case KindKMSKeyRemoved:
		k, _ := w.KMSKey(t.Name)
		w.kmsKeys = less(w.kmsKeys, func(k *KMSKey) bool { return k.ARN == t.Name })
		w.aliases = less(w.aliases, func(a *KMSAlias) bool { return a.Account == k.Account && a.Region == k.Region && a.Key == k.ID })
	case KindKMSAliasPut:
		w.aliases = with(w.aliases, *e.KMSAlias, func(a *KMSAlias) bool {
			return a.Account == e.KMSAlias.Account && a.Region == e.KMSAlias.Region && a.Name == e.KMSAlias.Name
		})
	case KindKMSAliasRemoved:
		w.aliases = less(w.aliases, func(a *KMSAlias) bool { return a.Account == t.Account && a.Region == t.Kind && a.Name == t.Name })
	case KindAccessPointPut:
		w.things.points = with(w.things.points, *e.AccessPoint, func(p *AccessPoint) bool {
			return p.Account == e.AccessPoint.Account && p.Name == e.AccessPoint.Name
		})
	case KindAccessPointRemoved:
		w.things.points = less(w.things.points, func(p *AccessPoint) bool { return p.Account == t.Account && p.Name == t.Name })
	case KindJobAdded:
		w.addJob(*e.Job)
	case KindJobDone:
		w.dropJob(t.Name)
	case KindJobsDone:
		gone := set(e.Jobs)
		w.jobs = less(w.jobs, func(j *Job) bool { return gone[j.ID] })
	case KindEventWritten:
		if len(w.events) >= 2*MaxEvents {
			w.events = slices.Clone(w.keptEvents())
		}
		w.events = append(w.events, *e.Event)
	case KindTrailPut:
		w.trails = with(w.trails, *e.Trail, func(t *Trail) bool { return t.Account == e.Trail.Account && t.Name == e.Trail.Name })
	case KindTrailRemoved:
		w.trails = less(w.trails, func(r *Trail) bool { return r.Account == t.Account && r.Name == t.Name })
	default:
		return nil, false
	}
	return func() { w.things = old }, true
}

func before(a, b *Job) bool { return a.Due.Before(b.Due) || a.Due.Equal(b.Due) && a.ID < b.ID }

// addJob keeps the order. Most jobs are due after all others, which costs nothing.
func (w *World) addJob(j Job) {
	n := len(w.jobs)
	if n == 0 || before(&w.jobs[n-1], &j) {
		w.jobs = append(w.jobs, j)
		return
	}
	at, _ := slices.BinarySearchFunc(w.jobs, j, func(a, b Job) int {
		if before(&a, &b) {
			return -1
		}
		return 1
	})
	w.jobs = slices.Concat(w.jobs[:at], []Job{j}, w.jobs[at:])
}

// dropJob takes a job off the list. The first one, which is the usual one, costs nothing.
func (w *World) dropJob(id string) {
	if w.jobs[0].ID == id {
		w.jobs = w.jobs[1:]
		return
	}
	w.jobs = less(w.jobs, func(j *Job) bool { return j.ID == id })
}

func set(ids []string) map[string]bool {
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}

// setVersion replaces a version by one that differs in what is given; versions themselves never change.
func (w *World) setVersion(e Effect) (undo func()) {
	list := slices.Clone(w.buckets[e.Bucket].Objects.Get(e.Key))
	for i, v := range list {
		if v.ID != e.Version {
			continue
		}
		other, c := *v, e.Change
		give(&other.Retention, c.Retention)
		give(&other.Hold, c.Hold)
		give(&other.Tags, c.Tags)
		give(&other.Sealed, c.Sealed)
		give(&other.Parts, c.Parts)
		give(&other.ETag, c.ETag)
		give(&other.Replication, c.Replication)
		give(&other.StorageClass, c.StorageClass)
		give(&other.Restored, c.Restored)
		if len(other.Tags) == 0 {
			other.Tags = nil
		}
		list[i] = &other
	}
	return w.setVersions(e.Bucket, e.Key, list)
}

// copiedThings is copied for these payloads.
func (e Effect) copiedThings() Effect {
	switch {
	case e.Change != nil:
		c := *e.Change
		if c.Retention != nil {
			r := *c.Retention
			r.Until = utc(r.Until)
			c.Retention = &r
		}
		if c.Tags != nil {
			tags := maps.Clone(*c.Tags)
			if tags == nil {
				tags = map[string]string{} // never nil, or it would be absent when it is read back
			}
			c.Tags = &tags
		}
		if c.Parts != nil {
			parts := append([]Part{}, *c.Parts...)
			c.Parts = &parts
		}
		if c.Restored != nil {
			at := utc(*c.Restored)
			c.Restored = &at
		}
		e.Change = &c
	case e.KMSKey != nil:
		k := e.KMSKey.copied()
		e.KMSKey = &k
	case e.KMSAlias != nil:
		a := *e.KMSAlias
		a.Created, a.Updated = utc(a.Created), utc(a.Updated)
		e.KMSAlias = &a
	case e.AccessPoint != nil:
		p := *e.AccessPoint
		p.Created, p.Policy = utc(p.Created), slices.Clone(p.Policy)
		e.AccessPoint = &p
	case e.Job != nil:
		j := *e.Job
		j.Due, j.Data = utc(j.Due), slices.Clone(j.Data)
		e.Job = &j
	case e.Jobs != nil:
		e.Jobs = slices.Clone(e.Jobs)
	case e.Event != nil:
		v := *e.Event
		v.At, v.Record = utc(v.At), slices.Clone(v.Record)
		e.Event = &v
	case e.Trail != nil:
		t := *e.Trail
		t.Created, t.Started, t.Stopped = utc(t.Created), utc(t.Started), utc(t.Stopped)
		t.Selectors, t.Tags = slices.Clone(t.Selectors), maps.Clone(t.Tags)
		e.Trail = &t
	}
	return e
}

func (k KMSKey) copied() KMSKey {
	k.Created, k.Deletion, k.NextRotation = utc(k.Created), utc(k.Deletion), utc(k.NextRotation)
	k.Policy, k.Tags = slices.Clone(k.Policy), maps.Clone(k.Tags)
	k.Grants, k.Material = slices.Clone(k.Grants), slices.Clone(k.Material)
	for i := range k.Grants {
		g := &k.Grants[i]
		g.Created, g.Operations = utc(g.Created), slices.Clone(g.Operations)
		g.ContextEquals, g.ContextSubset = maps.Clone(g.ContextEquals), maps.Clone(g.ContextSubset)
	}
	for i := range k.Material {
		m := &k.Material[i]
		m.Created, m.Bytes = utc(m.Created), slices.Clone(m.Bytes)
	}
	return k
}
