package simulator

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyhole/simulator/policy"
)

// Edits of the request: what the conditions that count look at gets another value.

// tested are the conditions that keep the verdict as it is: of each Deny that matched and of each Allow that failed by its
// conditions alone; of an allowed request, of the Denies that were missed by their conditions alone.
func (s *situation) tested() []policy.ConditionTrace {
	var out []policy.ConditionTrace
	for _, d := range s.all {
		if s.verdict != policy.Allowed && d.Verdict == policy.Allowed {
			continue
		}
		for _, layer := range d.Trace {
			for _, p := range layer.Policies {
				for _, t := range p.Statements {
					if t.Failed != "" && t.Failed != policy.ConditionElement || t.Statement.Allow == t.Matched {
						continue
					}
					for _, c := range t.Conditions {
						if t.Matched || !c.Result {
							out = append(out, c)
						}
					}
				}
			}
		}
	}
	return out
}

// value is what a key is given; an empty list makes it absent.
type value struct {
	list []string
	like string // the pattern it was made from; "" when it is the value itself
}

// String is the value in words.
func (v value) String() string {
	switch {
	case v.like != "" && strings.Trim(v.like, "*") == "":
		return "anything"
	case v.like != "":
		return "something like " + v.like
	}
	return strings.Join(v.list, ", ")
}

// headerEdits change one header or query parameter each.
func (s *situation) headerEdits() []edit {
	var out []edit
	for _, c := range s.tested() {
		key := strings.ToLower(c.Condition.Key)
		name, ok := parameterOf(c.Condition.Key)
		if !ok {
			continue
		}
		for _, v := range candidates(c.Condition, s.all[0].Request.Context) {
			e := edit{Edit: Edit{Kind: EditHeader, Say: name.say(v)}, key: key, tempt: temptOther, apply: s.setter(c.Condition.Key, v.list)}
			if len(v.list) == 0 {
				if !c.Present {
					continue // it is left out already
				}
				e.tempt, e.header = temptAbsent, name.header
			} else if slices.Equal(v.list, c.Actual) {
				continue
			}
			if tag, found := strings.CutPrefix(key, "s3:requestobjecttag/"); found {
				e.apply = withTag(c.Condition.Key, tag, v.list)
			}
			out = append(out, e)
		}
	}
	for i, header := range s.needs {
		if header == "" || s.all[i].Verdict == policy.Allowed {
			continue
		}
		out = append(out, edit{
			Edit:  Edit{Kind: EditHeader, Say: "Leave " + header + " out", Note: "Then " + s.all[i].Request.Action + " is not needed."},
			apply: s.setter("s3:"+header, nil), header: header, tempt: temptAbsent,
		})
	}
	return out
}

// setter gives a key its values in every pair; a key that was multivalued stays so.
func (s *situation) setter(key string, list []string) func(*policy.Request, *policy.Layers) {
	return func(r *policy.Request, _ *policy.Layers) { set(r, key, list) }
}

// carries says whether requests for an action have a key of S3 at all: a condition on another one never sees the header.
func carries(action, key string) bool {
	low := strings.ToLower(key)
	if !strings.HasPrefix(low, "s3:") {
		return true
	}
	for _, row := range s3Rows {
		name := strings.ToLower(row.key)
		if low != name && (row.tags == nil || !strings.HasPrefix(low, name)) {
			continue
		}
		if row.only == nil || slices.ContainsFunc(row.only, func(one string) bool { return strings.EqualFold(one, action) }) {
			return true
		}
	}
	return false
}

func set(r *policy.Request, key string, list []string) {
	old, _ := r.Context.Get(key)
	switch {
	case !carries(r.Action, key):
	case len(list) == 0:
		r.Context.Drop(key)
	case old.Many || len(list) > 1:
		r.Context.SetList(key, list)
	default:
		r.Context.Set(key, list[0])
	}
}

// withTag sets a tag of the request and keeps the list of its tag keys true.
func withTag(key, tag string, list []string) func(*policy.Request, *policy.Layers) {
	return func(r *policy.Request, _ *policy.Layers) {
		if !carries(r.Action, key) {
			return
		}
		set(r, key, list)
		old, _ := r.Context.Get("s3:RequestObjectTagKeys")
		names := slices.DeleteFunc(slices.Clone(old.List), func(name string) bool { return strings.EqualFold(name, tag) })
		if len(list) > 0 {
			names = append(names, tag)
		}
		r.Context.Drop("s3:RequestObjectTagKeys")
		if len(names) > 0 {
			r.Context.SetList("s3:RequestObjectTagKeys", names)
		}
	}
}

// parameter is what a caller changes to change a key.
type parameter struct {
	header string // lower case; "" for what is no header
	send   string // "Send x-amz-acl: %", "Ask for prefix=%"
	omit   string // "Leave x-amz-acl out"
}

func (p parameter) say(v value) string {
	if len(v.list) == 0 {
		return p.omit
	}
	return strings.Replace(p.send, "%", v.String(), 1)
}

