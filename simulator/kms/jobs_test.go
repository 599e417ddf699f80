package kms

import (
	"testing"
	"time"

	"keyhole/simulator/world"
)

// A job does what it was made for only as long as the key is still in the state for it.
func TestJobsOfKeys(t *testing.T) {
	for _, row := range []struct {
		name, kind, state string
		rotates           bool
		deletion          time.Duration // after the job's time
		there             bool
		materials         int
	}{
		{"a deletion", JobDeletion, "PendingDeletion", false, 0, false, 0},
		{"a deletion that was called off", JobDeletion, "Disabled", false, 0, true, 1},
		{"a deletion that was put off", JobDeletion, "PendingDeletion", false, time.Hour, true, 1},
		{"a rotation", JobRotation, "Enabled", true, 0, true, 2},
		{"a rotation of a disabled key", JobRotation, "Disabled", true, 0, true, 1},
		{"a rotation that was turned off", JobRotation, "Enabled", false, 0, true, 1},
	} {
		w := world.New(world.Options{})
		account, due := w.Accounts()[0].ID, w.Now()
		k := world.KMSKey{
			Account: account, Region: "us-east-1", ID: "k", ARN: "arn:aws:kms:us-east-1:" + account + ":key/k", State: row.state, Created: due,
			Deletion: due.Add(row.deletion), Rotates: row.rotates, RotationPeriod: 90, Material: []world.KMSMaterial{{ID: "m", Created: due, Bytes: make([]byte, 32)}},
		}
		if err := w.Apply(world.KMSKeyPut(k)); err != nil {
			t.Fatal(err)
		}
		said, err := RunJob(w, world.Job{ID: "j", Kind: row.kind, Due: due, Target: k.ARN})
		after, there := w.KMSKey(k.ARN)
		if err != nil || there != row.there || len(after.Material) != row.materials {
			t.Errorf("%s: %v, there %v with %d materials, %v", row.name, said, there, len(after.Material), err)
		}
		if next := len(w.Jobs(JobRotation)); (next == 1) != (row.kind == JobRotation && row.rotates) {
			t.Errorf("%s: %d rotations to come", row.name, next)
		}
	}
	w := world.New(world.Options{})
	if said, err := RunJob(w, world.Job{ID: "j", Kind: JobRotation, Target: "gone"}); said != nil || err != nil {
		t.Errorf("a key that is gone: %v, %v", said, err)
	}
}
