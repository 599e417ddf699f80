package world

import "encoding/json"

// Organization is the tree of accounts above which service and resource control policies stand.
type Organization struct {
	ID         string // o-…
	Management string // account; control policies do not bind it
	Root       Unit
}

// Unit is the root or an organizational unit.
type Unit struct {
	ID         string // r-… or ou-…
	Name       string // "Root" for the root
	SCPs, RCPs []NamedPolicy
	Units      []Unit
	Accounts   []Member
}

// Member is an account in its unit.
type Member struct {
	Account    string
	SCPs, RCPs []NamedPolicy
}

// NamedPolicy is a document under a name.
type NamedPolicy struct {
	Name     string
	Document json.RawMessage
}

// Organization is the organization of the world; nil when there is none.
func (w *World) Organization() *Organization { return w.org }

// level is one stop on the way from the root of an organization to an account.
type level struct {
	source     string // "root", "ou Prod", "account 111122223333"
	id         string // r-… or ou-…; "" for the account
	scps, rcps []NamedPolicy
}

// levels are the stops down to an account, which is the last; nil when it is not in the organization.
func (o *Organization) levels(account string) []level {
	if o == nil {
		return nil
	}
	return o.Root.levels("root", account)
}

func (u *Unit) levels(source, account string) []level {
	here := level{source, u.ID, u.SCPs, u.RCPs}
	for _, m := range u.Accounts {
		if m.Account == account {
			return []level{here, {"account " + account, "", m.SCPs, m.RCPs}}
		}
	}
	for i := range u.Units {
		if below := u.Units[i].levels("ou "+u.Units[i].Name, account); below != nil {
			return append([]level{here}, below...)
		}
	}
	return nil
}

// OrgOf is the organization an account belongs to and its place there as aws:PrincipalOrgPaths has it: "o-x/r-y/ou-z/".
func (w *World) OrgOf(account string) (org *Organization, path string, ok bool) {
	levels := w.org.levels(account)
	if levels == nil {
		return nil, "", false
	}
	path = w.org.ID + "/"
	for _, l := range levels {
		if l.id != "" {
			path += l.id + "/"
		}
	}
	return w.org, path, true
}

// VPCEndpoint is a gateway or interface endpoint for S3. Requests through it carry its id and its VPC.
type VPCEndpoint struct {
	ID     string          // vpce-…
	VPC    string          // vpc-…
	Policy json.RawMessage // nil: the default, which allows everything
	HTTP   string          // address to listen on; "" for none
	TLS    string
}

// Endpoints are the VPC endpoints in the order of the file.
func (w *World) Endpoints() []VPCEndpoint { return append([]VPCEndpoint(nil), w.endpoints...) }

// Endpoint is the VPC endpoint of that id.
func (w *World) Endpoint(id string) (VPCEndpoint, bool) {
	for _, e := range w.endpoints {
		if e.ID == id {
			return e, true
		}
	}
	return VPCEndpoint{}, false
}

// SourceIP is the address that requests come from when nothing else says; "" when the file names none.
func (w *World) SourceIP() string { return w.sourceIP }
