package world

// uniqueIDLength is how many characters follow the prefix of a unique id.
const uniqueIDLength = 17

// NewID returns a unique id as IAM makes them: a prefix such as AIDA (users), AROA (roles), AGPA (groups) or ANPA
// (policies) and 17 characters, drawn from the generator.
func (w *World) NewID(prefix string) string {
	return prefix + base32ID(w.draw(32), uniqueIDLength)
}

// NewAccessKey returns an active key for a user, or the root for "", to hand to AccessKeyPut. Its id carries the Tag
// of the world; both halves are drawn from the generator.
func (w *World) NewAccessKey(account, user string) AccessKey {
	for {
		id := "AKIA" + w.Tag() + base32ID(w.draw(16), 8)
		if _, taken := w.byKey[id]; !taken {
			return AccessKey{ID: id, Secret: secretFrom(w.draw(32)), Account: account, User: user, Active: true, Created: w.Now()}
		}
	}
}
