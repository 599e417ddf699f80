package world

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Errors of effects on IAM.
var (
	ErrNoEntity = fmt.Errorf("%w: no such user, group, role, policy, key or device", ErrInvalid)
	ErrInUse    = fmt.Errorf("%w: something still refers to it", ErrInvalid)
)

// checkPeople says whether a change of IAM or of an account is possible now.
func (w *World) checkPeople(e Effect) error {
	switch e.Kind {
	case KindPrincipalPut:
		return w.checkPrincipal(*e.Principal)
	case KindGroupPut:
		return w.checkGroup(*e.Group)
	case KindPolicyPut:
		return w.checkManaged(*e.Policy)
	case KindAccessKeyPut:
		return w.checkAccessKey(*e.AccessKey)
	case KindMFAPut:
		return w.checkDevice(*e.MFA)
	case KindAccountPublicSet:
		if _, ok := w.Account(e.Target.Account); !ok {
			return invalid("Block Public Access of the unknown account %.20q", e.Target.Account)
		}
		return nil
	}
	return w.checkRemoval(e.Kind, *e.Target)
}

func (w *World) checkRemoval(kind Kind, t Target) error {
	there, used := false, false
	switch kind {
	case KindPrincipalRemoved:
		if t.Kind == "root" {
			return invalid("the root user cannot be removed")
		}
		_, there = w.Principal(t.Account, t.Kind, t.Name)
		used = t.Kind == "user" && len(w.KeysOf(t.Account, t.Name))+len(w.MFADevices(t.Account, t.Name)) > 0
	case KindGroupRemoved:
		_, there = w.Group(t.Account, t.Name)
		used = slices.ContainsFunc(w.principals, func(p Principal) bool {
			return p.Account == t.Account && slices.Contains(p.Groups, t.Name)
		})
	case KindPolicyRemoved:
		_, there = find(w.managed, func(p *ManagedPolicy) bool { return p.ARN == t.Name })
		used = w.attached(t.Name)
	case KindAccessKeyRemoved:
		_, there = w.byKey[t.Name]
	case KindMFARemoved:
		var d MFADevice
		d, there = w.MFADevice(t.Name)
		used = d.User != ""
	}
	switch {
	case !there:
		return fmt.Errorf("%w: %.200q", ErrNoEntity, t.Name)
	case used:
		return fmt.Errorf("%w: %.200q", ErrInUse, t.Name)
	}
	return nil
}

// attached says whether a managed policy is in use, as a boundary too.
func (w *World) attached(arn string) bool {
	return slices.ContainsFunc(w.principals, func(p Principal) bool { return p.Boundary == arn || slices.Contains(p.Managed, arn) }) ||
		slices.ContainsFunc(w.groups, func(g Group) bool { return slices.Contains(g.Managed, arn) })
}

func (w *World) checkPrincipal(p Principal) error {
	if p.Kind != "user" && p.Kind != "role" {
		return invalid("a principal of the kind %.20q", p.Kind)
	}
	if err := w.checkEntity(p.Kind, p.Account, p.Path, p.Name, p.ID, p.ARN); err != nil {
		return err
	}
	for i := range w.principals {
		if q := &w.principals[i]; q.Account == p.Account && q.Kind == p.Kind && q.Name != p.Name && strings.EqualFold(q.Name, p.Name) {
			return fmt.Errorf("%w: %s %s", ErrExists, q.Kind, q.Name)
		}
	}
	if p.Kind == "user" && (p.Trust != nil || p.MaxSession != 0) || p.Kind == "role" && len(p.Groups) > 0 {
		return invalid("%s %s with fields of another kind of principal", p.Kind, p.Name)
	}
	if p.MaxSession != 0 && (p.MaxSession < MinRoleSession || p.MaxSession > MaxSession) {
		return invalid("sessions of %s, not between %s and %s", p.MaxSession, MinRoleSession, MaxSession)
	}
	for i, g := range p.Groups {
		if _, ok := w.Group(p.Account, g); !ok || slices.Contains(p.Groups[:i], g) {
			return fmt.Errorf("%w: group %.130q", ErrNoEntity, g)
		}
	}
	if len(p.Trust) > PolicyBytes || utf8.RuneCountInString(p.Description) > MaxRoleDescription {
		return invalid("%s %s with texts too long", p.Kind, p.Name)
	}
	if err := CheckTags(p.Tags); err != nil {
		return err
	}
	if p.Boundary != "" {
		if _, ok := w.ManagedPolicy(p.Boundary); !ok {
			return fmt.Errorf("%w: policy %.200q", ErrNoEntity, p.Boundary)
		}
	}
	if err := checkTime(p.Created); err != nil && !p.Created.IsZero() {
		return err
	}
	return w.checkPolicies(p.Account, p.Policies, p.Managed)
}

// CheckTags says why tags cannot be those of a principal or a session, as an ErrInvalid: too many, too long, or two
// names that differ only in case.
func CheckTags(tags map[string]string) error {
	if len(tags) > MaxTags {
		return invalid("%d tags, more than %d", len(tags), MaxTags)
	}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(tags)) { // always the same error
		value := tags[name]
		if n := utf8.RuneCountInString(name); n < 1 || n > MaxTagKey || utf8.RuneCountInString(value) > MaxTagValue {
			return invalid("a tag of %d characters with a value of %d", n, utf8.RuneCountInString(value))
		}
		if seen[strings.ToLower(name)] {
			return invalid("two tags that differ only in case: %.128q", name)
		}
		seen[strings.ToLower(name)] = true
	}
	return nil
}

