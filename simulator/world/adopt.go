package world

import (
	"fmt"
	"slices"
)

// bringUp gives a snapshot of the first version what was not in it: paths, times, and which settings of a bucket are
// told. Policies were not evaluated then and everybody could do anything in their own account: whoever has no policy
// still can.
func (d *document) bringUp() {
	for i := range d.Principals {
		p := &d.Principals[i]
		if p.Kind != "root" {
			p.Path = "/"
			if len(p.Policies) == 0 {
				p.Managed = []string{administrator}
			}
		}
		if len(d.Points) > 0 {
			p.Created = utc(d.Points[0].Simulated)
		}
	}
	for i := range d.Keys {
		if len(d.Points) > 0 {
			d.Keys[i].Created = utc(d.Points[0].Simulated)
		}
	}
	for _, b := range d.Buckets {
		if b != nil {
			b.bringUp()
		}
	}
}

// bringUp: in the first version a bucket had what its profile gives and perhaps an ownership asked for when it was made.
func (b *Bucket) bringUp() {
	fresh := b.Profile.bucket(Bucket{})
	b.PublicSet = fresh.PublicSet
	b.OwnershipSet = fresh.OwnershipSet || b.Ownership != fresh.Ownership
}

// adoptAccounts takes over accounts and IAM, each thing after those it refers to.
func (w *World) adoptAccounts(d document) error {
	for _, a := range d.Accounts {
		if _, twice := w.Account(a.ID); twice || !accountDigits.MatchString(a.ID) {
			return invalid("account %.20q", a.ID)
		}
		w.accounts = append(w.accounts, a)
	}
	for _, p := range d.Policies {
		if _, twice := w.ManagedPolicy(p.ARN); twice || p.ARN == "" {
			return invalid("managed policy %.200q", p.ARN)
		}
		if err := w.checkManaged(p); err != nil {
			return err
		}
		w.managed = append(w.managed, p)
	}
	for _, g := range d.Groups {
		if _, twice := w.Group(g.Account, g.Name); twice || g.ARN == "" {
			return invalid("group %.200q", g.ARN)
		}
		if err := w.checkGroup(g); err != nil {
			return err
		}
		w.groups = append(w.groups, g)
	}
	for _, p := range d.Principals {
		if err := w.adoptPrincipal(p); err != nil {
			return err
		}
	}
	for _, k := range d.Keys {
		if _, twice := w.byKey[k.ID]; twice {
			return invalid("access key %.130q", k.ID)
		}
		if err := w.checkAccessKey(k); err != nil {
			return err
		}
		w.byKey[k.ID] = len(w.keys)
		w.keys = append(w.keys, k)
	}
	for _, m := range d.Devices {
		if _, twice := w.MFADevice(m.Serial); twice || m.Serial == "" {
			return invalid("MFA device %.200q", m.Serial)
		}
		if err := w.checkDevice(m); err != nil {
			return err
		}
		w.devices = append(w.devices, m)
	}
	return w.adoptOrganization(d)
}

// adoptPrincipal wants principals in the order that putPrincipal keeps.
func (w *World) adoptPrincipal(p Principal) error {
	if _, twice := w.Principal(p.Account, p.Kind, p.Name); twice {
		return fmt.Errorf("%w: principal %.200q", ErrExists, p.ARN)
	}
	if p.Kind == "root" {
		if _, known := w.Account(p.Account); !known || p.Name != "" || p.ARN != arnOf("root", p.Account, "", "") {
			return invalid("root user %.200q", p.ARN)
		}
	} else if err := w.checkPrincipal(p); err != nil {
		return err
	} else if p.ARN == "" || p.Path == "" {
		return invalid("principal %.200q", p.ARN)
	}
	w.principals = append(w.principals, p)
	return nil
}

func (w *World) adoptOrganization(d document) error {
	if d.Organization != nil {
		if err := w.checkOrganization(d.Organization); err != nil {
			return err
		}
	}
	w.org = d.Organization
	for i, e := range d.Endpoints {
		if !endpointID.MatchString(e.ID) || slices.ContainsFunc(d.Endpoints[:i], func(o VPCEndpoint) bool { return o.ID == e.ID }) {
			return invalid("VPC endpoint %.40q", e.ID)
		}
	}
	w.endpoints, w.sourceIP = d.Endpoints, d.SourceIP
	return nil
}

// checkOrganization says whether every account of a tree is one of the world, and in it once.
func (w *World) checkOrganization(o *Organization) error {
	seen := map[string]bool{}
	var walk func(u *Unit) error
	walk = func(u *Unit) error {
		for _, m := range u.Accounts {
			if _, ok := w.Account(m.Account); !ok || seen[m.Account] {
				return invalid("account %.20q in an organization", m.Account)
			}
			seen[m.Account] = true
		}
		for i := range u.Units {
			if err := walk(&u.Units[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(&o.Root); err != nil {
		return err
	}
	if !seen[o.Management] {
		return invalid("the management account %.20q is not in its organization", o.Management)
	}
	return nil
}
