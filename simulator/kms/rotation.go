package kms

import (
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

const (
	usualPeriod = 365 // days between rotations
	// maxOnDemand is how often a key may be rotated by hand. (KMS quotas: 25 since 2025)
	maxOnDemand = 25
)

var rotationRows = []row{
	{name: "EnableKeyRotation", takes: "KeyId! RotationPeriodInDays", locate: byOwn, do: enableRotation},
	{name: "DisableKeyRotation", takes: "KeyId!", locate: byOwn, do: disableRotation},
	{name: "GetKeyRotationStatus", takes: "KeyId!", locate: byID, do: rotationStatus},
	{name: "RotateKeyOnDemand", takes: "KeyId!", locate: byOwn, do: rotateNow},
	{name: "ListKeyRotations", takes: "KeyId! IncludeKeyMaterial Limit Marker", locate: byOwn, do: listRotations},
}

// rotatable refuses keys whose material never changes by itself.
func (c *call) rotatable() *exchange.Fault {
	switch {
	case c.key.Spec != kmskey.Symmetric:
		return fail("UnsupportedOperationException", "", "Only symmetric encryption keys rotate.")
	case c.key.Origin != "AWS_KMS":
		return fail("UnsupportedOperationException", c.key.ARN+" origin is "+c.key.Origin+" which is not valid for this operation.", "Imported key material does not rotate.")
	}
	return c.changeable()
}

func enableRotation(c *call) *exchange.Fault {
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.rotatable(); fault != nil {
		return fault
	}
	k := c.key
	k.Rotates, k.RotationPeriod = true, usualPeriod
	if c.in.RotationPeriodInDays != nil {
		k.RotationPeriod = *c.in.RotationPeriodInDays
	}
	k.NextRotation = c.World.Now().Add(time.Duration(k.RotationPeriod) * day).Truncate(time.Second)
	if fault := c.calledOff(JobRotation, k.ARN); fault != nil {
		return fault
	}
	if err := c.World.Apply(world.JobAdded(rotationJob(c.World, k))); err != nil {
		return c.Failed(err)
	}
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s rotates every %d days", k.ID, k.RotationPeriod)
	c.Output(nil)
	return nil
}

func rotationJob(w *world.World, k world.KMSKey) world.Job {
	job := w.NewJob(JobRotation, k.NextRotation)
	job.Target = k.ARN
	return job
}

func disableRotation(c *call) *exchange.Fault {
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.rotatable(); fault != nil {
		return fault
	}
	k := c.key
	k.Rotates, k.NextRotation = false, time.Time{}
	if fault := c.calledOff(JobRotation, k.ARN); fault != nil {
		return fault
	}
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s does not rotate any more", k.ID)
	c.Output(nil)
	return nil
}

func rotationStatus(c *call) *exchange.Fault {
	out := struct {
		KeyId                string
		KeyRotationEnabled   bool
		RotationPeriodInDays int     `json:",omitempty"`
		NextRotationDate     *moment `json:",omitempty"`
	}{KeyId: c.key.ARN, KeyRotationEnabled: c.key.Rotates && c.key.State != kmskey.PendingDeletion}
	if c.key.Spec != kmskey.Symmetric {
		return fail("UnsupportedOperationException", "", "Only symmetric encryption keys rotate.")
	}
	if out.KeyRotationEnabled {
		out.RotationPeriodInDays, out.NextRotationDate = c.key.RotationPeriod, at(c.key.NextRotation)
	}
	c.Output(out)
	return nil
}

func rotateNow(c *call) *exchange.Fault {
	if fault := c.ready(); fault != nil {
		return fault
	}
	if fault := c.rotatable(); fault != nil {
		return fault
	}
	k, times := c.key, 0
	for _, m := range k.Material {
		if m.Reason == onDemand {
			times++
		}
	}
	if times >= maxOnDemand {
		return fail("LimitExceededException", "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: "+k.ARN,
			"This key was rotated by hand too often.")
	}
	k.Material = append(k.Material[:len(k.Material):len(k.Material)], c.NewMaterial(onDemand))
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s has new material; the old stays for what it sealed", k.ID)
	c.Output(struct{ KeyId string }{k.ARN})
	return nil
}

// Why a key has its second and later materials.
const (
	onDemand  = "ON_DEMAND"
	automatic = "AUTOMATIC"
)

type rotation struct {
	KeyId            string
	KeyMaterialId    string
	KeyMaterialState string  `json:",omitempty"`
	RotationDate     *moment `json:",omitempty"`
	RotationType     string  `json:",omitempty"`
}

func listRotations(c *call) *exchange.Fault {
	if c.key.Spec != kmskey.Symmetric {
		return fail("UnsupportedOperationException", "", "Only symmetric encryption keys rotate.")
	}
	all := []rotation{}
	for i, m := range c.key.Material {
		if i == 0 && c.in.IncludeKeyMaterial != "ALL_KEY_MATERIAL" {
			continue // the first one came without a rotation
		}
		r := rotation{KeyId: c.key.ARN, KeyMaterialId: m.ID, KeyMaterialState: "NON_CURRENT", RotationType: m.Reason}
		if i == len(c.key.Material)-1 {
			r.KeyMaterialState = "CURRENT"
		}
		if i > 0 {
			r.RotationDate = at(m.Created)
		}
		all = append(all, r)
	}
	page, next, fault := paged(c, 100, all, func(r rotation) string { return r.KeyMaterialId })
	if fault != nil {
		return fault
	}
	c.Output(struct {
		Rotations []rotation
		more
	}{page, next})
	return nil
}