func (w *World) checkGroup(g Group) error {
	if err := w.checkEntity("group", g.Account, g.Path, g.Name, g.ID, g.ARN); err != nil {
		return err
	}
	for i := range w.groups {
		if o := &w.groups[i]; o.Account == g.Account && o.Name != g.Name && strings.EqualFold(o.Name, g.Name) {
			return fmt.Errorf("%w: group %s", ErrExists, o.Name)
		}
	}
	return w.checkPolicies(g.Account, g.Policies, g.Managed)
}

// checkEntity is what holds for users, roles, groups and managed policies alike. An empty path or ARN is filled in later.
func (w *World) checkEntity(kind, account, path, name, id, arn string) error {
	if _, ok := w.Account(account); !ok {
		return invalid("%s %.130q of the unknown account %.20q", kind, name, account)
	}
	names := iamName
	if kind == "group" || kind == "policy" {
		names = policyName
	}
	if !names.MatchString(name) {
		return invalid("the name of a %s: %.130q", kind, name)
	}
	if path != "" && !iamPath.MatchString(path) || len(path) > MaxPath {
		return invalid("the path of %s %s", kind, name)
	}
	if !uniqueID.MatchString(id) {
		return invalid("the id of %s %s: %.40q", kind, name, id)
	}
	if arn != "" && arn != arnOf(kind, account, path, name) {
		return invalid("the ARN of %s %s: %.200q", kind, name, arn)
	}
	return nil
}

// checkPolicies is about what is attached to a user, group or role. IAM's lower quotas are for its handlers.
func (w *World) checkPolicies(account string, inline map[string]json.RawMessage, managed []string) error {
	for name, text := range inline {
		if !policyName.MatchString(name) || len(text) > PolicyBytes {
			return invalid("the inline policy %.130q of %d bytes", name, len(text))
		}
	}
	for i, arn := range managed {
		p, ok := w.ManagedPolicy(arn)
		if !ok || p.Account != account && p.Account != AWS || slices.Contains(managed[:i], arn) {
			return fmt.Errorf("%w: policy %.200q", ErrNoEntity, arn)
		}
	}
	return nil
}

func (w *World) checkManaged(p ManagedPolicy) error {
	if err := w.checkEntity("policy", p.Account, p.Path, p.Name, p.ID, p.ARN); err != nil {
		return err
	}
	arn := arnOf("policy", p.Account, p.Path, p.Name)
	for i := range w.managed {
		if o := &w.managed[i]; o.Account == p.Account && o.ARN != arn && strings.EqualFold(o.Name, p.Name) {
			return fmt.Errorf("%w: policy %s", ErrExists, o.Name)
		}
	}
	if n := len(p.Versions); n < 1 || n > MaxPolicyVersions {
		return invalid("policy %s with %d versions", p.Name, n)
	}
	if len(p.Tags) > MaxTags {
		return invalid("policy %s with %d tags", p.Name, len(p.Tags))
	}
	seen := map[string]bool{}
	for _, v := range p.Versions {
		if !versionName.MatchString(v.ID) || seen[v.ID] || len(v.Document) == 0 || len(v.Document) > PolicyBytes {
			return invalid("version %.20q of policy %s", v.ID, p.Name)
		}
		seen[v.ID] = true
		if err := checkTime(v.Created); err != nil {
			return err
		}
	}
	if !seen[p.Default] {
		return invalid("policy %s without its default version %.20q", p.Name, p.Default)
	}
	return checkTime(p.Created)
}

func (w *World) checkAccessKey(k AccessKey) error {
	if !accessKeyForm.MatchString(k.ID) || !secretKeyForm.MatchString(k.Secret) {
		return invalid("an access key that is not of the form of one")
	}
	if !w.userOrRoot(k.Account, k.User) {
		return fmt.Errorf("%w: user %.70q", ErrNoEntity, k.User)
	}
	if old, ok := w.AccessKey(k.ID); ok && (old.Account != k.Account || old.User != k.User) {
		return fmt.Errorf("%w: access key %s", ErrExists, k.ID)
	}
	return checkTime(k.Created)
}

func (w *World) userOrRoot(account, user string) bool {
	kind := "user"
	if user == "" {
		kind = "root"
	}
	_, ok := w.Principal(account, kind, user)
	return ok
}

func (w *World) checkDevice(d MFADevice) error {
	serial := arnOf("mfa", d.Account, "", d.Name)
	if _, ok := w.Account(d.Account); !ok || !policyName.MatchString(d.Name) || d.Serial != "" && d.Serial != serial {
		return invalid("MFA device %.130q of account %.20q", d.Name, d.Account)
	}
	if len(d.Seed) < 1 || len(d.Seed) > maxSeed {
		return invalid("a seed of %d bytes for MFA device %s", len(d.Seed), d.Name)
	}
	if d.User == "" {
		return nil
	}
	if !w.userOrRoot(d.Account, d.User) {
		return fmt.Errorf("%w: user %.70q", ErrNoEntity, d.User)
	}
	if err := checkTime(d.Enabled); err != nil {
		return err
	}
	return nil
}
