package kms

import (
	"time"

	"keyhole/simulator/exchange"
	"keyhole/simulator/kmskey"
	"keyhole/simulator/world"
)

// How long a deletion waits, in days. (KMS API reference, ScheduleKeyDeletion)
const (
	shortestWait = 7
	longestWait  = 30
)

const day = 24 * time.Hour

var deletionRows = []row{
	{name: "ScheduleKeyDeletion", takes: "KeyId! PendingWindowInDays", locate: byOwn, do: scheduleDeletion},
	{name: "CancelKeyDeletion", takes: "KeyId!", locate: byOwn, do: cancelDeletion},
}

// window is how many days a deletion is to wait.
func (c *call) window() int {
	if c.in.PendingWindowInDays != nil {
		return *c.in.PendingWindowInDays
	}
	return longestWait
}

func scheduleDeletion(c *call) *exchange.Fault {
	days := c.window()
	if days < shortestWait || days > longestWait { // the model takes 1 to 365
		c.Note("modelled: how a waiting period that is too short or too long is refused")
		return exchange.Invalidated("PendingWindowInDays must be between 7 and 30.")
	}
	if fault := c.changeable(); fault != nil {
		return fault
	}
	if fault := c.ready(); fault != nil {
		return fault
	}
	k := c.key
	k.State, k.Deletion = kmskey.PendingDeletion, c.World.Now().Add(time.Duration(days)*day).Truncate(time.Second)
	job := c.World.NewJob(JobDeletion, k.Deletion)
	job.Target = k.ARN
	if err := c.World.Apply(world.JobAdded(job)); err != nil {
		return c.Failed(err)
	}
	if fault := c.put(k); fault != nil {
		return fault
	}
	c.Did("key %s will be deleted on %s", k.ID, k.Deletion.Format(time.DateOnly))
	c.Output(struct {
		KeyId               string
		DeletionDate        *moment
		KeyState            string
		PendingWindowInDays int
	}{k.ARN, at(k.Deletion), k.State, days})
	return nil
}

func cancelDeletion(c *call) *exchange.Fault {
	if fault := c.ready(); fault != nil {
		return fault
	}
	k := c.key
	k.State, k.Deletion = kmskey.Disabled, time.Time{}
	if fault := c.put(k); fault != nil {
		return fault
	}
	if fault := c.calledOff(JobDeletion, k.ARN); fault != nil {
		return fault
	}
	c.Did("key %s will not be deleted; it is disabled", k.ID)
	c.Output(struct{ KeyId string }{k.ARN})
	return nil
}

// calledOff takes the jobs of a kind off a key.
func (c *call) calledOff(kind, arn string) *exchange.Fault {
	for _, j := range c.World.Jobs(kind) {
		if j.Target != arn {
			continue
		}
		if err := c.World.Apply(world.JobDone(j.ID)); err != nil {
			return c.Failed(err)
		}
	}
	return nil
}
