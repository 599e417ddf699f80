package simulator

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/policy"
)

// requestEdits change the connection, the clock, and what the caller proved or carries.
func (s *situation) requestEdits() []edit {
	var out []edit
	for _, c := range s.tested() {
		key := strings.ToLower(c.Condition.Key)
		switch key {
		case "aws:securetransport":
			out = append(out, s.transport()...)
		case "s3:tlsversion":
			out = append(out, tlsEdits(c.Condition, s.all[0].Request.Context)...)
		case "aws:currenttime", "aws:epochtime":
			out = append(out, s.clock(c.Condition)...)
		case "aws:multifactorauthpresent", "aws:multifactorauthage":
			out = append(out, s.mfa()...)
		}
		if tag, found := strings.CutPrefix(key, "aws:principaltag/"); found {
			out = append(out, s.tags(c.Condition, EditPrincipal, "Tag the caller "+nameOfTag(c.Condition.Key, tag)+"=%")...)
		}
		if tag, found := strings.CutPrefix(key, "s3:existingobjecttag/"); found {
			out = append(out, s.tags(c.Condition, EditResource, "Tag the stored object "+nameOfTag(c.Condition.Key, tag)+"=%")...)
		}
	}
	return out
}

// nameOfTag is a tag's name with its case.
func nameOfTag(key, low string) string { return key[len(key)-len(low):] }

// transport sends it over the other scheme.
func (s *situation) transport() []edit {
	v, present := s.all[0].Request.Context.Get("aws:SecureTransport")
	secure := present && len(v.List) == 1 && strings.EqualFold(v.List[0], "true")
	if secure {
		return []edit{{Edit: Edit{Kind: EditTransport, Say: "Send it over plain HTTP", Weakens: true, Note: "Everybody on the way can read it."},
			tempt: temptOther, apply: func(r *policy.Request, _ *policy.Layers) {
				r.Context.Set("aws:SecureTransport", "false")
				r.Context.Drop("s3:TlsVersion")
			}}}
	}
	return []edit{{Edit: Edit{Kind: EditTransport, Say: "Send it over HTTPS"}, tempt: temptOther,
		apply: func(r *policy.Request, _ *policy.Layers) {
			r.Context.Set("aws:SecureTransport", "true")
			if _, there := r.Context.Get("s3:TlsVersion"); !there {
				r.Context.Set("s3:TlsVersion", "1.3")
			}
		}}}
}

func tlsEdits(c *policy.Condition, ctx policy.Context) []edit {
	if v, ok := ctx.Get("aws:SecureTransport"); ok && slices.Equal(v.List, []string{"false"}) {
		return nil // plain HTTP has no version of TLS
	}
	var out []edit
	for _, version := range []string{"1.3", "1.2"} {
		out = append(out, edit{Edit: Edit{Kind: EditTransport, Say: "Use TLS " + version}, tempt: temptOther,
			apply: func(r *policy.Request, _ *policy.Layers) { r.Context.Set("s3:TlsVersion", version) }})
	}
	return out
}

// clock moves the time of the request.
func (s *situation) clock(c *policy.Condition) []edit {
	now := time.Time{}
	if v, ok := s.all[0].Request.Context.Get("aws:CurrentTime"); ok && len(v.List) == 1 {
		now, _ = time.Parse(time.RFC3339, v.List[0]) // unreadable: every moment counts as later
	}
	var out []edit
	for _, v := range candidates(c, s.all[0].Request.Context) {
		if len(v.list) != 1 {
			continue
		}
		t, err := time.Parse(time.RFC3339, v.list[0])
		if err != nil {
			continue
		}
		e := edit{Edit: Edit{Kind: EditTime, Say: "Wait until " + v.list[0]}, key: "aws:currenttime", tempt: temptOther}
		if t.Before(now) {
			e.Say, e.Note = "Send it by "+v.list[0], "That moment is past: the clock goes forward only."
		}
		e.apply = func(r *policy.Request, _ *policy.Layers) {
			r.Context.Set("aws:CurrentTime", format(t))
			r.Context.Set("aws:EpochTime", strconv.FormatInt(t.Unix(), 10))
		}
		out = append(out, e)
	}
	return out
}

