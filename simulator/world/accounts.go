package world

import "strings"

// settleAccount adds an account with its root user.
func (w *World) settleAccount(a Account) {
	w.accounts = append(w.accounts, a)
	w.principals = append(w.principals, Principal{Kind: "root", Account: a.ID, ID: a.ID, Created: w.Now(), ARN: arnOf("root", a.ID, "", "")})
}

// settleDefault makes the account of a file that names none, with a user who may do anything.
func (w *World) settleDefault() {
	w.settleAccount(Account{ID: DefaultAccount, Name: "main", CanonicalID: w.canonicalID(DefaultAccount)})
	w.addKey(DefaultAccount, "", "", "")
	admin := w.newPrincipal("user", DefaultAccount, "/", "admin")
	admin.Managed = []string{administrator}
	w.principals = append(w.principals, admin)
	w.addKey(DefaultAccount, "admin", "", "")
}

// administrator is the managed policy that allows everything.
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess"

// newPrincipal is a user or role of a world file, with the id that follows from the seed.
func (w *World) newPrincipal(kind, account, path, name string) Principal {
	prefix := map[string]string{"user": "AIDA", "role": "AROA"}[kind]
	return Principal{
		Kind: kind, Account: account, Name: name, Path: path, ID: w.principalID(prefix, kind, account, name),
		ARN: arnOf(kind, account, path, name), Created: w.Now(),
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

// principalID is the 21-character unique id of a user, role, group or managed policy.
func (w *World) principalID(prefix, kind, account, name string) string {
	return prefix + base32ID(w.derive("principal id", kind, account, name), uniqueIDLength)
}

// lowerID is an id for things of an organization: n characters of a-z and 2-7.
func (w *World) lowerID(n int, label string, details ...string) string {
	return strings.ToLower(base32ID(w.derive(label, details...), n))
}
