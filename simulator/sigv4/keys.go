package sigv4

import "sync"

// keptKeys is how many signing keys a KeyCache holds; beyond it the cache begins anew.
const keptKeys = 64

// KeyCache keeps signing keys, which hold for a day, region and service, so that a busy client's is not derived for every
// request. The zero value is ready; it is safe for concurrent use.
type KeyCache struct {
	mu   sync.Mutex
	keys map[[4]string][]byte
}

// get is the signing key; a nil cache derives it each time.
func (c *KeyCache) get(secret, day, region, service string) []byte {
	if c == nil {
		return signingKey(secret, day, region, service)
	}
	name := [4]string{secret, day, region, service}
	c.mu.Lock()
	defer c.mu.Unlock()
	if key, ok := c.keys[name]; ok {
		return key
	}
	if c.keys == nil || len(c.keys) >= keptKeys {
		c.keys = map[[4]string][]byte{}
	}
	key := signingKey(secret, day, region, service)
	c.keys[name] = key
	return key
}