// mfaAge is how old, in seconds, a code is that was just given.
const mfaAge = "60"

func (s *situation) mfa() []edit {
	switch s.all[0].Request.Principal.Kind {
	case policy.User, policy.RoleSession:
	default:
		return nil // nobody else can give a code
	}
	return []edit{
		{Edit: Edit{Kind: EditPrincipal, Say: "Give an MFA code first"}, tempt: temptOther, apply: func(r *policy.Request, _ *policy.Layers) {
			r.Context.Set("aws:MultiFactorAuthPresent", "true")
			r.Context.Set("aws:MultiFactorAuthAge", mfaAge)
		}},
		{Edit: Edit{Kind: EditPrincipal, Say: "Use temporary credentials without MFA", Weakens: true}, apply: func(r *policy.Request, _ *policy.Layers) {
			r.Context.Set("aws:MultiFactorAuthPresent", "false")
			r.Context.Drop("aws:MultiFactorAuthAge")
		}},
		{Edit: Edit{Kind: EditPrincipal, Say: "Use a long-term access key, which has no MFA", Weakens: true}, apply: func(r *policy.Request, _ *policy.Layers) {
			r.Context.Drop("aws:MultiFactorAuthPresent")
			r.Context.Drop("aws:MultiFactorAuthAge")
		}},
	}
}

// tags gives a tag the value that a policy wants.
func (s *situation) tags(c *policy.Condition, kind EditKind, say string) []edit {
	var out []edit
	for _, v := range candidates(c, s.all[0].Request.Context) {
		if len(v.list) == 0 {
			continue
		}
		p := parameter{send: say}
		out = append(out, edit{Edit: Edit{Kind: kind, Say: p.say(v)}, key: c.Key, tempt: temptOther, apply: s.setter(c.Key, v.list)})
	}
	return out
}

// networkEdits send it from elsewhere.
func (s *situation) networkEdits(o Alternatives) []edit {
	var out []edit
	for _, way := range o.Endpoints {
		out = append(out, edit{Edit: Edit{Kind: EditNetwork, Say: "Send it " + way.Say}, apply: way.Apply})
	}
	for _, c := range s.tested() {
		key := strings.ToLower(c.Condition.Key)
		for _, v := range candidates(c.Condition, s.all[0].Request.Context) {
			if len(v.list) != 1 || slices.Equal(v.list, c.Actual) {
				continue
			}
			e := edit{Edit: Edit{Kind: EditNetwork}, key: key, tempt: temptOther}
			said := v.String()
			switch key {
			case "aws:sourceip":
				e.Say, e.apply = "Send it from "+said, func(r *policy.Request, l *policy.Layers) { internet(r, l, v.list[0]) }
			case "aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip":
				if len(o.Endpoints) > 0 {
					continue // the world's own endpoints are tried as they are
				}
				word := map[string]string{"aws:sourcevpce": "the endpoint ", "aws:sourcevpc": "an endpoint of ", "aws:vpcsourceip": "an endpoint, from "}[key]
				e.Say, e.apply = "Send it through "+word+said, func(r *policy.Request, _ *policy.Layers) {
					r.Context.Drop("aws:SourceIp")
					r.Context.Set(c.Condition.Key, v.list[0])
				}
			default:
				continue
			}
			out = append(out, e)
		}
	}
	return out
}

// internet makes a request come from an address, not through an endpoint.
func internet(r *policy.Request, l *policy.Layers, address string) {
	for _, key := range []string{"aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"} {
		r.Context.Drop(key)
	}
	r.Context.Set("aws:SourceIp", address)
	l.Endpoint = nil
}
