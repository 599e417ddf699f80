package world

import (
	"fmt"
	"net"
	"slices"

	"keyhole/simulator/strictjson"
)

// FullAWSAccess is the policy that is attached to a level that lists no service control policies.
const FullAWSAccess = "FullAWSAccess"

var fullAWSAccess = NamedPolicy{FullAWSAccess, []byte(`{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}`)}

func (r *reader) organization(root *node) {
	n := root.Get("organization")
	if n == nil || !r.object(n, "organization", "id management root") {
		return
	}
	o := &Organization{
		ID:         r.text(n, "id", "an id such as o-a1b2c3d4e5", orgID.MatchString),
		Management: r.text(n, "management", "the 12 digits of an account of this file", r.known),
	}
	r.need(n, "organization", "management")
	if o.ID == "" {
		o.ID = "o-" + r.w.lowerID(10, "organization")
	}
	top := r.w.lowerID(4, "organization root")
	o.Root = Unit{ID: "r-" + top, Name: "Root", SCPs: []NamedPolicy{fullAWSAccess}}
	t := &tree{reader: r, top: top, seen: taken{}}
	if v := n.Get("root"); v != nil && r.object(v, "root", "id scps rcps units accounts") {
		if id := r.text(v, "id", "an id such as r-a1b2", rootID.MatchString); id != "" {
			o.Root.ID, t.top = id, id[len("r-"):]
		}
		t.fill(v, &o.Root, "the root", "", 0)
	}
	if o.Management == "" {
		return // told already
	}
	if !t.seen[o.Management] {
		o.Root.Accounts = append(o.Root.Accounts, Member{Account: o.Management, SCPs: []NamedPolicy{fullAWSAccess}})
	}
	r.w.org = o
}

// maxUnitDepth is how deep organizational units nest below the root. (AWS Organizations quotas)
const maxUnitDepth = 5

// tree reads the units of an organization.
type tree struct {
	*reader
	top  string // the part of the root's id that is in the ids of units
	seen taken  // accounts
}

func (t *tree) fill(n *node, u *Unit, what, path string, depth int) {
	u.SCPs, u.RCPs = t.controls(n, what)
	names := taken{}
	for _, v := range t.list(n, "units") {
		if !t.object(v, "a unit", "id name scps rcps units accounts") {
			continue
		}
		if depth == maxUnitDepth {
			t.add(v.At, "units nest deeper than %d levels", maxUnitDepth)
			return
		}
		t.need(v, "a unit", "name")
		name := t.text(v, "name", "text of 1 to 128 characters", func(s string) bool { return s != "" && len(s) <= 128 })
		t.twice(names, v, "name", name, fmt.Sprintf("a unit named %q is here twice", name))
		below := Unit{Name: name, ID: t.text(v, "id", "an id such as ou-a1b2-c3d4e5f6", unitID.MatchString)}
		if below.ID == "" {
			below.ID = "ou-" + t.top + "-" + t.w.lowerID(8, "organizational unit", path, name)
		}
		t.fill(v, &below, fmt.Sprintf("unit %.128q", name), path+"/"+name, depth+1)
		u.Units = append(u.Units, below)
	}
	for _, v := range t.list(n, "accounts") {
		t.member(v, u)
	}
}

// member reads an account: its id alone, or with policies of its own.
func (t *tree) member(v *node, u *Unit) {
	m := Member{SCPs: []NamedPolicy{fullAWSAccess}}
	switch {
	case v.Kind == strictjson.IsText:
		m.Account = v.Text
	case t.object(v, "an account of an organization", "id scps rcps"):
		t.need(v, "an account of an organization", "id")
		m.Account = t.text(v, "id", "12 digits", accountDigits.MatchString)
		m.SCPs, m.RCPs = t.controls(v, fmt.Sprintf("account %.20q", m.Account))
	}
	switch {
	case m.Account == "":
		return // told already
	case !t.known(m.Account):
		t.add(v.At, "%.20q is no account of this file", m.Account)
		return
	case t.seen[m.Account]:
		t.add(v.At, "account %s is in the organization twice", m.Account)
		return
	}
	t.seen[m.Account] = true
	u.Accounts = append(u.Accounts, m)
}

func (t *tree) controls(n *node, what string) (scps, rcps []NamedPolicy) {
	scps = t.control(n.Get("scps"), "scps", "SCP", what, ofSCP)
	if len(scps) == 0 {
		scps = []NamedPolicy{fullAWSAccess}
	}
	return scps, t.control(n.Get("rcps"), "rcps", "RCP", what, ofRCP)
}

// control reads policies by name, or a list of documents, of {"name", "policy"} and of the word FullAWSAccess.
func (t *tree) control(n *node, field, kind, what string, u use) []NamedPolicy {
	if n == nil {
		return nil
	}
	var out []NamedPolicy
	put := func(name string, doc *node) {
		if text := t.policy(doc, fmt.Sprintf("the %s %.128q of %s", kind, name, what), u); text != nil {
			out = append(out, NamedPolicy{name, text})
		}
	}
	switch n.Kind {
	case strictjson.IsObject:
		for _, m := range n.Members {
			put(m.Name, m.Value)
		}
	case strictjson.IsArray:
		for i, v := range n.Items {
			name := fmt.Sprintf("%s %d", kind, i+1)
			switch {
			case v.Kind == strictjson.IsText && v.Text == FullAWSAccess && kind == "SCP":
				out = append(out, fullAWSAccess)
			case v.Kind == strictjson.IsObject && v.Get("policy") != nil && t.object(v, "an entry of "+field, "name policy"):
				if given := t.text(v, "name", "text", anyText); given != "" {
					name = given
				}
				put(name, v.Get("policy"))
			default:
				put(name, v)
			}
		}
	default:
		t.add(n.At, "%s must be an object or a list, not %s", field, n.Kind)
	}
	return out
}

func (r *reader) endpoints(root *node) {
	for i, n := range r.list(root, "vpc_endpoints") {
		if !r.object(n, "a VPC endpoint", "id vpc policy http tls") {
			continue
		}
		e := VPCEndpoint{
			ID:   r.text(n, "id", "an id such as vpce-1a2b3c4d", endpointID.MatchString),
			VPC:  r.text(n, "vpc", "an id such as vpc-1a2b3c4d", vpcID.MatchString),
			HTTP: r.text(n, "http", "an address to listen on, such as 127.0.0.1:0", listenAddress),
			TLS:  r.text(n, "tls", "an address to listen on, such as 127.0.0.1:0", listenAddress),
		}
		if e.ID == "" && n.Get("id") == nil {
			e.ID = fmt.Sprintf("vpce-%x", r.w.derive("vpc endpoint", string(rune(i)))[:4])
		}
		if e.VPC == "" {
			e.VPC = fmt.Sprintf("vpc-%x", r.w.derive("vpc")[:4])
		}
		e.Policy = r.policy(n.Get("policy"), "the policy of VPC endpoint "+e.ID, ofResource)
		if slices.ContainsFunc(r.w.endpoints, func(o VPCEndpoint) bool { return o.ID == e.ID }) {
			r.add(n.At, "VPC endpoint %s is in the file twice", e.ID)
			continue
		}
		if e.ID != "" {
			r.w.endpoints = append(r.w.endpoints, e)
		}
	}
}

func listenAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	return err == nil && port != ""
}
