package world

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"keyhole/simulator/lock"
	"keyhole/simulator/sse"
)

// What version 3 wrote: keys, access points, jobs, events, trails, and what protects a version.
func TestVersionThreeIsStillRead(t *testing.T) {
	if *update {
		writeVersionThree(t)
	}
	snapshot, err := os.ReadFile("testdata/v3.snapshot")
	if err != nil {
		t.Fatal(err)
	}
	effects, err := os.ReadFile("testdata/v3.effects")
	if err != nil {
		t.Fatal(err)
	}
	w, err := Restore(snapshot, [][]byte{effects}, nil, Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	a, ok := w.KMSAlias(prod, "us-east-1", "alias/vault")
	if k, there := w.KMSKey("arn:aws:kms:us-east-1:" + prod + ":key/" + a.Key); !ok || !there || k.State != "Disabled" || len(k.Grants) != 1 || len(k.Material) != 1 {
		t.Errorf("the key of %+v is %+v", a, k)
	}
	if p, ok := w.AccessPointAlias("door-s3alias"); !ok || p.Bucket != "logs" || !p.Public.BlockPublicPolicy {
		t.Errorf("the access point is %+v", p)
	}
	if jobs := w.Jobs(""); len(jobs) != 1 || jobs[0].Kind != "lifecycle" || string(jobs[0].Data) != "data" {
		t.Errorf("jobs %+v", jobs)
	}
	if events, trails := w.Events(prod), w.Trails(prod); len(events) != 1 || len(trails) != 1 || !trails[0].Logging {
		t.Errorf("events %+v, trails %+v", events, trails)
	}
	logs, _ := w.Bucket("logs")
	if !logs.ObjectLock || logs.Lock.Days != 3 || logs.MFADelete != "Disabled" || logs.Payer != "Requester" || logs.Tags["a"] != "b" || string(logs.Config["cors"]) != "<a/>" {
		t.Errorf("the bucket is %+v", logs)
	}
	v, _ := logs.Current("k")
	if v == nil || v.Retention.Mode != lock.Governance || v.Hold != lock.On || v.Tags["x"] != "y" || v.Replication != "PENDING" || v.Sealed.KeyARN == "" || v.Sealed.Context["a"] != "b" {
		t.Errorf("the version is %+v", v)
	}
}

func writeVersionThree(t *testing.T) {
	t.Helper()
	w := company(t)
	stored := store(t, w, "logs", "k", "one")
	w.Drain()
	s := shelve(t, w)
	const id = "1234abcd-12ab-34cd-56ef-1234567890ab"
	on, off, payer, hold, replication := true, "Disabled", "Requester", lock.On, "PENDING"
	tags := map[string]string{"x": "y"}
	sealed := stored.Sealed
	sealed.Method, sealed.KeyARN, sealed.BucketKey, sealed.Context = sse.SSEKMS, "arn:aws:kms:us-east-1:"+prod+":key/"+id, true, map[string]string{"a": "b"}
	later := w.NewJob("replicate", noon.Add(time.Hour))
	lifecycle := w.NewJob("lifecycle", noon.Add(2*time.Hour))
	lifecycle.Bucket, lifecycle.Data = "logs", []byte("data")
	for _, e := range []Effect{
		KMSKeyPut(KMSKey{Account: prod, Region: "us-east-1", ID: id, ARN: "arn:aws:kms:us-east-1:" + prod + ":key/" + id, State: "Disabled", Created: noon, Policy: DefaultKeyPolicy(prod),
			Grants: []KMSGrant{{ID: "g", Grantee: "arn:aws:iam::" + prod + ":root", Operations: []string{"Decrypt"}}}, Material: []KMSMaterial{{ID: "m", Created: noon, Bytes: make([]byte, kmsKeyBytes)}}}),
		KMSAliasPut(KMSAlias{Account: prod, Region: "us-east-1", Name: "alias/vault", Key: id, Created: noon}),
		AccessPointPut(AccessPoint{Account: prod, Name: "door", Alias: "door-s3alias", Bucket: "logs", BucketAccount: prod, Created: noon, Policy: json.RawMessage(`{}`), Public: PublicBlock{BlockPublicPolicy: true}}),
		JobAdded(later), JobAdded(lifecycle), JobDone(later.ID),
		EventWritten(Event{ID: "e", At: noon, Account: prod, Name: "CreateBucket", Source: "s3.amazonaws.com", Record: json.RawMessage(`{}`)}),
		TrailPut(Trail{Account: prod, Name: "all", Bucket: "logs", Logging: true, Created: noon}),
		BucketSet("logs", Settings{ObjectLock: &on, Lock: &lock.Default{Mode: lock.Governance, Days: 3}, MFADelete: &off, Payer: &payer, Tags: &map[string]string{"a": "b"}}),
		ConfigSet("logs", "cors", []byte("<a/>")),
		VersionSet("logs", "k", stored.ID, VersionChange{Retention: &lock.Retention{Mode: lock.Governance, Until: noon.Add(time.Hour)}, Hold: &hold, Tags: &tags, Replication: &replication, Sealed: &sealed}),
	} {
		mustApply(t, w, e)
	}
	s.keep(w)
	for name, data := range map[string][]byte{"testdata/v3.snapshot": s.snapshot, "testdata/v3.effects": s.batches[0]} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
