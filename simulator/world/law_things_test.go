package world

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keyhole/simulator/lock"
)

// onThings does one random thing to keys, access points, jobs, events or trails.
func onThings(t *rapid.T, w *World) error {
	name := rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "name")
	arn := "arn:aws:kms:us-east-1:111122223333:key/" + name
	span := time.Duration(rapid.Int64Range(-1e12, 1e12).Draw(t, "span"))
	switch rapid.IntRange(0, 10).Draw(t, "thing") {
	case 0:
		return w.Apply(KMSKeyPut(KMSKey{Account: "111122223333", Region: "us-east-1", ID: name, ARN: arn, State: rapid.SampledFrom([]string{"Enabled", "Disabled"}).Draw(t, "state"),
			Created: w.Now(), Material: []KMSMaterial{{ID: "m", Bytes: w.Random(kmsKeyBytes)}}, Tags: map[string]string{"a": name}}))
	case 1:
		return w.Apply(KMSKeyRemoved(arn))
	case 2:
		return w.Apply(KMSAliasPut(KMSAlias{Account: "111122223333", Region: "us-east-1", Name: "alias/" + name, Key: name, Created: w.Now()}))
	case 3:
		return w.Apply(KMSAliasRemoved("111122223333", "us-east-1", "alias/"+name))
	case 4:
		return w.Apply(AccessPointPut(AccessPoint{Account: "111122223333", Name: name, Alias: name + "-s3alias", Bucket: "plain", Created: w.Now()}))
	case 5:
		return w.Apply(AccessPointRemoved("111122223333", name))
	case 6:
		return w.Apply(JobAdded(w.NewJob(name, w.Now().Add(span))))
	case 7:
		if jobs := w.Jobs(""); len(jobs) > 0 {
			return w.Apply(JobDone(rapid.SampledFrom(jobs).Draw(t, "job").ID))
		}
		return w.Apply(JobDone("none"))
	case 8:
		return w.Apply(EventWritten(Event{ID: w.NewID("E"), At: w.Now(), Account: "111122223333", Name: name, Record: []byte(`{"a":1}`)}))
	case 9:
		return w.Apply(TrailPut(Trail{Account: "111122223333", Name: name, Created: w.Now(), Logging: rapid.Bool().Draw(t, "logging")}))
	}
	return w.Apply(TrailRemoved("111122223333", name))
}

// onVersion changes what may be changed of a version, or a setting that protects.
func onVersion(t *rapid.T, w *World, bucket, key string) error {
	b, ok := w.Bucket(bucket)
	if ok && rapid.IntRange(0, 4).Draw(t, "setting") == 0 {
		on := true
		return w.Apply(BucketSet(bucket, Settings{ObjectLock: &on, Lock: &lock.Default{Mode: lock.Governance, Days: 1},
			Config: &ConfigChange{Name: "cors", Text: []byte(rapid.SampledFrom([]string{"", "<a/>"}).Draw(t, "text"))}}))
	}
	id := NullID
	if ok && len(b.Objects.Get(key)) > 0 {
		id = rapid.SampledFrom(b.Objects.Get(key)).Draw(t, "version").ID
	}
	hold := rapid.SampledFrom([]string{"", lock.On, lock.Off, "MAYBE"}).Draw(t, "hold")
	tags := map[string]string{"n": strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "tag"))}
	c := VersionChange{Tags: &tags}
	switch rapid.IntRange(0, 2).Draw(t, "change") {
	case 0:
		c.Hold = &hold
	case 1:
		c.Retention = &lock.Retention{Mode: rapid.SampledFrom([]string{"", lock.Governance, lock.Compliance}).Draw(t, "mode"),
			Until: w.Now().Add(time.Duration(rapid.Int64Range(-1e12, 1e15).Draw(t, "until")))}
	}
	return w.Apply(VersionSet(bucket, key, id, c))
}

// complied is a version that COMPLIANCE keeps, and until when.
type complied struct {
	bucket, key, id string
	until           time.Time
}

func underCompliance(w *World) (out []complied) {
	for _, b := range w.Buckets("") {
		for key, list := range b.Objects.All() {
			for _, v := range list {
				if w.complied(v) {
					out = append(out, complied{b.Name, key, v.ID, v.Retention.Until})
				}
			}
		}
	}
	return out
}

// stillThere fails when a version that COMPLIANCE kept is gone or kept for less, before its date.
func stillThere(t *rapid.T, w *World, kept []complied) {
	for _, k := range kept {
		if !k.until.After(w.Now()) {
			continue
		}
		b, ok := w.Bucket(k.bucket)
		if !ok {
			t.Fatalf("bucket %s is gone with what it keeps", k.bucket)
		}
		v, ok := b.Version(k.key, k.id)
		if !ok || v.Retention.Mode != lock.Compliance || v.Retention.Until.Before(k.until) {
			t.Fatalf("version %s of %s is kept no longer: %+v", k.id, k.key, v)
		}
	}
}

// The oldest events go when there are too many, in the world and in what is read back of it.
func TestEventsAreBounded(t *testing.T) {
	w, _ := cloud(t, Limits{})
	for i := range 3 * MaxEvents {
		if err := w.Apply(EventWritten(Event{ID: strconv.Itoa(i), At: w.Now(), Account: "111122223333"})); err != nil {
			t.Fatal(err)
		}
	}
	list := w.Events("111122223333")
	if len(list) != MaxEvents || list[0].ID != strconv.Itoa(3*MaxEvents-1) {
		t.Errorf("%d events, the newest %s", len(list), list[0].ID)
	}
	snapshot, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Restore(snapshot, nil, nil, Options{Now: w.now}); err != nil || back.Hash() != w.Hash() {
		t.Errorf("it does not read back: %v", err)
	}
}

func TestWhatIsKeptCannotGo(t *testing.T) {
	w, _ := cloud(t, Limits{})
	v := store(t, w, "kept", "k", "body")
	on := lock.On
	if err := w.Apply(VersionSet("kept", "k", v.ID, VersionChange{Hold: &on})); err != nil {
		t.Fatal(err)
	}
	if _, err := w.RemoveVersion("kept", "k", v.ID); !errors.Is(err, ErrLocked) {
		t.Errorf("a held version goes: %v", err)
	}
	off, year := lock.Off, w.Now().Add(365*24*time.Hour)
	for _, c := range []VersionChange{{Hold: &off}, {Retention: &lock.Retention{Mode: lock.Compliance, Until: year}}} {
		if err := w.Apply(VersionSet("kept", "k", v.ID, c)); err != nil {
			t.Fatal(err)
		}
	}
	for say, c := range map[string]VersionChange{
		"shortened":       {Retention: &lock.Retention{Mode: lock.Compliance, Until: year.Add(-time.Second)}},
		"made governance": {Retention: &lock.Retention{Mode: lock.Governance, Until: year.Add(time.Hour)}},
		"lifted":          {Retention: &lock.Retention{}},
	} {
		if err := w.Apply(VersionSet("kept", "k", v.ID, c)); !errors.Is(err, ErrLocked) {
			t.Errorf("COMPLIANCE is %s: %v", say, err)
		}
	}
	if err := w.Jump(366 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := w.RemoveVersion("kept", "k", v.ID); err != nil {
		t.Errorf("after its time it stays: %v", err)
	}
}
