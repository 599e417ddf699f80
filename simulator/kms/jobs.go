package kms

import (
	"encoding/hex"
	"time"

	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// The kinds of jobs of KMS, whose target is a key's ARN.
const (
	JobDeletion = "key-deletion"
	JobRotation = "key-rotation"
)

// RunJob does a job of KMS that is due, and says in words what changed; nothing, for a key that was saved in time. Whoever
// runs it takes the job off the list.
func RunJob(w *world.World, j world.Job) (said []string, err error) {
	k, there := w.KMSKey(j.Target)
	switch {
	case !there:
	case j.Kind == JobDeletion && k.State == kmskey.PendingDeletion && !k.Deletion.After(j.Due):
		for _, other := range w.Jobs(JobRotation) {
			if other.Target == k.ARN {
				if err := w.Apply(world.JobDone(other.ID)); err != nil {
					return nil, err
				}
			}
		}
		if err := w.Apply(world.KMSKeyRemoved(k.ARN)); err != nil {
			return nil, err
		}
		return []string{"deleted key " + k.ID + "; nothing opens what it sealed any more"}, nil
	case j.Kind == JobRotation && k.Rotates:
		return rotate(w, k, j.Due)
	}
	return nil, nil
}

// rotate gives a key new material, and the next date. A key that is not enabled keeps its material, and its dates go on.
func rotate(w *world.World, k world.KMSKey, due time.Time) (said []string, err error) {
	if k.State == kmskey.Enabled {
		k.Material = append(k.Material[:len(k.Material):len(k.Material)], world.KMSMaterial{
			ID: hex.EncodeToString(w.Random(32)), Created: due, Bytes: w.Random(kmskey.MaterialBytes), Reason: automatic,
		})
		said = []string{"gave key " + k.ID + " new material"}
	}
	k.NextRotation = due.Add(time.Duration(max(k.RotationPeriod, 1)) * day)
	if err := w.Apply(world.JobAdded(rotationJob(w, k))); err != nil {
		return nil, err
	}
	return said, w.Apply(world.KMSKeyPut(k))
}
