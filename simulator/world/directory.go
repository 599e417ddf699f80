package world

import (
	"slices"
	"strings"
)

// find is the element that ok likes.
func find[T any](list []T, ok func(*T) bool) (T, bool) {
	for i := range list {
		if ok(&list[i]) {
			return list[i], true
		}
	}
	var none T
	return none, false
}

// Account is the account of that 12-digit id.
func (w *World) Account(id string) (Account, bool) {
	return find(w.accounts, func(a *Account) bool { return a.ID == id })
}

// Accounts are all accounts in the order of the file.
func (w *World) Accounts() []Account { return slices.Clone(w.accounts) }

// Principal is the root ("root", ""), a user or a role of an account. Names are exact, in spite of being unique
// whatever their case.
func (w *World) Principal(account, kind, name string) (Principal, bool) {
	return find(w.principals, func(p *Principal) bool { return p.Name == name && p.Account == account && p.Kind == kind })
}

// Principals are all of them: account by account, root first, then users, then roles.
func (w *World) Principals() []Principal { return slices.Clone(w.principals) }

// Group is a group of an account.
func (w *World) Group(account, name string) (Group, bool) {
	return find(w.groups, func(g *Group) bool { return g.Name == name && g.Account == account })
}

// Groups are the groups of an account, or all for "", in the order they were made.
func (w *World) Groups(account string) []Group {
	return those(w.groups, func(g *Group) bool { return account == "" || g.Account == account })
}

// ManagedPolicy is a managed policy of an account of this world, or one of AWS's that is built in.
func (w *World) ManagedPolicy(arn string) (ManagedPolicy, bool) {
	if p, ok := builtIn()[arn]; ok {
		return p, true
	}
	return find(w.managed, func(p *ManagedPolicy) bool { return p.ARN == arn })
}

// ManagedPolicies are those of an account in the order they were made; for "aws" the built-in ones by ARN, and for ""
// those of all accounts.
func (w *World) ManagedPolicies(account string) []ManagedPolicy {
	if account == AWS {
		var out []ManagedPolicy
		for _, p := range builtIn() {
			out = append(out, p)
		}
		slices.SortFunc(out, func(a, b ManagedPolicy) int { return strings.Compare(a.ARN, b.ARN) })
		return out
	}
	return those(w.managed, func(p *ManagedPolicy) bool { return account == "" || p.Account == account })
}

// KeyOf is the first access key of a user, or of the root for "".
func (w *World) KeyOf(account, user string) (AccessKey, bool) {
	return find(w.keys, func(k *AccessKey) bool { return k.User == user && k.Account == account })
}

// KeysOf are the access keys of a user, or of the root for "", oldest first.
func (w *World) KeysOf(account, user string) []AccessKey {
	return those(w.keys, func(k *AccessKey) bool { return k.User == user && k.Account == account })
}

// AccessKey is the long-term access key of that id.
func (w *World) AccessKey(id string) (AccessKey, bool) {
	i, ok := w.byKey[id]
	if !ok {
		return AccessKey{}, false
	}
	return w.keys[i], true
}

// MFADevice is the device of that serial number, which is its ARN.
func (w *World) MFADevice(serial string) (MFADevice, bool) {
	return find(w.devices, func(d *MFADevice) bool { return d.Serial == serial })
}

// MFADevices are the devices of an account that are enabled for a user; for "" all devices of the account.
func (w *World) MFADevices(account, user string) []MFADevice {
	return those(w.devices, func(d *MFADevice) bool { return d.Account == account && (user == "" || d.User == user) })
}

func those[T any](list []T, ok func(*T) bool) []T {
	var out []T
	for i := range list {
		if ok(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

// arnOf is the ARN of a root, user, role, group, policy or MFA device. path is "" or begins and ends with a slash.
func arnOf(kind, account, path, name string) string {
	if kind == "root" {
		return "arn:aws:iam::" + account + ":root"
	}
	if path == "" {
		path = "/"
	}
	return "arn:aws:iam::" + account + ":" + kind + path + name
}