// parameters are the keys whose header has another name, and the query parameters. (Service authorization reference, S3)
var parameters = map[string]parameter{
	"s3:prefix":               {"", "Ask for prefix=%", "Leave prefix out"},
	"s3:delimiter":            {"", "Ask for delimiter=%", "Leave delimiter out"},
	"s3:max-keys":             {"", "Ask for max-keys=%", "Leave max-keys out"},
	"s3:versionid":            {"", "Ask for versionId=%", "Leave versionId out"},
	"s3:if-none-match":        {"if-none-match", "Send If-None-Match: %", "Leave If-None-Match out"},
	"s3:if-match":             {"if-match", "Send If-Match: %", "Leave If-Match out"},
	"aws:referer":             {"referer", "Send Referer: %", "Leave Referer out"},
	"aws:useragent":           {"user-agent", "Send User-Agent: %", "Leave User-Agent out"},
	"s3:authtype":             {"", "Sign it by %", ""},
	"s3:signatureversion":     {"", "Sign it with %", ""},
	"s3:requestobjecttagkeys": {"x-amz-tagging", "Send x-amz-tagging with the keys %", "Leave x-amz-tagging out"},
	"s3:object-lock-remaining-retention-days": {"", "Ask to retain it for % days", ""},
	"s3:locationconstraint":                   {"", "Ask for the region %", "Leave LocationConstraint out"},
}

func parameterOf(key string) (parameter, bool) {
	low := strings.ToLower(key)
	if p, ok := parameters[low]; ok {
		return p, true
	}
	if _, tag, found := strings.Cut(key, "s3:RequestObjectTag/"); found {
		return parameter{"x-amz-tagging", "Send x-amz-tagging: " + tag + "=%", "Leave the tag " + tag + " out"}, true
	}
	name, ok := strings.CutPrefix(low, "s3:")
	if !ok {
		return parameter{}, false
	}
	if strings.HasPrefix(name, "object-lock-") {
		name = "x-amz-" + name
	}
	if !strings.HasPrefix(name, "x-amz-") {
		return parameter{}, false
	}
	return parameter{name, "Send " + name + ": %", "Leave " + name + " out"}, true
}

// usual are values that a learner would try for a key.
var usual = map[string][]string{
	"s3:x-amz-server-side-encryption":                    {"aws:kms", "AES256"},
	"s3:x-amz-server-side-encryption-customer-algorithm": {"AES256"},
	"s3:x-amz-acl":        {"bucket-owner-full-control", "private"},
	"s3:object-lock-mode": {"GOVERNANCE", "COMPLIANCE"},
	"s3:tlsversion":       {"1.3"},
	"s3:if-none-match":    {"*"},
}

// candidates are the values worth trying for a condition's key: those of the policy, what lies beside them, what people
// send, and none at all.
func candidates(c *policy.Condition, ctx policy.Context) []value {
	var out []value
	add := func(like string, list ...string) { out = append(out, value{list, like}) }
	base := strings.ToLower(c.Base())
	for _, v := range c.Values[:min(len(c.Values), 4)] {
		text := resolve(v.Text, ctx)
		switch {
		case base == "null":
		case base == "bool":
			add("", "true")
			add("", "false")
		case strings.HasPrefix(base, "numeric"):
			add("", text)
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				add("", strconv.FormatInt(n-1, 10))
				add("", strconv.FormatInt(n+1, 10))
			}
		case strings.HasPrefix(base, "date"):
			for _, moment := range around(text) {
				add("", moment)
			}
		case strings.Contains(base, "ipaddress"):
			if inside, outside, ok := addresses(text); ok {
				add("", inside)
				add("", outside)
			}
		case strings.ContainsAny(text, "*?") && (strings.Contains(base, "like") || strings.HasPrefix(base, "arn")):
			add(text, filled(text, base))
		default:
			add("", text)
		}
	}
	for _, v := range usual[strings.ToLower(c.Key)] {
		add("", v)
	}
	if base == "null" && len(out) == 0 {
		add("*", "any")
	}
	return append(out, value{})
}

// resolve puts in the variables of a policy value that have a value.
func resolve(text string, ctx policy.Context) string {
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return text
		}
		v, ok := ctx.Get(name)
		if !ok || len(v.List) != 1 || strings.Contains(v.List[0], "${") {
			return text
		}
		text = before + v.List[0] + after
	}
}

// filled is a value that a pattern covers.
func filled(pattern, base string) string {
	stars := ""
	if strings.HasPrefix(base, "arn") || strings.Trim(pattern, "*") == "" || strings.HasPrefix(pattern, "arn:") {
		stars = "any"
	}
	return strings.ReplaceAll(strings.ReplaceAll(pattern, "*", stars), "?", "a")
}

// around is a moment of a policy, with the seconds before and after it.
func around(text string) []string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return []string{format(t.Add(time.Second)), format(t.Add(-time.Second)), format(t)}
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		t := time.Unix(n, 0).UTC()
		return []string{format(t.Add(time.Second)), format(t.Add(-time.Second)), format(t)}
	}
	return nil
}

func format(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// addresses are one inside a network and one outside it. The one outside is of a network for documentation. (RFC 5737, 3849)
func addresses(text string) (inside, outside string, ok bool) {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return "", "", false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	a := p.Masked().Addr()
	if p.Bits() < a.BitLen()-1 {
		a = a.Next()
	}
	for _, far := range []string{"198.51.100.7", "203.0.113.10", "192.0.2.1"} {
		if other := netip.MustParseAddr(far); !p.Contains(other) {
			return a.String(), far, true
		}
	}
	return a.String(), a.String(), true
}
