package simulator

import (
	"fmt"

	"keyhole/simulator/world"
)

// Observer is a copy of the simulator, as of Clone, in which no policy refuses anything, with a fresh access key of the root
// of an account. It is how something outside reads what there is without being part of it: the copy is thrown away.
// What is refused for other reasons (no such bucket, a locked version, a missing customer key) still is.
func (s *Simulator) Observer(account string) (*Simulator, world.AccessKey, error) {
	c := s.Clone()
	c.trusting = true
	if _, ok := c.world.Account(account); !ok {
		return nil, world.AccessKey{}, fmt.Errorf("there is no account %q", account)
	}
	key := c.world.NewAccessKey(account, "")
	if err := c.world.Apply(world.AccessKeyPut(key)); err != nil {
		return nil, world.AccessKey{}, fmt.Errorf("simulator: a key for the observer: %w", err)
	}
	return c, key, c.commit()
}
