package world

import "encoding/json"

// fileAccount, fileUser and fileRole are accounts as a world file states them; empty fields are filled from the seed.
type fileAccount struct {
	id, name, email, canonical string
	rootKey, rootSecret        string
	users                      []fileUser
	roles                      []fileRole
}

type fileUser struct {
	name, key, secret string
	policies          map[string]json.RawMessage
}

type fileRole struct {
	name     string
	trust    json.RawMessage
	policies map[string]json.RawMessage
}

// settleAccounts makes the accounts with their principals and keys.
func (w *World) settleAccounts(list []fileAccount) {
	for i, a := range list {
		if a.id == "" {
			a.id = w.accountID(i)
		}
		if a.canonical == "" {
			a.canonical = w.canonicalID(a.id)
		}
		w.accounts = append(w.accounts, Account{ID: a.id, Name: a.name, Email: a.email, CanonicalID: a.canonical})
		w.principals = append(w.principals, Principal{Kind: "root", Account: a.id, ID: a.id, Created: w.Now(), ARN: arnOf("root", a.id, "", "")})
		w.addKey(a.id, "", a.rootKey, a.rootSecret)
		for _, u := range a.users {
			w.principals = append(w.principals, Principal{
				Kind: "user", Account: a.id, Name: u.name, ID: w.principalID("AIDA", "user", a.id, u.name),
				Path: "/", Created: w.Now(), ARN: arnOf("user", a.id, "", u.name), Policies: u.policies,
			})
			w.addKey(a.id, u.name, u.key, u.secret)
		}
		for _, r := range a.roles {
			w.principals = append(w.principals, Principal{
				Kind: "role", Account: a.id, Name: r.name, ID: w.principalID("AROA", "role", a.id, r.name),
				Path: "/", Created: w.Now(), ARN: arnOf("role", a.id, "", r.name), Trust: r.trust, Policies: r.policies,
			})
		}
	}
}

func (w *World) addKey(account, user, id, secret string) {
	if id == "" {
		id = w.accessKeyID(account, user)
		secret = secretFrom(w.derive("secret key", account, user))
	}
	w.byKey[id] = len(w.keys)
	w.keys = append(w.keys, AccessKey{ID: id, Secret: secret, Account: account, User: user, Active: true, Created: w.Now()})
}

// accessKeyID is AKIA, the tag of the world and 8 characters of the user's own.
func (w *World) accessKeyID(account, user string) string {
	return "AKIA" + w.Tag() + base32ID(w.derive("access key id", account, user), 8)
}

// principalID is the 21-character unique id of a user or role.
func (w *World) principalID(prefix, kind, account, name string) string {
	return prefix + base32ID(w.derive("principal id", kind, account, name), 17)
}
