package content

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"keyhole/labs/call"
	"keyhole/simulator"
)

// member is one principal whom proofs can name.
type member struct {
	name    string // "app"
	account string // name of the account
	kind    string // "root", "user", "role", "anonymous"
	as      string // the user's or role's name in IAM
}

// cast is everybody in the sandbox of a proof. The same names are used by the labs.
var cast = []member{
	{"admin", "acme", "role", "admin"},
	{"analyst", "acme", "user", "analyst"},
	{"anon", "", "anonymous", ""},
	{"app", "acme", "role", "app-uploader"},
	{"audit-admin", "audit", "role", "audit-admin"},
	{"auditor", "acme", "role", "auditor"},
	{"breakglass", "acme", "role", "breakglass"},
	{"ci-deploy", "acme", "user", "ci-deploy"},
	{"intern", "acme", "user", "intern"},
	{"mallory", "mallory", "user", "mallory"},
	{"partner", "partner", "role", "partner-reader"},
	{"root", "acme", "root", ""},
}

// accounts are the accounts of the cast: the learner's own, one of the same organisation, one outside, an attacker's.
var accounts = []struct{ name, id string }{
	{"acme", "111122223333"},
	{"audit", "222233334444"},
	{"partner", "444455556666"},
	{"mallory", "999988887777"},
}

// Cast lists the names of the principals that proofs and edits can use.
func Cast() []string {
	names := make([]string, len(cast))
	for i, m := range cast {
		names[i] = m.name
	}
	return names
}

func accountID(name string) string {
	for _, a := range accounts {
		if a.name == name {
			return a.id
		}
	}
	return accounts[0].id
}

// ProofClock is the simulated time at which every proof begins, so that its traces are the same each time.
var ProofClock = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// simulatedClock is the base in which in-process clients sign. (world.Base)
const simulatedClock = "simulated"

// sessionTime is how long the role sessions of a proof last.
const sessionTime = time.Hour

// worldFile writes the world of a proof in the format of `keyhole simulate --world`.
func worldFile(p Proof) ([]byte, error) {
	type named map[string]any
	var list []named
	for _, a := range accounts {
		users, roles := []named{}, []named{}
		for _, m := range cast {
			switch {
			case m.account != a.name:
			case m.kind == "user":
				users = append(users, named{"name": m.as, "policies": everything})
			case m.kind == "role":
				roles = append(roles, named{"name": m.as, "trust": trustOf(a.id), "policies": everything})
			}
		}
		list = append(list, named{"id": a.id, "name": a.name, "users": users, "roles": roles})
	}
	buckets := []named{}
	for _, g := range p.Given {
		b := named{"name": g.Bucket, "account": accountID(g.Account)}
		if g.Profile != "" {
			b["profile"] = g.Profile
		}
		if g.Versioning != "" {
			b["versioning"] = g.Versioning
		}
		buckets = append(buckets, b)
	}
	return json.Marshal(named{
		"profile": p.Profile, "region": "us-east-1", "seed": "proof " + p.ID,
		"clock": ProofClock.Format(time.RFC3339), "accounts": list, "buckets": buckets,
	})
}

// everything are the policies of everybody in a proof: what a proof is about is not who may do it.
var everything = map[string]any{"Everything": map[string]any{
	"Version":   "2012-10-17",
	"Statement": []any{map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}},
}}

// trustOf lets the account's own principals take a role.
func trustOf(account string) map[string]any {
	return map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect": "Allow", "Action": "sts:AssumeRole",
			"Principal": map[string]any{"AWS": "arn:aws:iam::" + account + ":root"},
		}},
	}
}

// credentials are those with which a principal of the cast signs.
func credentials(w *simulator.World, name string) (call.Credentials, error) {
	i := slices.IndexFunc(cast, func(m member) bool { return m.name == name })
	if i < 0 {
		return call.Credentials{}, fmt.Errorf("%q is not in the cast", name)
	}
	m := cast[i]
	account := accountID(m.account)
	switch m.kind {
	case "anonymous":
		return call.Credentials{}, nil
	case "role":
		s, err := w.RoleSession(account, m.as, m.name, sessionTime, simulatedClock)
		if err != nil {
			return call.Credentials{}, fmt.Errorf("session of %s: %w", name, err)
		}
		return call.Credentials{AccessKey: s.AccessKey, Secret: s.Secret, Token: s.Token}, nil
	}
	key, ok := w.KeyOf(account, m.as)
	if !ok {
		return call.Credentials{}, fmt.Errorf("%s has no access key in this world", name)
	}
	return call.Credentials{AccessKey: key.ID, Secret: key.Secret}, nil
}
