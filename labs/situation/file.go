package situation

import (
	"encoding/json"
	"strings"
	"time"

	"keyhole/simulator/policy"
)

// elsewhere is an account that has nothing to do with the situation: it manages the organization, whose control policies do
// not bind it.
const elsewhere = "999900001111"

// file writes a world with nothing but the situation, in the format of `keyhole simulate --world`.
func (s *Situation) file(in sending) ([]byte, error) {
	type named = map[string]any
	doc := func(id string) json.RawMessage {
		if text := strings.TrimSpace(s.Documents[id]); text != "" {
			return json.RawMessage(text)
		}
		return nil
	}
	p := s.Principal
	accounts := map[string]named{s.Owner: {"id": s.Owner, "name": "owner"}}
	order := []string{s.Owner}
	add := func(id, name string) {
		if accounts[id] == nil {
			accounts[id] = named{"id": id, "name": name}
			order = append(order, id)
		}
	}
	if p.Account != "" {
		add(p.Account, "caller")
		one := named{"name": p.Name}
		if d := doc("identity"); d != nil {
			one["policies"] = named{"identity": d}
		}
		if d := doc("boundary"); d != nil {
			one["boundary"] = d
		}
		if len(in.tags) > 0 {
			one["tags"] = in.tags
		}
		switch p.Kind {
		case policy.User:
			accounts[p.Account]["users"] = []named{one}
		case policy.RoleSession:
			one["trust"] = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::` + p.Account + `:root"}}]}`)
			accounts[p.Account]["roles"] = []named{one}
		}
	}
	file := named{"profile": "2026", "region": "us-east-1", "seed": "policies", "clock": in.clock.UTC().Format(time.RFC3339)}
	if scp, rcp := doc("scp"), doc("rcp"); scp != nil || rcp != nil {
		add(elsewhere, "management")
		member := func(id string) named {
			m := named{"id": id}
			if id == p.Account && scp != nil {
				m["scps"] = s.scps(scp)
			}
			if id == s.Owner && rcp != nil {
				m["rcps"] = named{"rcp": rcp}
			}
			return m
		}
		members := []named{member(s.Owner)}
		if p.Account != "" && p.Account != s.Owner {
			members = append(members, member(p.Account))
		}
		file["organization"] = named{"management": elsewhere, "root": named{"accounts": members}}
	}
	if s.Private {
		endpoint := named{"id": in.endpoint[0], "vpc": in.endpoint[1]}
		if d := doc("vpce"); d != nil {
			endpoint["policy"] = d
		}
		file["vpc_endpoints"] = []named{endpoint}
	}
	if in.row.scope != onNothing {
		bucket := named{
			"name": in.params["Bucket"], "account": s.Owner,
			"public_access_block": named{"restrict_public_buckets": s.Restrict},
		}
		if d := doc("bucket"); d != nil && in.row.operation != "PutBucketPolicy" {
			bucket["policy"] = d
		}
		file["buckets"] = []named{bucket}
	}
	list := make([]named, len(order))
	for i, id := range order {
		list[i] = accounts[id]
	}
	file["accounts"] = list
	return json.Marshal(file)
}

// scps are the control policies of the caller's account: without any Allow, FullAWSAccess stands beside it.
func (s *Situation) scps(doc json.RawMessage) any {
	if s.SCPAllows {
		return map[string]any{"scp": doc}
	}
	return []any{"FullAWSAccess", map[string]any{"name": "scp", "policy": doc}}
}
